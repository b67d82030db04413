"""What a sync did, how far it is, and what an index holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A source that could not be read, and why; `error` is what `reason` says, to be said in another language."""

    source: str
    reason: str
    error: Exception | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, by newsletter id.

    `moved` are newsletters whose file is at another place now; `merged` pairs a newsletter with a further source in
    which the same issue arrived. Both stay out of `to_dict`, whose keys are a contract, and so does a failure's error.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[FailedSource, ...] = ()
    moved: tuple[str, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()

    def summary(self, *, would: bool = False) -> str:
        """How many newsletters were added, changed, removed, unchanged and failed; `would` be, where nothing was done."""
        counts = [(name, len(getattr(self, name))) for name in ("added", "changed", "removed", "unchanged", "failed")]
        said = ", ".join(
            f"{count} {'would be ' if would and name != 'failed' else ''}{name}" for name, count in counts if count
        )
        return said or "Nothing to do."

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        data = asdict(replace(self, failed=()))
        del data["moved"], data["merged"]
        return data | {"failed": tuple({"source": one.source, "reason": one.reason} for one in self.failed)}


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is: sources read of all, passages embedded so far and a second, and what was read last."""

    done: int
    total: int
    passages: int
    rate: float
    source: str = ""


Progress = Callable[[SyncProgress], None]


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What an index holds and whether it is healthy; `detail` says what is to be done and why, or ""."""

    newsletters: int
    passages: int
    model: str
    precision: str
    store: str
    healthy: bool
    detail: str

    def to_dict(self) -> dict[str, Any]:
        """The status as JSON-ready data."""
        return asdict(self)
