"""Fit the refusal: boosted trees over what the best candidates look like, Platt scaling, and the cut-off.

The trees learn from questions scored by readers that had not learned from them, but judge the final reader, which knows more. How
much surer its scores are is measured on invented newsletters: their train part scored out of fold, and their test part, which
is in no figure, scored by the final reader.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.reader.model import BoostedTrees
from benchmarks.training.data import FOLDS, INVENTED
from benchmarks.training.examples import Example
from benchmarks.training.measuring import calibration_error

WRONGLY_REFUSED = 0.047
# Of a hundred questions as many have an answer: between the shared questions' 69 and the test part's 60
ANSWERABLE_SHARE = 0.65
# There are as many invented questions as of real archives, and they are harder than readers' are
INVENTED_SHARE = 0.3
TOGETHER = 4
TREES = {
    "max_features": 0.4,
    "max_depth": 3,
    "max_iter": 300,
    "learning_rate": 0.06,
    "l2_regularization": 3.0,
    "min_samples_leaf": 40,
}
WEIGHTS = {"elsewhere": 0.2, "removed": 0.2, "small": 0.7, "": 1.0}


def train_answerable(
    examples: list[Example], rows: list[np.ndarray], unseen: list[Example], unseen_rows: list[np.ndarray]
) -> tuple[BoostedTrees, float]:
    """Boosted trees: does the archive answer, judged by the best candidates; and the cut-off.

    `rows` are the examples' features from scorers that never saw their fold, `unseen` questions of invented newsletters that
    nothing has learned from, with the final reader's. The cut-off is the probability below which `WRONGLY_REFUSED` of the real
    archives' answerable questions fall, out of fold.
    """
    kept = [i for i, e in enumerate(examples) if e.right.any() or not e.item.answerable]
    values = np.stack([rows[i] for i in kept])
    labels = np.array([examples[i].item.answerable for i in kept])
    folds = np.array([examples[i].fold for i in kept])
    invented = np.array([examples[i].item.archive == INVENTED for i in kept])
    weights = np.array([WEIGHTS[examples[i].made] for i in kept]) * np.where(invented, INVENTED_SHARE, 1.0)
    asked = np.array([not examples[i].made for i in kept])
    honest = np.zeros(len(labels))
    for fold in range(FOLDS):
        held = folds == fold
        honest[held] = _logits(_forests(values[~held], labels[~held], weights[~held]), values[held])
    several = _forests(values, labels, weights)
    final, answered = _logits(several, np.stack(unseen_rows)), np.array([e.item.answerable for e in unseen])
    surer = _platt(final, answered)[0] / _platt(honest[asked & invented], labels[asked & invented])[0]
    real = asked & ~invented
    slope, bias = _platt(honest[real], labels[real])
    slope *= surer
    probabilities = 1 / (1 + np.exp(-(slope * honest[real] + bias)))
    threshold = float(np.quantile(probabilities[labels[real]], WRONGLY_REFUSED))
    print(
        f"out of fold: {np.mean(probabilities[~labels[real]] < threshold):.3f} rightly refused at {WRONGLY_REFUSED} wrongly, "
        f"calibration error {calibration_error(list(zip(probabilities, labels[real].astype(float), strict=True)))}, "
        f"{real.sum()} questions; the final reader is {surer:.2f} times as sure",
        flush=True,
    )
    return _exported(several, slope, bias), threshold


def _logits(several: list[Any], values: np.ndarray) -> np.ndarray:
    return np.asarray(np.mean([one.decision_function(values) for one in several], axis=0))


def _platt(logits: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Slope and bias of Platt scaling, where `ANSWERABLE_SHARE` of the questions had an answer."""
    slopes, bias = platt(logits[:, None], labels)
    return float(slopes[0]), bias


def platt(values: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Slopes and bias of a logistic regression over columns, where `ANSWERABLE_SHARE` of the questions had an answer."""
    from sklearn.linear_model import LogisticRegression

    share = labels.mean()
    balance = np.where(labels, ANSWERABLE_SHARE / share, (1 - ANSWERABLE_SHARE) / (1 - share))
    fitted = LogisticRegression(C=1e6).fit(values, labels, sample_weight=balance)
    return fitted.coef_[0], float(fitted.intercept_[0])


def weighed_beside_the_first(values: np.ndarray, labels: np.ndarray) -> tuple[list[float], float]:
    """Weights and bias by which columns change the log odds in the first of them (logistic regression), set so that this one alone
    would stay as it is: invented newsletters are harder than others."""
    slope, bias = platt(values[:, :1], labels)
    weights, shift = platt(values, labels)
    return [float(weight) for weight in weights / slope], float((shift - bias) / slope[0])


def _forests(values: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> list[Any]:
    """Several boosted models, each of which sees other features at each split."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return [
        HistGradientBoostingClassifier(**TREES, random_state=seed).fit(values, labels, sample_weight=weights)
        for seed in range(TOGETHER)
    ]


def _exported(models: list[Any], slope: float, bias: float) -> BoostedTrees:
    """The mean of scikit-learn's boosted models as plain arrays of trees."""
    parts: list[Any] = [trees[0].nodes for model in models for trees in model._predictors]
    baseline = float(np.mean([np.ravel(model._baseline_prediction)[0] for model in models]))
    roots = np.cumsum([0, *(len(nodes) for nodes in parts)])[:-1]
    nodes = np.concatenate(parts)
    shift = np.repeat(roots, [len(part) for part in parts])
    leaf = nodes["is_leaf"].astype(bool)
    return BoostedTrees(
        roots=roots.astype(np.int64),
        feature=np.where(leaf, -1, nodes["feature_idx"].astype(np.int64)),
        cut=np.where(leaf, 0.0, nodes["num_threshold"]).astype(np.float32),
        left=np.where(leaf, 0, nodes["left"].astype(np.int64) + shift),
        right=np.where(leaf, 0, nodes["right"].astype(np.int64) + shift),
        value=np.where(leaf, nodes["value"] / len(models), 0.0).astype(np.float32),
        slope=slope,
        bias=bias + slope * baseline,
    )
