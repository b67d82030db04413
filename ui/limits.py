"""How much one client may ask, and how many questions are worked on at once.

Rates are counted by the `limits` library (a moving window; in memory, or in Redis to share them between
replicas). `Workers` is the bounded pool that blocking engine calls run in: at most `concurrency` at once,
at most `queue` waiting.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from limits import RateLimitItem, parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from ui.errors import UiError
from ui.problems import Problem

T = TypeVar("T")
log = logging.getLogger(__name__)
_END = object()


def parse_rate(rate: str) -> RateLimitItem:
    """The limit that "COUNT/PERIOD" ("60/minute", "500/hour") names; ValueError with the remedy otherwise."""
    try:
        return parse(rate)
    except ValueError:
        raise ValueError(f"{rate!r} is not a rate: write COUNT/PERIOD, such as 60/minute or 500/hour.") from None


class LimitsUnusable(UiError):
    """The storage that the settings name for limits cannot be used; the text names the remedy."""


class RateLimiter:
    """Counts what each key did, in the storage at `address` (memory:// or redis://).

    While a shared storage is away, each process counts on its own: the door holds, only less exactly.
    """

    def __init__(self, address: str = "memory://") -> None:
        self._limiter = MovingWindowRateLimiter(_storage(address))
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._local = address.startswith("memory://")

    async def check(self, rate: str, *key: str) -> None:
        """Count one use by `key`; a 429 problem with Retry-After when `rate` is used up."""
        if self._local:
            wait = self._hit(rate, key)
        else:
            wait = await asyncio.to_thread(self._hit, rate, key)
        if wait is not None:
            raise Problem(
                429,
                f"Too many questions: at most {rate}. Try again in {wait} s.",
                headers={"Retry-After": str(wait)},
            )

    def _hit(self, rate: str, key: tuple[str, ...]) -> int | None:
        """None when there was room, else the whole seconds until there is."""
        item = parse_rate(rate)
        try:
            return _wait(self._limiter, item, key)
        except StorageError as error:
            log.error("the storage of limits is away, this process counts alone: %s", error)
            return _wait(self._alone, item, key)


def _storage(address: str) -> Any:
    try:
        return storage_from_string(address, wrap_exceptions=True)
    except (ConfigurationError, ImportError) as error:
        raise LimitsUnusable(
            f"SERVER__LIMITS_STORAGE {address!r} cannot be used ({error}): write memory:// or redis://HOST:PORT, "
            "the latter with `pip install 'newsletter-assistant[redis]'`."
        ) from error


def _wait(limiter: MovingWindowRateLimiter, item: RateLimitItem, key: tuple[str, ...]) -> int | None:
    if limiter.hit(item, *key):
        return None
    reset, _ = limiter.get_window_stats(item, *key)
    return max(1, math.ceil(reset - time.time()))


class Workers:
    """Runs blocking calls in threads: `concurrency` at once, `queue` waiting, the rest refused with 503."""

    def __init__(self, concurrency: int, queue: int) -> None:
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="ask")
        self._concurrency = concurrency
        self._most = concurrency + queue
        self.busy = 0
        self._finished = 0
        self._tickets = 0

    @property
    def waiting(self) -> int:
        """Calls that wait for a thread."""
        return max(0, self.busy - self._concurrency)

    async def call(self, work: Callable[[], T]) -> T:
        """What `work()` gives, run in a thread; raises what it raises, or 503 when the queue is full."""
        async with self._place():
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def iterate(self, make: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        """The items of the blocking iterator `make()`, as they come; closing this stops the iterator."""
        async with self._place():
            loop = asyncio.get_running_loop()
            items: asyncio.Queue[object] = asyncio.Queue()
            stop = threading.Event()

            def post(item: object) -> None:
                if not stop.is_set():
                    loop.call_soon_threadsafe(items.put_nowait, item)

            future = loop.run_in_executor(self._pool, _drain, make, post, stop)
            try:
                while (item := await items.get()) is not _END:
                    yield item  # type: ignore[misc]
                await future
            finally:
                stop.set()

    def close(self) -> None:
        """Let running calls finish and start no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self.busy >= self._most:
            raise Problem(503, "Too many questions at once; try again shortly.", headers={"Retry-After": "2"})
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1


def _drain(make: Callable[[], Iterator[T]], post: Callable[[object], None], stop: threading.Event) -> None:
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
        post(_END)
