"""What vectors say of a question: the score of each passage by itself and by its best sentence.

Both are exact. In a large index (`Snapshot.coarse`) they are so for the passages that a coarse view finds nearest, and
minus infinity for the others, which stand too far back to count.

Products are taken row by row (`vecdot`): memory is what they wait for, and the threads of a matrix product wait for one
another as soon as a processor is busy elsewhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.passage import Vectors
from index.snapshot import Snapshot
from index.vectors import CoarseView, PackedVectors

RESCORED = 3000
Numbers = NDArray[np.int64]


def vector_views(snapshot: Snapshot, vector: Vectors, allowed: NDArray[np.bool_] | None) -> tuple[Vectors, Vectors]:
    """Cosines (n,) of the question's `vector` with each passage, and with the best sentence of each.

    Passages that are not `allowed` may be left at minus infinity.
    """
    sentences = snapshot.sentence_vectors
    if snapshot.coarse is not None and isinstance(sentences, PackedVectors):
        return _rescored(snapshot, snapshot.coarse, sentences, vector, allowed)
    dense = np.vecdot(snapshot.passage_vectors, vector)
    return dense, best_in_passage(np.vecdot(sentences[:], vector), snapshot.sentence_offsets, dense)


def _rescored(
    snapshot: Snapshot,
    coarse: CoarseView,
    sentences: PackedVectors,
    vector: Vectors,
    allowed: NDArray[np.bool_] | None,
) -> tuple[Vectors, Vectors]:
    question = vector @ coarse.basis
    rough = np.vecdot(coarse.passages, question)
    rough_best = best_in_passage(np.vecdot(coarse.sentences, question), snapshot.sentence_offsets, rough)
    dense, sentence = np.full_like(rough, -np.inf), np.full_like(rough, -np.inf)
    near = _top(rough, allowed)
    dense[near] = np.vecdot(snapshot.passage_vectors[near], vector)
    near = _top(rough_best, allowed)
    rows, offsets = _rows_of(near, snapshot.sentence_offsets)
    fallback = np.vecdot(snapshot.passage_vectors[near], vector)
    sentence[near] = best_in_passage(sentences.products(rows, vector), offsets, fallback)
    return dense, sentence


def _top(scores: Vectors, allowed: NDArray[np.bool_] | None) -> Numbers:
    """The numbers of the `RESCORED` highest of the allowed scores, in ascending order."""
    if allowed is None:
        return np.sort(_highest(scores))
    numbers = np.flatnonzero(allowed)  # choosing among these alone: many equal scores are slow to divide
    return np.sort(numbers[_highest(scores[numbers])])


def _highest(scores: Vectors) -> Numbers:
    if len(scores) <= RESCORED:
        return np.arange(len(scores))
    return np.argpartition(scores, -RESCORED)[-RESCORED:]


def _rows_of(passages: Numbers, offsets: Numbers) -> tuple[Numbers, Numbers]:
    """The sentence rows of some passages one after another, and where each passage's begin among them."""
    counts = offsets[passages + 1] - offsets[passages]
    begins = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    rows = np.arange(begins[-1]) + np.repeat(offsets[passages] - begins[:-1], counts)
    return rows, begins


def best_in_passage(scores: Vectors, offsets: Numbers, fallback: Vectors) -> Vectors:
    """The best sentence's score for each passage; `fallback` where a passage has no sentence."""
    best = fallback.astype(np.float32, copy=True)
    filled = np.flatnonzero(offsets[1:] > offsets[:-1])
    if filled.size:
        best[filled] = np.maximum.reduceat(scores, offsets[filled])
    return best
