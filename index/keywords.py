"""BM25 over passages and their context headers, by bm25s; derived from the store and cached on disk."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.passage import Passage, Vectors
from index.tokens import terms

K1, B = 1.2, 0.6


class KeywordIndex:
    """BM25 scores of every passage for a query, and how rare each term is."""

    def __init__(self, engine: Any, frequencies: dict[str, int], passages: int) -> None:
        self._engine = engine
        self._frequencies = frequencies
        self._passages = passages

    @classmethod
    def build(cls, passages: Sequence[Passage]) -> KeywordIndex:
        """An index over `passages`; scores come in their order."""
        documents = [terms(f"{p.header}\n{p.text}") for p in passages]
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in document] for document in documents]
        frequencies = Counter(term for document in documents for term in set(document))
        if not vocabulary:
            return cls(None, {}, len(passages))
        import bm25s

        engine = bm25s.BM25(method="lucene", k1=K1, b=B)
        engine.index(bm25s.tokenization.Tokenized(ids=ids, vocab=vocabulary), show_progress=False)
        return cls(engine, dict(frequencies), len(passages))

    def scores(self, query: str) -> Vectors:
        """BM25 score of each passage, float32 (number of passages,)."""
        known = [term for term in terms(query) if term in self._frequencies]
        if not known or self._engine is None:
            return np.zeros(self._passages, dtype=np.float32)
        return np.asarray(self._engine.get_scores(known), dtype=np.float32)

    def holders(self, term: str) -> NDArray[np.bool_]:
        """Which passages hold a term of `terms`, bool (number of passages,)."""
        if self._engine is None or term not in self._frequencies:
            return np.zeros(self._passages, dtype=np.bool_)
        return np.asarray(self._engine.get_scores([term]) > 0)

    def idf(self, term: str) -> float:
        """Inverse document frequency of a term (natural logarithm, at least 0), highest for unknown terms."""
        return math.log(1 + (self._passages + 0.5) / (self._frequencies.get(term, 0) + 0.5))

    def knows(self, term: str) -> bool:
        """Whether any passage holds the term."""
        return term in self._frequencies

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is created."""
        folder.mkdir(parents=True, exist_ok=True)
        about = {"passages": self._passages, "frequencies": self._frequencies}
        (folder / "frequencies.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        if self._engine is not None:
            self._engine.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """The index that `save` wrote; raises OSError, ValueError or KeyError when it is damaged."""
        about = json.loads((folder / "frequencies.json").read_text(encoding="utf-8"))
        frequencies = about["frequencies"]
        if not frequencies:
            return cls(None, {}, int(about["passages"]))
        import bm25s

        engine = bm25s.BM25.load(str(folder), mmap=True, load_corpus=False, show_progress=False)
        return cls(engine, frequencies, int(about["passages"]))
