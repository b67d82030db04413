"""Which passage holds which term how often: what BM25 is computed of, and what can be brought level with new passages.

An archive grows by one newsletter at a time: the postings of the passages that stay are renumbered and kept, and only
new passages are cut into terms. tests/test_growing.py proves that this gives what a whole new count gives.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TERMS = "terms.json"
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Term t of `terms` stands in the passages `holders[starts[t] : starts[t + 1]]`, ascending, `counts` times in each.

    `lengths` are the terms of each passage, repetitions counted.
    """

    terms: dict[str, int]
    starts: Numbers
    holders: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]

    def __len__(self) -> int:
        """Number of passages."""
        return len(self.lengths)

    def held(self, term: str) -> slice:
        """Where the passages of a term stand in `holders` and `counts`; an empty slice for an unknown one."""
        number = self.terms.get(term)
        return slice(0, 0) if number is None else slice(int(self.starts[number]), int(self.starts[number + 1]))

    def updated(self, order: Numbers, documents: Iterable[Sequence[str]]) -> Postings:
        """The postings of passages of which number i was `order[i]` here, or where that is below 0 is the next of
        `documents`, given as its terms. Those that were here keep their order.
        """
        kept, new = order >= 0, np.flatnonzero(order < 0)
        lengths = np.zeros(len(order), dtype=np.int32)
        lengths[kept] = self.lengths[order[kept]]
        place = np.full(len(self), -1, dtype=np.int32)
        place[order[kept]] = np.flatnonzero(kept)
        terms = dict(self.terms)
        columns, holders, counts = _counted(terms, new, documents, lengths)
        old_columns = np.repeat(np.arange(len(self.terms)), np.diff(self.starts))
        old_holders, old_counts = place[self.holders], np.asarray(self.counts)
        if not np.all(stays := old_holders >= 0):
            old_columns, old_holders, old_counts = old_columns[stays], old_holders[stays], old_counts[stays]
        places = np.searchsorted(old_columns * len(order) + old_holders, columns * len(order) + holders)
        starts = np.bincount(old_columns, minlength=len(terms)) + np.bincount(columns, minlength=len(terms))
        return _without_unused(
            terms, starts, np.insert(old_holders, places, holders), np.insert(old_counts, places, counts), lengths
        )

    def save(self, folder: Path) -> None:
        """Write the postings into `folder`, which is created."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TERMS).write_text(json.dumps(list(self.terms), ensure_ascii=False), encoding="utf-8")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> Postings:
        """The postings that `save` wrote, mapped into memory; raises OSError or ValueError when they are damaged."""
        terms = json.loads((folder / TERMS).read_text(encoding="utf-8"))
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS}
        if len(arrays["starts"]) != len(terms) + 1 or arrays["starts"][-1] != len(arrays["holders"]):
            raise ValueError("the keyword index contradicts itself")
        return cls({term: number for number, term in enumerate(terms)}, **arrays)


_ARRAYS = tuple(field.name for field in fields(Postings))[1:]
NOTHING = Postings({}, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint16), np.zeros(0, np.int32))


def _counted(
    terms: dict[str, int], numbers: Numbers, documents: Iterable[Sequence[str]], lengths: NDArray[np.int32]
) -> tuple[Any, Any, Any]:
    """Columns, holders and counts of new documents, sorted; `terms` gets their terms, `lengths` their lengths."""
    columns, counts, widths = array("q"), array("q"), array("q")
    for number, document in zip(numbers.tolist(), documents, strict=True):
        counted = Counter(document)
        columns.extend([terms.setdefault(term, len(terms)) for term in counted])
        counts.extend(counted.values())
        widths.append(len(counted))
        lengths[number] = len(document)
    holders = np.repeat(numbers, np.asarray(widths, dtype=np.int64))
    by_column = np.asarray(columns, dtype=np.int64)
    order = np.argsort(by_column, kind="stable")
    most = np.minimum(np.asarray(counts, dtype=np.int64), np.iinfo(np.uint16).max)
    return by_column[order], holders[order].astype(np.int32), most[order].astype(np.uint16)


def _without_unused(
    terms: dict[str, int],
    widths: Numbers,
    holders: NDArray[np.int32],
    counts: NDArray[np.uint16],
    lengths: NDArray[np.int32],
) -> Postings:
    used = widths > 0
    if not used.all():
        left = [term for term, number in terms.items() if used[number]]
        terms, widths = {term: number for number, term in enumerate(left)}, widths[used]
    return Postings(terms, np.concatenate([[0], np.cumsum(widths)]).astype(np.int64), holders, counts, lengths)
