"""A snapshot brought level with the store: only the newsletters that it does not hold as the commit log has them are read.

The store stays the one source of truth: what is kept is known by the version that the commit log names, which changes with
a newsletter's content and with the pipeline. tests/test_growing.py proves that what grew equals what is read anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.keywords import KeywordIndex
from index.passage import Passage, Vectors
from index.records import Record
from index.snapshot import Snapshot
from index.store import Store
from index.vectors import CoarseView, PackedVectors

EXACT_SENTENCES = 100_000
NEW_BASIS = 0.25  # of the sentences came after it
FEW_NEW = 0.25  # of the passages: fewer are asked for by newsletter, more are read with all others
NOTHING = Snapshot(
    passages=(),
    newsletters={},
    passage_vectors=np.zeros((0, 0), dtype=np.float32),
    sentence_vectors=np.zeros((0, 0), dtype=np.float32),
    sentence_offsets=np.zeros(1, dtype=np.int64),
    keywords=KeywordIndex(),
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Passages `first` to `last` of the former snapshot, or of those that were read now."""

    is_new: bool
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class _New:
    """Passages read from the store, in the snapshot's order."""

    passages: tuple[Passage, ...]
    vectors: Vectors
    sentences: PackedVectors
    offsets: NDArray[np.int64]


def brought_level(base: Snapshot, store: Store, records: Mapping[str, Record]) -> Snapshot:
    """The committed passages of `records`, one pipeline's: those of `base` where it has them, else from the store."""
    stay = {i for i, version in base.versions.items() if i in records and records[i].version == version}
    if not stay:
        base = NOTHING
    newsletters = {newsletter_id: record.info for newsletter_id, record in records.items()}
    new = _read(store, {i: record for i, record in records.items() if i not in stay}, records)
    pieces = _pieces(base.passages, stay, new.passages)
    if pieces == [_Piece(False, 0, len(base.passages))]:
        if base.newsletters == newsletters and len(stay) == len(records) == len(base.versions):
            return base
        return replace(base, newsletters=newsletters, versions=_versions(base.passages, records))
    offsets = _offsets(pieces, base.sentence_offsets, new.offsets)
    is_large = int(offsets[-1]) > EXACT_SENTENCES
    if stay and is_large != (base.coarse is not None):
        return brought_level(NOTHING, store, records)
    passages = tuple(p for piece in pieces for p in (new if piece.is_new else base).passages[piece.first : piece.last])
    vectors = _joined(pieces, base.passage_vectors, new.vectors)
    sentences, coarse = _sentences(base, new, pieces, vectors, is_large=is_large)
    return Snapshot(
        passages=passages,
        newsletters=newsletters,
        passage_vectors=vectors,
        sentence_vectors=sentences,
        sentence_offsets=offsets,
        keywords=base.keywords.updated(_order(pieces), new.passages),
        fingerprint=next((record.fingerprint for record in records.values()), ""),
        coarse=coarse,
        versions=_versions(passages, records),
    )


def _read(store: Store, wanted: Mapping[str, Record], records: Mapping[str, Record]) -> _New:
    if not wanted:
        return _New(
            (), NOTHING.passage_vectors, PackedVectors.of(np.zeros((0, 0), dtype=np.int8)), np.zeros(1, np.int64)
        )
    few = sum(r.info.passages for r in wanted.values()) < FEW_NEW * sum(r.info.passages for r in records.values())
    rows = [
        row
        for row in (store.passages(wanted if few else None))
        if (record := wanted.get(row[0].newsletter_id)) is not None and record.version == row[1]
    ]
    rows.sort(key=lambda row: (row[0].newsletter_id, row[0].start))
    return _New(
        tuple(row[0] for row in rows),
        np.stack([row[2] for row in rows]) if rows else NOTHING.passage_vectors,
        PackedVectors.of(np.concatenate([row[3] for row in rows]) if rows else np.zeros((0, 0), dtype=np.int8)),
        np.concatenate([[0], np.cumsum([len(row[3]) for row in rows])]).astype(np.int64),
    )


def _pieces(base: Sequence[Passage], stay: Collection[str], new: Sequence[Passage]) -> list[_Piece]:
    """What the new snapshot consists of, in the order of the newsletters' ids."""
    kept = ((newsletter_id, _Piece(False, *run)) for newsletter_id, run in _runs(base) if newsletter_id in stay)
    added = ((newsletter_id, _Piece(True, *run)) for newsletter_id, run in _runs(new))
    pieces: list[_Piece] = []
    for _, piece in merge(kept, added, key=lambda pair: pair[0]):
        if pieces and (pieces[-1].is_new, pieces[-1].last) == (piece.is_new, piece.first):
            piece = _Piece(piece.is_new, pieces.pop().first, piece.last)
        pieces.append(piece)
    return pieces


def _runs(passages: Sequence[Passage]) -> Iterator[tuple[str, tuple[int, int]]]:
    first = 0
    for newsletter_id, group in groupby(passages, key=lambda passage: passage.newsletter_id):
        last = first + sum(1 for _ in group)
        yield newsletter_id, (first, last)
        first = last


def _joined(pieces: Sequence[_Piece], base: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
    parts = [(new if piece.is_new else base)[piece.first : piece.last] for piece in pieces]
    return np.concatenate(parts) if parts else new


def _offsets(pieces: Sequence[_Piece], base: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.int64]:
    counts = _joined(pieces, np.diff(base), np.diff(new))
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _order(pieces: Sequence[_Piece]) -> NDArray[np.int64]:
    """For each passage its number in the former snapshot, -1 for new ones."""
    parts = [
        np.full(piece.last - piece.first, -1) if piece.is_new else np.arange(piece.first, piece.last)
        for piece in pieces
    ]
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)


def _sentences(
    base: Snapshot, new: _New, pieces: Sequence[_Piece], vectors: Vectors, *, is_large: bool
) -> tuple[Vectors | PackedVectors, CoarseView | None]:
    """The sentences' vectors, and the coarse view of a large index."""
    rows = [
        _Piece(piece.is_new, int(offsets[piece.first]), int(offsets[piece.last]))
        for piece in pieces
        for offsets in [new.offsets if piece.is_new else base.sentence_offsets]
    ]
    if not is_large:
        return _joined(rows, base.sentence_vectors[:], new.sentences[:]), None
    kept = base.sentence_vectors if isinstance(base.sentence_vectors, PackedVectors) else new.sentences
    packed = PackedVectors(
        _joined(rows, kept.rows, new.sentences.rows), _joined(rows, kept.scales, new.sentences.scales)
    )
    coarse = base.coarse
    if coarse is None or (later := int(coarse.later) + len(new.sentences)) > NEW_BASIS * len(packed):
        return packed, CoarseView.of(vectors, packed)
    return packed, CoarseView(
        coarse.basis,
        _joined(pieces, coarse.passages, new.vectors @ coarse.basis),
        _joined(rows, coarse.sentences, coarse.projected(new.sentences)),
        np.array(later),
    )


def _versions(passages: Sequence[Passage], records: Mapping[str, Record]) -> dict[str, str]:
    """The versions of the newsletters that are whole: a damaged store may lack passages, which are asked for again."""
    held = {newsletter_id: last - first for newsletter_id, (first, last) in _runs(passages)}
    return {i: record.version for i, record in records.items() if held.get(i, 0) == record.info.passages}
