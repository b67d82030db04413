"""How a sign against an answer counts: the answer is doubted, given up, or looked for among the other sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.evidence import Evidence, Reading

DOUBTED = 0.01


def doubted(reading: Reading, *, threshold: float, doubt: float) -> Reading:
    """The reading, answered no more surely than what may not answer: below `doubt`, and not below the `threshold` of answering."""
    return replace(reading, confidence=min(reading.confidence, max(threshold, doubt - DOUBTED)))


def given_up(reading: Reading, *, threshold: float) -> Reading:
    """The reading, below the `threshold` of answering."""
    return replace(reading, confidence=min(reading.confidence, threshold - DOUBTED))


def with_first(reading: Reading, is_right: Callable[[Evidence], bool], *, nearly: float) -> Reading | None:
    """The reading with the likeliest sentence that is right before the others.

    None where none is right whose share is at least `nearly` times that of the best.
    """
    for place, (piece, share) in enumerate(zip(reading.ranked, reading.shares, strict=True)):
        if share < nearly * reading.shares[0]:
            break
        if is_right(piece):
            return replace(reading, ranked=(piece, *reading.ranked[:place], *reading.ranked[place + 1 :]))
    return None


def without(reading: Reading, is_out: Callable[[Evidence], bool]) -> Reading:
    """The reading without the sentences that are out; as it is where nothing else is left."""
    told = zip(reading.ranked, reading.shares, strict=True)
    kept = [(piece, share) for piece, share in told if not is_out(piece)]
    if not kept:
        return reading
    ranked, shares = zip(*kept, strict=True)
    return replace(reading, ranked=ranked, shares=shares)
