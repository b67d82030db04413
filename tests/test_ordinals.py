"""What is asked of one quarter or round is not answered by what is told of another."""

from __future__ import annotations

import pytest
from test_directions import reading

from assistant.doubts.ordinals import is_of_another_part, of_part_asked, parts_named
from assistant.question import parse_question

FIRST, FOURTH = "The mill lost 2 crowns in the first quarter.", "The mill gained 7 crowns in the fourth quarter."


def read_so(asked: str, *ranked: tuple[str, float]) -> tuple[str, float]:
    found = of_part_asked(parse_question(asked), reading(*ranked), threshold=0.4, doubt=0.5)
    return found.ranked[0].text, found.confidence


def test_what_is_told_of_the_asked_part_goes_first() -> None:
    assert read_so("What did the mill gain in the fourth quarter?", (FIRST, 0.8), (FOURTH, 0.1)) == (FOURTH, 0.95)
    assert read_so("What did the mill lose in Q1?", (FOURTH, 0.8), (FIRST, 0.1)) == (FIRST, 0.95)


def test_what_is_told_of_another_part_only_is_doubted() -> None:
    first, confidence = read_so("What did the mill lose in the second quarter?", (FOURTH, 0.8), (FIRST, 0.1))
    assert first == FOURTH
    assert 0.4 <= confidence < 0.5


def test_what_names_no_part_is_left_alone() -> None:
    assert read_so("What did the mill lose in Q1?", ("It lost 2 crowns.", 0.8), (FIRST, 0.1)) == (
        "It lost 2 crowns.",
        0.95,
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Orders rose from the first to the second quarter.", {("q", 1), ("q", 2)}),
        ("Round 2 begins at nine.", {("round", 2)}),
        ("what was lost in q3", {("q", 3)}),
        ("The engines q2 and q3 are sold.", set()),
        ("They led in the 1st half.", {("half", 1)}),
        ("It fell by a quarter in the first three weeks.", set()),
        ("The half 1,200 people paid came first.", set()),
    ],
)
def test_a_part_is_named_by_its_number_in_words_figures_or_letters(text: str, parts: set[tuple[str, int]]) -> None:
    assert parts_named(text) == parts


def test_another_series_is_no_other_part() -> None:
    assert not is_of_another_part("The second round begins at nine.", {("q", 1)})
