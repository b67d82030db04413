"""Makes the index equal to its sources: only what changed is read, embedded and written.

A source whose size and times are as they were is not read; one whose bytes are is not parsed; one whose newsletters
are is not embedded. A source counts as done only when every newsletter it holds is committed (`SourceMark.newsletters`),
so that a sync killed half-way through a mailbox finishes it the next time. tests/test_sync.py proves it with kill -9.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus import CorpusError, Document, Newsletter, Reading, Source, find_sources, load_source, read_loaded
from corpus.sources import ABOUT_FILE
from index.chunking import CHUNKER_VERSION, chunk
from index.embedding import Embedder
from index.errors import RebuildNeeded, SyncStopped
from index.passage import NewsletterInfo, Passage
from index.records import Record, SourceMark
from index.report import FailedSource, Progress, SyncProgress, SyncReport
from index.store import Entry, Store
from index.twins import Twins, completed, containment, is_better

BATCH_PASSAGES = 256
DIGEST_CHARACTERS = 32


@dataclass(slots=True)
class _Plan:
    """What a sync found so far."""

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


@dataclass(frozen=True, slots=True)
class _Settled:
    """Which newsletter of the index one that was read is; `fresh` is what to store of it, None if nothing changed.

    `main` is the source its text comes from.
    """

    id: str
    fresh: Newsletter | None = None
    main: SourceMark | None = None


@dataclass(slots=True)
class _Waiting:
    newsletter: Newsletter
    record: Record
    passages: list[Passage]


class Syncer:
    """One sync of one store. `replacing` is told the ids of committed newsletters before others take their place."""

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        fingerprint: str,
        *,
        replacing: Callable[[Sequence[str]], None] = lambda ids: None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._fingerprint = fingerprint
        self._replacing = replacing
        self._records = store.records()
        self._by_path: dict[str, list[tuple[str, SourceMark]]] = {}
        self._by_hash: dict[str, str] = {}
        for newsletter_id, record in self._records.items():
            self._by_hash.setdefault(record.content_hash, newsletter_id)
            for mark in record.marks:
                self._by_path.setdefault(mark.path, []).append((newsletter_id, mark))
        self._twins = Twins(record.info for record in self._records.values())
        self._new: dict[str, Record] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._committed = set(self._records)
        self._embedded = 0
        self._started = time.perf_counter()

    def run(
        self,
        locations: Iterable[str | Path],
        *,
        progress: Progress | None = None,
        dry_run: bool = False,
        rebuild: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """Bring the store level with `locations`; newsletters that came from elsewhere stay.

        Raises SourceNotFound for a missing path, RebuildNeeded when the stored vectors come from another model or
        chunker and `rebuild` is false (nothing is changed then), and SyncStopped once `stop()` is true.
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
            self._store.sweep(self._records)
        for number, source in enumerate(sources, start=1):
            if stop():
                self._stopped(number - 1, len(sources), dry_run=dry_run)
            self._source(source, plan, dry_run=dry_run)
            if progress:
                rate = self._embedded / max(time.perf_counter() - self._started, 1e-6)
                progress(SyncProgress(number, len(sources), self._embedded, rate))
        roots = {source.root for source in sources}
        removed = [i for i, r in self._records.items() if i not in plan.seen and not self._left(r, roots, {})]
        if not dry_run:
            self._flush()
            self._update_marks(plan, roots)
            self._replacing(removed)
            for newsletter_id in removed:
                self._store.delete(newsletter_id)
            if rebuild:
                self._rebuild(set(plan.added) | set(plan.changed) | set(removed), only_stale=bool(stale))
        return SyncReport(
            tuple(plan.added),
            tuple(plan.changed),
            tuple(removed),
            tuple(plan.unchanged),
            tuple(plan.failed),
            tuple(plan.moved),
            tuple(plan.merged),
        )

    def restore(self, saved: Iterable[tuple[Newsletter, Record]]) -> None:
        """Chunk, embed and write newsletters that are known already, with the sources their records name."""
        for newsletter, record in saved:
            self._line_up(newsletter, record.content_hash, record.marks)
            self._flush_if_full()
        self._flush()

    def _stopped(self, done: int, total: int, *, dry_run: bool) -> None:
        if not dry_run:
            self._flush()
        raise SyncStopped(
            f"Stopped after {done} of {total} sources; what is in stays, and the next sync goes on from there."
        )

    def _source(self, source: Source, plan: _Plan, *, dry_run: bool) -> None:
        known = self._by_path.get(source.location, [])
        mark = _mark(source)
        if mark.is_file and self._is_done(known, mark, same=_same_times):
            self._keep(known, known[0][1], plan)
            return
        reading: Reading | None = None
        try:
            document = load_source(source)
            mark = replace(mark, digest=_digest(source, document))
            if self._is_done(known, mark, same=_same_bytes):
                self._keep(known, replace(mark, newsletters=known[0][1].newsletters), plan)
                return
            reading = read_loaded(source, document)
        except CorpusError as error:
            plan.failed.append(FailedSource(source.location, str(error)))
        if reading is not None:
            plan.failed += [FailedSource(source.location, str(error)) for error in reading.failed]
            self._read(reading, mark, plan, dry_run=dry_run)
        if reading is None or reading.failed or not mark.is_file:
            for newsletter_id, old in known:  # what was read before a part became unreadable, or left a feed, stays
                plan.seen.setdefault(newsletter_id, {}).setdefault(source.location, replace(old, newsletters=-1))

    def _is_done(
        self, known: list[tuple[str, SourceMark]], mark: SourceMark, *, same: Callable[[SourceMark, SourceMark], bool]
    ) -> bool:
        """Whether everything this source holds is committed and the source is the same as then."""
        return (
            bool(known)
            and len(known) == known[0][1].newsletters
            and all(same(old, mark) for _, old in known)
            and all(self._has_its_main_source(self._records[i], mark) for i, _ in known)
        )

    @staticmethod
    def _has_its_main_source(record: Record, mark: SourceMark) -> bool:
        """False when the text came from another source, which is gone: this one must be read instead."""
        main = record.marks[0]
        return main.path == mark.path or not main.is_file or Path(main.path).exists()

    def _keep(self, known: list[tuple[str, SourceMark]], mark: SourceMark, plan: _Plan) -> None:
        for newsletter_id, _ in known:
            if newsletter_id not in plan.added and newsletter_id not in plan.changed:
                plan.unchanged[newsletter_id] = None
            plan.seen.setdefault(newsletter_id, {})[mark.path] = mark

    def _read(self, reading: Reading, mark: SourceMark, plan: _Plan, *, dry_run: bool) -> None:
        """Settle which newsletters of the index the newsletters read are, then line up those to embed."""
        settled = [(self._settle(newsletter, mark, plan), newsletter) for newsletter in reading.newsletters]
        ids = {entry.id for entry, _ in settled}
        whole = replace(mark, newsletters=-1 if reading.failed else len(ids))
        for newsletter_id in ids:
            plan.seen.setdefault(newsletter_id, {})[mark.path] = whole
        for entry, newsletter in settled:
            if entry.fresh is not None and not dry_run:
                self._enqueue(entry, newsletter.content_hash, plan.seen[entry.id])

    def _settle(self, newsletter: Newsletter, mark: SourceMark, plan: _Plan) -> _Settled:
        content = newsletter.content_hash
        same = plan.hashes.get(content) or self._by_hash.get(content)
        if same and (same in plan.settled or self._records[same].fingerprint == self._fingerprint):
            return self._again(same, mark, plan)
        own = self._own_id(newsletter, mark, plan)
        if own is None and (twin := self._twin(newsletter, mark)):
            return self._merge(newsletter, twin, mark, plan)
        newsletter_id = own or self._free_id(newsletter, mark, plan)
        record = self._records.get(newsletter_id)
        if record is not None and len(record.marks) > 1:
            if self._fuller_elsewhere(record, mark):
                return self._again(newsletter_id, mark, plan)
            newsletter = completed(newsletter, record.info)
        plan.takes(newsletter_id, content, is_new=record is None)
        return _Settled(newsletter_id, newsletter, mark)

    def _own_id(self, newsletter: Newsletter, mark: SourceMark, plan: _Plan) -> str | None:
        """The id under which this source gave this newsletter before: by its id, or as the source's only one."""
        known = self._by_path.get(mark.path, [])
        only = known[0][0] if len(known) == 1 and known[0][1].newsletters == 1 else None
        own = next((newsletter_id for newsletter_id, _ in known if newsletter_id == newsletter.id), only)
        return own if own not in plan.settled else None

    def _fuller_elsewhere(self, record: Record, mark: SourceMark) -> bool:
        """Whether the text of a merged newsletter comes from another source that is still there."""
        return record.marks[0].path != mark.path and self._has_its_main_source(record, mark)

    def _again(self, newsletter_id: str, mark: SourceMark, plan: _Plan) -> _Settled:
        """A newsletter that is in the index already was read from `mark`: unchanged, moved, or a copy."""
        record = self._records.get(newsletter_id)
        if record is not None and newsletter_id not in plan.settled:
            plan.unchanged[newsletter_id] = None
            is_known = any(m.path == mark.path for m in record.marks)
            if not is_known and not any(not m.is_file or Path(m.path).exists() for m in record.marks):
                plan.moved[newsletter_id] = None
        return _Settled(newsletter_id)

    def _twin(self, newsletter: Newsletter, mark: SourceMark) -> str | None:
        for info, share in self._twins.candidates(newsletter, mark.path):
            if containment(newsletter.text, self._stored(info.id).text) >= share:
                return info.id
        return None

    def _merge(self, newsletter: Newsletter, twin: str, mark: SourceMark, plan: _Plan) -> _Settled:
        """The same issue in another format: the fuller version is kept, with what only the other knows."""
        plan.merged.append((twin, mark.path))
        stored = self._stored(twin)
        main = (self._new.get(twin) or self._records[twin]).marks[0]
        better = is_better(newsletter, mark.path, stored, main.path)
        kept = completed(newsletter, stored) if better else completed(stored, newsletter)
        if kept == stored:
            return self._again(twin, mark, plan)
        plan.takes(twin, newsletter.content_hash, is_new=False)
        return _Settled(twin, kept, mark if better else main)

    def _stored(self, newsletter_id: str) -> Newsletter:
        waiting = self._waiting.get(newsletter_id)
        return waiting.newsletter if waiting else self._store.newsletter(newsletter_id)

    def _free_id(self, newsletter: Newsletter, mark: SourceMark, plan: _Plan) -> str:
        """The newsletter's id, behind its folder's name when another source has taken it."""

        def taken(newsletter_id: str) -> bool:
            if newsletter_id in plan.seen or newsletter_id in self._new:
                return True
            record = self._records.get(newsletter_id)
            return (
                record is not None
                and not any(m.path == mark.path for m in record.marks)
                and any(not m.is_file or Path(m.path).exists() for m in record.marks)
            )

        if not taken(newsletter.id):
            return newsletter.id
        longer = f"{Path(mark.path).parent.name}-{newsletter.id}"
        return longer if not taken(longer) else f"{longer}-{hashlib.sha256(mark.path.encode()).hexdigest()[:6]}"

    def _enqueue(self, entry: _Settled, content: str, seen: dict[str, SourceMark]) -> None:
        """Line up a newsletter with its sources, the one its text comes from first."""
        assert entry.fresh is not None and entry.main is not None
        old = self._new.get(entry.id) or self._records.get(entry.id)
        by_path = {mark.path: mark for mark in (*(old.marks if old else ()), *seen.values())}
        main = by_path.pop(entry.main.path)
        stored_content = content if entry.main.path in seen or old is None else old.content_hash
        self._line_up(replace(entry.fresh, id=entry.id), stored_content, (main, *by_path.values()))
        self._flush_if_full()

    def _line_up(self, newsletter: Newsletter, content: str, marks: tuple[SourceMark, ...]) -> None:
        version = hashlib.sha256(f"{newsletter.content_hash}{self._fingerprint}".encode()).hexdigest()[:12]
        passages = chunk(newsletter, self._embedder().count_tokens, version=version)
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
        record = Record(info, content, self._fingerprint, version, marks)
        self._waiting[newsletter.id] = _Waiting(newsletter, record, passages)
        self._new[newsletter.id] = record
        self._twins.add(info)

    def _flush_if_full(self) -> None:
        if sum(len(waiting.passages) for waiting in self._waiting.values()) >= BATCH_PASSAGES:
            self._flush()

    def _flush(self) -> None:
        """Embed what waits in one go and commit it."""
        if not self._waiting:
            return
        waiting = list(self._waiting.values())
        passages = [passage for item in waiting for passage in item.passages]
        vectors = self._embedder().embed_passages(passages)
        entries, first = [], 0
        for item in waiting:
            last = first + len(item.passages)
            entries.append(Entry(item.newsletter, item.record, item.passages, vectors[first:last]))
            first = last
        ids = [entry.record.info.id for entry in entries]
        replaced = [newsletter_id for newsletter_id in ids if newsletter_id in self._committed]
        self._replacing(replaced)
        self._store.put(entries, replaced=replaced)
        self._committed.update(ids)
        self._embedded += len(passages)
        self._waiting.clear()

    def _left(self, record: Record, roots: set[str], seen: dict[str, SourceMark]) -> list[SourceMark]:
        """The record's sources that this sync says nothing against: seen, on the web, or under other roots."""
        return [
            seen.get(mark.path, mark)
            for mark in record.marks
            if mark.path in seen or not mark.is_file or not any(_under(mark.path, root) for root in roots)
        ]

    def _update_marks(self, plan: _Plan, roots: set[str]) -> None:
        """Write the records whose sources are not what they were."""
        changed = []
        for newsletter_id, seen in plan.seen.items():
            record = self._new.get(newsletter_id) or self._records.get(newsletter_id)
            if record is None:
                continue
            left = self._left(record, roots, seen)
            marks = [m for m in left if not m.is_file or m.path in seen or Path(m.path).exists()]
            marks += [mark for path, mark in seen.items() if path not in {m.path for m in marks}]
            if tuple(marks) != record.marks:
                changed.append(record.with_marks(tuple(marks)))
        self._store.put_records(changed)

    def _rebuild(self, done: set[str], *, only_stale: bool) -> None:
        self.restore(
            (self._store.newsletter(newsletter_id), record)
            for newsletter_id, record in self._records.items()
            if newsletter_id not in done and not (only_stale and record.fingerprint == self._fingerprint)
        )


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
    changed = max(stat.st_ctime_ns, _about_changed(source))
    return SourceMark(source.location, source.root, stat.st_size, stat.st_mtime_ns, changed)


def _about_changed(source: Source) -> int:
    """When what its folder says of a source changed last; 0 where it says nothing."""
    try:
        return (Path(source.location).parent / ABOUT_FILE).stat().st_ctime_ns
    except OSError:
        return 0


def _digest(source: Source, document: Document) -> str:
    digest = hashlib.sha256(document.data)
    if source.path is not None and (about := source.path.parent / ABOUT_FILE).is_file():
        digest.update(about.read_bytes())
    return digest.hexdigest()[:DIGEST_CHARACTERS]


def _same_times(old: SourceMark, new: SourceMark) -> bool:
    return (old.size, old.modified, old.changed, old.root) == (new.size, new.modified, new.changed, new.root)


def _same_bytes(old: SourceMark, new: SourceMark) -> bool:
    return old.digest == new.digest and bool(new.digest)


def _under(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip("/") + "/")
