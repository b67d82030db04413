"""Chroma, the one store of record: embedded in the data directory, or a server by URL.

A newsletter counts only once its record stands in the commit log (the `newsletters` collection), which is written
after its passages. Passage ids carry a version, so a crash leaves the old version answering; what a crash left behind
is swept by the next sync.
"""

from __future__ import annotations

import contextlib
import copy
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from corpus import Newsletter
from index.builds import Builds
from index.client import connect, drop_half_opened, is_of_store, of_directory, of_server
from index.embedding import PassageVectors
from index.errors import IndexingError, NewsletterNotFound
from index.lease import Lease
from index.passage import Passage, Vectors
from index.records import (
    Record,
    newsletter_fields,
    newsletter_of,
    passage_fields,
    passage_of,
    record_fields,
    record_of,
    unpack,
)
from index.settings import StoreSettings
from index.vectors import Bytes

PAGE = 2000
ASKED_TOGETHER = 50
_NO_VECTOR = [0.0]
Stored = tuple[
    Passage, str, Vectors, Bytes
]  # a passage, its version, its vector (d,) and its sentences' (n, d), packed


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A newsletter to write, with its record, its passages and their vectors."""

    newsletter: Newsletter
    record: Record
    passages: Sequence[Passage]
    vectors: Sequence[PassageVectors]


class Store:
    """Newsletters, passages and vectors in Chroma."""

    def __init__(self, data_dir: Path, settings: StoreSettings) -> None:
        """Open the store. Raises IndexDamaged when Chroma cannot open it, StoreUnreachable when its server cannot be asked."""
        logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
        self._shared = settings.url is not None
        self.location = settings.url or str(data_dir / "chroma")
        try:
            self._client = connect(data_dir, settings)
            self._builds = Builds(self._client, settings.collection)
            self._lease = Lease(self._client, settings.collection, self.location) if self._shared else None
            self._use(self._builds.current())
        except IndexingError:
            raise
        except Exception as error:
            if not self._shared:
                drop_half_opened()
            raise self._translated(error) from error
        self._batch = min(PAGE, self._client.get_max_batch_size())

    def _use(self, build: str) -> None:
        self.build = build
        self._records, self._passages = self._builds.collections(build)

    def beside(self, build: str) -> Store:
        """This store's other build `build`, made if absent; this one goes on as it is."""
        other = copy.copy(self)
        with self._guarded():
            other._use(build)
        return other

    def current(self) -> Store:
        """The store with the build that answers now: another process may have swapped it."""
        with self._guarded():
            return self.beside(self._builds.current())

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Within it the store may be written to. Raises IndexBusy when another process changes a shared one."""
        if self._lease is None:
            yield
            return
        with self._guarded():
            self._lease.take()
        try:
            yield
        finally:
            with contextlib.suppress(IndexingError), self._guarded():
                self._lease.give_back()

    def switch(self) -> None:
        """Let this build answer from now on."""
        with self._writing():
            self._builds.switch(self.build)

    def drop_other_builds(self, *kept: str) -> None:
        """Delete what rebuilds left behind: every build but this one and those named."""
        with self._writing():
            self._builds.drop_others(self.build, *kept)

    def records(self) -> dict[str, Record]:
        """Every committed newsletter's record by id."""
        with self._guarded():
            return {
                newsletter_id: record_of(fields)
                for newsletter_id, _, fields, _ in self._pages(self._records, {}, ["metadatas"])
            }

    def newsletter(self, newsletter_id: str) -> Newsletter:
        """A committed newsletter with its text; raises NewsletterNotFound."""
        with self._guarded():
            found = self._records.get(ids=[newsletter_id], include=["documents", "metadatas"])
        documents, metadatas = found["documents"], found["metadatas"]
        if not documents or not metadatas:
            raise NewsletterNotFound(
                f"No newsletter {newsletter_id!r} is in the index: `newsletter-assistant list` shows which are."
            )
        return newsletter_of(documents[0], metadatas[0])

    def put(self, entries: Sequence[Entry], *, replaced: Collection[str] = ()) -> None:
        """Write newsletters: their passages first, then their records, which commit them.

        `replaced` are the ids that were in the store before; their older passages are dropped at the end.
        """
        with self._writing():
            passages = [(e.record.version, p, v) for e in entries for p, v in zip(e.passages, e.vectors, strict=True)]
            for first in range(0, len(passages), self._batch):
                self._put_passages(passages[first : first + self._batch])
            self._commit([(entry.newsletter, entry.record) for entry in entries])
            for entry in entries:
                if entry.record.info.id in replaced:
                    own, new = {"newsletter": entry.record.info.id}, {"version": {"$ne": entry.record.version}}
                    self._passages.delete(where={"$and": [own, new]})

    def _put_passages(self, rows: Sequence[tuple[str, Passage, PassageVectors]]) -> None:
        embeddings: Any = np.stack([vectors.passage for _, _, vectors in rows])
        metadatas: Any = [passage_fields(passage, version, vectors.sentences) for version, passage, vectors in rows]
        self._passages.upsert(
            ids=[passage.id for _, passage, _ in rows],
            embeddings=embeddings,
            documents=[passage.text for _, passage, _ in rows],
            metadatas=metadatas,
        )

    def put_records(self, records: Sequence[Record]) -> None:
        """Replace committed newsletters' records (their sources changed, their text did not)."""
        with self._writing():
            for first in range(0, len(records), PAGE):
                part = records[first : first + PAGE]
                self._commit([(self.newsletter(record.info.id), record) for record in part])

    def delete(self, newsletter_id: str) -> None:
        """Take a newsletter out: the record first, so that it stops counting at once."""
        with self._writing():
            self._records.delete(ids=[newsletter_id])
            self._passages.delete(where={"newsletter": newsletter_id})

    def sweep(self, records: Mapping[str, Record]) -> int:
        """Delete passages that no record names, left by an interrupted sync; gives their number.

        With no records at all the collection is made anew, so that vectors of another length can come next.
        """
        if not records:
            left = self.count()
            self.drop_passages()
            return left
        with self._guarded():
            if self._passages.count() == sum(record.info.passages for record in records.values()):
                return 0
            stale = [
                passage_id
                for passage_id, _, fields, _ in self._pages(self._passages, {}, ["metadatas"])
                if (record := records.get(str(fields["newsletter"]))) is None or record.version != fields["version"]
            ]
        for first in range(0, len(stale), self._batch):
            with self._writing():
                self._passages.delete(ids=stale[first : first + self._batch])
        return len(stale)

    def passages(self, of: Iterable[str] | None = None) -> Iterator[Stored]:
        """Every stored passage, or those `of` some newsletters."""
        if of is None:
            yield from self._stored({})
            return
        ids = iter(of)
        while some := list(islice(ids, ASKED_TOGETHER)):
            yield from self._stored({"newsletter": {"$in": some}})

    def _stored(self, where: dict[str, Any]) -> Iterator[Stored]:
        include = ["documents", "metadatas", "embeddings"]
        with self._guarded():
            for passage_id, text, fields, vector in self._pages(self._passages, where, include):
                row = np.asarray(vector, dtype=np.float32)
                sentences = unpack(str(fields["vectors"]), len(row))
                yield passage_of(passage_id, text, fields), str(fields["version"]), row, sentences

    def count(self) -> int:
        """Number of passages stored, committed or not."""
        with self._guarded():
            return int(self._passages.count())

    def check(self, *, limit: int | None = None) -> None:
        """Read every vector, or the `limit` oldest; raises IndexDamaged when one cannot be read."""
        with self._guarded():
            if limit is not None:
                self._passages.get(limit=limit, include=["embeddings"])
                return
            for _ in self._pages(self._passages, {}, ["embeddings"]):
                pass

    def drop_passages(self) -> None:
        """Make the collection of passages anew and empty, ready for vectors of any length."""
        with self._writing():
            self._client.delete_collection(self._passages.name)
            self._use(self.build)

    @property
    def is_shared(self) -> bool:
        """Whether other processes use the store, too."""
        return self._shared

    def revision(self) -> str:
        """A name for the committed state on a server, new after every sync; "" for an embedded store, which we own."""
        if not self._shared:
            return ""
        with self._guarded():
            return self._builds.revision()

    def note_change(self) -> str:
        """Tell other processes on the same server that the committed state is new; gives its name."""
        if not self._shared:
            return ""
        with self._writing():
            return self._builds.note_change()

    def close(self) -> None:
        """Close the client, so that the directory can be opened again."""
        with contextlib.suppress(AttributeError):
            self._client.close()

    def _commit(self, rows: Sequence[tuple[Newsletter, Record]]) -> None:
        if not rows:
            return
        embeddings: Any = [_NO_VECTOR] * len(rows)
        self._records.upsert(
            ids=[record.info.id for _, record in rows],
            embeddings=embeddings,
            documents=[newsletter.text for newsletter, _ in rows],
            metadatas=[{**newsletter_fields(newsletter), **record_fields(record)} for newsletter, record in rows],
        )

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[None]:
        """Chroma's errors as ours: each names the store and the remedy."""
        try:
            yield
        except Exception as error:
            if is_of_store(error):
                raise self._translated(error) from error
            raise

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Chroma's errors as ours, once it is sure that a shared store is still ours to change."""
        with self._guarded():
            if self._lease is not None:
                self._lease.check()
            yield

    def _translated(self, error: Exception) -> IndexingError:
        return (of_server if self._shared else of_directory)(error, self.location)

    def _pages(
        self, collection: Any, where: dict[str, Any], include: list[str]
    ) -> Iterator[tuple[str, str, dict[str, Any], Any]]:
        """All rows of a collection as (id, document, metadata, embedding), read a page at a time."""
        offset = 0
        while True:
            page = collection.get(limit=self._batch, offset=offset, include=include, where=where or None)
            ids = page["ids"]
            documents = page["documents"] if page.get("documents") is not None else [""] * len(ids)
            embeddings = page["embeddings"] if page.get("embeddings") is not None else [None] * len(ids)
            metadatas = page["metadatas"] if page.get("metadatas") is not None else [{} for _ in ids]
            yield from zip(ids, documents, metadatas, embeddings, strict=True)
            if len(ids) < self._batch:
                return
            offset += len(ids)
