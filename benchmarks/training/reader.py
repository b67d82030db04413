"""Fit the scorer and the refusal to the joint reader's scores: which sentence answers, and whether any does.

    python -m benchmarks.training.reader --cache FOLDER

Both learn from scores of joint readers that never saw a question's fold (`joint.py --fold`), for scores that were trained to
be right say nothing of scores that will be met; likewise the refusal from a scorer that never saw it. The figures printed are of
the real archives' test part, read by the final joint reader.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.reader.features import FEATURES, UNREAD
from assistant.reader.model import WEIGHTS, Perceptron, Reader, answerable_features
from benchmarks.training.asked import Asked
from benchmarks.training.data import FOLDS, INVENTED
from benchmarks.training.examples import Example, examples
from benchmarks.training.measuring import report
from benchmarks.training.perceptron import train_sentences
from benchmarks.training.refusal import train_answerable
from benchmarks.training.second_look import UNWEIGHED, fit_second_look
from benchmarks.training.weights_file import write

DOUBT = 0.15
JOINT, BEHIND = FEATURES.index("joint"), FEATURES.index("joint_behind_best")


def fit(training: list[Example], unseen: list[Example]) -> Reader:
    """The reader fitted to examples of the train part, and to how the final joint reader scores invented `unseen` ones."""
    on_the_final_scale(training, unseen)
    sentences = train_sentences(training)
    answerable, threshold = train_answerable(
        training, out_of_fold_rows(training), unseen, [_row(e, sentences) for e in unseen]
    )
    first = Reader(sentences, answerable, UNWEIGHED, None, threshold, min(0.95, threshold + DOUBT))
    return replace(first, second_look=fit_second_look(unseen, first))


def on_the_final_scale(training: Sequence[Example], unseen: Sequence[Example]) -> None:
    """Stretch the joint scores of `training`, in place, to lie where the final joint reader's do.

    The line that takes the quantiles of invented questions' best scores nearest to those of `unseen`, of the answerable and of
    the others.
    """
    shares = np.linspace(0.02, 0.98, 49)
    before: list[np.ndarray] = []
    after: list[np.ndarray] = []
    for answerable in (True, False):
        for part, quantiles in ((training, before), (unseen, after)):
            best = [
                e.features.values[:, JOINT].max()
                for e in part
                if e.item.archive == INVENTED and not e.made and e.item.answerable == answerable
            ]
            quantiles.append(np.quantile(best, shares))
    slope, shift = np.polyfit(np.concatenate(before), np.concatenate(after), 1)
    for e in training:
        joint = e.features.values[:, JOINT]
        was_read = joint > UNREAD
        joint[was_read] = np.clip(slope * joint[was_read] + shift, UNREAD, -UNREAD)
        e.features.values[:, BEHIND] = joint.max() - joint


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
    unseen = [one for one in asked if one.fold < 0]
    tests = list(examples(unseen, [None] * len(unseen), options.cache))
    reader = fit(training, [e for e in tests if e.item.archive == INVENTED])
    write(reader, options.out)
    print(json.dumps(report([e for e in tests if e.item.archive != INVENTED], reader), indent=1))


if __name__ == "__main__":
    main()
