"""What a sync has found so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus import Newsletter
from index.records import SourceMark
from index.report import FailedSource, SyncReport


@dataclass(slots=True)
class Plan:
    """The newsletters by what becomes of them, and the sources in which they were seen."""

    added: dict[str, None] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)
    unchanged: dict[str, None] = field(default_factory=dict)
    moved: dict[str, None] = field(default_factory=dict)
    merged: list[tuple[str, str]] = field(default_factory=list)
    failed: list[FailedSource] = field(default_factory=list)
    seen: dict[str, dict[str, SourceMark]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)

    def takes(self, newsletter_id: str, content: str, *, is_new: bool) -> None:
        """Note that a newsletter gets new content in this sync."""
        (self.added if is_new or newsletter_id in self.added else self.changed)[newsletter_id] = None
        self.unchanged.pop(newsletter_id, None)
        self.hashes[content] = newsletter_id
        self.settled.add(newsletter_id)
        self.seen.setdefault(newsletter_id, {})

    def report(self, removed: list[str]) -> SyncReport:
        """The plan as what was done."""
        return SyncReport(
            tuple(self.added),
            tuple(self.changed),
            tuple(removed),
            tuple(self.unchanged),
            tuple(self.failed),
            tuple(self.moved),
            tuple(self.merged),
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """Which newsletter of the index one that was read is; `fresh` is what to store of it, None if nothing changed.

    `main` is the source its text comes from.
    """

    id: str
    fresh: Newsletter | None = None
    main: SourceMark | None = None
