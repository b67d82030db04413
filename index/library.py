"""One open index directory: its newsletters, a snapshot to search, and the way to bring it level with sources."""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Any

from corpus import Newsletter
from index.cache import load_snapshot
from index.embedding import Embedder, choose_precision, embedder_fingerprint, load_embedder
from index.errors import IndexDamaged, IndexingError, NewsletterNotFound
from index.lock import DirectoryLock
from index.passage import NewsletterInfo
from index.records import Record
from index.report import Progress, SyncReport
from index.settings import EmbeddingSettings, StoreSettings
from index.snapshot import Snapshot
from index.store import Store
from index.sync import Syncer, pipeline_fingerprint

DIMENSION = 384
GLANCE = 50
LOOK_SECONDS = 2.0
INVENTORY = "inventory.json"


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What an index holds and whether it is healthy; `detail` says what is wrong and the remedy, or ""."""

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
        self._texts = lru_cache(maxsize=256)(self._store.newsletter)

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
            self._snapshot = self._load()
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
                    self._take(self._load())
                    self._revision = revision
        finally:
            self._changing.release()

    def _load(self) -> Snapshot:
        records = {i: r for i, r in self._store.records().items() if r.fingerprint == self.fingerprint}
        return load_snapshot(self._store, records, DIMENSION, self._data_dir / "cache")

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

        Questions are answered from the old state meanwhile, and from the new one at once afterwards.
        """
        with self._changing:
            syncer = Syncer(self._store, lambda: self.embedder, self.fingerprint, replacing=self._pin)
            try:
                return syncer.run(locations, progress=progress, dry_run=dry_run, rebuild=rebuild, stop=stop)
            finally:
                if not dry_run:
                    self._forget()

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
        with self._changing:
            self._store.delete(newsletter_id)
            self._forget()

    def status(self) -> LibraryStatus:
        """What the index holds, and whether every newsletter in it is whole (as far as that is seen at a glance)."""
        try:
            records = self._store.records()
            stored = self._store.count()
            self._store.check(limit=GLANCE)
        except IndexDamaged as error:
            return self._status(0, 0, str(error))
        stale = sum(record.fingerprint != self.fingerprint for record in records.values())
        expected = sum(record.info.passages for record in records.values())
        detail = ""
        if stale:
            detail = f"{stale} newsletters need `newsletter-assistant sync PATH --rebuild`."
        elif stored < expected:
            detail = f"{expected - stored} passages are missing: run `newsletter-assistant repair`."
        return self._status(len(records), expected, detail)

    def _status(self, newsletters: int, passages: int, detail: str) -> LibraryStatus:
        return LibraryStatus(
            newsletters=newsletters,
            passages=passages,
            model=self.fingerprint.split("/")[0],
            precision=choose_precision(self._embedding.precision),
            store=self._store.location,
            healthy=not detail,
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
        with self._changing:
            saved = [(self._store.newsletter(i), record) for i, record in self._store.records().items()]
            self._store.drop_passages()
            Syncer(self._store, lambda: self.embedder, self.fingerprint).restore(saved)
            self._forget()

    def restore(self, saved: Sequence[tuple[Newsletter, Record]]) -> None:
        """Put newsletters saved from a damaged store into this one."""
        with self._changing:
            Syncer(self._store, lambda: self.embedder, self.fingerprint).restore(saved)
            self._forget()

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

    def _forget(self) -> None:
        """Take the new state; where questions are being answered, it is made ready before the old one goes."""
        self._revision = self._store.note_change()
        self._take(self._load() if self._snapshot is not None else None)
        self._write_inventory()

    def _take(self, snapshot: Snapshot | None) -> None:
        self._snapshot = snapshot
        self._pinned.clear()
        self._texts.cache_clear()

    def _write_inventory(self) -> None:
        """Note beside the store what it holds and from where, so that `repair` can say what was lost with it."""
        with contextlib.suppress(OSError):
            known = {i: sorted({mark.root for mark in r.marks}) for i, r in self._store.records().items()}
            unfinished = self._data_dir / f"{INVENTORY}.unfinished"
            unfinished.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
            unfinished.replace(self._data_dir / INVENTORY)

    def _pin(self, newsletter_ids: Sequence[str]) -> None:
        """Keep the texts that the snapshot's passages stand in, before a sync replaces them."""
        if self._snapshot is not None:
            for newsletter_id in newsletter_ids:
                if newsletter_id in self._snapshot.newsletters and newsletter_id not in self._pinned:
                    self._pinned[newsletter_id] = self._store.newsletter(newsletter_id)


def read_inventory(data_dir: Path) -> dict[str, list[str]]:
    """The newsletters that the index held after its last sync, each with the places it came from; {} if not known."""
    try:
        known = json.loads((data_dir / INVENTORY).read_text(encoding="utf-8"))
        return {str(newsletter_id): [str(root) for root in roots] for newsletter_id, roots in known.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def set_aside(data_dir: Path) -> Path | None:
    """Move a store that cannot be opened out of the way and drop its cache; gives the new place, None if there is none.

    The lock is held meanwhile, so a running owner is never robbed: raises IndexBusy then.
    """
    lock = DirectoryLock(data_dir)
    try:
        shutil.rmtree(data_dir / "cache", ignore_errors=True)
        store = data_dir / "chroma"
        if not store.exists():
            return None
        number = 1
        while (aside := data_dir / f"chroma.damaged-{number}").exists():
            number += 1
        store.rename(aside)
        return aside
    finally:
        lock.release()
