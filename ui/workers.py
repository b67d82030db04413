"""The bounded pool that blocking engine calls run in, first come, first served.

`concurrency` calls run at once and `queue` wait; the rest are refused with 503. A `Share` bounds what one site may have
of it, so that no portal takes the places of all. Who waits for a stream is told how many are before them.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from ui.problems import Problem

T = TypeVar("T")
LOOK_SECONDS = 0.5
END = object()  # what `drain` posts last


@dataclass(frozen=True, slots=True)
class Share:
    """Of whom a call is, and how many of theirs may run or wait at once."""

    name: str
    most: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call's place in the queue: how many are before it."""

    ahead: int


class Workers:
    """Runs blocking calls in threads: `concurrency` at once, `queue` waiting, the rest refused with 503."""

    def __init__(self, concurrency: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="ask")
        self._counting = threading.Lock()  # places are taken and given back in several threads
        self._concurrency = concurrency
        self._most = concurrency + queue
        self._shares: Counter[str] = Counter()
        self._came = 0
        self._queued: set[int] = set()
        self.busy = 0

    @property
    def waiting(self) -> int:
        """Calls that wait for a thread."""
        return max(0, self.busy - self._concurrency)

    async def call(self, work: Callable[[], T], share: Share | None = None) -> T:
        """What `work()` gives, run in a thread; raises what it raises, or 503 when the queue is full."""
        with self._place(share) as number:
            return await self._run(number, work)

    async def iterate(self, make: Callable[[], Iterator[T]], share: Share | None = None) -> AsyncIterator[T | Waiting]:
        """The items of the blocking iterator `make()`, as they come; closing this stops the iterator.

        Before them comes a `Waiting` whenever the number of calls before this one has changed.
        """
        with self._place(share) as number:
            loop = asyncio.get_running_loop()
            items: asyncio.Queue[object] = asyncio.Queue()
            stop = threading.Event()

            def post(item: object) -> None:
                if not stop.is_set():
                    loop.call_soon_threadsafe(items.put_nowait, item)

            future = self._run(number, lambda: drain(make, post, stop))
            coming = asyncio.ensure_future(items.get())
            try:
                async for waiting in self._until(coming, number):
                    yield waiting
                while (item := await coming) is not END:
                    yield item  # type: ignore[misc]
                    coming = asyncio.ensure_future(items.get())
                await future
            finally:
                stop.set()
                coming.cancel()

    def begin(self, work: Callable[[], None]) -> Future[None]:
        """Have `work()` run in a thread, for a caller in a thread; 503 when the queue is full.

        Its place is held until `work()` has really ended, or was cancelled before its turn came.
        """
        place = ExitStack()
        number = place.enter_context(self._place(None))

        def run() -> None:
            self._leave_queue(number)
            work()

        try:
            future = self._pool.submit(run)
        except RuntimeError:  # the pool is closed
            place.close()
            raise _full("The server is stopping; ask again in a moment.") from None
        future.add_done_callback(lambda _: place.close())
        return future

    def close(self) -> None:
        """Let running calls finish and start no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, number: int, work: Callable[[], T]) -> asyncio.Future[T]:
        def begin() -> T:
            self._leave_queue(number)
            return work()

        return asyncio.get_running_loop().run_in_executor(self._pool, begin)

    async def _until(self, coming: asyncio.Future[object], number: int) -> AsyncIterator[Waiting]:
        """How many calls are before call `number`, whenever that changes, until something comes or none is."""
        told = 0
        while not coming.done() and (ahead := self._ahead(number)):
            if ahead != told:
                told = ahead
                yield Waiting(ahead)
            await asyncio.wait({coming}, timeout=LOOK_SECONDS)

    def _ahead(self, number: int) -> int:
        with self._counting:
            return sum(other < number for other in self._queued)

    def _leave_queue(self, number: int) -> None:
        with self._counting:
            self._queued.discard(number)

    def require_place(self, share: Share | None = None) -> None:
        """Return where a call would find a place now; a 503 problem with Retry-After otherwise."""
        if self.busy >= self._most:
            raise _full("Too many questions at once; try again shortly.")
        if share is not None and self._shares[share.name] >= share.most:
            raise _full(f"Too many questions from this site at once (at most {share.most}); try again shortly.")

    @contextmanager
    def _place(self, share: Share | None) -> Iterator[int]:
        """Hold a place; the call's number, from 0, in the order in which all came."""
        with self._counting:
            self.require_place(share)
            number, self._came = self._came, self._came + 1
            self.busy += 1
            self._queued.add(number)
            if share is not None:
                self._shares[share.name] += 1
        try:
            yield number
        finally:
            with self._counting:
                self.busy -= 1
                self._queued.discard(number)
                if share is not None:
                    self._shares[share.name] -= 1


def _full(detail: str) -> Problem:
    return Problem(503, detail, headers={"Retry-After": "2"})


def drain(make: Callable[[], Iterator[T]], post: Callable[[object], None], stop: threading.Event) -> None:
    """Post every item, then the end mark, whatever happens; stop between items when told to."""
    try:
        if stop.is_set():
            return
        items = make()
        try:
            for item in items:
                post(item)
                if stop.is_set():
                    return
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()
    finally:
        post(END)
