"""One open index directory: its newsletters, a snapshot to search, and the way to bring it level with sources."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType

from corpus import Newsletter
from index.cache import drop_cache, load_snapshot
from index.commit import Committer, changes, pipeline_fingerprint
from index.embedding import Embedder, choose_precision, embedder_fingerprint, load_embedder
from index.errors import IndexDamaged, IndexingError, NewsletterNotFound
from index.former import keep_adapter, load_former
from index.inventory import write_inventory
from index.lock import DirectoryLock
from index.passage import NewsletterInfo
from index.rebuild import rebuild as build_anew
from index.records import Record
from index.report import LibraryStatus, Progress, SyncReport
from index.settings import EmbeddingSettings, StoreSettings
from index.snapshot import Snapshot
from index.store import Store
from index.sync import Syncer

GLANCE = 50
LOOK_SECONDS = 2.0
ADAPTERS = "adapters"
CACHE = "cache"


class Library:
    """An open index. One process at a time owns an embedded one."""

    def __init__(self, data_dir: Path, embedding: EmbeddingSettings, store: StoreSettings) -> None:
        """Use `Library.open`."""
        self._data_dir = data_dir
        self._embedding = embedding
        self._store_settings = store
        self._lock = DirectoryLock(data_dir)
        try:
            self._store = Store(data_dir, store)
        except BaseException:
            self._lock.release()
            raise
        self._changing = Lock()  # a page and a request may both want to sync; one at a time
        self._snapshot: Snapshot | None = None
        self._pinned: dict[str, Newsletter] = {}
        self._revision = ""
        self._looked = 0.0
        self._former: Embedder | None = None
        self._texts = lru_cache(maxsize=256)(lambda newsletter_id: self._store.newsletter(newsletter_id))

    @classmethod
    def open(
        cls, data_dir: Path, *, embedding: EmbeddingSettings | None = None, store: StoreSettings | None = None
    ) -> Library:
        """The index in `data_dir`, created if absent.

        Raises IndexBusy when another process owns it, IndexNotWritable and IndexDamaged.
        """
        return cls(data_dir, embedding or EmbeddingSettings(), store or StoreSettings())

    @cached_property
    def embedder(self) -> Embedder:
        """The encoder, loaded at first use."""
        return load_embedder(self._embedding)

    def embedder_of(self, snapshot: Snapshot) -> Embedder:
        """The encoder that made the vectors of `snapshot`: an older one until a rebuild is whole."""
        made_by = snapshot.fingerprint.rpartition("/")[0]
        if made_by in ("", embedder_fingerprint(self._embedding)):
            return self.embedder
        if self._former is None or self._former.fingerprint != made_by:
            dimension = snapshot.passage_vectors.shape[1]
            self._former = load_former(made_by, dimension, self._embedding, self._data_dir / ADAPTERS)
        return self._former

    @property
    def fingerprint(self) -> str:
        """What the vectors of this program and model depend on."""
        return pipeline_fingerprint(embedder_fingerprint(self._embedding))

    def newsletters(self) -> list[NewsletterInfo]:
        """Every indexed newsletter, in the order of their ids."""
        return sorted(self.snapshot().newsletters.values(), key=lambda info: info.id)

    def newsletter(self, newsletter_id: str) -> Newsletter:
        """One newsletter with its text, as the snapshot has it; raises NewsletterNotFound."""
        return self._pinned.get(newsletter_id) or self._texts(newsletter_id)

    def snapshot(self) -> Snapshot:
        """The committed state to search; the same object until a sync changes the index."""
        if self._snapshot is None:
            self._revision = self._store.revision()
            self._store = self._store.current()
            self._snapshot = self._load(self._store, self._store.records(), None)
        elif self._store_settings.url and time.monotonic() - self._looked > LOOK_SECONDS:
            self._looked = time.monotonic()
            Thread(target=self._follow, daemon=True).start()
        return self._snapshot

    def _follow(self) -> None:
        """Take the state that another process put on the shared server, while the old one goes on answering."""
        if not self._changing.acquire(blocking=False):
            return
        try:
            with contextlib.suppress(IndexingError):
                revision = self._store.revision()
                if revision != self._revision:
                    store = self._store.current()
                    self._take(store, self._load(store, store.records(), self._snapshot))
                    self._revision = revision
        finally:
            self._changing.release()

    def _load(self, store: Store, records: Mapping[str, Record], base: Snapshot | None) -> Snapshot:
        return load_snapshot(store, self._data_dir / CACHE, records, base)

    def sync(
        self,
        locations: Iterable[str | Path],
        *,
        progress: Progress | None = None,
        dry_run: bool = False,
        rebuild: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """Make the index equal to what is at `locations`; see `index.sync`.

        Questions are answered from the old state meanwhile, and from the new one at once afterwards. Raises IndexBusy
        while another process changes an index on a shared server.
        """
        places = list(locations)
        with self._changing, contextlib.nullcontext() if dry_run else self._store.changing():
            self._store = self._store.current()
            syncer = self._syncer(self._store)
            if not rebuild:
                syncer.refuse_another_pipeline()
            if dry_run:
                return syncer.run(places, progress=progress, dry_run=True, stop=stop)
            if rebuild:
                new = build_anew(self._store, lambda: self.embedder, self.fingerprint, progress=progress, stop=stop)
                report = self._syncer(new).run(places, progress=progress, stop=stop)
                self._swap(new)
                return report
            self._keep_adapter()
            try:
                report = syncer.run(places, progress=progress, stop=stop)
                self._store.drop_other_builds()
                return report
            finally:
                self._forget(self._store, self._snapshot)

    def _syncer(self, store: Store) -> Syncer:
        return Syncer(store, lambda: self.embedder, self.fingerprint, replacing=self._pin)

    def _swap(self, new: Store) -> None:
        """Let a whole new build answer; on a server, other processes may still read the old one until the next sync."""
        old = self._store.build
        new.switch()
        drop_cache(self._data_dir / CACHE)
        self._forget(new, None)
        self._keep_adapter()
        new.drop_other_builds(*([old] if new.is_shared else []))

    def _keep_adapter(self) -> None:
        with contextlib.suppress(OSError):
            keep_adapter(self._data_dir / ADAPTERS)

    def roots(self) -> list[str]:
        """The places (paths that exist, web addresses) that the indexed newsletters came from."""
        named = {mark.root for record in self._store.records().values() for mark in record.marks}
        return sorted(root for root in named if "://" in root or Path(root).exists())

    def remove(self, newsletter_id: str) -> None:
        """Take a newsletter out of the index; raises NewsletterNotFound."""
        if newsletter_id not in self._store.records():
            raise NewsletterNotFound(
                f"No newsletter {newsletter_id!r} is in the index: `newsletter-assistant list` shows which are."
            )
        with self._changing, self._store.changing():
            self._store.delete(newsletter_id)
            self._forget(self._store, self._snapshot)

    def status(self) -> LibraryStatus:
        """What the index holds, and whether every newsletter in it is whole (as far as that is seen at a glance).

        An index of another pipeline is healthy, since it answers; `detail` asks for the rebuild.
        """
        try:
            store = self._store.current()
            records = store.records()
            stored = store.count()
            store.check(limit=GLANCE)
        except IndexDamaged as error:
            return self._status(0, 0, str(error), healthy=False)
        former = [record.fingerprint for record in records.values() if record.fingerprint != self.fingerprint]
        expected = sum(record.info.passages for record in records.values())
        detail = ""
        if stored < expected:
            detail = f"{expected - stored} passages are missing: run `newsletter-assistant repair`."
        elif former:
            what = changes(former[0], self.fingerprint)
            detail = f"Indexed with {what}: run `newsletter-assistant sync PATH --rebuild`; the old index answers."
        return self._status(len(records), expected, detail, healthy=stored >= expected)

    def _status(self, newsletters: int, passages: int, detail: str, *, healthy: bool) -> LibraryStatus:
        return LibraryStatus(
            newsletters=newsletters,
            passages=passages,
            model=self.fingerprint.split("/")[0],
            precision=choose_precision(self._embedding.precision),
            store=self._store.location,
            healthy=healthy,
            detail=detail,
        )

    def is_whole(self) -> bool:
        """Whether every vector can be read; it reads them all. Raises IndexDamaged when not even the texts can."""
        self._store.records()
        try:
            self._store.check()
        except IndexDamaged:
            return False
        return self.status().healthy

    def rebuild(self) -> None:
        """Chunk and embed every stored newsletter again. Raises IndexDamaged when their texts cannot be read."""
        with self._changing, self._store.changing():
            self._swap(build_anew(self._store, lambda: self.embedder, self.fingerprint))

    def restore(self, saved: Sequence[tuple[Newsletter, Record]]) -> None:
        """Put newsletters saved from a damaged store into this one."""
        with self._changing, self._store.changing():
            committer = Committer(self._store, lambda: self.embedder, self.fingerprint, self._store.records())
            for newsletter, record in saved:
                committer.add(newsletter, record.content_hash, record.marks)
            committer.flush()
            drop_cache(self._data_dir / CACHE)
            self._forget(self._store, None)

    def close(self) -> None:
        """Release the index; doing it twice is harmless."""
        self._store.close()
        self._lock.release()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _forget(self, store: Store, base: Snapshot | None) -> None:
        """Take the new state of `store`; where questions are being answered, it is ready before the old one goes.

        What `base` holds as the store does is not read again.
        """
        self._revision = store.note_change()
        records = store.records()
        self._take(store, self._load(store, records, base) if self._snapshot is not None else None)
        write_inventory(self._data_dir, records)

    def _take(self, store: Store, snapshot: Snapshot | None) -> None:
        self._store = store
        self._snapshot = snapshot
        self._pinned.clear()
        self._texts.cache_clear()

    def _pin(self, newsletter_ids: Sequence[str]) -> None:
        """Keep the texts that the snapshot's passages stand in, before a sync replaces them."""
        if self._snapshot is not None:
            for newsletter_id in newsletter_ids:
                if newsletter_id in self._snapshot.newsletters and newsletter_id not in self._pinned:
                    self._pinned[newsletter_id] = self._store.newsletter(newsletter_id)
