"""Mends an index: from its own texts when only vectors are lost, from what a damaged database still gives otherwise.

Chroma's database is SQLite: rows that Chroma no longer serves can often be read from it, those applied already
(`embedding_metadata`) and those in its write-ahead queue (`embeddings_queue`). What cannot be read is named, with the
places to sync it from again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus import Newsletter
from index.errors import IndexDamaged
from index.inventory import read_inventory, set_aside
from index.library import Library
from index.records import Record, newsletter_of, record_of
from index.settings import EmbeddingSettings, StoreSettings

_ROWS = """select e.id, e.embedding_id from embeddings e join segments s on s.id = e.segment_id
join collections c on c.id = s.collection where c.name = ? order by e.id"""

_BUILD = """select m.str_value from collection_metadata m join collections c on c.id = m.collection_id
where c.name = ? and m.key = 'build'"""


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did in one sentence, the newsletters it could not save, and the index's status afterwards."""

    done: str
    lost: tuple[str, ...]
    state: dict[str, Any]


def repair(data_dir: Path, embedding: EmbeddingSettings, store: StoreSettings) -> Repair:
    """Make the index in `data_dir` whole again. Raises IndexBusy when another process owns it."""

    def opened() -> Library:
        return Library.open(data_dir, embedding=embedding, store=store)

    with contextlib.suppress(IndexDamaged), opened() as library:
        done = "The index is whole; nothing was done."
        if not library.is_whole():
            library.rebuild()
            done = "Every stored newsletter was indexed again."
        return Repair(done, (), library.status().to_dict())
    if store.url is not None:
        raise IndexDamaged(
            f"The index at {store.url} is damaged: restore the Chroma server's own data, then sync again."
        )
    return _salvaged(data_dir, store.collection, opened)


def _salvaged(data_dir: Path, collection: str, opened: Callable[[], Library]) -> Repair:
    known = read_inventory(data_dir)
    saved = salvage(data_dir / "chroma" / "chroma.sqlite3", collection)
    aside = set_aside(data_dir)
    with opened() as library:
        library.restore(saved)
        state = library.status().to_dict()
    lost = tuple(sorted(set(known) - {record.info.id for _, record in saved}))
    roots = sorted({root for newsletter_id in lost for root in known[newsletter_id]})
    done = f"The damaged store was moved to {aside}; {len(saved)} newsletters were saved from it"
    if lost:
        done += f" and {len(lost)} could not be: run `newsletter-assistant sync {' '.join(roots)}` to read them again."
    else:
        done += "." if saved else ": run `newsletter-assistant sync PATH` to fill a new one."
    return Repair(done, lost, state)


def salvage(database: Path, collection: str) -> list[tuple[Newsletter, Record]]:
    """The newsletters and records that can still be read from a damaged database; later versions win."""
    fields: dict[str, dict[str, Any]] = {}
    with contextlib.suppress(sqlite3.Error, OSError):
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        with contextlib.closing(connection):
            for build in _builds(connection, collection):
                for newsletter_id, found in _applied(connection, build):
                    fields.setdefault(newsletter_id, {}).update(found)
                for newsletter_id, found in _queued(connection, build):
                    fields[newsletter_id] = found
    saved = []
    for found in fields.values():
        with contextlib.suppress(KeyError, ValueError, TypeError):
            saved.append((newsletter_of(str(found["chroma:document"]), found), record_of(found)))
    return saved


def _builds(connection: sqlite3.Connection, collection: str) -> list[str]:
    """The collection of the build that answers; where that is not known any more, those of all builds."""
    with contextlib.suppress(sqlite3.Error, TypeError):
        (build,) = connection.execute(_BUILD, (collection,)).fetchone()
        return [f"{collection}-build-{build}" if build else collection]
    with contextlib.suppress(sqlite3.Error):
        query = "select name from collections where name like ? and name not like '%-passages'"
        return [collection, *(name for (name,) in connection.execute(query, (f"{collection}-build-%",)))]
    return [collection]


def _applied(connection: sqlite3.Connection, collection: str) -> Iterator[tuple[str, dict[str, Any]]]:
    rows: dict[int, str] = {}
    for order in ("", " desc"):
        with contextlib.suppress(sqlite3.Error):
            rows.update(connection.execute(_ROWS + order, (collection,)))
    for number, newsletter_id in rows.items():
        with contextlib.suppress(sqlite3.Error):
            query = "select key, string_value from embedding_metadata where id = ?"
            yield newsletter_id, dict(connection.execute(query, (number,)).fetchall())


def _queued(connection: sqlite3.Connection, collection: str) -> Iterator[tuple[str, dict[str, Any]]]:
    with contextlib.suppress(sqlite3.Error):
        (key,) = connection.execute("select id from collections where name = ?", (collection,)).fetchone()
        query = "select id, metadata from embeddings_queue where topic like ? and metadata is not null order by seq_id"
        for newsletter_id, metadata in connection.execute(query, (f"%{key}",)):
            yield newsletter_id, json.loads(metadata)
