"""Train the gate's model (`assistant/checking/weights.json`), about five minutes on one core.

    python -m benchmarks.training.verification

Learns from `benchmarks/verification/development.jsonl` and `training.jsonl` (written by hand), and, with small weight, from
sentences of the archives: edits that say no more than the sentence, and rule-made faults. `final.jsonl` and its newsletters
are never read for training. The cut-off is chosen on held-out folds (by newsletter), and `--final` prints the figures there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.checking.analysis import analyse
from assistant.checking.features import features
from assistant.checking.words import fold
from assistant.verification import WEIGHTS, ruled_out
from benchmarks.training.corruption import corruptions, light_edits
from benchmarks.training.data import archive_passages

PAIRS = Path(__file__).resolve().parents[1] / "verification"
ARCHIVES = ("optech-2018-2021", "lwkd-2018-2021", "haskell-weekly-2016-2018", "digital-gov-2013-2016")
MADE, FOLDS, SEEDS = 1500, 10, 3
MADE_SUPPORTED, MADE_FAULTY = 0.6, 0.25
CAUGHT = 0.95


@dataclass(frozen=True)
class Row:
    """One sentence with its evidence, folded; `made` by rule or written by hand."""

    newsletter: str
    sentence: str
    evidence: tuple[str, ...]
    supported: bool
    kind: str
    made: bool = False

    @property
    def fold(self) -> int:
        """The held-out part that the row belongs to, decided by its newsletter."""
        return int(hashlib.md5(self.newsletter.encode()).hexdigest(), 16) % FOLDS


def read_pairs(name: str) -> list[Row]:
    """The pairs of a file beside `benchmarks/verification`."""
    records = [json.loads(line) for line in (PAIRS / name).read_text(encoding="utf-8").splitlines()]
    return [
        Row(
            f"{r['archive']}/{r['newsletter']}",
            fold(r["sentence"]),
            tuple(fold(e) for e in r["evidence"]),
            r["supported"],
            r["kind"],
        )
        for r in records
    ]


def made_rows(kept_out: set[str], rng: random.Random) -> list[Row]:
    """Rows made by rule from sentences of newsletters that no labelled file uses."""
    rows: list[Row] = []
    sentences = list(_sentences(kept_out))
    rng.shuffle(sentences)
    for number, (newsletter, text) in enumerate(sentences):
        if len(rows) >= MADE:
            break
        evidence = (text,) if number % 3 else (text, sentences[number - 1][1])
        analysis = analyse([text])[0]
        edits = [fold(edit) for edit in light_edits(analysis)]
        rng.shuffle(edits)
        good = [Row(newsletter, edit, evidence, True, "light", True) for edit in edits[:2]]
        if not good:
            continue
        faults = list(corruptions(analysis, rng)) + list(corruptions(analyse([edits[0]])[0], rng))
        rng.shuffle(faults)
        bad = [Row(newsletter, fold(faulty), evidence, False, kind, True) for kind, faulty in faults[:3]]
        rows += [row for row in (*good, *bad) if row.sentence != text and not ruled_out(row.sentence, row.evidence)]
    return rows


def _sentences(kept_out: set[str]) -> Iterator[tuple[str, str]]:
    for archive in ARCHIVES:
        for passage in archive_passages(archive):
            newsletter = f"{archive}/{passage.newsletter_id}"
            if newsletter in kept_out:
                continue
            for i in range(len(passage.sentences)):
                text = fold(passage.sentence(i))
                if 8 <= len(text.split()) <= 35:
                    yield newsletter, text


def table(rows: list[Row]) -> tuple[list[str], np.ndarray]:
    """The features of every row and their names."""
    values = []
    for row in rows:
        sentence, *evidence = analyse([row.sentence, *row.evidence])
        values.append(features(sentence, evidence))
    names = list(values[0])
    return names, np.array([[value[name] for name in names] for value in values], dtype=np.float32)


def model(seed: int) -> Any:
    """A fresh learner."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.05,
        max_leaf_nodes=10,
        min_samples_leaf=8,
        l2_regularization=3.0,
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
    """Fit, choose the cut-off on held-out folds, and write the weights."""
    rng = random.Random(5)
    natural = read_pairs("development.jsonl") + read_pairs("training.jsonl")
    kept_out = {row.newsletter for row in (*natural, *read_pairs("final.jsonl"))}
    rows = natural + made_rows(kept_out, rng)
    names, values = table(rows)
    truth = np.array([row.supported for row in rows])
    weight = np.array([1.0 if not r.made else MADE_SUPPORTED if r.supported else MADE_FAULTY for r in rows])
    open_ = np.array([not ruled_out(row.sentence, row.evidence) for row in rows])
    folds = np.array([row.fold for row in rows])
    scores = np.zeros(len(rows))
    for held in range(FOLDS):
        known, asked = (folds != held) & open_, folds == held
        for seed in range(SEEDS):
            fitted = model(seed).fit(values[known], truth[known], weight[known])
            scores[asked] += fitted.predict_proba(values[asked])[:, 1] / SEEDS
    scores[~open_] = 0.0
    scores[[row.sentence in row.evidence for row in rows]] = 1.0
    hand = np.array([not row.made for row in rows])
    threshold = float(np.quantile(scores[hand & ~truth], CAUGHT))
    kept = float((scores[hand & truth] > threshold).mean())
    light = float((scores[~hand & truth] > threshold).mean())
    print(f"cut-off {threshold:.3f}: supported kept {kept:.3f} on held-out folds, light edits kept {light:.3f}")
    models = [model(seed).fit(values[open_], truth[open_], weight[open_]) for seed in range(SEEDS)]
    document = {"features": names, "threshold": round(threshold, 4), "forest": export(models, names)}
    WEIGHTS.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")


def report(name: str) -> None:
    """Print how the packaged gate does on a labelled file."""
    from assistant.verification import check_sentence

    rows = read_pairs(name)
    found = [(row, check_sentence(row.sentence, row.evidence)) for row in rows]
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
    said = parser.parse_args()
    if said.report:
        report(said.report)
    else:
        train()


if __name__ == "__main__":
    main()
