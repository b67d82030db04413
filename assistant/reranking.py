"""Reranking: the few sentences ranked first are read once more by the larger encoder, where it is installed.

It tells what answers from what only speaks of the same far better than the small readers do (figures in `reader/MODEL_CARD.md`), so that
its score decides both which sentence goes first and whether any is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.asking.order import Order
from assistant.evidence import Reading, likeliest_first
from assistant.question import Form, ParsedQuestion
from assistant.reader.cross_encoder import CrossEncoder, Place
from assistant.reader.joint import JointReader
from assistant.reader.model import Reader
from assistant.reader.weighing import Reranking
from assistant.second_look import looked_at_again, ranked_anew

# Of a first sentence that scores so high nothing else is looked at, nor of one that scores so low where the chance was small already: that
# settles more than four of ten questions; of 934 with an answer four fewer are answered than with a bound of 2.5
SURE = 1.5
HOPELESS, HOPELESS_CHANCE = -5.0, 0.1
# Where the chance was so small not even that is read: of 481 such questions one was answered rightly in the end, and one wrongly
NO_CHANCE = 0.07
# Else so many sentences are read and, where none is likelier than not to answer but one may, as many again: of 193 questions without one that
# may, those answered one; reading four always found no more
READ, MOST_READ, PROMISING, POSSIBLE = 2, 4, 0.0, -5.0
# Where even so high a score could not bring an answer over the cut-off, nothing is read: there was no higher one
HIGHEST = 4.5
# What counts as the score of what was not read: for the chance the middle one of sentences that do not answer, for the order at most this
UNREAD, UNREAD_AMONG = -6.5, -1.0
LEAST_SHARE = 1e-6
_TWO_THINGS = re.compile(
    r"\band (?:(?:at|by|for|from|in|of|on|to|with) )?(?:who|whom|whose|what|when|where|which|why|how)\b", re.I
)


def read_again(
    question: ParsedQuestion, reading: Reading, reader: Reader, joint: JointReader, cross: CrossEncoder | None
) -> Reading:
    """The reading after a second look and, where there is a cross-encoder, what that makes of the sentences then first."""
    weights = reader.reranking
    if cross is None or weights is None or not reading.ranked:
        return looked_at_again(question, reading, reader.second_look, joint)
    if reading.confidence < NO_CHANCE:
        return replace(reading, confidence=weights.confidence(reading.confidence, reading.best_joint, UNREAD))
    if question.form is not Form.LIST and not _keeps_order(question):
        score = cross.scores(question.resolved, _places(reading, 0, 1))[0]
        if score > SURE or (score < HOPELESS and reading.confidence < HOPELESS_CHANCE):
            return _weighed(question, reading, weights, [score], reading.confidence)
    again = ranked_anew(question, reading, reader.second_look, joint)
    if weights.confidence(reading.confidence, again.best_joint, HIGHEST) < reader.threshold:
        return replace(again, confidence=weights.confidence(reading.confidence, again.best_joint, UNREAD))
    return reranked(question, again, weights, cross, reading.confidence)


def reranked(
    question: ParsedQuestion, reading: Reading, weights: Reranking, reader: CrossEncoder, chance: float
) -> Reading:
    """The reading with its first sentences ranked anew, and the chance that they answer weighed anew.

    `chance` is that of the first look. Where "latest" or "first" orders the sentences they stay as they are, and where two things are asked
    for in one, for what answers one of them well would go before all that answers the other.
    """
    return _weighed(question, reading, weights, cross_scores(question, reading, reader), chance)


def cross_scores(question: ParsedQuestion, reading: Reading, reader: CrossEncoder) -> list[float]:
    """What the cross-encoder says of the first sentences: of `READ`, and of `MOST_READ` where none is promising but one possible."""
    scores = reader.scores(question.resolved, _places(reading, 0, READ))
    if POSSIBLE < max(scores) < PROMISING:
        scores += reader.scores(question.resolved, _places(reading, READ, MOST_READ))
    return scores


def _keeps_order(question: ParsedQuestion) -> bool:
    return question.order is not Order.ANY or _TWO_THINGS.search(question.resolved) is not None


def _places(reading: Reading, first: int, last: int) -> list[Place]:
    return [(piece.found.passage, piece.sentence) for piece in reading.ranked[first:last]]


def _weighed(
    question: ParsedQuestion, reading: Reading, weights: Reranking, scores: Sequence[float], chance: float
) -> Reading:
    confidence = weights.confidence(chance, reading.best_joint, max(scores))
    reading = replace(reading, best_cross=max(scores))
    if _keeps_order(question):
        return replace(reading, confidence=confidence)
    unread = [min(*scores, UNREAD_AMONG)] * (len(reading.ranked) - len(scores))
    logits = np.log(np.maximum(reading.shares, LEAST_SHARE))
    ranked, shares = likeliest_first(reading.ranked, weights.rank(logits, np.array([*scores, *unread])))
    return replace(reading, ranked=ranked, shares=shares, confidence=confidence)
