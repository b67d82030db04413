"""Everything a search reads, in memory: passages, their vectors, and the keyword index over them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from index.keywords import KeywordIndex
from index.passage import NewsletterInfo, Passage, Vectors
from index.vectors import CoarseView, PackedVectors


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The committed state of an index at one moment.

    Row i of `passage_vectors` (n, d) is the unit vector of `passages[i]`; its sentences' vectors are rows
    `sentence_offsets[i]` to `sentence_offsets[i + 1]` of `sentence_vectors` (m, d). `fingerprint` names
    the pipeline that made them, "" where there is nothing. A large index has its sentence
    vectors packed, and a `coarse` view to look through first. `versions` are those of the newsletters that are whole
    here, as the commit log names them.
    """

    passages: tuple[Passage, ...]
    newsletters: dict[str, NewsletterInfo]
    passage_vectors: Vectors
    sentence_vectors: Vectors | PackedVectors
    sentence_offsets: NDArray[np.int64]
    keywords: KeywordIndex
    fingerprint: str = ""
    coarse: CoarseView | None = None
    versions: dict[str, str] = field(default_factory=dict)
