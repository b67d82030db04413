"""A follow-up is not answered by what says again what the conversation is about and nothing of what is asked of it now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_directions import reading

from assistant.doubts.unsaid import own_words, without_unsaid
from assistant.parts import Part
from assistant.question import parse_question

BRIDGE = "The footbridge at Lund was painted green by pupils."
MAYOR = "The mayor of Lund opened the footbridge in May."
HISTORY = [
    {"role": "user", "content": "Who painted the footbridge at Lund?"},
    {"role": "assistant", "content": BRIDGE},
]


def is_answered(asked: str, told: str, confidence: float, history: list[dict[str, str]] = HISTORY) -> bool:
    read = replace(reading((told, 1.0)), confidence=confidence)
    part = Part(parse_question(asked, history=history), read, list(read.ranked))
    checked = without_unsaid(part, history, threshold=0.6)
    assert bool(checked.evidence) == (checked.reading.confidence >= 0.6)
    return bool(checked.evidence)


@pytest.mark.parametrize("asked", ["And the insurance?", "Is it insured?", "what does the insurer say to that?"])
def test_what_says_nothing_of_what_is_asked_now_answers_only_where_it_is_sure(asked: str) -> None:
    assert not is_answered(asked, MAYOR, 0.8)
    assert is_answered(asked, MAYOR, 0.9)


def test_what_was_shown_before_answers_another_question_only_where_it_is_surest() -> None:
    assert not is_answered("Is it insured?", BRIDGE, 0.95)
    assert is_answered("Is it insured?", BRIDGE, 0.98)


@pytest.mark.parametrize(
    "asked", ["When was it opened?", "When is the opening?", "and the mayor?", "Why?", "And the footbridge?"]
)
def test_an_answer_that_says_what_is_asked_or_a_question_that_only_asks_is_left_as_it_is(asked: str) -> None:
    assert is_answered(asked, MAYOR, 0.7)


def test_a_question_that_stands_alone_is_left_as_it_is() -> None:
    assert is_answered("Is the old insurance of the town hall roof expensive?", MAYOR, 0.7)
    assert is_answered("Is it insured?", MAYOR, 0.7, [])


def test_an_accent_makes_no_other_word() -> None:
    assert is_answered("And the cafe?", "The café is open all week.", 0.7)


@pytest.mark.parametrize("asked", ["How old?", "and how long?", "How many?", "since when?"])
def test_a_question_that_only_asks_has_no_words_of_its_own(asked: str) -> None:
    assert own_words(asked, ["Who painted the footbridge?"]) == []


def test_words_that_were_asked_before_are_not_a_follow_ups_own() -> None:
    assert own_words("And how green is the footbridge?", ["Who painted the footbridges?"]) == ["green"]
