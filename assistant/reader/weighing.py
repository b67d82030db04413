"""How much what is read later counts beside the first look: logistic weights, fitted by `benchmarks/training`."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.reader.odds import log_odds, probability_of
from index.passage import Vectors

LEAST = 0.005


@dataclass(frozen=True, slots=True)
class SecondLook:
    """How much a second look counts (`assistant.second_look`): logistic weights of the first look's scores and of the new ones."""

    score: float
    joint: float
    odds: float
    alone: float
    best_joint: float
    bias: float

    def rank(self, score: float, joint: float) -> float:
        """A sentence's logit among the others: of its score at first and of the joint reader's score of it in its passage."""
        return self.score * score + self.joint * joint

    def confidence(self, probability: float, alone: float, best_joint: float) -> float:
        """The chance that a question is answered: of the chance at first, and of the joint scores of the best sentence by itself and
        of the likeliest in its passage."""
        logit = self.odds * self.logit(probability) + self.alone * alone + self.best_joint * best_joint + self.bias
        return probability_of(logit)

    @staticmethod
    def logit(probability: float) -> float:
        """The log odds of a probability, of a certain one as if it were nearly so."""
        return log_odds(probability, LEAST)


@dataclass(frozen=True, slots=True)
class Reranking:
    """How much it counts what the cross-encoder says of the first sentences (`assistant.reranking`): logistic weights."""

    share: float
    cross: float
    odds: float
    best_joint: float
    best_cross: float
    bias: float

    def rank(self, logits: Vectors, cross: Vectors) -> Vectors:
        """The sentences' logits among one another: of those before and of the cross-encoder's scores."""
        return self.share * logits + self.cross * cross

    def confidence(self, probability: float, best_joint: float, best_cross: float) -> float:
        """The chance that a question is answered: of the chance at first, and of the highest scores of the joint reader and of
        the cross-encoder."""
        first = self.odds * SecondLook.logit(probability)
        return probability_of(first + self.best_joint * best_joint + self.best_cross * best_cross + self.bias)
