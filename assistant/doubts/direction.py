"""Which end of a scale a question asks for (most or least, oldest or youngest), and what speaks only of the other end.

The two ends are near one another in meaning, so that a reader takes the one for the other: what speaks of the right end goes
first where it is likely too, and an answer that has only the wrong one is doubted.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain

from assistant.evidence import Reading
from assistant.question import Expects, ParsedQuestion

NEARLY = 0.2
DOUBTED = 0.01
_NO_SCALE = re.compile(r"\bat (?:the )?(?:most|least|best|worst|last|first)\b|\bmost of\b|\blast but one\b", re.I)
_TIMES = r"(?! (?:year|month|week|night|day|time|spring|summer|autumn|fall|winter|season|\w{3,6}day|\d))"
_ENDS = (
    (
        r"most|highest|largest|biggest|greatest|best|(?:came|comes|finished) first",
        r"least|fewest|lowest|smallest|worst|(?:came|comes|finished) last|last with",
    ),
    (r"dearest|costliest|priciest|most expensive", r"cheapest|least expensive"),
    (rf"(?<=the )first{_TIMES}|earliest", rf"(?<=the )last{_TIMES}|latest"),
    (r"oldest", r"youngest|newest"),
    (r"longest", r"shortest"),
    (r"tallest", r"shortest"),
    (r"fastest|quickest", r"slowest"),
    (r"heaviest", r"lightest"),
    (r"hottest|warmest", r"coldest|coolest"),
    (r"farthest|furthest", r"nearest|closest"),
    (r"deepest", r"shallowest"),
    (r"widest|broadest", r"narrowest"),
    (r"strongest", r"weakest"),
    (r"hardest", r"easiest"),
    (r"richest", r"poorest"),
)
_SCALES = [
    (re.compile(rf"\b(?:{one})\b", re.I), re.compile(rf"\b(?:{other})\b", re.I))
    for one, other in chain.from_iterable(((up, down), (down, up)) for up, down in _ENDS)
]


def speaks_only_of_the_other_end(text: str, question: str) -> bool:
    """Whether `text` names the other end of a scale of which `question` asks for one, and not that one."""
    return any(other.search(_bare(text)) and not asked.search(_bare(text)) for asked, other in _asked(question))


def speaks_of_the_end(text: str, question: str) -> bool:
    """Whether `text` names the end of a scale that `question` asks for."""
    return any(asked.search(_bare(text)) for asked, _ in _asked(question))


def directed(question: ParsedQuestion, reading: Reading, *, threshold: float, doubt: float) -> Reading:
    """The reading with what speaks of the asked end first, where the best sentence speaks only of the other; else doubted.

    Doubted is what is surer than `doubt` and is left between that and the `threshold` of answering.
    """
    if not reading.ranked or question.expects is Expects.YES_NO or question.wants_dated_list:
        return reading
    asked = question.asking
    if not speaks_only_of_the_other_end(reading.ranked[0].text, asked):
        return reading
    for place, (piece, share) in enumerate(zip(reading.ranked, reading.shares, strict=True)):
        if share < NEARLY * reading.shares[0]:
            break
        if speaks_of_the_end(piece.text, asked):
            others = (*reading.ranked[:place], *reading.ranked[place + 1 :])
            return replace(reading, ranked=(piece, *others))
    return replace(reading, confidence=min(reading.confidence, max(threshold, doubt - DOUBTED)))


def _asked(question: str) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    """The scales of which `question` names one end only, each as the end that it names and the other."""
    bare = _bare(question)
    return [(asked, other) for asked, other in _SCALES if asked.search(bare) and not other.search(bare)]


def _bare(text: str) -> str:
    return _NO_SCALE.sub(" ", text)
