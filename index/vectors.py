"""Vectors of a large index in little memory: signed bytes, as the store has them, and a coarse view to look through first.

A few hundred thousand sentence vectors are more than a processor reads in the time a question has. Their projection on
the directions in which they differ most (principal components without centring, so that products stay products) takes a
third of it and says which few thousand are worth the exact product. benchmarks/speed.py measures what that loses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.passage import Vectors

DIRECTIONS = 128
SAMPLE = 20_000
BLOCK = 50_000
FEW = 2048  # rows whose floats stay in the processor's cache
Bytes = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class PackedVectors:
    """Unit vectors (n, d) kept as bytes `rows` and the factors `scales` (n,); what is taken out is float32."""

    rows: Bytes
    scales: Vectors

    @classmethod
    def of(cls, rows: Bytes) -> PackedVectors:
        """Bytes as the store has them, which count up to a factor."""
        scales = np.empty(len(rows), dtype=np.float32)
        for first in range(0, len(rows), BLOCK):
            floats = rows[first : first + BLOCK].astype(np.float32)
            norms = np.sqrt(np.einsum("ij,ij->i", floats, floats))
            scales[first : first + BLOCK] = 1 / np.maximum(norms, 1e-9)
        return cls(rows, scales)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def shape(self) -> tuple[int, ...]:
        """As of the array that this stands for."""
        return self.rows.shape

    def __getitem__(self, chosen: Any) -> Vectors:
        """The unit vectors of a slice or of an array of row numbers."""
        return np.asarray(self.rows[chosen].astype(np.float32) * self.scales[chosen][..., None], dtype=np.float32)

    def products(self, chosen: NDArray[np.int64], vector: Vectors) -> Vectors:
        """The cosine of each chosen row with a unit vector."""
        found = np.empty(len(chosen), dtype=np.float32)
        for first in range(0, len(chosen), FEW):
            part = chosen[first : first + FEW]
            found[first : first + FEW] = np.vecdot(self.rows[part].astype(np.float32), vector) * self.scales[part]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class CoarseView:
    """Projections of passages (n, k) and sentences (m, k) by `basis` (d, k): their products come near the exact ones.

    `later` (a number) is how many sentences came since the basis was chosen.
    """

    basis: Vectors
    passages: Vectors
    sentences: Vectors
    later: NDArray[np.int64]

    @classmethod
    def of(cls, passages: Vectors, sentences: PackedVectors) -> CoarseView:
        """The view in which sentences of this index are told apart best."""
        chosen = np.random.default_rng(0).choice(len(sentences), min(SAMPLE, len(sentences)), replace=False)
        sample = sentences[np.sort(chosen)]
        _, directions = np.linalg.eigh(sample.T @ sample)
        basis = np.ascontiguousarray(directions[:, ::-1][:, :DIRECTIONS])
        return cls(basis, np.ascontiguousarray(passages @ basis), _projected(sentences, basis), np.array(0))

    def projected(self, sentences: PackedVectors) -> Vectors:
        """Other sentences as this view sees them."""
        return _projected(sentences, self.basis)


def _projected(sentences: PackedVectors, basis: Vectors) -> Vectors:
    projected = np.empty((len(sentences), basis.shape[1]), dtype=np.float32)
    for first in range(0, len(sentences), BLOCK):
        projected[first : first + BLOCK] = sentences[first : first + BLOCK] @ basis
    return projected
