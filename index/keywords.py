"""BM25 over passages and their context headers; derived from the store and cached on disk.

The variant is Lucene's (Kamphuis, de Vries, Boytsov and Lin, ECIR 2020), as bm25s computes it, whose scores these are
(tests/test_growing.py); they are computed for the terms asked for, not beforehand, since each new passage changes all.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.passage import Passage, Vectors
from index.postings import NOTHING, Numbers, Postings
from index.tokens import terms

K1, B = 1.2, 0.6


class KeywordIndex:
    """BM25 scores of every passage for a query, and how rare each term is."""

    def __init__(self, postings: Postings = NOTHING) -> None:
        self._postings = postings
        mean = max(float(postings.lengths.mean()) if len(postings) else 0.0, 1e-9)
        self._norms = K1 * ((1 - B) + B * postings.lengths.astype(np.float64) / mean)

    @classmethod
    def build(cls, passages: Sequence[Passage]) -> KeywordIndex:
        """An index over `passages`; scores come in their order."""
        return cls().updated(np.full(len(passages), -1), passages)

    def updated(self, order: Numbers, new: Sequence[Passage]) -> KeywordIndex:
        """The index over passages of which number i was `order[i]` here, or where that is below 0 is the next `new` one.

        The passages that stay must stand in the order that they have here.
        """
        return KeywordIndex(self._postings.updated(order, (terms(f"{p.header}\n{p.text}") for p in new)))

    def scores(self, query: str) -> Vectors:
        """BM25 score of each passage, float32 (number of passages,)."""
        found = np.zeros(len(self._postings), dtype=np.float32)
        for term in terms(query):
            held = self._postings.held(term)
            holders, counts = self._postings.holders[held], self._postings.counts[held]
            rarity = np.float32(math.log(1 + (len(found) - len(holders) + 0.5) / (len(holders) + 0.5)))
            found[holders] += (rarity * (counts / (self._norms[holders] + counts))).astype(np.float32)
        return found

    def holders(self, term: str) -> NDArray[np.bool_]:
        """Which passages hold a term of `terms`, bool (number of passages,)."""
        found = np.zeros(len(self._postings), dtype=np.bool_)
        found[self._postings.holders[self._postings.held(term)]] = True
        return found

    def holders_of_all(self, terms_held: Iterable[str]) -> NDArray[np.bool_]:
        """Which passages hold all of the terms, bool (number of passages,); every one where there are none."""
        found = np.ones(len(self._postings), dtype=np.bool_)
        for term in terms_held:
            found &= self.holders(term)
        return found

    def idf(self, term: str) -> float:
        """Inverse document frequency of a term (natural logarithm, at least 0), highest for unknown terms."""
        held = self._postings.held(term)
        return math.log(1 + (len(self._postings) + 0.5) / (held.stop - held.start + 0.5))

    def knows(self, term: str) -> bool:
        """Whether any passage holds the term."""
        return term in self._postings.terms

    @property
    def vocabulary(self) -> Collection[str]:
        """Every term that a passage holds."""
        return self._postings.terms.keys()

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is created."""
        self._postings.save(folder)

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """The index that `save` wrote; raises OSError or ValueError when it is damaged."""
        return cls(Postings.load(folder))
