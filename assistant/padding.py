"""Lines that say nothing beside an answer: what stands at a newsletter's head, a line in capitals, a bare label.

As the first sentence they may be all there is ("For our 2,140 members"); behind another that answers they are padding.
"""

from __future__ import annotations

import re

from assistant.lead_in import Place, is_label
from assistant.question import Expects, Form, ParsedQuestion
from assistant.spans import answer_spans
from corpus.masthead import MASTHEAD_LINES, MOST_CHARACTERS

_ENDS_SENTENCE = re.compile(r"[.!?…。！？:：][\"'”’»)\]*_]*$")
_OF_THE_ISSUE = re.compile(
    r"\b(?:issues?|newsletters?|bulletins?|editions?|numbers?|publish\w*|editors?|edit(?:ed)?|written|subtitle|motto|date[ds]?)\b",
    re.I,
)


def is_padding(place: Place, question: ParsedQuestion) -> bool:
    """Whether a sentence adds nothing to an answer that has begun with another."""
    found, number = place
    text = found.passage.sentence(number)
    if text.isupper() and not any(c.isdigit() for c in text):
        return True
    if is_masthead(place):
        return not _OF_THE_ISSUE.search(question.resolved)
    if question.form is Form.LIST or question.expects is Expects.THING or not is_label(text):
        return False
    return not answer_spans(text, question.expects, question.resolved)


def is_masthead(place: Place) -> bool:
    """Whether a line at the head of a newsletter says whose it is or which issue, and so is no sentence."""
    found, number = place
    passage = found.passage
    start, end = passage.sentences[number]
    at_head = number < MASTHEAD_LINES and start < MOST_CHARACTERS and len(passage.heading_path) <= 1
    return at_head and end - start <= MOST_CHARACTERS and not _ENDS_SENTENCE.search(passage.sentence(number))
