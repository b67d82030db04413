"""Train the reader: which sentence answers, and whether any does.

    python -m benchmarks.training.reader --cache FOLDER

The scorer and the refusal are fitted on the repository's own questions, which the encoder's adapter and the joint reader
never saw: they must not learn from scores that were trained to be right.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from assistant.evidence import JOINTLY_READ, choose, read, retrieve, unknown_share
from assistant.question import ParsedQuestion, parse_question
from assistant.reader.features import FEATURES, CandidateFeatures, candidate_features
from assistant.reader.model import (
    ANSWERABLE_FEATURES,
    WEIGHTS,
    ArchiveView,
    BoostedTrees,
    Perceptron,
    Reader,
    answerable_features,
)
from benchmarks.training.archive import JointScores, open_archive, small_archive
from benchmarks.training.data import HELD_OUT, Item, gold_sentences, hits, load_items
from index.passage import RetrievedPassage
from index.retriever import Retriever

ADAPTER = Path(__file__).resolve().parents[2] / "index" / "reader"
HIDDEN, TOGETHER, EPOCHS, FOLDS, WRONGLY_REFUSED = 24, 5, 250, 5, 0.035
# As many of a hundred questions as the shared question files answer: what confidence counts on
ANSWERABLE_SHARE = 0.69
TREES = {
    "max_features": 0.5,
    "max_depth": 2,
    "max_iter": 200,
    "learning_rate": 0.06,
    "l2_regularization": 2.0,
    "min_samples_leaf": 20,
}
MADE_WEIGHTS = {"elsewhere": 0.2, "removed": 0.2}


@dataclass(frozen=True, eq=False)
class Example:
    """A question with its retrieved passages, features, and which candidates are right."""

    item: Item
    parsed: ParsedQuestion
    passages: list[RetrievedPassage]
    features: CandidateFeatures
    right: np.ndarray
    archive: ArchiveView
    retriever: Retriever
    joint: list[np.ndarray]
    previous: str
    made: str = ""


def example(item: Item, joint: JointScores, cache: Path, *, small: bool = False) -> Example:
    """The example made of a question, read through an adapter; `small` asks it of a few newsletters only."""
    retriever = open_archive(item.archive, ADAPTER, cache)
    if small:
        chooser = random.Random(str(item.record["id"]))
        everything = sorted(retriever.snapshot.newsletters)
        own = {str(item.record["newsletter"])} & set(everything)
        others = chooser.sample(everything, chooser.choice([0, 0, 1, 3, 8]) if own else chooser.choice([1, 2, 4, 9]))
        retriever = small_archive(item.archive, ADAPTER, cache, tuple(sorted({*own, *others})))
    return _example(item, retriever, joint)


def asked_elsewhere(item: Item, archives: Sequence[str], joint: JointScores, cache: Path, *, small: bool) -> Example:
    """The question asked of another archive (or a few of its newsletters), where nothing answers it: off topic."""
    chooser = random.Random(f"elsewhere {item.record['id']}")
    other = chooser.choice([archive for archive in archives if archive != item.archive])
    record = {**item.record, "answerable": False, "gold": [], "history": [], "newsletter": "", "subkind": "elsewhere"}
    return replace(example(Item(other, item.part, record), joint, cache, small=small), made="elsewhere")


def asked_of_neighbours(item: Item, joint: JointScores, cache: Path) -> Example | None:
    """The question asked of issues around its own, which is not among them; None where one of them answers, too."""
    whole = open_archive(item.archive, ADAPTER, cache)
    names = sorted(whole.snapshot.newsletters)
    own = str(item.record["newsletter"])
    if own not in names:
        return None
    chooser = random.Random(f"neighbours {item.record['id']}")
    around = [name for name in names[max(0, names.index(own) - 12) : names.index(own) + 13] if name != own]
    kept = tuple(sorted(chooser.sample(around, min(len(around), chooser.choice([1, 3, 8, 16])))))
    record = {**item.record, "answerable": False, "subkind": "removed"}
    made = replace(
        _example(replace(item, record=record), small_archive(item.archive, ADAPTER, cache, kept), joint), made="removed"
    )
    gold = item.record["gold"]
    answered = any(hits(found.passage.text, gold) for found in made.passages)  # type: ignore[arg-type]
    return None if answered else made


def _example(item: Item, retriever: Retriever, joint: JointScores) -> Example:
    snapshot = retriever.snapshot
    issues = frozenset(info.issue for info in snapshot.newsletters.values() if info.issue is not None)
    history = item.record.get("history") or []
    parsed = parse_question(item.question, history=history, issues_known=issues)  # type: ignore[arg-type]
    passages = retrieve(parsed, retriever, 10)
    previous = next((m["content"] for m in reversed(history) if m["role"] == "assistant"), "")  # type: ignore[call-overload]
    previous = previous if parsed.resolved != parsed.asked else ""
    scores = joint.scores_until_found(parsed.resolved, [found.passage for found in passages[:JOINTLY_READ]])
    features = candidate_features(parsed, passages, snapshot.keywords.idf, scores, previous)
    right = np.zeros(len(features.candidates), dtype=bool)
    if item.answerable:
        gold = {}
        for number, found in enumerate(passages):
            same = found.newsletter.id == item.record.get("newsletter")
            gold[number] = set(gold_sentences(found.passage, str(item.record["evidence"]))) if same else set()
        right = np.array([c.sentence in gold[c.passage] for c in features.candidates], dtype=bool)
    unknown = unknown_share(parsed, snapshot.keywords.idf, snapshot.keywords.knows)
    archive = ArchiveView(len(snapshot.passages), unknown, snapshot.keywords.idf)
    return Example(item, parsed, passages, features, right, archive, retriever, scores, previous)


def train_sentences(examples: list[Example]) -> Perceptron:
    """The mean of several perceptrons that start apart, as one with all their hidden units."""
    several = [_train_perceptron(examples, seed) for seed in range(TOGETHER)]
    return Perceptron(
        mean=several[0].mean,
        scale=several[0].scale,
        hidden=np.concatenate([one.hidden for one in several], axis=1),
        hidden_bias=np.concatenate([one.hidden_bias for one in several]),
        output=np.concatenate([one.output for one in several]) / TOGETHER,
        linear=np.mean([one.linear for one in several], axis=0),
    )


def _train_perceptron(examples: list[Example], seed: int) -> Perceptron:
    """Listwise softmax over each answerable question's candidates, plus a push down where nothing answers."""
    torch.manual_seed(seed)
    rows = np.concatenate([e.features.values for e in examples])
    mean, scale = rows.mean(0), rows.std(0) + 1e-3
    inputs = torch.tensor((rows - mean) / scale)
    sizes = [len(e.right) for e in examples]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    hidden, output = nn.Linear(len(FEATURES), HIDDEN), nn.Linear(HIDDEN, 1, bias=False)
    linear = nn.Linear(len(FEATURES), 1, bias=False)
    parameters = [*hidden.parameters(), *output.parameters(), *linear.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=0.3)
    question_of = torch.repeat_interleave(torch.arange(len(examples)), torch.tensor(sizes))
    right = torch.tensor(np.concatenate([e.right for e in examples]))
    useful = torch.tensor([bool(e.right.any()) for e in examples])
    nothing = torch.tensor([not e.item.answerable for e in examples])
    for _ in range(EPOCHS):
        noisy = nn.functional.dropout(torch.relu(hidden(inputs)), 0.2)
        scores = (output(noisy) + linear(inputs)).squeeze(1)
        everything = torch.zeros(len(examples)).index_add(0, question_of, scores.exp())
        correct = torch.zeros(len(examples)).index_add(0, question_of, scores.exp() * right)
        listwise = (everything[useful].log() - correct[useful].log()).mean()
        presence = (everything[nothing] / 20).log1p().mean() + (20 / everything[useful]).log1p().mean()
        loss = listwise + 0.3 * presence
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert len(starts) == len(examples) + 1
    return Perceptron(
        mean=mean,
        scale=scale,
        hidden=hidden.weight.detach().numpy().T.copy(),
        hidden_bias=hidden.bias.detach().numpy().copy(),
        output=output.weight.detach().numpy()[0].copy(),
        linear=linear.weight.detach().numpy()[0].copy(),
    )


def out_of_fold_rows(examples: list[Example]) -> list[np.ndarray]:
    """Each example's answerable features, scored by a perceptron that never saw its newsletter."""
    groups = [int(hashlib.sha256(_newsletter(e).encode()).hexdigest(), 16) % FOLDS for e in examples]
    rows: list[np.ndarray] = [np.zeros(0)] * len(examples)
    for fold in range(FOLDS):
        sentences = train_sentences([e for e, group in zip(examples, groups, strict=True) if group != fold])
        for number, e in enumerate(examples):
            if groups[number] == fold:
                rows[number] = _answerable_row(e, sentences)
    return rows


def _newsletter(e: Example) -> str:
    return f"{e.item.archive}/{e.item.record.get('newsletter') or e.item.record['id']}"


def train_answerable(examples: list[Example], rows: list[np.ndarray]) -> tuple[BoostedTrees, float]:
    """Boosted trees: does the archive answer, judged by the best candidates; and the cut-off.

    The cut-off is the probability below which `WRONGLY_REFUSED` of the answerable questions fall, out of fold.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    kept = [i for i, e in enumerate(examples) if e.right.any() or not e.item.answerable]
    values = np.stack([rows[i] for i in kept])
    labels = np.array([examples[i].item.answerable for i in kept])
    groups = np.array([str(examples[i].item.record.get("newsletter") or examples[i].item.record["id"]) for i in kept])
    weights = np.array([MADE_WEIGHTS.get(examples[i].made, 1.0) for i in kept])
    asked = np.array([not examples[i].made for i in kept])
    honest = np.zeros(len(labels))
    for train, test in GroupKFold(FOLDS).split(values, labels, groups):
        several = _forests(values[train], labels[train], weights[train])
        honest[test] = np.mean([one.decision_function(values[test]) for one in several], axis=0)
    several = _forests(values, labels, weights)
    share = labels[asked].mean()
    balance = np.where(labels, ANSWERABLE_SHARE / share, (1 - ANSWERABLE_SHARE) / (1 - share))
    platt = LogisticRegression(C=1e6).fit(honest[asked, None], labels[asked], sample_weight=balance[asked])
    slope, bias = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    probabilities = 1 / (1 + np.exp(-(slope * honest + bias)))
    threshold = float(np.quantile(probabilities[labels & asked], WRONGLY_REFUSED))
    print(
        f"out of fold: {np.mean(probabilities[~labels & asked] < threshold):.3f} rightly refused at {WRONGLY_REFUSED} wrongly, "
        f"calibration error {_calibration(list(zip(probabilities[asked], labels[asked].astype(float), strict=True)))}, "
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


def _answerable_row(e: Example, sentences: Perceptron) -> np.ndarray:
    scores = sentences.scores(e.features.values)
    return answerable_features(e.parsed, e.passages, e.features, scores, e.archive)


def measure(examples: list[Example], reader: Reader) -> dict[str, float]:
    """First-sentence, answer-hit, refusal and calibration figures of a set of questions."""
    found, first, third, hit, words, refused, rightly, pairs = [], [], [], [], [], [], [], []
    for e in examples:
        keywords = e.retriever.snapshot.keywords
        reading = read(
            e.parsed,
            e.passages,
            reader,
            joint=e.joint,
            idf=keywords.idf,
            knows=keywords.knows,
            archive_passages=e.archive.passages,
            previous_answer=e.previous,
        )
        answered = reading.confidence >= reader.threshold
        if not e.item.answerable:
            rightly.append(not answered)
            pairs.append((reading.confidence, 0.0))
            continue
        gold = e.item.record["gold"]
        chosen = choose(e.parsed, reading, max_words=80, max_sentences=3)
        text = " ".join(piece.text for piece in chosen)
        found.append(
            any(
                hits(" ".join(p.passage.sentence(i) for i in range(len(p.passage.sentences))), gold) for p in e.passages
            )
        )  # type: ignore[arg-type]
        first.append(hits(chosen[0].text, gold) if chosen else False)  # type: ignore[arg-type]
        third.append(hits(" ".join(piece.text for piece in reading.ranked[:3]), gold))  # type: ignore[arg-type]
        hit.append(hits(text, gold) and answered)  # type: ignore[arg-type]
        words.append(len(text.split()))
        refused.append(not answered)
        pairs.append((reading.confidence, 1.0))
    return {
        "questions": len(examples),
        "fact_in_ten": _mean(found),
        "first_right": _mean(first),
        "within_three": _mean(third),
        "answer_hit": _mean(hit),
        "words": _mean(words),
        "wrongly_refused": _mean(refused),
        "rightly_refused": _mean(rightly),
        "calibration_error": _calibration(pairs),
    }


def _mean(values: list) -> float:  # type: ignore[type-arg]
    return round(float(np.mean(values)), 3) if values else float("nan")


def _calibration(pairs: list[tuple[float, float]]) -> float:
    """Expected calibration error over ten equal bins (Naeini et al., AAAI 2015)."""
    if not pairs:
        return float("nan")
    values = np.array(pairs)
    bins = np.minimum((values[:, 0] * 10).astype(int), 9)
    gaps = [
        abs(values[bins == b, 0].mean() - values[bins == b, 1].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    ]
    return round(float(sum(gaps)), 3)


def write(reader: Reader, path: Path) -> None:
    """Write the reader's weights as JSON."""
    data = {
        "features": FEATURES,
        "answerable_features": ANSWERABLE_FEATURES,
        "sentences": {name: _round(getattr(reader.sentences, name)) for name in Perceptron.__slots__},
        "answerable": {
            **{name: getattr(reader.answerable, name).tolist() for name in ("roots", "feature", "left", "right")},
            **{name: _round(getattr(reader.answerable, name)) for name in ("cut", "value")},
            "slope": round(reader.answerable.slope, 6),
            "bias": round(reader.answerable.bias, 6),
        },
        "threshold": round(reader.threshold, 4),
        "doubt": round(reader.doubt, 4),
    }
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")


def _round(values: np.ndarray) -> object:
    return np.round(values.astype(float), 6).tolist()


def training_examples(items: list[Item], joint: JointScores, cache: Path) -> list[Example]:
    """Each question asked of its whole archive, and by turns of a few newsletters as if they were all, or where it has no
    answer: of another archive or of the issues around its own."""
    archives = sorted({item.archive for item in items})
    found: list[Example | None] = []
    for number, item in enumerate(items):
        found.append(example(item, joint, cache))
        turn = number % 4
        if turn == 0 and item.record.get("newsletter"):
            found.append(example(item, joint, cache, small=True))
        elif turn in (1, 3) and not item.record.get("history"):
            found.append(asked_elsewhere(item, archives, joint, cache, small=turn == 1))
        elif turn == 2 and item.answerable and not item.record.get("history"):
            found.append(asked_of_neighbours(item, joint, cache))
    return [e for e in found if e is not None and len(e.right)]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/newsletter-training"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    items = load_items()
    options.cache.mkdir(parents=True, exist_ok=True)
    joint = JointScores(options.cache / "joint.pickle")
    training = training_examples([i for i in items if i.part == "fit"], joint, options.cache)
    sentences = train_sentences(training)
    answerable, threshold = train_answerable(training, out_of_fold_rows(training))
    reader = Reader(sentences, answerable, threshold, min(0.95, threshold + 0.15))
    write(reader, options.out)
    tests = [example(i, joint, options.cache) for i in items if i.part == "test"]
    few = [
        example(i, joint, options.cache, small=True) for i in items if i.part == "test" and i.record.get("newsletter")
    ]
    joint.save()
    print(json.dumps(report(tests, few, reader), indent=1))


def report(tests: list[Example], few: list[Example], reader: Reader) -> dict[str, object]:
    """Figures of the test part: over all, by archive, by kind, and asked of a few newsletters only."""
    figures: dict[str, object] = {
        "all but the archive left out": measure([e for e in tests if e.item.archive != HELD_OUT], reader)
    }
    for archive in sorted({e.item.archive for e in tests}):
        figures[archive] = measure([e for e in tests if e.item.archive == archive], reader)
    for kind in sorted({_kind(e) for e in tests}):
        figures[f"kind {kind}"] = measure([e for e in tests if _kind(e) == kind], reader)
    return {**figures, "few newsletters": measure(few, reader), "threshold": round(reader.threshold, 3)}


def _kind(e: Example) -> str:
    return str(e.item.record.get("kind") or e.item.record.get("subkind"))


if __name__ == "__main__":
    main()
