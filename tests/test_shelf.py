"""What a browser keeps: the shelf of conversations, what two tabs make of it, and who comes first on a page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Sentence, SentenceKind, Status
from ui.page.arrival import Arrival
from ui.page.shelf import MOST_AROUND, MOST_CHARACTERS, MOST_CONVERSATIONS, Conversation, Shelf, shelf_of
from ui.page.turns import Turn

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def answer(question: str) -> Answer:
    return Answer(question, question, Status.NOT_FOUND, (), ())


def minutes(count: int) -> datetime:
    return NOON + timedelta(minutes=count)


ONE, TWO, THREE = (answer(f"Question {number}?") for number in (1, 2, 3))


def test_a_shelf_comes_out_of_the_browser_as_it_went_in() -> None:
    shelf = Shelf().holding([ONE]).renamed("The forum").opening("").holding([TWO]).without_open()
    assert shelf_of(json.loads(json.dumps(shelf.to_json()))) == shelf


@pytest.mark.parametrize(
    "data", [None, 3, [], {}, {"conversations": [1, {"id": 2}], "removed": 3}, {"conversations": {}}]
)
def test_a_damaged_shelf_is_an_empty_one(data: object) -> None:
    assert shelf_of(data) == Shelf()


def test_an_answer_to_a_question_that_nobody_could_ask_is_left_out() -> None:
    kept = Shelf().holding([ONE]).to_json()
    answers = kept["conversations"][0]["answers"]
    answers += [answers[0] | {name: "first " * 4000} for name in ("question", "resolved_question")]
    assert shelf_of(kept).conversations[0].answers == (ONE,)


def test_a_shelf_stays_small_and_keeps_the_latest() -> None:
    shelf = Shelf()
    for number in range(MOST_CONVERSATIONS + 5):
        long = answer(f"Question {number} " + "x" * 800)
        shelf = shelf.opening("").holding([long] * 20, now=minutes(number))
    kept = shelf.to_json()
    assert len(json.dumps(kept)) < MOST_CHARACTERS + 1000
    assert kept["conversations"][0]["title"].startswith(f"Question {MOST_CONVERSATIONS + 4}")


def test_more_than_a_browser_keeps_is_not_taken_up() -> None:
    document = Shelf().holding([ONE]).to_json()
    assert shelf_of(document).conversations
    document["conversations"] += [{"id": "2", "title": "x" * (MOST_CHARACTERS + MOST_AROUND)}]
    assert shelf_of(document) == Shelf()


def test_an_answer_that_cites_without_end_is_not_taken_up() -> None:
    many = replace(ONE, sentences=(Sentence("It is.", SentenceKind.QUOTE, (1,) * 101, 1.0),))
    [kept] = shelf_of(Shelf().holding([many, TWO]).to_json()).conversations
    assert kept.answers == (TWO,)


def test_what_another_tab_kept_stands_beside_ones_own() -> None:
    mine, theirs = Shelf().holding([ONE], now=minutes(1)), Shelf().holding([TWO], now=minutes(2))
    merged = mine.merged(theirs)
    assert [kept.answers for kept in merged.conversations] == [(TWO,), (ONE,)]
    assert merged.open == mine.open


def test_a_conversation_that_another_tab_went_on_with_is_gone_on_with_apart() -> None:
    begun = Shelf().holding([ONE], now=minutes(1))
    merged = begun.merged(begun.holding([ONE, TWO], now=minutes(2)))
    assert merged.open.answers == (ONE, TWO)
    assert [k.answers for k in merged.holding([ONE, THREE], now=minutes(3)).conversations] == [(ONE, THREE), (ONE, TWO)]


def test_two_tabs_that_went_on_at_once_lose_nothing_and_agree() -> None:
    begun = Shelf().holding([ONE], now=minutes(1))
    earlier, later = begun.holding([ONE, TWO], now=minutes(2)), begun.holding([ONE, THREE], now=minutes(3))
    merged = earlier.merged(later)
    assert [kept.answers for kept in merged.conversations] == [(ONE, THREE), (ONE, TWO)]
    assert merged.open.answers == (ONE, TWO)
    assert later.merged(merged).conversations == merged.conversations


def test_a_deleted_conversation_does_not_come_back_from_another_tab() -> None:
    begun = Shelf().holding([ONE], now=minutes(1))
    assert begun.without_open().merged(begun).conversations == ()
    assert begun.merged(begun.without_open()).open is None


def test_a_new_title_reaches_the_other_tab() -> None:
    begun = Shelf().holding([ONE], now=minutes(1))
    assert begun.merged(begun.renamed("Anew", now=minutes(2))).open.title == "Anew"


_SHELVES = st.builds(
    lambda kept, gone: Shelf(tuple(kept), removed=tuple(gone)),
    st.lists(
        st.builds(
            Conversation,
            id=st.sampled_from("abcd"),
            title=st.sampled_from(["x", "y"]),
            at=st.sampled_from(["2026-05-01T12:00", "2026-05-01T13:00"]),
            answers=st.sampled_from([(ONE,), (ONE, TWO)]),
        ),
        unique_by=lambda kept: kept.id,
        max_size=4,
    ),
    st.lists(st.sampled_from("abcd"), unique=True, max_size=2),
)


@given(_SHELVES, _SHELVES)
def test_tabs_agree_whoever_hears_first(one: Shelf, other: Shelf) -> None:
    merged = one.merged(other)
    assert merged.conversations == other.merged(one).conversations
    assert merged.merged(other).conversations == merged.conversations
    assert {k.id for k in merged.conversations} == {
        k.id for shelf in (one, other) for k in shelf.conversations if k.id not in {*one.removed, *other.removed}
    }


# Who comes first on a page just opened

KEPT = [Turn("Kept?", answer=replace(ONE, question="Kept?"))]


def test_a_kept_conversation_is_not_drawn_over_a_question_asked() -> None:
    visit = Arrival()
    assert visit.asked([]) == []
    assert not visit.restores(KEPT)


def test_a_question_goes_on_from_the_kept_conversation_that_is_on_its_way() -> None:
    visit = Arrival()
    assert visit.restores(KEPT)
    assert visit.asked([]) == KEPT


def test_a_conversation_begun_afresh_stays_fresh() -> None:
    visit = Arrival()
    visit.restores(KEPT)
    visit.drawn()
    assert visit.asked([]) == []
