"""The snapshot kept on disk beside the store, so that opening an index reads arrays instead of a database.

The cache is derived: whenever it is absent, of another commit log or damaged, it is made again from the store.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.keywords import KeywordIndex
from index.passage import Passage
from index.records import Record
from index.snapshot import Snapshot
from index.store import Store
from index.vectors import CoarseView, PackedVectors

FORMAT = "2"
EXACT_SENTENCES = 100_000


def generation(records: Mapping[str, Record]) -> str:
    """A name for the commit log's state; equal states have equal names."""
    digest = hashlib.sha256(FORMAT.encode())
    for newsletter_id, record in sorted(records.items()):
        digest.update(f"{newsletter_id}\0{record.version}\0{record.info.passages}\n".encode())
    return digest.hexdigest()[:16]


def load_snapshot(store: Store, folder: Path) -> Snapshot:
    """The store's committed passages: from the cache in `folder` when it is theirs, else from the store."""
    records = _of_one_pipeline(store.records())
    name = generation(records)
    try:
        return _read(folder / name, records)
    except (OSError, ValueError, KeyError, TypeError):
        snapshot = _from_store(store, records)
        _write(snapshot, folder, name)
        return snapshot


def _of_one_pipeline(records: Mapping[str, Record]) -> dict[str, Record]:
    """The records whose vectors can be searched together: those of the pipeline that made most."""
    counted = Counter(record.fingerprint for record in records.values())
    most = next((fingerprint for fingerprint, _ in counted.most_common(1)), "")
    return {newsletter_id: record for newsletter_id, record in records.items() if record.fingerprint == most}


def _fingerprint(records: Mapping[str, Record]) -> str:
    return next((record.fingerprint for record in records.values()), "")


def _from_store(store: Store, records: Mapping[str, Record]) -> Snapshot:
    rows = [
        row
        for row in store.passages()
        if row[0].newsletter_id in records and records[row[0].newsletter_id].version == row[1]
    ]
    rows.sort(key=lambda row: (row[0].newsletter_id, row[0].start))
    passages = tuple(row[0] for row in rows)
    counts = [len(row[3]) for row in rows]
    packed = PackedVectors.of(np.concatenate([row[3] for row in rows]) if rows else np.zeros((0, 0), dtype=np.int8))
    vectors = np.stack([row[2] for row in rows]) if rows else np.zeros((0, 0), dtype=np.float32)
    is_large = len(packed) > EXACT_SENTENCES
    return Snapshot(
        passages=passages,
        newsletters={newsletter_id: record.info for newsletter_id, record in records.items()},
        passage_vectors=vectors,
        sentence_vectors=packed if is_large else packed[:],
        sentence_offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        keywords=KeywordIndex.build(passages),
        fingerprint=_fingerprint(records),
        coarse=CoarseView.of(vectors, packed) if is_large else None,
    )


def _write(snapshot: Snapshot, folder: Path, name: str) -> None:
    """Write the cache under another name first, so that a half-written one is never read; drop the others."""
    unfinished = folder / f"{name}.unfinished"
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.mkdir(parents=True)
    lines = (json.dumps(asdict(passage), ensure_ascii=False) for passage in snapshot.passages)
    (unfinished / "passages.jsonl").write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    for file, array in _arrays(snapshot).items():
        np.save(unfinished / f"{file}.npy", array)
    snapshot.keywords.save(unfinished / "keywords")
    unfinished.rename(folder / name)


def _arrays(snapshot: Snapshot) -> dict[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {
        "passage_vectors": snapshot.passage_vectors,
        "sentence_offsets": snapshot.sentence_offsets,
    }
    sentences = snapshot.sentence_vectors
    if isinstance(sentences, PackedVectors):
        arrays |= {"sentence_vectors": sentences.rows, "sentence_scales": sentences.scales}
    else:
        arrays["sentence_vectors"] = sentences
    if snapshot.coarse is not None:
        for field in fields(CoarseView):
            arrays[f"coarse_{field.name}"] = getattr(snapshot.coarse, field.name)
    return arrays


def _read(folder: Path, records: Mapping[str, Record]) -> Snapshot:
    with _without_collector(), (folder / "passages.jsonl").open(encoding="utf-8", errors="surrogatepass") as lines:
        passages = tuple(_passage(json.loads(line)) for line in lines if line.strip())
    arrays = {file.stem: np.asarray(np.load(file, mmap_mode="r")) for file in folder.glob("*.npy")}
    vectors, sentences = arrays["passage_vectors"], arrays["sentence_vectors"]
    offsets = arrays["sentence_offsets"]
    is_large = sentences.dtype == np.int8
    if not len(vectors) == len(passages) == len(offsets) - 1 or offsets[-1] != len(sentences):
        raise ValueError("the cache contradicts itself")
    return Snapshot(
        passages=passages,
        newsletters={newsletter_id: record.info for newsletter_id, record in records.items()},
        passage_vectors=vectors,
        sentence_vectors=PackedVectors(sentences, arrays["sentence_scales"]) if is_large else sentences,
        sentence_offsets=offsets,
        keywords=KeywordIndex.load(folder / "keywords"),
        fingerprint=_fingerprint(records),
        coarse=CoarseView(*(arrays[f"coarse_{field.name}"] for field in fields(CoarseView))) if is_large else None,
    )


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the garbage collector from walking, again and again, a few hundred thousand objects that all stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _passage(data: dict[str, object]) -> Passage:
    data["heading_path"] = tuple(data["heading_path"])  # type: ignore[arg-type]
    data["sentences"] = tuple((start, end) for start, end in data["sentences"])  # type: ignore[attr-defined]
    return Passage(**data)  # type: ignore[arg-type]
