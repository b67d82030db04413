"""Makes the index equal to its sources: only what changed is read, embedded and written."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from corpus import CorpusError, Newsletter, Source, find_sources, read_source
from index.chunking import CHUNKER_VERSION, chunk
from index.embedding import Embedder
from index.errors import RebuildNeeded
from index.passage import NewsletterInfo, Passage
from index.records import Record, SourceMark
from index.store import Store

BATCH_PASSAGES = 64


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A source that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, by newsletter id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failed: tuple[FailedSource, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is: newsletters read of all sources, passages embedded so far and a second."""

    done: int
    total: int
    passages: int
    rate: float


Progress = Callable[[SyncProgress], None]


@dataclass(slots=True)
class _Plan:
    """What a sync found, before anything is written."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[FailedSource] = field(default_factory=list)
    seen: dict[str, list[SourceMark]] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)


class Syncer:
    """One sync of one store."""

    def __init__(self, store: Store, embedder: Callable[[], Embedder], fingerprint: str) -> None:
        self._store = store
        self._embedder = embedder
        self._fingerprint = fingerprint
        self._records = store.records()
        self._waiting: list[tuple[Newsletter, Record, list[Passage]]] = []
        self._embedded = 0
        self._started = time.perf_counter()

    def run(
        self,
        locations: Iterable[str | Path],
        *,
        progress: Progress | None = None,
        dry_run: bool = False,
        rebuild: bool = False,
    ) -> SyncReport:
        """Bring the store level with `locations`; newsletters that came from elsewhere stay.

        Raises SourceNotFound for a missing path and RebuildNeeded when the stored vectors come from another model
        or chunker and `rebuild` is false; nothing is changed then.
        """
        sources = find_sources(locations)
        stale = [r.info.id for r in self._records.values() if r.fingerprint != self._fingerprint]
        if stale and not rebuild:
            raise RebuildNeeded(
                f"{len(stale)} newsletters were indexed with another model or program version: "
                "run the sync again with --rebuild."
            )
        plan = _Plan()
        if not dry_run:
            self._store.sweep()
        for number, source in enumerate(sources, start=1):
            self._source(source, plan, dry_run=dry_run)
            if progress:
                rate = self._embedded / max(time.perf_counter() - self._started, 1e-6)
                progress(SyncProgress(number, len(sources), self._embedded, rate))
        removed = self._gone(sources, plan)
        if not dry_run:
            self._flush()
            self._update_marks(plan)
            for newsletter_id in removed:
                self._store.delete(newsletter_id)
            if rebuild:
                self._rebuild_rest(set(plan.added) | set(plan.changed) | set(removed))
        return SyncReport(
            tuple(plan.added), tuple(plan.changed), tuple(removed), tuple(plan.unchanged), tuple(plan.failed)
        )

    def rebuild_all(self) -> None:
        """Chunk and embed every stored newsletter again, from the text in the store."""
        self._rebuild_rest(set(), everything=True)

    def _source(self, source: Source, plan: _Plan, *, dry_run: bool) -> None:
        mark = _mark(source)
        known = [
            r
            for r in self._records.values()
            if mark.size >= 0 and mark in r.marks and r.fingerprint == self._fingerprint
        ]
        if known:
            for record in known:
                self._unchanged(record.info.id, mark, plan)
            return
        try:
            newsletters = read_source(source)
        except CorpusError as error:
            plan.failed.append(FailedSource(source.location, str(error)))
            for record in self._records.values():
                if any(m.path == mark.path for m in record.marks):
                    plan.seen.setdefault(record.info.id, []).extend(m for m in record.marks if m.path == mark.path)
            return
        for newsletter in newsletters:
            self._newsletter(newsletter, mark, plan, dry_run=dry_run)

    def _newsletter(self, newsletter: Newsletter, mark: SourceMark, plan: _Plan, *, dry_run: bool) -> None:
        content = newsletter.content_hash
        twin = plan.hashes.get(content) or self._same_content(content)
        if twin and (twin not in self._records or self._records[twin].fingerprint == self._fingerprint):
            if twin in plan.seen:
                plan.seen[twin].append(mark)
            else:
                self._unchanged(twin, mark, plan)
            return
        newsletter = replace(newsletter, id=self._free_id(newsletter, mark, plan))
        record = self._records.get(newsletter.id)
        (plan.changed if record else plan.added).append(newsletter.id)
        plan.seen[newsletter.id] = [mark]
        plan.hashes[content] = newsletter.id
        if not dry_run:
            self._enqueue(newsletter, content, (mark,))

    def _unchanged(self, newsletter_id: str, mark: SourceMark, plan: _Plan) -> None:
        if newsletter_id not in plan.seen:
            plan.unchanged.append(newsletter_id)
        plan.seen.setdefault(newsletter_id, []).append(mark)

    def _same_content(self, content: str) -> str | None:
        return next((r.info.id for r in self._records.values() if r.content_hash == content), None)

    def _free_id(self, newsletter: Newsletter, mark: SourceMark, plan: _Plan) -> str:
        """The newsletter's id, behind its folder's name when another source has taken it."""

        def taken(newsletter_id: str) -> bool:
            if newsletter_id in plan.seen:
                return True
            record = self._records.get(newsletter_id)
            return (
                record is not None
                and not any(m.path == mark.path for m in record.marks)
                and any(Path(m.path).exists() for m in record.marks)
            )

        if not taken(newsletter.id):
            return newsletter.id
        longer = f"{Path(mark.path).parent.name}-{newsletter.id}"
        return longer if not taken(longer) else f"{longer}-{hashlib.sha256(mark.path.encode()).hexdigest()[:6]}"

    def _enqueue(self, newsletter: Newsletter, content: str, marks: tuple[SourceMark, ...]) -> None:
        embedder = self._embedder()
        version = hashlib.sha256(f"{content}{self._fingerprint}".encode()).hexdigest()[:12]
        passages = chunk(newsletter, embedder.count_tokens, version=version)
        info = NewsletterInfo(
            newsletter.id,
            newsletter.title,
            newsletter.issue,
            newsletter.date,
            newsletter.publisher,
            newsletter.language,
            newsletter.url,
            tuple(mark.path for mark in marks),
            len(passages),
        )
        self._waiting.append((newsletter, Record(info, content, self._fingerprint, version, marks), passages))
        if sum(len(waiting[2]) for waiting in self._waiting) >= BATCH_PASSAGES:
            self._flush()

    def _flush(self) -> None:
        """Embed what waits in one go and commit it newsletter by newsletter."""
        if not self._waiting:
            return
        passages = [passage for _, _, found in self._waiting for passage in found]
        vectors = self._embedder().embed_passages(passages)
        first = 0
        for newsletter, record, found in self._waiting:
            self._store.put(newsletter, record, found, vectors[first : first + len(found)])
            first += len(found)
        self._embedded += len(passages)
        self._waiting.clear()

    def _update_marks(self, plan: _Plan) -> None:
        for newsletter_id, marks in plan.seen.items():
            record = self._records.get(newsletter_id)
            if record is None or newsletter_id in plan.changed:
                continue
            paths = {mark.path for mark in marks}
            others = tuple(m for m in record.marks if m.path not in paths and Path(m.path).exists())
            wanted = tuple(dict.fromkeys([*marks, *others]))
            if set(wanted) != set(record.marks):
                self._store.put_record(record.with_marks(wanted))

    def _gone(self, sources: Sequence[Source], plan: _Plan) -> list[str]:
        """Newsletters all of whose sources lie under the roots just read but are there no more."""
        roots = {source.root for source in sources}
        return [
            newsletter_id
            for newsletter_id, record in self._records.items()
            if newsletter_id not in plan.seen
            and record.marks
            and all(any(_under(mark.path, root) for root in roots) for mark in record.marks)
        ]

    def _rebuild_rest(self, done: set[str], *, everything: bool = False) -> None:
        for newsletter_id, record in self._records.items():
            if newsletter_id not in done and (everything or record.fingerprint != self._fingerprint):
                self._enqueue(self._store.newsletter(newsletter_id), record.content_hash, record.marks)
        self._flush()


def pipeline_fingerprint(embedder_fingerprint: str) -> str:
    """What stored vectors depend on besides the text."""
    return f"{embedder_fingerprint}/chunker-{CHUNKER_VERSION}"


def _mark(source: Source) -> SourceMark:
    """The source as it is now; an address on the web has no size or change time and is always read."""
    try:
        stat = source.path.stat() if source.path else None
    except OSError:
        stat = None
    if stat is None:
        return SourceMark(source.location, source.root, -1, -1)
    return SourceMark(source.location, source.root, stat.st_size, stat.st_mtime_ns)


def _under(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")
