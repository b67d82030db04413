"""Newsletters chunked, embedded many at a time and committed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpus import Newsletter
from index.chunking import CHUNKER_VERSION, chunk
from index.embedding import Embedder
from index.passage import NewsletterInfo, Passage
from index.records import Record, SourceMark
from index.store import Entry, Store

BATCH_PASSAGES = 256


@dataclass(slots=True)
class _Waiting:
    newsletter: Newsletter
    record: Record
    passages: list[Passage]


class Committer:
    """Takes newsletters and writes them in batches. `replacing` is told which committed ones others are to replace."""

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        fingerprint: str,
        committed: Iterable[str],
        *,
        replacing: Callable[[Sequence[str]], None] = lambda ids: None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._fingerprint = fingerprint
        self._replacing = replacing
        self._committed = set(committed)
        self._waiting: dict[str, _Waiting] = {}
        self.records: dict[str, Record] = {}
        self.embedded = 0

    def add(self, newsletter: Newsletter, content: str, marks: tuple[SourceMark, ...]) -> Record:
        """Line a newsletter up, with the hash of its content and its sources; what waits is written once it is enough."""
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
        self.records[newsletter.id] = record
        if sum(len(waiting.passages) for waiting in self._waiting.values()) >= BATCH_PASSAGES:
            self.flush()
        return record

    def newsletter(self, newsletter_id: str) -> Newsletter:
        """A newsletter as it is, or will be, in the store; raises NewsletterNotFound."""
        waiting = self._waiting.get(newsletter_id)
        return waiting.newsletter if waiting else self._store.newsletter(newsletter_id)

    def flush(self) -> None:
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
        self.embedded += len(passages)
        self._waiting.clear()


def pipeline_fingerprint(embedder_fingerprint: str) -> str:
    """What stored vectors depend on besides the text."""
    return f"{embedder_fingerprint}/chunker-{CHUNKER_VERSION}"


def changes(old: str, new: str) -> str:
    """In words, which parts of a pipeline fingerprint are not what they were."""
    old_model, _, old_chunker = old.rpartition("/")
    new_model, _, new_chunker = new.rpartition("/")
    parts = [
        f"{what} {before} (now {now})"
        for what, before, now in (
            ("the embedding model", old_model, new_model),
            ("another version of the program,", old_chunker, new_chunker),
        )
        if before != now
    ]
    return " and ".join(parts)
