"""A message that asks two or three things: each is read by itself, and the answer quotes for each that is answered.

The answer's note names what the newsletters do not say; where they say nothing at all, it is refused as any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from assistant.answer import NOT_SAID, Answer, Citation, Sentence
from assistant.asking.order import Order
from assistant.evidence import Evidence, Reading
from assistant.question import Expects, Form, ParsedQuestion
from assistant.writers.extractive import quote


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One question, what was read for it, and the sentences that answer it; none where the newsletters do not say."""

    parsed: ParsedQuestion
    reading: Reading
    evidence: list[Evidence]


def joined(whole: ParsedQuestion, parts: Sequence[Part]) -> Part:
    """The parts of a message as one: what answers each, in order, as sure as the least sure part that is answered.

    The only part of a message is returned as it is.
    """
    if len(parts) == 1:
        return parts[0]
    answering = [part for part in parts if part.evidence]
    confidences = [part.reading.confidence for part in answering]
    return Part(
        replace(
            whole,
            resolved=" ".join(part.parsed.resolved for part in parts),
            stated=" ".join(part.parsed.shown for part in parts),
            form=Form.LIST,
            expects=Expects.THING,
            order=Order.ANY,
        ),
        _one_reading(answering or parts, min(confidences, default=max(part.reading.confidence for part in parts))),
        list({piece.place: piece for part in answering for piece in part.evidence}.values()),
    )


def quoted(parts: Sequence[Part]) -> Iterator[tuple[Sentence, Citation]]:
    """The quotations that answer each part, in order and numbered on; a sentence that answers two is quoted once."""
    told: set[tuple[str, tuple[int, int]]] = set()
    for part in parts:
        fresh = [piece for piece in part.evidence if piece.place not in told]
        yield from quote(
            fresh,
            expects=part.parsed.expects,
            question=part.parsed.resolved,
            with_lead=part.parsed.names_issues,
            first=len(told) + 1,
        )
        told |= {piece.place for piece in fresh}


def with_what_is_not_said(answer: Answer, parts: Sequence[Part]) -> Answer:
    """The answer with a note that names the parts it leaves open; as it is where it leaves none, or answers none."""
    missing = [part.parsed.asking for part in parts if not part.evidence]
    if not missing or not answer.sentences:
        return answer
    return replace(answer, note=" ".join(filter(None, (answer.note, NOT_SAID + " ".join(missing)))))


def _one_reading(parts: Sequence[Part], confidence: float) -> Reading:
    """The parts' readings in turn: the best of each first."""
    turns = zip_longest(*(zip(part.reading.ranked, part.reading.shares, strict=True) for part in parts))
    ranked = [pair for pair in chain.from_iterable(turns) if pair is not None]
    return Reading(
        tuple(passage for part in parts for passage in part.reading.passages),
        tuple(piece for piece, _ in ranked),
        tuple(share for _, share in ranked),
        confidence,
    )
