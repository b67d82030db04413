"""Train the gate's model (`assistant/checking/weights.json`), about ten minutes on one core.

    python -m benchmarks.training.verification

Learns from all labelled pairs of `benchmarks/verification` but `more-2.jsonl` and `more-3.jsonl`, which are the pair reader's, and
`final.jsonl` and `untouched.jsonl`, which neither learns from. What a pair reader that has not learned from a pair's newsletter says of
it stands in `pair-scores.json` (`benchmarks/training/pair_reader.py` makes it); pairs that have no score there are left out.
The cut-off is chosen on held-out parts (by newsletter or publication), and `--report final.jsonl` prints the figures there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant.checking.analysis import analyse, forget
from assistant.checking.features import features
from assistant.checking.words import fold
from assistant.verification import PAIR, WEIGHTS, prepared, ruled_out
from benchmarks.training.data import INVENTED, publication

PAIRS = Path(__file__).resolve().parents[1] / "verification"
SCORES = PAIRS / "pair-scores.json"
NATURAL = ("development.jsonl", "training.jsonl", "further.jsonl", "pairs.jsonl", "more.jsonl")
# For the pair reader only: so many, and so hard, that they would outweigh what is like a model's sentences
OTHERS = ("more-2.jsonl", "more-3.jsonl")
SEEDS, PARTS = 3, 3
# The pairs written first are fewer and more like what models write; the later ones tell wording from meaning
EARLIER, CAUGHT = 3.0, 0.99


@dataclass(frozen=True)
class Row:
    """One sentence with its evidence, folded; `wording` is `near` or `far` in the later pairs."""

    id: str
    newsletter: str
    sentence: str
    evidence: tuple[str, ...]
    supported: bool
    kind: str
    wording: str = ""

    @property
    def together(self) -> str:
        """What is held out as one: the newsletter, of invented ones the publication."""
        archive, _, name = self.newsletter.partition("/")
        return publication(name) if archive == INVENTED else self.newsletter

    @property
    def part(self) -> int:
        """The held-out part that the row belongs to, decided by what is held out together."""
        return int(hashlib.sha256(f"gate {self.together}".encode()).hexdigest(), 16) % PARTS


def read_pairs(name: str) -> list[Row]:
    """The pairs of a file beside `benchmarks/verification`."""
    records = [json.loads(line) for line in (PAIRS / name).read_text(encoding="utf-8").splitlines()]
    return [
        Row(
            r["id"],
            f"{r['archive']}/{r['newsletter']}",
            fold(r["sentence"]),
            tuple(fold(e) for e in r["evidence"]),
            r["supported"],
            r["kind"],
            r.get("wording", ""),
        )
        for r in records
    ]


def table(rows: Sequence[Row], scores: dict[str, float]) -> tuple[list[str], np.ndarray]:
    """The features of every row and their names; the pair reader's from `scores`."""
    values = []
    for number, row in enumerate(rows):
        sentence, *evidence = analyse([row.sentence, *prepared(row.sentence, row.evidence)])
        values.append(features(sentence, evidence) | {PAIR: scores[row.id]})
        if number % 1000 == 999:
            print(f"{number + 1} of {len(rows)} pairs read", flush=True)
    names = list(values[0])
    return names, np.array([[value[name] for name in names] for value in values], dtype=np.float32)


def model(seed: int) -> Any:
    """A fresh learner."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=400,
        learning_rate=0.04,
        max_leaf_nodes=16,
        min_samples_leaf=20,
        l2_regularization=10.0,
        max_features=0.3,
        random_state=seed,
    )


def export(models: list[Any], names: list[str]) -> dict[str, Any]:
    """The trees of several learners as plain arrays; their mean logit is the forest's."""
    out: dict[str, list[Any]] = {name: [] for name in ("roots", "feature", "cut", "left", "right", "value")}
    bias = 0.0
    for learner in models:
        bias += float(np.ravel(learner._baseline_prediction)[0]) / len(models)
        for (tree,) in learner._predictors:
            first = len(out["feature"])
            out["roots"].append(first)
            for node in tree.nodes:
                leaf = bool(node["is_leaf"])
                out["feature"].append(-1 if leaf else int(node["feature_idx"]))
                out["cut"].append(0.0 if leaf else float(f"{node['num_threshold']:.6g}"))
                out["left"].append(0 if leaf else first + int(node["left"]))
                out["right"].append(0 if leaf else first + int(node["right"]))
                out["value"].append(float(f"{node['value'] / len(models):.5g}") if leaf else 0.0)
    return {**out, "boosted": len(out["roots"]), "bias": bias}


def train() -> None:
    """Fit, choose the cut-off on held-out parts, and write the weights."""
    pair_scores = json.loads(SCORES.read_text(encoding="utf-8"))
    rows = [row for name in NATURAL for row in read_pairs(name) if row.id in pair_scores]
    names, values = table(rows, pair_scores)
    truth = np.array([row.supported for row in rows])
    weight = np.array([1.0 if row.wording else EARLIER for row in rows])
    open_ = np.array([not ruled_out(row.sentence, row.evidence) for row in rows])
    known = open_ & ~np.array([row.sentence in row.evidence for row in rows])
    parts = np.array([row.part for row in rows])
    scores = np.zeros(len(rows))
    for held in np.unique(parts):
        asked = parts == held
        for seed in range(SEEDS):
            fitted = model(seed).fit(values[known & ~asked], truth[known & ~asked], weight[known & ~asked])
            scores[asked] += fitted.predict_proba(values[asked])[:, 1] / SEEDS
    scores[~open_] = 0.0
    scores[open_ & ~known] = 1.0
    threshold = float(np.quantile(scores[~truth], CAUGHT))
    held_out(rows, scores, threshold)
    models = [model(seed).fit(values[known], truth[known], weight[known]) for seed in range(SEEDS)]
    document = {"features": names, "threshold": round(threshold, 4), "forest": export(models, names)}
    WEIGHTS.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


def held_out(rows: Sequence[Row], scores: np.ndarray, threshold: float) -> None:
    """Print the shares on the held-out parts: of the earlier pairs, and of the later ones by wording."""
    print(f"cut-off {threshold:.3f}")
    truth = np.array([row.supported for row in rows])
    for wording in ("", "near", "far"):
        here = np.array([row.wording == wording for row in rows])
        kept, caught = scores[here & truth] >= threshold, scores[here & ~truth] < threshold
        ideal = float((scores[here & truth] > np.quantile(scores[here & ~truth], 0.95)).mean())
        print(
            f"  {wording or 'earlier pairs'}: unsupported caught {caught.mean():.3f} of {len(caught)}, "
            f"supported kept {kept.mean():.3f} of {len(kept)} ({ideal:.3f} where 95 % were caught)"
        )


def report(name: str) -> None:
    """Print how the packaged gate does on a labelled file."""
    from assistant.checking.large_reader import load_large_reader
    from assistant.checking.pair_reader import load_pair_reader
    from assistant.verification import check_sentence

    rows = read_pairs(name)
    for row in rows:
        check_sentence(row.sentence, row.evidence)
    forget()
    load_pair_reader().forget()
    if (large := load_large_reader()) is not None:
        large.forget()
    # A writer's evidence is read once for all the sentences written from it
    for row in rows:
        analyse(list(row.evidence))
    began = time.perf_counter()
    found = [(row, check_sentence(row.sentence, row.evidence)) for row in rows]
    print(f"{(time.perf_counter() - began) / len(rows) * 1000:.1f} ms a sentence, warm, its evidence known")
    kept = [v.supported for row, v in found if row.supported]
    caught = [not v.supported for row, v in found if not row.supported]
    print(
        f"{name}: unsupported caught {np.mean(caught):.3f} of {len(caught)}, supported kept {np.mean(kept):.3f} of {len(kept)}"
    )
    for supported in (True, False):
        kinds = sorted({row.kind for row in rows if row.supported is supported})
        shares = (
            f"{k} {np.mean([v.supported is supported for row, v in found if row.kind == k and row.supported is supported]):.2f}"
            for k in kinds
        )
        print("  supported kept:" if supported else "  unsupported caught:", ", ".join(shares))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", help="only print the figures on this file of benchmarks/verification")
    parser.add_argument("--small", action="store_true", help="as where the large encoder is not installed")
    said = parser.parse_args()
    if said.report:
        missing = patch("assistant.verification.load_large_reader", lambda: None)
        with missing if said.small else nullcontext():
            report(said.report)
    else:
        train()


if __name__ == "__main__":
    main()
