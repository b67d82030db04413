"""The conversations that readers of a site asked the server to keep: a few, small, and for an hour only.

A conversation's key holds the fingerprint of the session token it was made with, so that no other session can name it:
there is no check that a route could forget. Nothing is written to disk, and each process keeps its own.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ui.sessions import LIFETIME

MOST_TURNS = 30
MOST_OF_ONE_SESSION = 10
MOST_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class ConversationKey:
    """The session that owns a conversation (the fingerprint of its token), and the name it gave it."""

    owner: str
    name: str


@dataclass(slots=True)
class _Kept:
    touched: float
    turns: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        return sum(map(len, self.turns))


class ConversationMemory:
    """Keeps turns (JSON-ready data) for `LIFETIME` seconds after the last; past its bounds the oldest go first."""

    def __init__(self, *, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: OrderedDict[ConversationKey, _Kept] = OrderedDict()
        self._most_bytes = most_bytes
        self._clock = clock
        self._size = 0

    def add(self, key: ConversationKey, turn: dict[str, Any]) -> None:
        """Keep `turn` as the last of the conversation."""
        self._expire()
        kept = self._take(key) or _Kept(0.0)
        kept.turns = [*kept.turns, json.dumps(turn)][-MOST_TURNS:]
        kept.touched = self._clock()
        self._kept[key] = kept
        self._size += kept.size
        own = [other for other in self._kept if other.owner == key.owner]
        for other in own[:-MOST_OF_ONE_SESSION]:
            self._take(other)
        while self._size > self._most_bytes:
            self._take(next(iter(self._kept)))

    def turns(self, key: ConversationKey) -> list[dict[str, Any]] | None:
        """The turns of a conversation, oldest first; None where none is kept under `key`."""
        self._expire()
        kept = self._kept.get(key)
        return None if kept is None else [json.loads(turn) for turn in kept.turns]

    def forget(self, key: ConversationKey) -> bool:
        """Forget a conversation; False where none is kept under `key`."""
        self._expire()
        return self._take(key) is not None

    def _take(self, key: ConversationKey) -> _Kept | None:
        kept = self._kept.pop(key, None)
        self._size -= kept.size if kept else 0
        return kept

    def _expire(self) -> None:
        dead = self._clock() - LIFETIME
        while self._kept and next(iter(self._kept.values())).touched < dead:
            self._take(next(iter(self._kept)))
