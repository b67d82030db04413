"""A sentence that cannot be understood by itself is quoted with what stands before it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.antecedent import leaned_on
from index.passage import NewsletterInfo, Passage, RetrievedPassage


def before(*sentences: str, asks_why: bool = False, room: int = 60) -> list[str]:
    """What is brought with the last of the sentences of a passage."""
    text, spans = "", []
    for sentence in sentences:
        start = len(text) + len(sentence) - len(sentence.lstrip("\n"))
        text += sentence
        spans.append((start, len(text)))
        text += " "
    info = NewsletterInfo("one", "one", None, None, None, None, None, (), 1)
    passage = Passage("one@1:0", "one", 0, len(text), text, "", (), tuple(spans))
    nothing = np.zeros(1, dtype=np.float32)
    found = RetrievedPassage(passage, info, 0.0, 0.0, 0.0, nothing, nothing)
    return [passage.sentence(n) for _, n in leaned_on((found, len(sentences) - 1), room, asks_why=asks_why)]


NAMED, FROM, PAID = "Petra Lunt becomes harbour master in May.", "She comes from Esk.", "Her salary is 41,000 crowns."
CUT, CLOSED = "The grant was cut by a fifth.", "The board has therefore closed the reading room."


def test_what_begins_with_a_pronoun_brings_the_one_before_and_goes_back_to_whom_it_names() -> None:
    assert before("The quay is dry.", NAMED, PAID) == [NAMED]
    assert before("The quay is dry.", NAMED, FROM, PAID) == [NAMED, FROM]


def test_what_stands_alone_brings_nothing() -> None:
    assert before(NAMED, "The quay is dry.") == []


def test_going_back_ends_where_the_room_or_the_paragraph_does() -> None:
    assert before(NAMED, FROM, PAID, room=6) == [FROM]
    assert before(NAMED, FROM, PAID, room=2) == []
    assert before("The quay is dry.", f"\n\n{FROM}", PAID) == [FROM]


def test_a_conclusion_brings_its_reasons_to_who_asks_why() -> None:
    assert before(CUT, CLOSED, asks_why=True) == [CUT]
    assert before(CUT, CLOSED) == []


def test_a_conclusion_has_no_reasons_in_another_paragraph() -> None:
    assert before(CUT, f"\n\n{CLOSED}", asks_why=True) == []


@pytest.mark.parametrize(
    "conclusion",
    ["So the reading room is shut.", "For this reason the room is shut.", "As a result, the room is shut."],
)
def test_a_conclusion_is_known_by_its_words(conclusion: str) -> None:
    assert before(CUT, conclusion, asks_why=True) == [CUT]


@pytest.mark.parametrize("text", ["The room is shut as a result of frost.", "So far the room is shut."])
def test_what_only_has_the_words_of_a_conclusion_is_none(text: str) -> None:
    assert before(CUT, text, asks_why=True) == []


def test_a_sentence_that_gives_the_reason_itself_needs_no_other() -> None:
    assert before(CUT, "The room has no stove and is therefore shut.", asks_why=True) == []
