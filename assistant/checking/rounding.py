"""Figures said roughly: "over two hundred" of 214, "nearly two million" of 1.9 million, "a third" of 205 in 612."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

from assistant.checking.quantities import Figures, Quantity

# Between what shares of the stated value the exact one may lie, by the stated bound
_WITHIN = {">": (1.0, 1.15), "<": (0.85, 1.0), "~": (0.93, 1.07)}
_EXACT = 0.02
_LEAST = 3


def is_rounded(stated: Quantity, given: Quantity) -> bool:
    """Whether the stated quantity, with its bound, is the given exact one said roughly (kinds and units are compared elsewhere)."""
    return given.bound == "=" and _is_within(stated, given.value)


def is_share(stated: Quantity, evidence: Iterable[Figures]) -> bool:
    """Whether the stated share is that of one count in another of the same text."""
    if stated.kind != "percent":
        return False
    return any(
        _is_within(stated, 100 * part / whole)
        or (stated.bound == "=" and abs(100 * part / whole / stated.value - 1) <= _EXACT)
        for found in evidence
        for part, whole in permutations(_counts(found), 2)
        if part < whole and stated.value
    )


def _counts(found: Figures) -> list[float]:
    return [q.value for q in found.quantities if q.kind in ("plain", "unit") and q.value >= _LEAST]


def _is_within(stated: Quantity, value: float) -> bool:
    low, high = _WITHIN.get(stated.bound, (0.0, 0.0))
    if not stated.value or not high or value == stated.value:
        return False
    return low <= value / stated.value <= high
