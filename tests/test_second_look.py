"""The second look: sentences are ranked by what the joint reader says of them too, and the best is read by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.asking.order import Order
from assistant.evidence import Evidence, Reading
from assistant.question import parse_question
from assistant.reader.joint import load_joint_reader
from assistant.reader.model import load_reader
from assistant.second_look import best_by_itself, by_itself, looked_at_again

THEME = "What is the theme of the thematic forum?"


def reading_of(shipped: Assistant, question: str, *, confidence: float = 0.6) -> Reading:
    """Sentences of two passages as they stand, each as likely as the next, as if the joint reader had read none of them."""
    passages = tuple(shipped.search(question, limit=2))
    ranked = tuple(Evidence(found, n, 0.0) for found in passages for n in range(len(found.passage.sentences)))
    return Reading(passages, ranked, (1 / len(ranked),) * len(ranked), confidence)


def test_the_sentence_that_answers_rises_where_the_first_look_saw_no_difference(shipped: Assistant) -> None:
    reading = reading_of(shipped, THEME)
    again = looked_at_again(parse_question(THEME), reading, load_reader().second_look, load_joint_reader())
    assert "Collaborative Innovation for Shared Future" in again.ranked[0].text
    assert sorted(piece.place for piece in again.ranked) == sorted(piece.place for piece in reading.ranked)
    assert sum(again.shares) == pytest.approx(1.0) and list(again.shares) == sorted(again.shares, reverse=True)
    assert again.best_joint > 0


def test_what_answers_is_believed_more_and_what_does_not_less(shipped: Assistant) -> None:
    def after(question: str) -> float:
        look, joint = load_reader().second_look, load_joint_reader()
        return looked_at_again(parse_question(question), reading_of(shipped, question), look, joint).confidence

    assert after("How do I bake sourdough bread?") < 0.6 < after(THEME)


def test_an_order_that_was_asked_for_stays(shipped: Assistant) -> None:
    reading = reading_of(shipped, THEME)
    question = replace(parse_question(THEME), order=Order.LATEST)
    again = looked_at_again(question, reading, load_reader().second_look, load_joint_reader())
    assert again.ranked == reading.ranked and again.shares == reading.shares


def test_where_nothing_was_found_there_is_nothing_to_look_at(shipped: Assistant) -> None:
    nothing = Reading((), (), (), 0.0)
    assert looked_at_again(parse_question(THEME), nothing, load_reader().second_look, load_joint_reader()) is nothing


def test_a_sentence_by_itself_keeps_its_header_and_its_place(shipped: Assistant) -> None:
    for found in shipped.search("innovation", limit=3):
        for number, span in enumerate(found.passage.sentences):
            alone = by_itself(found.passage, number)
            assert alone.text == alone.sentence(0) == found.passage.sentence(number)
            assert (alone.sentences, alone.header) == ((span,), found.passage.header)


def test_the_likelier_of_two_best_sentences_counts(shipped: Assistant) -> None:
    reading = reading_of(shipped, THEME)
    other = replace(reading, ranked=reading.ranked[::-1])
    question, joint = parse_question(THEME), load_joint_reader()
    both = best_by_itself(question, (reading, other), joint)
    assert both == max(best_by_itself(question, (one,), joint) for one in (reading, other))


@given(st.floats(0, 1), st.floats(-10, 10), st.floats(-10, 10), st.floats(0.1, 5))
def test_the_surer_any_of_them_the_surer_is_the_whole(chance: float, alone: float, joint: float, more: float) -> None:
    look = load_reader().second_look
    least = look.confidence(chance, alone, joint)
    assert 0 <= least <= 1
    assert look.confidence(chance, alone + more, joint) >= least
    assert look.confidence(chance, alone, joint + more) >= least
    assert look.confidence(min(1.0, chance + more / 10), alone, joint) >= least
