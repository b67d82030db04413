"""The reader's weights: which sentence answers (a small multilayer perceptron), and whether any does (logistic).

The weights are data (`weights.json`), made by `make train-reader`; see `MODEL_CARD.md` beside them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.question import Expects, ParsedQuestion
from assistant.reader.asked import asked_for
from assistant.reader.features import FEATURES, CandidateFeatures
from index.passage import RetrievedPassage, Vectors
from index.tokens import terms

WEIGHTS = Path(__file__).parent / "weights.json"
ANSWERABLE_FEATURES = (
    "best_score",
    "second_score",
    "third_score",
    "score_mass",
    "best_share",
    "cosine",
    "best_cosine",
    "passage_cosine",
    "keyword",
    "covered_by_sentence",
    "covered_by_neighbours",
    "covered_by_all",
    "rarest_covered",
    "names_in_sentence",
    "names_in_passage",
    "names_missing",
    "answers_kind",
    "lacks_kind",
    "reason_lacking",
    "unknown_terms",
    "first_passage_cosine",
    "why",
    "question_terms",
    "kind_in_three",
    "money_lacking",
    "counted_near",
    "counted_apart",
    "head_in_sentence",
    "head_in_passage",
    "verb_covered",
    "archive_size",
)


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """What confidence depends on besides the passages: how many there are, and the share (by rarity) of the
    question's terms that occur in none of them."""

    passages: int
    unknown_terms: float


@dataclass(frozen=True, slots=True, eq=False)
class Perceptron:
    """One hidden layer with ReLU over standardised features; gives one score a row."""

    mean: Vectors
    scale: Vectors
    hidden: Vectors
    hidden_bias: Vectors
    output: Vectors
    linear: Vectors

    def scores(self, values: Vectors) -> Vectors:
        """Scores of the rows of `values` (n, features): (n,), higher is likelier to answer."""
        inputs = (values - self.mean) / self.scale
        active = np.maximum(inputs @ self.hidden + self.hidden_bias, 0.0)
        return np.asarray(active @ self.output + inputs @ self.linear, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A calibrated probability from standardised features."""

    mean: Vectors
    scale: Vectors
    weights: Vectors
    bias: float

    def probability(self, values: Vectors) -> float:
        """Probability (0 to 1) for one row of features."""
        logit = float(((values - self.mean) / self.scale) @ self.weights) + self.bias
        return float(1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30))))


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """The trained models and the cut-off below which nothing is answered."""

    sentences: Perceptron
    answerable: Logistic
    threshold: float
    doubt: float

    def confidence(
        self,
        question: ParsedQuestion,
        passages: Sequence[RetrievedPassage],
        features: CandidateFeatures,
        scores: Vectors,
        archive: ArchiveView,
    ) -> float:
        """Probability that the best candidates answer the question; 0 without candidates."""
        if not len(scores):
            return 0.0
        return self.answerable.probability(answerable_features(question, passages, features, scores, archive))


def answerable_features(
    question: ParsedQuestion,
    passages: Sequence[RetrievedPassage],
    features: CandidateFeatures,
    scores: Vectors,
    archive: ArchiveView,
) -> Vectors:
    """The row that `Reader.answerable` judges: `ANSWERABLE_FEATURES`, then each times the archive's size.

    What a cosine or an unknown word says depends on how much there is to find it in.
    """
    order = np.argsort(-scores)
    top_sentences = [
        passages[features.candidates[i].passage].passage.sentence(features.candidates[i].sentence) for i in order[:3]
    ]
    best_passage = passages[features.candidates[order[0]].passage].passage
    best = features.values[order[0]]
    top = np.concatenate([scores[order[:3]], np.full(3, scores[order[-1]], dtype=np.float32)])[:3]
    shares = np.exp(scores - scores.max())
    values = {
        "best_score": float(top[0]),
        "second_score": float(top[1]),
        "third_score": float(top[2]),
        "score_mass": float(np.log(np.exp(np.clip(scores, -30, 30)).sum())),
        "best_share": float(1.0 / shares.sum()),
        "best_cosine": float(features.values[:, FEATURES.index("cosine")].max()),
        "first_passage_cosine": passages[0].dense,
        "unknown_terms": archive.unknown_terms,
        "archive_size": float(np.log10(1 + archive.passages)) / 4,
        "why": float(question.expects is Expects.REASON),
        "question_terms": min(len(set(terms(question.resolved))), 20) / 10,
        **asked_for(question, top_sentences, f"{best_passage.header} {best_passage.text}"),
    }
    named = dict(zip(FEATURES, best.tolist(), strict=True))
    row = np.asarray([values.get(name, named.get(name, 0.0)) for name in ANSWERABLE_FEATURES], dtype=np.float32)
    return np.concatenate([row, row * values["archive_size"]])


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The packaged reader."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    if tuple(data["features"]) != FEATURES or tuple(data["answerable_features"]) != ANSWERABLE_FEATURES:
        raise ValueError(f"{WEIGHTS} was trained on other features: run `make train-reader`.")

    def vector(values: object) -> Vectors:
        return np.asarray(values, dtype=np.float32)

    sentences, answerable = data["sentences"], data["answerable"]
    return Reader(
        sentences=Perceptron(**{name: vector(values) for name, values in sentences.items()}),
        answerable=Logistic(
            mean=vector(answerable["mean"]),
            scale=vector(answerable["scale"]),
            weights=vector(answerable["weights"]),
            bias=float(answerable["bias"]),
        ),
        threshold=float(data["threshold"]),
        doubt=float(data["doubt"]),
    )
