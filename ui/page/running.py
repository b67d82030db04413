"""The answer that a page is writing: one at a time, which alone draws on the conversation until it is over.

Gradio's own way to cancel an event lets what is on its way be drawn after what the cancelling event draws. Here the
answer under way is told to end, draws its own end, and whoever wants to draw next waits for that. One `Running` belongs
to one visit; it lives in a `gr.State`, which copies it once, while it is empty, and keeps the object itself from then on.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import TypeVar

from ui.workers import END, Workers, drain

log = logging.getLogger(__name__)
T = TypeVar("T")
LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 5.0
KEPT = 16  # answers that may still be ending
MOST_ASKED = 1000  # questions of one visit that are told apart


class Run:
    """One answer under way."""

    def __init__(self) -> None:
        """An answer that nobody has stopped or abandoned."""
        self.stopped = threading.Event()
        self.abandoned = threading.Event()
        self._ended = threading.Event()

    @property
    def ending(self) -> bool:
        """Whether it was told to end."""
        return self.stopped.is_set() or self.abandoned.is_set()

    def until_ended(self, make: Callable[[], Iterator[T]], workers: Workers) -> Iterator[T]:
        """The items of `make()`, which deals with its own errors, until the answer is told to end.

        Its work takes a place among `workers`, which it keeps until its next item even where it is told to end before.
        A 503 problem where there is no place.
        """
        if self.ending:
            return
        items: SimpleQueue[object] = SimpleQueue()
        gone = threading.Event()
        work = workers.begin(lambda: drain(make, items.put, gone))
        work.add_done_callback(lambda _: items.put(END))  # one that never began says nothing itself
        try:
            while not self.ending:
                try:
                    item = items.get(timeout=LOOK_SECONDS)
                except Empty:
                    continue
                if item is END:
                    return
                yield item  # type: ignore[misc]
        finally:
            gone.set()
            work.cancel()

    def mark_ended(self) -> None:
        """It draws no more."""
        self._ended.set()

    def abandon(self) -> None:
        """Have it end without another word, and wait until it has, for `PATIENCE_SECONDS` at most."""
        self.abandoned.set()
        if not self._ended.wait(PATIENCE_SECONDS):
            log.warning("an answer on the chat page did not end within %g seconds", PATIENCE_SECONDS)


class Running:
    """The answers of one visit, of which the last may be under way, and what it has asked."""

    def __init__(self) -> None:
        """No answer under way."""
        self._runs: deque[Run] = deque(maxlen=KEPT)
        self._asked: set[str] = set()

    def asks_anew(self, question: str) -> bool:
        """Whether this visit has not asked `question` before; from now on it has."""
        known, said = len(self._asked), " ".join(question.casefold().split())
        if known < MOST_ASKED:
            self._asked.add(said)
        return len(self._asked) > known

    def begin(self) -> Run:
        """A new answer, once those before it have ended."""
        run = Run()
        self._runs.append(run)  # atomic: of two that begin at once, one comes first
        for before in list(self._runs):
            if before is run:
                break
            before.abandon()
        return run

    def stop(self) -> None:
        """Have the answer end with what is there of it."""
        if self._runs:
            self._runs[-1].stopped.set()

    def abandon(self) -> None:
        """Have the answer end without another word, for the page shows another conversation now."""
        for run in list(self._runs):
            run.abandon()
