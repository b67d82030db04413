"""The snapshot kept on disk beside the store, so that opening an index reads arrays instead of a database.

The cache is derived: whatever it lacks, or has otherwise than the commit log, comes from the store, and where it is absent
or damaged everything does. It is written anew only when a good part of it is out of date.
"""

from __future__ import annotations

import contextlib
import gc
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.growing import NOTHING, brought_level
from index.keywords import KeywordIndex
from index.passage import Passage
from index.records import Record
from index.snapshot import Snapshot
from index.store import Store
from index.vectors import CoarseView, PackedVectors

NAME = "snapshot-3"
VERSIONS = "versions.json"
OUT_OF_DATE = 0.05


def load_snapshot(store: Store, folder: Path, records: Mapping[str, Record], base: Snapshot | None = None) -> Snapshot:
    """The store's committed passages, `records` being its commit log: from `base`, else from the cache in `folder`,
    where they have them, from the store where not.
    """
    held = _of_one_pipeline(records)
    snapshot = brought_level(base or _read(folder / NAME), store, held)
    if _is_out_of_date(folder / NAME, held):
        _write(snapshot, folder)
    return snapshot


def drop_cache(folder: Path) -> None:
    """Let the next snapshot come from the store alone."""
    shutil.rmtree(folder, ignore_errors=True)


def _of_one_pipeline(records: Mapping[str, Record]) -> dict[str, Record]:
    """The records whose vectors can be searched together: those of the pipeline that made most."""
    counted = Counter(record.fingerprint for record in records.values())
    most = next((fingerprint for fingerprint, _ in counted.most_common(1)), "")
    return {newsletter_id: record for newsletter_id, record in records.items() if record.fingerprint == most}


def _is_out_of_date(cached: Path, records: Mapping[str, Record]) -> bool:
    """Whether so many passages came, went or changed since the cache was written that it is worth writing again."""
    try:
        known: dict[str, list[Any]] = json.loads((cached / VERSIONS).read_text(encoding="utf-8"))["newsletters"]
    except (OSError, ValueError, KeyError):
        return True
    now = {(i, record.version, record.info.passages) for i, record in records.items()}
    then = {(i, version, passages) for i, (version, passages) in known.items()}
    differing: int = sum(passages for *_, passages in now ^ then)
    return differing > OUT_OF_DATE * sum(record.info.passages for record in records.values())


def _write(snapshot: Snapshot, folder: Path) -> None:
    """Write the cache under another name first, so that a half-written one is never read; a full disk is no error."""
    drop_cache(folder)
    try:
        unfinished = folder / f"{NAME}.unfinished"
        unfinished.mkdir(parents=True)
        _write_files(snapshot, unfinished)
        unfinished.rename(folder / NAME)
    except OSError:
        drop_cache(folder)


def _write_files(snapshot: Snapshot, folder: Path) -> None:
    lines = (json.dumps(asdict(passage), ensure_ascii=False) for passage in snapshot.passages)
    (folder / "passages.jsonl").write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    for file, array in _arrays(snapshot).items():
        np.save(folder / f"{file}.npy", array)
    snapshot.keywords.save(folder / "keywords")
    newsletters = {i: (version, snapshot.newsletters[i].passages) for i, version in snapshot.versions.items()}
    about = {"fingerprint": snapshot.fingerprint, "newsletters": newsletters}
    (folder / VERSIONS).write_text(json.dumps(about), encoding="utf-8")


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


def _read(cached: Path) -> Snapshot:
    """The snapshot that was written, without what is known of its newsletters; nothing where it is absent or damaged."""
    try:
        return _read_whole(cached)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return NOTHING


def _read_whole(cached: Path) -> Snapshot:
    about = json.loads((cached / VERSIONS).read_text(encoding="utf-8"))
    with _without_collector(), (cached / "passages.jsonl").open(encoding="utf-8", errors="surrogatepass") as lines:
        passages = tuple(_passage(json.loads(line)) for line in lines if line.strip())
    arrays = {file.stem: np.asarray(np.load(file, mmap_mode="r")) for file in cached.glob("*.npy")}
    vectors, sentences = arrays["passage_vectors"], arrays["sentence_vectors"]
    offsets = arrays["sentence_offsets"]
    is_large = sentences.dtype == np.int8
    if not len(vectors) == len(passages) == len(offsets) - 1 or offsets[-1] != len(sentences):
        raise ValueError("the cache contradicts itself")
    return Snapshot(
        passages=passages,
        newsletters={},
        passage_vectors=vectors,
        sentence_vectors=PackedVectors(sentences, arrays["sentence_scales"]) if is_large else sentences,
        sentence_offsets=offsets,
        keywords=KeywordIndex.load(cached / "keywords"),
        fingerprint=str(about["fingerprint"]),
        coarse=CoarseView(*(arrays[f"coarse_{field.name}"] for field in fields(CoarseView))) if is_large else None,
        versions={str(i): str(version) for i, (version, _) in about["newsletters"].items()},
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
