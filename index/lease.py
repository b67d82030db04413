"""One process at a time changes an index on a shared Chroma server; a lease that lies there says which.

Chroma has no transactions, but of those who create a collection of one name only one succeeds. A lease is such a
collection: empty, numbered (`NAME-lease-7`), its owner and its end in its metadata. The highest number counts. Whoever
finds that one given back or run out creates the next and deletes those before; the highest is never deleted, so that no
number is given twice. All times are the server's, so the machines' clocks may differ. An owner that was held up for
longer than its lease sees before its next write that it has lost it. tests/test_lease.py tries it with real processes.
"""

from __future__ import annotations

import contextlib
import math
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

from chromadb.errors import ChromaError

from index.client import is_of_store
from index.errors import IndexBusy

LEASE_SECONDS = 60.0
RENEWALS = 4  # in the time of one lease


@dataclass(frozen=True, slots=True)
class _Standing:
    """The lease that counts, as it stands on the server."""

    number: int
    collection: Any

    @property
    def owner(self) -> str:
        return str((self.collection.metadata or {}).get("owner", "another process"))

    @property
    def until(self) -> float:
        return float((self.collection.metadata or {}).get("until", 0.0))


class Lease:
    """The right to change the index `name` on the server of `client`, whose address is `location`."""

    def __init__(self, client: Any, name: str, location: str) -> None:
        self._client = client
        self._prefix = f"{name}-lease-"
        self._location = location
        self._own: _Standing | None = None
        self._done = Event()
        self._renewing: Thread | None = None

    def take(self) -> None:
        """Take the lease and renew it until `give_back`. Raises IndexBusy, naming the owner and the ways out."""
        before = self._highest()
        if before is not None and before.until > self._now():
            raise self._busy(before)
        self._own = self._created(before.number + 1 if before else 1)
        for other in self._all():
            if other.number < self._own.number:
                with contextlib.suppress(ChromaError):  # whoever was refused may be clearing up, too
                    self._client.delete_collection(other.collection.name)
        self._done = Event()
        self._renewing = Thread(target=self._renew, args=(self._own.collection, self._done), daemon=True)
        self._renewing.start()

    def check(self) -> None:
        """Raises IndexBusy when the lease is not ours (any more); to be called before every write."""
        highest = self._highest()
        if self._own is None or highest is None or highest.number != self._own.number or highest.until <= self._now():
            raise IndexBusy(
                f"This process lost its lease on the index at {self._location} (it was held up for over "
                f"{LEASE_SECONDS:.0f} seconds) and stopped: what is in stays, and the next sync goes on from there."
            )

    def give_back(self) -> None:
        """Let others take it at once; doing it twice is harmless."""
        self._done.set()
        if self._renewing is not None:
            self._renewing.join()
        own, self._own = self._own, None
        if own is not None:
            own.collection.modify(metadata={"owner": own.owner, "until": 0.0})

    def _created(self, number: int) -> _Standing:
        metadata = {"owner": _this_process(), "until": self._now() + LEASE_SECONDS}
        name = f"{self._prefix}{number}"
        try:
            collection = self._client.create_collection(name, metadata=metadata, embedding_function=None)
        except ChromaError:
            other = self._highest()
            if other is None or other.number < number:
                raise
            raise self._busy(other) from None
        highest = self._highest()
        if highest is not None and highest.number > number:
            with contextlib.suppress(ChromaError):
                self._client.delete_collection(name)
            raise self._busy(highest)
        return _Standing(number, collection)

    def _renew(self, collection: Any, done: Event) -> None:
        """Move the end of the lease on, as long as it has not passed."""
        until = float(collection.metadata["until"])
        while not done.wait(LEASE_SECONDS / RENEWALS):
            try:
                now = self._now()
                if until <= now:
                    return
                collection.modify(metadata={"owner": _this_process(), "until": now + LEASE_SECONDS})
                until = now + LEASE_SECONDS
            except Exception as error:
                if not is_of_store(error):
                    raise
                # else it is tried again, and the next write tells what is wrong with the server

    def _highest(self) -> _Standing | None:
        return max(self._all(), key=lambda standing: standing.number, default=None)

    def _all(self) -> list[_Standing]:
        found = []
        for collection in self._client.list_collections():
            number = collection.name.removeprefix(self._prefix)
            if number != collection.name and number.isdecimal():
                found.append(_Standing(int(number), collection))
        return found

    def _now(self) -> float:
        """Seconds by the server's clock."""
        return float(self._client.heartbeat()) / 1e9

    def _busy(self, standing: _Standing) -> IndexBusy:
        left = max(1, math.ceil(standing.until - self._now()))
        return IndexBusy(
            f"The index at {self._location} is being changed by {standing.owner}: wait until that is done or stop it "
            f"there; should it have died, its lease ends by itself, in {left} seconds if it is not renewed."
        )


def _this_process() -> str:
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])
    return f"process {os.getpid()} on {socket.gethostname()} ({command})"
