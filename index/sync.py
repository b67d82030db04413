"""Makes the index equal to its sources: only what changed is read, embedded and written.

A source whose size and times are as they were is not read; one whose bytes are is not parsed; one whose newsletters
are is not embedded. A source counts as done only when every newsletter it holds is committed (`SourceMark.newsletters`),
so that a sync killed half-way through a mailbox finishes it the next time. tests/test_sync.py proves it with kill -9.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from corpus import CorpusError, Newsletter, Reading, Source, find_sources, load_source, read_loaded
from index.commit import Committer, changes
from index.embedding import Embedder
from index.errors import RebuildNeeded, SyncStopped
from index.marks import digest_of, is_under, mark_of, same_bytes, same_times
from index.plan import Plan, Settled
from index.records import Record, SourceMark
from index.report import FailedSource, Progress, SyncProgress, SyncReport
from index.store import Store
from index.twins import Twins, completed, containment, is_better


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
        self._fingerprint = fingerprint
        self._replacing = replacing
        self._records = store.records()
        self._committer = Committer(store, embedder, fingerprint, self._records, replacing=replacing)
        self._by_path: dict[str, list[tuple[str, SourceMark]]] = {}
        self._by_hash: dict[str, str] = {}
        for newsletter_id, record in self._records.items():
            self._by_hash.setdefault(record.content_hash, newsletter_id)
            for mark in record.marks:
                self._by_path.setdefault(mark.path, []).append((newsletter_id, mark))
        self._twins = Twins(record.info for record in self._records.values())
        self._new = self._committer.records
        self._started = time.perf_counter()

    def run(
        self,
        locations: Iterable[str | Path],
        *,
        progress: Progress | None = None,
        dry_run: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """Bring the store level with `locations`; newsletters that came from elsewhere stay.

        Raises SourceNotFound for a missing path, RebuildNeeded when the stored vectors come from another model or
        chunker (nothing is changed then), and SyncStopped once `stop()` is true.
        """
        sources = find_sources(locations)
        if not dry_run:
            self.refuse_another_pipeline()
        plan = Plan()
        if not dry_run:
            self._store.sweep(self._records)
        for number, source in enumerate(sources, start=1):
            if stop():
                self._stopped(number - 1, len(sources), dry_run=dry_run)
            self._source(source, plan, dry_run=dry_run)
            if progress:
                embedded = self._committer.embedded
                rate = embedded / max(time.perf_counter() - self._started, 1e-6)
                progress(SyncProgress(number, len(sources), embedded, rate, source.location))
        roots = {source.root for source in sources}
        removed = [i for i, r in self._records.items() if i not in plan.seen and not self._left(r, roots, {})]
        if not dry_run:
            self._committer.flush()
            self._update_marks(plan, roots)
            self._replacing(removed)
            for newsletter_id in removed:
                self._store.delete(newsletter_id)
        return plan.report(removed)

    def refuse_another_pipeline(self) -> None:
        """Raises RebuildNeeded, saying what is not as it was, when the stored vectors come from elsewhere."""
        stale = [record for record in self._records.values() if record.fingerprint != self._fingerprint]
        if stale:
            what = changes(stale[0].fingerprint, self._fingerprint)
            raise RebuildNeeded(
                f"{len(stale)} newsletters were indexed with {what}. Nothing was changed, and the index goes on "
                "answering as it is: run the sync again with --rebuild to make a new one beside it."
            )

    def _stopped(self, done: int, total: int, *, dry_run: bool) -> None:
        if not dry_run:
            self._committer.flush()
        raise SyncStopped(
            f"Stopped after {done} of {total} sources; what is in stays, and the next sync goes on from there."
        )

    def _source(self, source: Source, plan: Plan, *, dry_run: bool) -> None:
        known = self._by_path.get(source.location, [])
        mark = mark_of(source)
        if mark.is_file and self._is_done(known, mark, same=same_times):
            self._keep(known, known[0][1], plan)
            return
        reading: Reading | None = None
        try:
            document = load_source(source)
            mark = replace(mark, digest=digest_of(source, document))
            if self._is_done(known, mark, same=same_bytes):
                self._keep(known, replace(mark, newsletters=known[0][1].newsletters), plan)
                return
            reading = read_loaded(source, document)
        except CorpusError as error:
            plan.failed.append(FailedSource(source.location, str(error), error))
        if reading is not None:
            plan.failed += [FailedSource(source.location, str(error), error) for error in reading.failed]
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

    def _keep(self, known: list[tuple[str, SourceMark]], mark: SourceMark, plan: Plan) -> None:
        for newsletter_id, _ in known:
            if newsletter_id not in plan.added and newsletter_id not in plan.changed:
                plan.unchanged[newsletter_id] = None
            plan.seen.setdefault(newsletter_id, {})[mark.path] = mark

    def _read(self, reading: Reading, mark: SourceMark, plan: Plan, *, dry_run: bool) -> None:
        """Settle which newsletters of the index the newsletters read are, then line up those to embed."""
        settled = [(self._settle(newsletter, mark, plan), newsletter) for newsletter in reading.newsletters]
        ids = {entry.id for entry, _ in settled}
        whole = replace(mark, newsletters=-1 if reading.failed else len(ids))
        for newsletter_id in ids:
            plan.seen.setdefault(newsletter_id, {})[mark.path] = whole
        for entry, newsletter in settled:
            if entry.fresh is not None and not dry_run:
                self._enqueue(entry, newsletter.content_hash, plan.seen[entry.id])

    def _settle(self, newsletter: Newsletter, mark: SourceMark, plan: Plan) -> Settled:
        content = newsletter.content_hash
        same = plan.hashes.get(content) or self._by_hash.get(content)
        if same:
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
        return Settled(newsletter_id, newsletter, mark)

    def _own_id(self, newsletter: Newsletter, mark: SourceMark, plan: Plan) -> str | None:
        """The id under which this source gave this newsletter before: by its id, or as the source's only one."""
        known = self._by_path.get(mark.path, [])
        only = known[0][0] if len(known) == 1 and known[0][1].newsletters == 1 else None
        own = next((newsletter_id for newsletter_id, _ in known if newsletter_id == newsletter.id), only)
        return own if own not in plan.settled else None

    def _fuller_elsewhere(self, record: Record, mark: SourceMark) -> bool:
        """Whether the text of a merged newsletter comes from another source that is still there."""
        return record.marks[0].path != mark.path and self._has_its_main_source(record, mark)

    def _again(self, newsletter_id: str, mark: SourceMark, plan: Plan) -> Settled:
        """A newsletter that is in the index already was read from `mark`: unchanged, moved, or a copy."""
        record = self._records.get(newsletter_id)
        if record is not None and newsletter_id not in plan.settled:
            plan.unchanged[newsletter_id] = None
            is_known = any(m.path == mark.path for m in record.marks)
            if not is_known and not any(not m.is_file or Path(m.path).exists() for m in record.marks):
                plan.moved[newsletter_id] = None
        return Settled(newsletter_id)

    def _twin(self, newsletter: Newsletter, mark: SourceMark) -> str | None:
        for info, share in self._twins.candidates(newsletter, mark.path):
            if containment(newsletter.text, self._committer.newsletter(info.id).text) >= share:
                return info.id
        return None

    def _merge(self, newsletter: Newsletter, twin: str, mark: SourceMark, plan: Plan) -> Settled:
        """The same issue in another format: the fuller version is kept, with what only the other knows."""
        plan.merged.append((twin, mark.path))
        stored = self._committer.newsletter(twin)
        main = (self._new.get(twin) or self._records[twin]).marks[0]
        better = is_better(newsletter, mark.path, stored, main.path)
        kept = completed(newsletter, stored) if better else completed(stored, newsletter)
        if kept == stored:
            return self._again(twin, mark, plan)
        plan.takes(twin, newsletter.content_hash, is_new=False)
        return Settled(twin, kept, mark if better else main)

    def _free_id(self, newsletter: Newsletter, mark: SourceMark, plan: Plan) -> str:
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

    def _enqueue(self, entry: Settled, content: str, seen: dict[str, SourceMark]) -> None:
        """Line up a newsletter with its sources, the one its text comes from first."""
        assert entry.fresh is not None and entry.main is not None
        old = self._new.get(entry.id) or self._records.get(entry.id)
        by_path = {mark.path: mark for mark in (*(old.marks if old else ()), *seen.values())}
        main = by_path.pop(entry.main.path)
        stored_content = content if entry.main.path in seen or old is None else old.content_hash
        record = self._committer.add(replace(entry.fresh, id=entry.id), stored_content, (main, *by_path.values()))
        self._twins.add(record.info)

    def _left(self, record: Record, roots: set[str], seen: dict[str, SourceMark]) -> list[SourceMark]:
        """The record's sources that this sync says nothing against: seen, on the web, or under other roots."""
        return [
            seen.get(mark.path, mark)
            for mark in record.marks
            if mark.path in seen or not mark.is_file or not any(is_under(mark.path, root) for root in roots)
        ]

    def _update_marks(self, plan: Plan, roots: set[str]) -> None:
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
