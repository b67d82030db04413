"""A yes/no question whose best sentence the joint reader thinks little of: whatever else is told of its subject looks like an answer.

The confidence that the readers come to is made of all kinds of questions; where it is asked whether a thing is so, it is too high.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.doubts.predicate import is_said, saying_words, whole_passage
from assistant.doubts.trust import doubted, given_up
from assistant.evidence import Reading
from assistant.parts import Part
from assistant.question import Expects, ParsedQuestion

# Of 1,156 questions of four archives, 62 were answered with no better sentence than HOPELESS: 5 rightly; 112 with none better than FAR:
# 16 rightly, 12 of them among the 91 with a word in no passage that is quoted; 110 with none better than NEAR: 28 rightly
HOPELESS, FAR, NEAR = -3.0, -2.0, -1.0


def is_hopeless(parsed: ParsedQuestion, reading: Reading, *, doubt: float, least: float = HOPELESS) -> bool:
    """Whether a yes/no question has no better sentence than `least`, and is not answered surely for what the cross-encoder found, which
    knows better than the joint reader."""
    is_sure = reading.best_cross is not None and reading.confidence >= doubt
    return parsed.expects is Expects.YES_NO and reading.best_joint < least and not is_sure


def doubted_whether_so(part: Part, *, threshold: float, doubt: float) -> Part:
    """The part, doubted or unanswered where a yes/no question has no sentence that likelier answers than not."""
    reading, parsed = part.reading, part.parsed
    if not part.evidence or parsed.expects is not Expects.YES_NO or parsed.wants_dated_list:
        return part
    if reading.best_joint >= NEAR:
        return part
    is_far = is_hopeless(parsed, reading, doubt=doubt, least=FAR)
    if is_far and (reading.best_joint < HOPELESS or not _is_all_said(part)):
        return replace(part, reading=given_up(reading, threshold=threshold), evidence=[])
    return replace(part, reading=doubted(reading, threshold=threshold, doubt=doubt))


def _is_all_said(part: Part) -> bool:
    """Whether every word of the question that says something stands, in some form, in a passage that is quoted."""
    passages = [whole_passage(piece) for piece in part.evidence]
    return all(is_said(word, passages) for word in saying_words(part.parsed.resolved))
