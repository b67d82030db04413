"""The reader's weights: which sentence answers (a small multilayer perceptron), and whether any does (boosted trees).

The weights are data (`weights.json`), made by `make train-reader`; see `MODEL_CARD.md` beside them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.asking.sought_name import sought_name
from assistant.errors import AssistantError
from assistant.mpnet.weights import parts
from assistant.question import Expects, ParsedQuestion
from assistant.reader.asked import asked_for, premises
from assistant.reader.features import FEATURES, CandidateFeatures
from assistant.reader.odds import probability_of
from assistant.reader.weighing import Reranking, SecondLook
from assistant.trees import leaf_values
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
    "identifiers_outside_sentence",
    "identifiers_outside_three",
    "identifiers_outside_passage",
    "identifiers_nowhere",
    "names_outside_sentence",
    "names_outside_passage",
    "names_nowhere",
    "person_in_sentence",
    "person_lacking",
    "share_lacking",
    "duration_lacking",
    "year_lacking",
    "covered_by_three",
    "rarest_outside_passage",
    "rarest_nowhere",
    "who",
    "how_many",
    "when",
    "manner",
    "yes_no",
    "negative",
    "joint",
    "joint_best",
    "joint_second",
    "joint_mass",
    "continues",
    "own_words_covered",
    "own_words_in_sentence",
)


FOREIGN = 0.1
# A cosine: of 3 400 answered questions of test parts, none had so unlike a best sentence in an archive of some size
UNLIKE = 0.27
SEES_SOMETHING = -3.0
# Of log10 of the passages, by four: about 300
SOME_SIZE = 0.62


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """What confidence depends on besides the passages: how many there are, the share (by rarity) of the question's
    terms that occur in none of them, and the rarity (inverse document frequency) of a term."""

    passages: int
    unknown_terms: float
    idf: Callable[[str], float]


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
class BoostedTrees:
    """A calibrated probability from gradient-boosted trees (Friedman, Annals of Statistics 2001).

    The trees' nodes stand one behind the other in equally long arrays; `roots` are the first of each tree. A leaf has
    feature -1 and its `value`; other nodes go `left` where the feature is at most `cut`, else `right`. The sum of the
    leaves, `slope` times it plus `bias`, is the logit (Platt scaling).
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    cut: Vectors
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Vectors
    slope: float
    bias: float

    def probability(self, values: Vectors) -> float:
        """Probability (0 to 1) for one row of features."""
        logit = self.slope * float(leaf_values(self, values).sum()) + self.bias
        return probability_of(logit)


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """The trained models and the cut-off below which nothing is answered; no `reranking` where the larger encoder is not installed."""

    sentences: Perceptron
    answerable: BoostedTrees
    second_look: SecondLook
    reranking: Reranking | None
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
        row = answerable_features(question, passages, features, scores, archive)
        probability = self.answerable.probability(row)
        return min(probability, FOREIGN) if is_foreign(row) and not tells_of_name(question, row) else probability


def is_foreign(row: Vectors) -> bool:
    """Whether a question is of another field: likeness is lacking and the joint reader is not sure either (in a small archive sees
    nothing), or, in an archive of some size, the question's words are, or it sees nothing and likeness or some of the words are."""
    value = dict(zip(ANSWERABLE_FEATURES, row.tolist(), strict=True))
    likeness, joint = value["best_cosine"], value["joint_best"]
    has_some_size = value["archive_size"] >= SOME_SIZE
    if likeness < UNLIKE and joint < (0 if has_some_size else -3):
        return True
    if not has_some_size:
        return False
    unlike = (likeness < 0.38 and joint < -5) or (likeness < 0.44 and joint < -6.2)
    unknown = value["unknown_terms"]
    return bool(unlike or (unknown >= 0.4 and joint < -3.5) or (unknown >= 0.8 and joint < 1))


def tells_of_name(question: ParsedQuestion, row: Vectors) -> bool:
    """Whether a question is nothing but a name, which stands in the best sentence, and the joint reader sees something there:
    a short text on an unusual name is like no sentence."""
    value = dict(zip(ANSWERABLE_FEATURES, row.tolist(), strict=True))
    sought = sought_name(question.resolved)
    has_it = value["unknown_terms"] == 0 and value["covered_by_sentence"] >= 1
    return sought is not None and not sought.is_plain and has_it and value["joint_best"] > SEES_SOMETHING


def answerable_features(
    question: ParsedQuestion,
    passages: Sequence[RetrievedPassage],
    features: CandidateFeatures,
    scores: Vectors,
    archive: ArchiveView,
) -> Vectors:
    """The row that `Reader.answerable` judges, in the order of `ANSWERABLE_FEATURES`."""
    order = np.argsort(-scores)
    top_sentences = [
        passages[features.candidates[i].passage].passage.sentence(features.candidates[i].sentence) for i in order[:3]
    ]
    best_passage = passages[features.candidates[order[0]].passage].passage
    texts = [f"{best_passage.header} {best_passage.text}", *(f"{p.passage.header} {p.passage.text}" for p in passages)]
    best = features.values[order[0]]
    top = np.concatenate([scores[order[:3]], np.full(3, scores[order[-1]], dtype=np.float32)])[:3]
    shares = np.exp(scores - scores.max())
    joint = np.sort(features.values[:, FEATURES.index("joint")])[::-1]
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
        "joint_best": float(joint[0]),
        "joint_second": float(joint[:2][-1]),
        "joint_mass": float(np.log(np.exp(joint).sum())),
        **asked_for(question, top_sentences, texts[0]),
        **premises(question, top_sentences, best_passage.header, texts, archive.idf),
    }
    named = dict(zip(FEATURES, best.tolist(), strict=True))
    return np.asarray([values.get(name, named.get(name, 0.0)) for name in ANSWERABLE_FEATURES], dtype=np.float32)


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The packaged reader."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    if tuple(data["features"]) != FEATURES or tuple(data["answerable_features"]) != ANSWERABLE_FEATURES:
        raise AssistantError(
            f"{WEIGHTS} does not fit this version: install newsletter-assistant again, or run `make train-reader`."
        )

    def vector(values: object) -> Vectors:
        return np.asarray(values, dtype=np.float32)

    sentences, trees = data["sentences"], data["answerable"]
    # None yet where the scorer was just trained (`benchmarks/training/run.py`)
    reranking = data.get("reranking") if parts() is not None else None
    decides = reranking or data
    return Reader(
        sentences=Perceptron(**{name: vector(values) for name, values in sentences.items()}),
        answerable=BoostedTrees(
            **{name: np.asarray(trees[name], dtype=np.int64) for name in ("roots", "feature", "left", "right")},
            cut=vector(trees["cut"]),
            value=vector(trees["value"]),
            slope=float(trees["slope"]),
            bias=float(trees["bias"]),
        ),
        second_look=SecondLook(**{name: float(weight) for name, weight in data["second_look"].items()}),
        reranking=Reranking(**reranking["weights"]) if reranking else None,
        threshold=float(decides["threshold"]),
        doubt=float(decides["doubt"]),
    )
