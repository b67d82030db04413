"""Reranking: the few sentences ranked first are read once more by the larger encoder, where it is installed.

It tells what answers from what only speaks of the same far better than the small readers do (figures in `reader/MODEL_CARD.md`), so that
its score decides both which sentence goes first and whether any is shown.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assistant.asking.order import Order
from assistant.evidence import Reading, likeliest_first
from assistant.question import ParsedQuestion
from assistant.reader.cross_encoder import CrossEncoder
from assistant.reader.joint import JointReader
from assistant.reader.model import Reader, Reranking
from assistant.second_look import looked_at_again, ranked_anew

# So many sentences are read and, where none is likelier than not to answer, as many again: reading four always found no more
READ, MOST_READ, PROMISING = 2, 4, 0.0
# The cross-encoder never scored higher, and its middle score where nothing answers: where even the highest could not bring an
# answer over the cut-off, nothing is read
HIGHEST, LOW = 4.5, -6.5
LEAST_SHARE = 1e-6


def read_again(
    question: ParsedQuestion, reading: Reading, reader: Reader, joint: JointReader, cross: CrossEncoder | None
) -> Reading:
    """The reading after a second look and, where there is a cross-encoder, what that makes of the sentences then first."""
    if cross is None or reader.reranking is None or not reading.ranked:
        return looked_at_again(question, reading, reader.second_look, joint)
    again = ranked_anew(question, reading, reader.second_look, joint)
    if reader.reranking.confidence(reading.confidence, again.best_joint, HIGHEST) < reader.threshold:
        hopeless = reader.reranking.confidence(reading.confidence, again.best_joint, LOW)
        return replace(again, confidence=hopeless)
    return reranked(question, again, reader.reranking, cross, reading.confidence)


def reranked(
    question: ParsedQuestion, reading: Reading, weights: Reranking, reader: CrossEncoder, chance: float
) -> Reading:
    """The reading with its first sentences ranked anew, and the chance that they answer weighed anew.

    `chance` is that of the first look. Where "latest" or "first" orders the sentences, they stay as they are.
    """
    places = [(piece.found.passage, piece.sentence) for piece in reading.ranked[:MOST_READ]]
    scores = reader.scores(question.resolved, places[:READ])
    if max(scores) < PROMISING:
        scores += reader.scores(question.resolved, places[READ:])
    confidence = weights.confidence(chance, reading.best_joint, max(scores))
    if question.order is not Order.ANY:
        return replace(reading, confidence=confidence)
    # What is not read counts as the least likely of what is
    unread = [min(scores)] * (len(reading.ranked) - len(scores))
    logits = np.log(np.maximum(reading.shares, LEAST_SHARE))
    ranked, shares = likeliest_first(reading.ranked, weights.rank(logits, np.array([*scores, *unread])))
    return replace(reading, ranked=ranked, shares=shares, confidence=confidence)
