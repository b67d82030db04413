"""Fit how much the cross-encoder counts (`assistant.reranking`), into the reader's `weights.json`.

    python -m benchmarks.training.reranking --cache FOLDER

`FOLDER` is the one of `reader.py`. Learned, as the second look is, from questions on invented newsletters of the test part, of which the
cross-encoder knows nothing, and set so that the first chance alone would stay as it is. The cut-off is where fewer than `REFUSED` of a
hundred answerable questions are refused, of the archives' test part and of the archive left out.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from assistant.reader.cross_encoder import load_cross_encoder
from assistant.reader.joint import load_joint_reader
from assistant.reader.model import WEIGHTS, Reader, load_reader
from assistant.reader.odds import probability_of
from assistant.reader.weighing import Reranking, SecondLook
from assistant.reranking import cross_scores
from assistant.second_look import ranked_anew
from benchmarks.training.asked import Asked
from benchmarks.training.data import HELD_OUT, INVENTED
from benchmarks.training.examples import Example, examples, first_reading
from benchmarks.training.refusal import weighed_beside_the_first

REFUSED, DOUBT = 5, 0.15
# As flat as the second look leaves them: `choose` quotes as many sentences as before, and answers as often
HALF = 0.5


def fit(unseen: Sequence[Example], reader: Reader) -> Reranking:
    """The weights by which what the cross-encoder says changes the chance that a question is answered."""
    answered = np.array([e.item.answerable for e in unseen])
    values = np.array([_values(e, reader) for e in unseen])
    (odds, best_joint, best_cross), bias = weighed_beside_the_first(values, answered)
    return Reranking(HALF, HALF, odds, best_joint, best_cross, bias)


def _values(e: Example, reader: Reader) -> tuple[float, float, float]:
    """The log odds of the first chance, and the highest scores of the joint reader and of the cross-encoder."""
    cross = load_cross_encoder()
    assert cross is not None, "all-mpnet-base-v2 is not installed"
    first = first_reading(e, reader)
    if not first.ranked:
        return -10.0, -10.0, -10.0
    again = ranked_anew(e.parsed, first, reader.second_look, load_joint_reader())
    return SecondLook.logit(first.confidence), again.best_joint, max(cross_scores(e.parsed, again, cross))


def cut_off(tests: Sequence[Example], reader: Reader, weights: Reranking) -> float:
    """The confidence below which fewer than `REFUSED` of a hundred answerable questions lie, of all and of the archive left out."""
    asked = [e for e in tests if e.item.answerable]
    chances = np.array(
        [weights.confidence(probability_of(v[0]), v[1], v[2]) for v in (_values(e, reader) for e in asked)]
    )
    left_out = np.array([e.item.archive == HELD_OUT for e in asked])
    return min(float(np.percentile(some, REFUSED)) for some in (chances, chances[left_out]))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/newsletter-training"))
    parser.add_argument("--limit", type=int, help="only so many questions, to try whether it runs")
    said = parser.parse_args()
    asked: list[Asked] = pickle.loads((said.cache / "asked.pickle").read_bytes())
    unseen = [one for one in asked if one.fold < 0 and not one.made][: said.limit]
    tests = list(examples(unseen, [None] * len(unseen), said.cache))
    reader = load_reader()
    weights = fit([e for e in tests if e.item.archive == INVENTED], reader)
    threshold = cut_off([e for e in tests if e.item.archive != INVENTED], reader, weights)
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    data["reranking"] = {
        "weights": {name: round(weight, 4) for name, weight in asdict(weights).items()},
        "threshold": round(threshold, 4),
        "doubt": round(threshold + DOUBT, 4),
    }
    WEIGHTS.write_text(json.dumps(data) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
