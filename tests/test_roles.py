"""Who has a role is not answered first by who has another."""

from __future__ import annotations

import pytest
from test_directions import reading

from assistant.doubts.roles import of_role_asked, role_asked
from assistant.question import parse_question

OFFICER, SECRETARY = "Mara Quill is the new tide officer.", "Jory Pascoe was elected harbour secretary in May."


def first(asked: str, *ranked: tuple[str, float]) -> str:
    return of_role_asked(parse_question(asked), reading(*ranked)).ranked[0].text


def test_what_tells_of_the_role_goes_first_where_it_is_nearly_as_likely() -> None:
    assert first("Who is the new harbour secretary?", (OFFICER, 0.6), (SECRETARY, 0.3)) == SECRETARY
    assert first("Who is the new harbour secretary?", (OFFICER, 0.9), (SECRETARY, 0.05)) == OFFICER


def test_what_tells_of_the_role_by_another_word_stays_first() -> None:
    chaired = "The society is chaired by Mara Quill."
    assert first("Who is the head of the society?", (chaired, 0.6), ("Its head Jory Pascoe left.", 0.3)) == chaired


def test_half_of_a_role_is_no_more_than_the_other_half() -> None:
    assistant, manager = "His assistant is Jory Pascoe.", "Mara Quill is the ward manager."
    assert first("Who is the assistant manager?", (assistant, 0.6), (manager, 0.3)) == assistant


def test_what_names_nobody_does_not_go_first() -> None:
    assert first("Who is the harbour secretary?", (OFFICER, 0.6), ("a harbour secretary is sought.", 0.3)) == OFFICER


@pytest.mark.parametrize(
    "asked",
    [
        "Who is Mara Quill?",
        "Who is the slow group for?",
        "Who is the right person to ask?",
        "Who was the boat made for?",
    ],
)
def test_not_every_question_of_whom_names_a_role(asked: str) -> None:
    assert role_asked(asked) == []
