"""Whether a thing is so is not answered by whatever else is told of the thing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.doubts.predicate import is_said, predicate_of, without_its_predicate
from assistant.evidence import Evidence, Reading
from assistant.parts import Part
from assistant.question import parse_question
from index.passage import NewsletterInfo, Passage, RetrievedPassage

THRESHOLD, DOUBT = 0.39, 0.54
TOLD = "The footbridge at Lund was painted green by pupils."


def answered(asked: str, text: str, best_joint: float) -> Part:
    """A sure answer with one sentence, the best that the joint reader found."""
    nothing = np.zeros(1, dtype=np.float32)
    info = NewsletterInfo("one", "one", None, None, None, None, None, (), 1)
    passage = Passage("one@1:0", "one", 0, len(text), text, "Lund letter", (), ((0, len(text)),))
    piece = Evidence(RetrievedPassage(passage, info, 0, 0, 0, nothing, nothing), 0, 1.0)
    return Part(parse_question(asked), Reading((piece.found,), (piece,), (1.0,), 0.95, best_joint), [piece])


def checked(part: Part) -> Part:
    return without_its_predicate(part, threshold=THRESHOLD, doubt=DOUBT)


@pytest.mark.parametrize(
    ("asked", "predicate"),
    [
        ("Is the footbridge unsafe?", "unsafe"),
        ("I read that the footbridge is closed, is that true?", "closed"),
        ("The footbridge is closed.", "closed"),
        ("The footbridge is closed, isn't it?", "closed"),
        ("Is the footbridge in Lund?", None),
        ("Is there a footbridge?", None),
        ("Is the footbridge wooden or iron?", None),
        ("Who painted the footbridge green?", None),
        ("Is the old railway footbridge over the harbour near the mill unsafe?", None),
    ],
)
def test_a_short_question_whether_a_thing_is_so_ends_with_what_is_asked(asked: str, predicate: str | None) -> None:
    assert predicate_of(asked) == predicate


@pytest.mark.parametrize(
    ("word", "text"),
    [("closed", "It was closing."), ("modern", "It is as current as can be."), ("closed", "It stays open.")],
)
def test_a_form_a_word_of_the_same_sense_and_the_opposite_say_it(word: str, text: str) -> None:
    assert is_said(word, [text])


def test_what_is_told_beside_the_answer_leaves_it_sure() -> None:
    part = answered("Is the footbridge green?", TOLD, -5.0)
    assert checked(part) is part


def test_what_nobody_says_of_the_thing_is_doubted_and_refused_where_no_sentence_is_near() -> None:
    near, far = (checked(answered("Is the footbridge unsafe?", TOLD, score)) for score in (-2.0, -5.0))
    assert near.evidence
    assert THRESHOLD <= near.reading.confidence < DOUBT
    assert not far.evidence
    assert far.reading.confidence < THRESHOLD


def test_a_sentence_that_surely_answers_may_use_other_words() -> None:
    part = answered("Is the footbridge unsafe?", "Whoever crosses the footbridge at Lund risks a bath.", 1.0)
    assert checked(part) is part


def test_what_is_unanswered_stays_so() -> None:
    part = replace(answered("Is the footbridge unsafe?", TOLD, -5.0), evidence=[])
    assert checked(part) is part
