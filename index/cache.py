"""The snapshot kept on disk beside the store, so that opening an index reads arrays instead of a database.

The cache is derived: whenever it is absent, of another commit log or damaged, it is made again from the store.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from index.keywords import KeywordIndex
from index.passage import Passage
from index.records import Record
from index.snapshot import Snapshot
from index.store import Store

FORMAT = "1"


def generation(records: Mapping[str, Record]) -> str:
    """A name for the commit log's state; equal states have equal names."""
    digest = hashlib.sha256(FORMAT.encode())
    for newsletter_id, record in sorted(records.items()):
        digest.update(f"{newsletter_id}\0{record.version}\0{record.info.passages}\n".encode())
    return digest.hexdigest()[:16]


def load_snapshot(store: Store, records: Mapping[str, Record], dimension: int, folder: Path) -> Snapshot:
    """The committed passages of `records`: from the cache in `folder` when it is theirs, else from the store."""
    name = generation(records)
    try:
        return _read(folder / name, records)
    except (OSError, ValueError, KeyError, TypeError):
        snapshot = _from_store(store, records, dimension)
        _write(snapshot, folder, name)
        return snapshot


def _from_store(store: Store, records: Mapping[str, Record], dimension: int) -> Snapshot:
    rows = [
        row
        for row in store.passages(dimension)
        if row[0].newsletter_id in records and records[row[0].newsletter_id].version == row[1]
    ]
    rows.sort(key=lambda row: (row[0].newsletter_id, row[0].start))
    passages = tuple(row[0] for row in rows)
    counts = [len(row[3]) for row in rows]
    return Snapshot(
        passages=passages,
        newsletters={newsletter_id: record.info for newsletter_id, record in records.items()},
        passage_vectors=np.stack([row[2] for row in rows]).astype(np.float32)
        if rows
        else np.zeros((0, dimension), dtype=np.float32),
        sentence_vectors=np.concatenate([row[3] for row in rows])
        if rows
        else np.zeros((0, dimension), dtype=np.float32),
        sentence_offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        keywords=KeywordIndex.build(passages),
    )


def _write(snapshot: Snapshot, folder: Path, name: str) -> None:
    """Write the cache under another name first, so that a half-written one is never read; drop the others."""
    unfinished = folder / f"{name}.unfinished"
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.mkdir(parents=True)
    lines = (json.dumps(asdict(passage), ensure_ascii=False) for passage in snapshot.passages)
    (unfinished / "passages.jsonl").write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    for array in ("passage_vectors", "sentence_vectors", "sentence_offsets"):
        np.save(unfinished / f"{array}.npy", getattr(snapshot, array))
    snapshot.keywords.save(unfinished / "keywords")
    unfinished.rename(folder / name)


def _read(folder: Path, records: Mapping[str, Record]) -> Snapshot:
    with (folder / "passages.jsonl").open(encoding="utf-8", errors="surrogatepass") as lines:
        passages = tuple(_passage(json.loads(line)) for line in lines if line.strip())
    vectors = np.load(folder / "passage_vectors.npy", mmap_mode="r")
    sentences = np.load(folder / "sentence_vectors.npy", mmap_mode="r")
    offsets = np.load(folder / "sentence_offsets.npy")
    if not len(vectors) == len(passages) == len(offsets) - 1 or offsets[-1] != len(sentences):
        raise ValueError("the cache contradicts itself")
    return Snapshot(
        passages=passages,
        newsletters={newsletter_id: record.info for newsletter_id, record in records.items()},
        passage_vectors=vectors,
        sentence_vectors=sentences,
        sentence_offsets=offsets,
        keywords=KeywordIndex.load(folder / "keywords"),
    )


def _passage(data: dict[str, object]) -> Passage:
    data["heading_path"] = tuple(data["heading_path"])  # type: ignore[arg-type]
    data["sentences"] = tuple((start, end) for start, end in data["sentences"])  # type: ignore[attr-defined]
    return Passage(**data)  # type: ignore[arg-type]
