"""Chroma, the one store of record: embedded in the data directory, or a server by URL.

A newsletter counts only once its record stands in the commit log (the `newsletters` collection), which is written
after its passages. Passage ids carry a version, so a crash leaves the old version answering; what a crash left behind
is swept by the next sync.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings

from corpus import Newsletter
from index.embedding import PassageVectors
from index.errors import IndexDamaged, NewsletterNotFound
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

PAGE = 2000
_NO_VECTOR = [0.0]


class Store:
    """Newsletters, passages and vectors in Chroma."""

    def __init__(self, data_dir: Path, settings: StoreSettings) -> None:
        """Open the store. Raises IndexDamaged when Chroma cannot open it or the server does not answer."""
        logging.getLogger("chromadb.telemetry").setLevel(logging.CRITICAL)
        self.location = settings.url or str(data_dir / "chroma")
        try:
            self._client = _client(data_dir, settings)
            options: Any = {"embedding_function": None}
            self._records = self._client.get_or_create_collection(settings.collection, **options)
            self._passages = self._client.get_or_create_collection(
                f"{settings.collection}-passages", configuration={"hnsw": {"space": "cosine"}}, **options
            )
        except Exception as error:
            raise IndexDamaged(
                f"The index at {self.location} cannot be opened ({error.__class__.__name__}): run "
                "`newsletter-assistant repair`, or check the Chroma server's address."
            ) from error
        self._batch = min(PAGE, self._client.get_max_batch_size())

    def records(self) -> dict[str, Record]:
        """Every committed newsletter's record by id."""
        return {
            newsletter_id: record_of(fields)
            for newsletter_id, _, fields, _ in self._pages(self._records, {}, ["metadatas"])
        }

    def newsletter(self, newsletter_id: str) -> Newsletter:
        """A committed newsletter with its text; raises NewsletterNotFound."""
        found = self._records.get(ids=[newsletter_id], include=["documents", "metadatas"])
        documents, metadatas = found["documents"], found["metadatas"]
        if not documents or not metadatas:
            raise NewsletterNotFound(
                f"No newsletter {newsletter_id!r} is in the index: `newsletter-assistant list` shows which are."
            )
        return newsletter_of(documents[0], metadatas[0])

    def put(
        self,
        newsletter: Newsletter,
        record: Record,
        passages: Sequence[Passage],
        vectors: Sequence[PassageVectors],
    ) -> None:
        """Write a newsletter: its passages first, then its record, which commits it; then drop its older passages."""
        for first in range(0, len(passages), self._batch):
            rows = range(first, min(first + self._batch, len(passages)))
            embeddings: Any = np.stack([vectors[i].passage for i in rows])
            metadatas: Any = [passage_fields(passages[i], record.version, vectors[i].sentences) for i in rows]
            self._passages.upsert(
                ids=[passages[i].id for i in rows],
                embeddings=embeddings,
                documents=[passages[i].text for i in rows],
                metadatas=metadatas,
            )
        self._commit(newsletter, record)
        stale: Any = {"$and": [{"newsletter": newsletter.id}, {"version": {"$ne": record.version}}]}
        self._passages.delete(where=stale)

    def put_record(self, record: Record) -> None:
        """Replace a committed newsletter's record (its sources changed, its text did not)."""
        self._commit(self.newsletter(record.info.id), record)

    def delete(self, newsletter_id: str) -> None:
        """Take a newsletter out: the record first, so that it stops counting at once."""
        self._records.delete(ids=[newsletter_id])
        self._passages.delete(where={"newsletter": newsletter_id})

    def sweep(self) -> int:
        """Delete passages that no record names, left by an interrupted sync; gives their number."""
        versions = {newsletter_id: record.version for newsletter_id, record in self.records().items()}
        stale = [
            passage_id
            for passage_id, _, fields, _ in self._pages(self._passages, {}, ["metadatas"])
            if versions.get(str(fields["newsletter"])) != fields["version"]
        ]
        for first in range(0, len(stale), self._batch):
            self._passages.delete(ids=stale[first : first + self._batch])
        return len(stale)

    def passages(self, dimension: int) -> Iterator[tuple[Passage, str, Vectors, Vectors]]:
        """Every stored passage with its version, its vector (d,) and its sentences' vectors (n, d)."""
        include = ["documents", "metadatas", "embeddings"]
        for passage_id, text, fields, vector in self._pages(self._passages, {}, include):
            sentences = unpack(str(fields["vectors"]), dimension)
            yield passage_of(passage_id, text, fields), str(fields["version"]), np.asarray(vector), sentences

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """Ids and cosines of the `limit` stored passages nearest to a vector, by Chroma's index."""
        count = self._passages.count()
        if not count:
            return []
        query: Any = vector[None]
        found = self._passages.query(query_embeddings=query, n_results=min(limit, count), include=["distances"])
        distances = found["distances"] or [[]]
        return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], distances[0], strict=True)]

    def count(self) -> int:
        """Number of passages stored, committed or not."""
        return int(self._passages.count())

    def close(self) -> None:
        """Close the client, so that the directory can be opened again."""
        with contextlib.suppress(AttributeError):
            self._client.close()

    def _commit(self, newsletter: Newsletter, record: Record) -> None:
        embedding: Any = [_NO_VECTOR]
        self._records.upsert(
            ids=[newsletter.id],
            embeddings=embedding,
            documents=[newsletter.text],
            metadatas=[{**newsletter_fields(newsletter), **record_fields(record)}],
        )

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
            yield from zip(ids, documents, page["metadatas"], embeddings, strict=True)
            if len(ids) < self._batch:
                return
            offset += len(ids)


def _client(data_dir: Path, settings: StoreSettings) -> Any:
    quiet = ChromaSettings(anonymized_telemetry=False)
    if settings.url is None:
        return chromadb.PersistentClient(path=str(data_dir / "chroma"), settings=quiet)
    parts = urlsplit(settings.url)
    return chromadb.HttpClient(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or (443 if parts.scheme == "https" else 8000),
        ssl=parts.scheme == "https",
        settings=quiet,
    )
