"""Which end of a scale a question asks for (most or least, oldest or youngest, beginning or end), and what speaks only of the other end.

The two ends are near one another in meaning, so that a reader takes the one for the other: what speaks of the right end goes
first where it is likely too, and an answer that has only the wrong one is doubted.
"""

from __future__ import annotations

import re

from assistant.doubts.beginnings import NO_END, leaves_the_end_open
from assistant.doubts.scales import asked_ends
from assistant.doubts.trust import doubted, with_first
from assistant.evidence import Reading
from assistant.question import Expects, ParsedQuestion
from assistant.spans import answer_spans

NEARLY = 0.2
_NO_SCALE = re.compile(r"\bat (?:the )?(?:most|least|best|worst|last|first)\b|\bmost of\b|\blast but one\b", re.I)


def speaks_only_of_the_other_end(text: str, question: str) -> bool:
    """Whether `text` names the other end of a scale of which `question` asks for one, and not that one."""
    return any(
        other.search(_bare(text)) and not asked.search(_bare(text)) for asked, other in asked_ends(_bare(question))
    )


def speaks_of_the_end(text: str, question: str) -> bool:
    """Whether `text` names the end of a scale that `question` asks for."""
    return any(asked.search(_bare(text)) for asked, _ in asked_ends(_bare(question)))


def directed(question: ParsedQuestion, reading: Reading, *, threshold: float, doubt: float) -> Reading:
    """The reading with what speaks of the asked end first, where the best sentence speaks only of the other, or tells
    of no end to who asks when something ends; else doubted.

    Doubted is what is surer than `doubt` and is left between that and the `threshold` of answering.
    """
    if not reading.ranked or question.expects is Expects.YES_NO or question.wants_dated_list:
        return reading
    asked = question.asking
    first = reading.ranked[0].text
    if not speaks_only_of_the_other_end(first, asked) and not leaves_the_end_open(_bare(first), _bare(asked)):
        return reading
    right = with_first(
        reading, lambda piece: speaks_of_the_end(piece.text, asked) and _says_when(piece.text, question), nearly=NEARLY
    )
    return right or doubted(reading, threshold=threshold, doubt=doubt)


def _says_when(text: str, question: ParsedQuestion) -> bool:
    """Whether a text gives a time where one is asked for."""
    gives_figures = any(c.isdigit() for c in text)
    return question.expects is not Expects.TIME or gives_figures or bool(answer_spans(text, Expects.TIME, ""))


def _bare(text: str) -> str:
    return NO_END.sub(" ", _NO_SCALE.sub(" ", text))
