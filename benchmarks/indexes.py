"""Indexes to measure on, kept between runs so that only what changed is embedded again.

An index lies in the cache under a name made of the program's reading and indexing code, so that another version of
either gets an index of its own. The vectors of single passages are remembered besides, by what the encoder read: a
change in reading costs only the passages it changes. The folder is `.benchmarks`, or NEWSLETTER_BENCHMARK_CACHE.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np

from assistant import Assistant, Settings
from benchmarks.training.data import ROOT, folder_of
from corpus import shipped_newsletters
from index.embedding import Embedder, PassageVectors, with_header
from index.library import Library
from index.passage import Passage, Vectors

CACHE = Path(os.environ.get("NEWSLETTER_BENCHMARK_CACHE", ROOT / ".benchmarks"))
SHIPPED = "shipped"
# Code that decides what is read out of a stored index, not what is stored
READ_ONLY = frozenset({"retriever", "dated", "keywords", "tokens", "cache", "snapshot", "library", "lock", "errors"})


class RememberingEmbedder:
    """An embedder that computes the vectors of a passage once and keeps them in a file."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.dimension, self.precision = embedder.dimension, embedder.precision
        folder.mkdir(parents=True, exist_ok=True)
        name = f"vectors-{self.fingerprint}-{self.precision}.sqlite".replace("/", "_")
        self._file = sqlite3.connect(folder / name, timeout=120)
        self._file.execute("create table if not exists vectors (key blob primary key, value blob)")

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`, without the special ones."""
        return self._embedder.count_tokens(text)

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of a question."""
        return self._embedder.embed_query(text)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of each passage and its sentences, remembered ones where there are any."""
        keys = [_key(passage) for passage in passages]
        known = {key: self._recall(key) for key in keys}
        missing = [i for i, key in enumerate(keys) if known[key] is None]
        for i, vectors in zip(missing, self._embedder.embed_passages([passages[i] for i in missing]), strict=True):
            known[keys[i]] = vectors
            rows = np.concatenate([vectors.passage[None], vectors.sentences]).astype(np.float32)
            self._file.execute("insert or replace into vectors values (?, ?)", (keys[i], rows.tobytes()))
        self._file.commit()
        return [vectors for key in keys if (vectors := known[key]) is not None]

    def _recall(self, key: bytes) -> PassageVectors | None:
        row = self._file.execute("select value from vectors where key = ?", (key,)).fetchone()
        if row is None:
            return None
        rows = np.frombuffer(row[0], dtype=np.float32).reshape(-1, self.dimension)
        return PassageVectors(rows[0], rows[1:])


def _key(passage: Passage) -> bytes:
    spans = [(start - passage.start, end - passage.start) for start, end in passage.sentences]
    return hashlib.sha256(f"{with_header(passage)}\0{spans}".encode("utf-8", "surrogatepass")).digest()


class RememberingLibrary(Library):
    """A library whose embedder remembers."""

    @cached_property
    def embedder(self) -> Embedder:
        """The encoder, with a memory of what it read before."""
        return RememberingEmbedder(super().embedder, CACHE)


def location(archive: str) -> Path:
    """Where the newsletters of an archive are."""
    return shipped_newsletters() if archive == SHIPPED else folder_of(archive)


@contextmanager
def opened(archive: str, settings: Settings | None = None) -> Iterator[Assistant]:
    """An assistant over an archive, indexed by this version of the program."""
    settings = settings or Settings()
    folder = _folder(archive)
    library = RememberingLibrary(folder, settings.embedding, settings.store)
    with Assistant(library, settings.model_copy(update={"data_dir": folder})) as assistant:
        assistant.sync([location(archive)])
        yield assistant


def _folder(archive: str) -> Path:
    """The folder of an archive's index for this version of the code; those of other versions are deleted."""
    code = list((ROOT / "index").rglob("*.py"))
    stored = [file for file in code if file.stem not in READ_ONLY]
    weights = list((ROOT / "index" / "reader").glob("*.json"))
    folder = CACHE / "ours" / f"{archive}-{_digest([*(ROOT / 'corpus').rglob('*.py'), *stored, *weights])}"
    for other in (CACHE / "ours").glob(f"{archive}-*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    mark, version = folder / "snapshot-version", _digest([file for file in code if file.stem != "retriever"])
    if not mark.is_file() or mark.read_text(encoding="utf-8") != version:
        shutil.rmtree(folder / "cache", ignore_errors=True)
        mark.write_text(version, encoding="utf-8")
    return folder


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]
