"""A second look at the sentences ranked first: their passages are read, and the best sentence is read once more by itself.

The scorer of sentences learned from joint readers that had learned from fewer questions than the packaged one, and trusts it less than
it may. And what answers, answers without its passage too: a sentence that seems to answer only among its neighbours seldom does. Where the larger
encoder is installed, it reads the few that are first then, and decides (`assistant.reranking`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from assistant.asking.order import Order
from assistant.evidence import Reading, likeliest_first
from assistant.question import Form, ParsedQuestion
from assistant.reader.features import UNREAD
from assistant.reader.joint import JointReader
from assistant.reader.weighing import SecondLook
from index.passage import Passage

LOOKED_AT = 6


def looked_at_again(question: ParsedQuestion, reading: Reading, look: SecondLook, reader: JointReader) -> Reading:
    """The reading with its sentences ranked anew and the chance that they answer weighed anew.

    Where "latest" or "first" orders them, they stay as they are.
    """
    if not reading.ranked:
        return reading
    again = ranked_anew(question, reading, look, reader)
    alone = best_by_itself(question, (reading, again), reader)
    return replace(again, confidence=look.confidence(reading.confidence, alone, again.best_joint))


def best_by_itself(question: ParsedQuestion, readings: Iterable[Reading], reader: JointReader) -> float:
    """The joint reader's highest score of the sentences that any of the readings ranks first, each read by itself."""
    likeliest = {reading.ranked[0].place: reading.ranked[0] for reading in readings}.values()
    alone = [by_itself(piece.found.passage, piece.sentence) for piece in likeliest]
    return max(float(scores[0]) for scores in reader.scores(question.resolved, alone))


def by_itself(passage: Passage, number: int) -> Passage:
    """Sentence `number` of a passage as a passage of its own, under the same header."""
    start, end = passage.sentences[number]
    return replace(passage, text=passage.sentence(number), start=start, end=end, sentences=((start, end),))


def ranked_anew(question: ParsedQuestion, reading: Reading, look: SecondLook, reader: JointReader) -> Reading:
    """The reading with its sentences ranked anew, as `looked_at_again` does, and its chance as it was."""
    if question.order is not Order.ANY:
        return reading
    count = 2 * LOOKED_AT if question.form is Form.LIST else LOOKED_AT
    passages = list({piece.found.passage.id: piece.found.passage for piece in reading.ranked[:count]}.values())
    joint = dict(zip((p.id for p in passages), reader.scores(question.resolved, passages), strict=True))
    seen = [
        float(joint[piece.found.passage.id][piece.sentence]) if place < count else UNREAD
        for place, piece in enumerate(reading.ranked)
    ]
    scores = np.array([look.rank(piece.score, score) for piece, score in zip(reading.ranked, seen, strict=True)])
    ranked, shares = likeliest_first(reading.ranked, scores)
    return replace(reading, ranked=ranked, shares=shares, best_joint=max(reading.best_joint, *seen))
