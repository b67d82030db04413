"""The answer that the chat page is writing: stopped, left, or followed by another."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread, Timer

import pytest

from ui.language import languages
from ui.page.running import Running
from ui.page.turns import Turn, settled
from ui.problems import Problem
from ui.workers import Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    places = Workers(2, 2)
    yield places
    places.close()


class Slow:
    """Gives 1, waits until it may go on, gives 2; says when it has been closed."""

    def __init__(self) -> None:
        self.may_go_on, self.closed = Event(), Event()

    def __call__(self) -> Iterator[int]:
        try:
            yield 1
            self.may_go_on.wait(10)
            yield 2
            yield 3
        finally:
            self.closed.set()


def test_every_item_comes_where_nobody_stops_it(workers: Workers) -> None:
    run = Running().begin()
    assert list(run.until_ended(lambda: iter("abc"), workers)) == ["a", "b", "c"]


def test_a_stopped_answer_ends_at_once_and_its_work_at_its_next_item(workers: Workers) -> None:
    running, slow = Running(), Slow()
    items = running.begin().until_ended(slow, workers)
    assert next(items) == 1
    running.stop()
    assert list(items) == []
    assert not slow.closed.is_set()
    slow.may_go_on.set()
    assert slow.closed.wait(10)


def test_who_draws_next_waits_for_the_answer_before_to_be_over(workers: Workers) -> None:
    running, slow, drawn = Running(), Slow(), []
    run = running.begin()

    def write() -> None:
        for item in run.until_ended(slow, workers):
            drawn.append(item)
        drawn.append("end")
        run.mark_ended()

    writing = Thread(target=write)
    writing.start()
    second = running.begin()
    assert run.abandoned.is_set()
    assert drawn[-1] == "end"
    assert not second.abandoned.is_set()
    slow.may_go_on.set()
    writing.join()


def test_stopping_where_nothing_runs_does_nothing(workers: Workers) -> None:
    running = Running()
    running.stop()
    running.abandon()
    assert list(running.begin().until_ended(lambda: iter([1]), workers)) == [1]


def test_a_turn_that_another_question_cut_short_stands_as_stopped() -> None:
    words = languages()["en"]
    answered, cut = Turn("Who?", "<p>Anna Weber.</p>"), Turn("When?", "<p>In May", underway=True)
    kept, ended = settled(words, [answered, cut])
    assert kept == answered
    assert ended.html.startswith(cut.html)
    assert words("stopped") in ended.html
    assert not ended.underway
    assert settled(words, [kept, ended]) == [kept, ended]


def test_an_answer_abandoned_before_it_began_does_no_work(workers: Workers) -> None:
    run = Running().begin()
    run.mark_ended()
    run.abandon()
    assert list(run.until_ended(lambda: iter([1]), workers)) == []


def test_a_stopped_answer_keeps_its_place_until_its_work_has_ended() -> None:
    running, slow, workers = Running(), Slow(), Workers(1, 0)
    items = running.begin().until_ended(slow, workers)
    next(items)
    running.stop()
    assert list(items) == []
    with pytest.raises(Problem, match="at once"):
        next(running.begin().until_ended(lambda: iter([1]), workers))
    slow.may_go_on.set()
    workers.close()
    assert slow.closed.wait(10)


def test_an_answer_stopped_while_it_waits_gives_its_place_back_at_once() -> None:
    running, slow, workers = Running(), Slow(), Workers(1, 1)
    first = Running().begin().until_ended(slow, workers)
    next(first)
    run = running.begin()
    Timer(0.2, running.stop).start()
    assert list(run.until_ended(lambda: iter([1]), workers)) == []
    assert workers.busy == 1
    slow.may_go_on.set()
    workers.close()
