"""How much one client may ask.

Rates are counted by the `limits` library: a sliding window of two counters, in memory, or in Redis to share them between
replicas. Its moving window remembers in memory every key it ever saw, and looks through them at each check.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence
from typing import Any

from limits import RateLimitItem, parse_many
from limits.errors import ConfigurationError, StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from ui.errors import UiError
from ui.problems import Problem

log = logging.getLogger(__name__)
_Asking = Callable[[SlidingWindowCounterRateLimiter, RateLimitItem, tuple[str, ...]], bool]


def parse_rates(rate: str) -> list[RateLimitItem]:
    """The limits that "COUNT/PERIOD" names, several parted by ";" ("20/minute;200/hour"); ValueError with the remedy otherwise."""
    try:
        return parse_many(rate)
    except ValueError:
        raise ValueError(
            f"{rate!r} is not a rate: write COUNT/PERIOD, such as 60/minute, or several, such as 20/minute;200/hour."
        ) from None


class LimitsUnusable(UiError):
    """The storage that the settings name for limits cannot be used; the text names the remedy."""


class RateLimiter:
    """Counts what each key did, in the storage at `address` (memory:// or redis://).

    While a shared storage is away, each process counts on its own: the door holds, only less exactly.
    """

    def __init__(self, address: str = "memory://") -> None:
        self._limiter = SlidingWindowCounterRateLimiter(_storage(address))
        self._alone = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._local = address.startswith("memory://")

    async def check(self, rate: str, *key: str) -> None:
        """Count one use by `key`; a 429 problem with Retry-After when `rate` is used up."""
        wait = await self.counted(rate, *key)
        if wait is not None:
            raise too_many("questions", rate, wait)

    def wait(self, rate: str, *key: str) -> int | None:
        """As `counted`, for threads."""
        return self._ask(_hit, rate, key)

    async def counted(self, rate: str, *key: str) -> int | None:
        """Count one use by `key`: None when there was room, else the whole seconds until there is."""
        return await self._told(_hit, rate, key)

    async def full(self, rate: str, *key: str) -> int | None:
        """What `counted` would give, without counting."""
        return await self._told(_test, rate, key)

    async def _told(self, ask: _Asking, rate: str, key: tuple[str, ...]) -> int | None:
        if self._local:
            return self._ask(ask, rate, key)
        return await asyncio.to_thread(self._ask, ask, rate, key)

    def _ask(self, ask: _Asking, rate: str, key: tuple[str, ...]) -> int | None:
        items = parse_rates(rate)
        try:
            return _wait(self._limiter, ask, items, key)
        except StorageError as error:
            log.error("the storage of limits is away, this process counts alone: %s", error)
            return _wait(self._alone, ask, items, key)


def too_many(what: str, rate: str, wait: int) -> Problem:
    """The problem for one who has to wait so many seconds."""
    text = f"Too many {what}: at most {rate}. Try again in {wait} s."
    return Problem(429, text, headers={"Retry-After": str(wait)})


def _storage(address: str) -> Any:
    try:
        return storage_from_string(address, wrap_exceptions=True)
    except (ConfigurationError, ImportError) as error:
        raise LimitsUnusable(
            f"SERVER__LIMITS_STORAGE {address!r} cannot be used ({error}): write memory:// or redis://HOST:PORT, "
            "the latter with `pip install 'newsletter-assistant[redis]'`."
        ) from error


def _hit(limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, key: tuple[str, ...]) -> bool:
    return limiter.hit(item, *key)


def _test(limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, key: tuple[str, ...]) -> bool:
    return limiter.test(item, *key)


def _wait(
    limiter: SlidingWindowCounterRateLimiter, ask: _Asking, items: Sequence[RateLimitItem], key: tuple[str, ...]
) -> int | None:
    """None when each of the limits has room, else the whole seconds until the first that has none does."""
    for item in items:
        if not ask(limiter, item, key):
            reset, _ = limiter.get_window_stats(item, *key)
            return max(1, math.ceil(reset - time.time()))
    return None
