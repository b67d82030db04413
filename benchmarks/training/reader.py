"""Train the reader: which sentence answers, and whether any does.

    python -m benchmarks.training.reader --a FOLDER --b FOLDER --full FOLDER --cache FOLDER

Features of the questions of part "a" come from the adapter trained on part "b" and the other way round, so that the
reader never learns from cosines its encoder was trained to produce. The test part and the archive left out are
measured with the full adapter, trained on both parts.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from assistant.evidence import choose, read, unknown_share
from assistant.question import ParsedQuestion, parse_question
from assistant.reader.features import FEATURES, CandidateFeatures, candidate_features
from assistant.reader.model import ANSWERABLE_FEATURES, WEIGHTS, Logistic, Perceptron, Reader, answerable_features
from benchmarks.training.archive import open_archive
from benchmarks.training.data import HELD_OUT, Item, gold_sentences, hits, load_items
from index.passage import RetrievedPassage

HIDDEN, EPOCHS, WRONGLY_REFUSED = 32, 400, 0.05


@dataclass(frozen=True, eq=False)
class Example:
    """A question with its retrieved passages, features, and which candidates are right."""

    item: Item
    parsed: ParsedQuestion
    passages: list[RetrievedPassage]
    features: CandidateFeatures
    right: np.ndarray
    unknown: float
    previous: str


def example(item: Item, adapter: Path | None, cache: Path) -> Example:
    """The example made of a question, read through an adapter."""
    retriever = open_archive(item.archive, adapter, cache)
    snapshot = retriever.snapshot
    issues = frozenset(info.issue for info in snapshot.newsletters.values() if info.issue is not None)
    history = item.record.get("history") or []
    parsed = parse_question(item.question, history=history, issues_known=issues)  # type: ignore[arg-type]
    passages = retriever.search(parsed.resolved, limit=10, filters=parsed.filters, prefer=parsed.preferred)
    previous = next((m["content"] for m in reversed(history) if m["role"] == "assistant"), "")  # type: ignore[call-overload]
    previous = previous if parsed.resolved != parsed.asked else ""
    features = candidate_features(parsed, passages, snapshot.keywords.idf, previous)
    right = np.zeros(len(features.candidates), dtype=bool)
    if item.answerable:
        gold = {}
        for number, found in enumerate(passages):
            same = found.newsletter.id == item.record.get("newsletter")
            gold[number] = set(gold_sentences(found.passage, str(item.record["evidence"]))) if same else set()
        right = np.array([c.sentence in gold[c.passage] for c in features.candidates], dtype=bool)
    unknown = unknown_share(parsed, snapshot.keywords.idf, snapshot.keywords.knows)
    return Example(item, parsed, passages, features, right, unknown, previous)


def train_sentences(examples: list[Example]) -> Perceptron:
    """Listwise softmax over each answerable question's candidates, plus a push down where nothing answers."""
    torch.manual_seed(3)
    rows = np.concatenate([e.features.values for e in examples])
    mean, scale = rows.mean(0), rows.std(0) + 1e-3
    inputs = torch.tensor((rows - mean) / scale)
    sizes = [len(e.right) for e in examples]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    hidden, output = nn.Linear(len(FEATURES), HIDDEN), nn.Linear(HIDDEN, 1, bias=False)
    linear = nn.Linear(len(FEATURES), 1, bias=False)
    parameters = [*hidden.parameters(), *output.parameters(), *linear.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=0.05)
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


def train_answerable(examples: list[Example], sentences: Perceptron) -> Logistic:
    """Regularised logistic regression: does the archive answer, judged by the best candidates."""
    from sklearn.linear_model import LogisticRegression

    kept = [e for e in examples if len(e.right) and (e.right.any() or not e.item.answerable)]
    rows = np.stack([_answerable_row(e, sentences) for e in kept])
    labels = np.array([e.item.answerable for e in kept])
    mean, scale = rows.mean(0), rows.std(0) + 1e-3
    fitted = LogisticRegression(C=0.3, max_iter=2000).fit((rows - mean) / scale, labels)
    return Logistic(mean, scale, fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]))


def _answerable_row(e: Example, sentences: Perceptron) -> np.ndarray:
    scores = sentences.scores(e.features.values)
    return answerable_features(e.parsed, e.passages, e.features, scores, e.unknown)


def cut_off(examples: list[Example], sentences: Perceptron, answerable: Logistic) -> float:
    """The probability below which `WRONGLY_REFUSED` of the answerable questions fall."""
    asked = [e for e in examples if e.item.answerable and len(e.right)]
    return float(np.quantile([answerable.probability(_answerable_row(e, sentences)) for e in asked], WRONGLY_REFUSED))


def measure(examples: list[Example], reader: Reader) -> dict[str, float]:
    """First-sentence, answer-hit, refusal and calibration figures of a set of questions."""
    found, first, third, hit, words, refused, rightly, pairs = [], [], [], [], [], [], [], []
    for e in examples:
        snapshot = open_archive(e.item.archive, *_LAST).snapshot
        reading = read(
            e.parsed, e.passages, reader, idf=snapshot.keywords.idf, knows=snapshot.keywords.knows, previous_answer=e.previous
        )
        answered = reading.confidence >= reader.threshold
        if not e.item.answerable:
            rightly.append(not answered)
            pairs.append((reading.confidence, 0.0))
            continue
        gold = e.item.record["gold"]
        chosen = choose(e.parsed, reading, max_words=60, max_sentences=3)
        text = " ".join(piece.text for piece in chosen)
        found.append(any(hits(" ".join(p.passage.sentence(i) for i in range(len(p.passage.sentences))), gold) for p in e.passages))  # type: ignore[arg-type]
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


_LAST: tuple[Path | None, Path] = (None, Path())


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
            "mean": _round(reader.answerable.mean),
            "scale": _round(reader.answerable.scale),
            "weights": _round(reader.answerable.weights),
            "bias": round(reader.answerable.bias, 6),
        },
        "threshold": round(reader.threshold, 4),
        "doubt": round(reader.doubt, 4),
    }
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")


def _round(values: np.ndarray) -> object:
    return np.round(values.astype(float), 6).tolist()


def main() -> None:
    """Command line."""
    global _LAST
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("a", "b", "full"):
        parser.add_argument(f"--{name}", type=Path, default=None)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/newsletter-training"))
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    items = load_items()
    training = [example(i, options.a, options.cache) for i in items if i.part == "b"]
    if options.b or not options.a:
        training += [example(i, options.b, options.cache) for i in items if i.part == "a"]
    training = [e for e in training if len(e.right)]
    sentences = train_sentences(training)
    answerable = train_answerable(training, sentences)
    threshold = cut_off(training, sentences, answerable)
    reader = Reader(sentences, answerable, threshold, min(0.95, threshold + 0.15))
    write(reader, options.out)
    tests = [example(i, options.full, options.cache) for i in items if i.part == "test"]
    _LAST = (options.full, options.cache)
    report = {"all but the archive left out": measure([e for e in tests if e.item.archive != HELD_OUT], reader)}
    for archive in sorted({i.archive for i in items}):
        report[archive] = measure([e for e in tests if e.item.archive == archive], reader)
    for kind in sorted({str(e.item.record.get("kind") or e.item.record.get("subkind")) for e in tests}):
        report[f"kind {kind}"] = measure(
            [e for e in tests if str(e.item.record.get("kind") or e.item.record.get("subkind")) == kind], reader
        )
    report["threshold"] = {"value": round(threshold, 3)}
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
