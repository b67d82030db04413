"""A yes/no question is answered by a sentence that says whether it is so, not by any sentence on its subject."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_predicates import DOUBT, THRESHOLD, answered

from assistant.doubts.yes_no import doubted_whether_so
from assistant.parts import Part

TOLD = "Tickets for the lighthouse are sold on the quay at Lund."


def checked(part: Part) -> Part:
    return doubted_whether_so(part, threshold=THRESHOLD, doubt=DOUBT)


@pytest.mark.parametrize(
    ("asked", "best_joint"),
    [
        ("Is there a lift in the lighthouse?", -2.5),
        ("Do I need to book the lighthouse?", -2.5),
        ("Are tickets for the lighthouse sold on the quay?", -3.5),
    ],
)
def test_what_no_sentence_is_near_to_is_not_answered(asked: str, best_joint: float) -> None:
    part = checked(answered(asked, TOLD, best_joint))
    assert not part.evidence
    assert part.reading.confidence < THRESHOLD


@pytest.mark.parametrize("best_joint", [-2.5, -3.5])
def test_what_the_cross_encoder_is_sure_of_is_only_doubted(best_joint: float) -> None:
    part = answered("Is there a lift in the lighthouse?", TOLD, best_joint)
    read = replace(part, reading=replace(part.reading, best_cross=-1.0))
    unsure = replace(read, reading=replace(read.reading, confidence=(THRESHOLD + DOUBT) / 2))
    assert checked(read).evidence and checked(read).reading.confidence < DOUBT
    assert not checked(unsure).evidence


@pytest.mark.parametrize(
    ("asked", "best_joint"),
    [("Are tickets for the lighthouse sold on the quay?", -2.5), ("Is there a lift in the lighthouse?", -1.5)],
)
def test_what_is_told_in_the_words_of_the_question_or_has_a_sentence_nearer_is_doubted(
    asked: str, best_joint: float
) -> None:
    part = checked(answered(asked, TOLD, best_joint))
    assert part.evidence
    assert THRESHOLD <= part.reading.confidence < DOUBT


@pytest.mark.parametrize(
    ("asked", "best_joint"),
    [("Is there a lift in the lighthouse?", -0.5), ("Where are tickets for the lighthouse sold?", -3.5)],
)
def test_a_sentence_that_is_near_and_a_question_of_another_kind_stay_as_they_are(asked: str, best_joint: float) -> None:
    part = answered(asked, TOLD, best_joint)
    assert checked(part) is part
