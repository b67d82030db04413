"""The answer that a page is writing: one at a time, which alone draws on the conversation until it is over.

Gradio's own way to cancel an event lets what is on its way be drawn after what the cancelling event draws. Here the
answer under way is told to end, draws its own end, and whoever wants to draw next waits for that. One `Running` belongs
to one visit; it lives in a `gr.State`, which keeps the object itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import TypeVar

from ui.workers import END, drain

T = TypeVar("T")
LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 5.0


class Run:
    """One answer under way."""

    def __init__(self) -> None:
        """An answer that nobody has stopped or left."""
        self.stopped = threading.Event()
        self.left = threading.Event()
        self._over = threading.Event()

    def until_ended(self, make: Callable[[], Iterator[T]]) -> Iterator[T]:
        """The items of `make()` as they come, until the answer is stopped or left; its work ends at its next item."""
        items: SimpleQueue[object] = SimpleQueue()
        gone = threading.Event()
        threading.Thread(target=drain, args=(make, items.put, gone), name="page-answer", daemon=True).start()
        try:
            while not (self.stopped.is_set() or self.left.is_set()):
                try:
                    item = items.get(timeout=LOOK_SECONDS)
                except Empty:
                    continue
                if item is END:
                    return
                yield item  # type: ignore[misc]
        finally:
            gone.set()

    def over(self) -> None:
        """It draws no more."""
        self._over.set()

    def leave(self) -> None:
        """Have it end without another word, and wait until it has."""
        self.left.set()
        self._over.wait(PATIENCE_SECONDS)


class Running:
    """The answer under way in one visit, if there is one."""

    def __init__(self) -> None:
        """No answer under way."""
        self._run: Run | None = None

    def begin(self) -> Run:
        """A new answer, once the one before it, if one is left, has ended."""
        run = Run()
        before, self._run = self._run, run
        if before is not None:
            before.leave()
        return run

    def stop(self) -> None:
        """Have the answer end with what is there of it."""
        if self._run is not None:
            self._run.stopped.set()

    def leave(self) -> None:
        """Have the answer end without another word, for the page shows another conversation now."""
        if self._run is not None:
            self._run.leave()
