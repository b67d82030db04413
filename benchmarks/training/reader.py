"""Fit the scorer and the refusal to the joint reader's scores: which sentence answers, and whether any does.

    python -m benchmarks.training.reader --cache FOLDER

Both learn from scores of joint readers that never saw a question's fold (`joint.py --fold`), for scores that were trained to
be right say nothing of scores that will be met; likewise the refusal from a scorer that never saw it. The figures printed are of
the test part, read by the final joint reader.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.reader.model import WEIGHTS, Perceptron, Reader, answerable_features
from benchmarks.training.asked import Asked
from benchmarks.training.data import FOLDS
from benchmarks.training.examples import Example, examples
from benchmarks.training.measuring import report
from benchmarks.training.perceptron import train_sentences
from benchmarks.training.refusal import train_answerable
from benchmarks.training.weights_file import write

DOUBT = 0.15


def fit(training: list[Example]) -> Reader:
    """The reader fitted to examples of the train part."""
    sentences = train_sentences(training)
    answerable, threshold = train_answerable(training, out_of_fold_rows(training))
    return Reader(sentences, answerable, threshold, min(0.95, threshold + DOUBT))


def out_of_fold_rows(training: Sequence[Example]) -> list[np.ndarray]:
    """Each example's answerable features, scored by a perceptron that never saw its fold."""
    rows: list[np.ndarray] = [np.zeros(0)] * len(training)
    for fold in range(FOLDS):
        sentences = train_sentences([e for e in training if e.fold != fold])
        for number, e in enumerate(training):
            if e.fold == fold:
                rows[number] = _row(e, sentences)
    return rows


def _row(e: Example, sentences: Perceptron) -> np.ndarray:
    scores = sentences.scores(e.features.values)
    return answerable_features(e.parsed, e.passages, e.features, scores, e.archive)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/newsletter-training"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    asked: list[Asked] = pickle.loads((options.cache / "asked.pickle").read_bytes())
    scores: dict[int, list[np.ndarray]] = {}
    for fold in range(FOLDS):
        scores |= pickle.loads((options.cache / f"fold{fold}.pickle").read_bytes())
    kept = [n for n, one in enumerate(asked) if one.fold >= 0]
    training = list(examples([asked[n] for n in kept], [scores[n] for n in kept], options.cache))
    reader = fit(training)
    write(reader, options.out)
    tests = [one for one in asked if one.fold < 0]
    print(json.dumps(report(list(examples(tests, [None] * len(tests), options.cache)), reader), indent=1))


if __name__ == "__main__":
    main()
