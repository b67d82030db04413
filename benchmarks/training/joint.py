"""Train the joint reader: one encoder pass over question and passage, one score a sentence and one for "not here".

    python -m benchmarks.training.joint --retriever index/reader --out FOLDER

The packaged encoder reads `question [SEP] header, passage`; a sentence's score starts as the cosine between the mean
of the question's token states and the mean of its own, so training begins where the two separate passes end and
learns what reading them together adds. Cross-entropy over all sentences of a question's passages and one option for
"nothing here answers", AdamW. A question whose answering sentences are taken out of its passages is an unanswerable one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from assistant.question import parse_question
from benchmarks.training.archive import open_archive
from benchmarks.training.data import Item, gold_sentences, hits, load_items, passages_of
from index.embedding import packaged_model_path, with_header
from index.passage import Passage

RATE, EPOCHS, QUESTIONS, PASSAGES, WARM_UP, MAX_TOKENS, RANK = 4e-5, 3, 4, 5, 0.1, 320, 64


@dataclass(frozen=True)
class Reading:
    """A question with the passages it is read with; `gold` holds (passage, sentence) pairs, empty where none answers."""

    item: Item
    question: str
    passages: tuple[Passage, ...]
    gold: frozenset[tuple[int, int]]


def reading(item: Item, retriever_adapter: Path, cache: Path, limit: int = 10) -> Reading:
    """The question with its best passages; an answerable one's own passage is put in where retrieval missed it."""
    retriever = open_archive(item.archive, retriever_adapter, cache)
    infos = retriever.snapshot.newsletters.values()
    issues = frozenset(info.issue for info in infos if info.issue is not None)
    parsed = parse_question(item.question, history=item.record.get("history") or [], issues_known=issues)
    found = retriever.search(parsed.resolved, limit=limit, filters=parsed.filters, prefer=parsed.preferred)
    passages = [f.passage for f in found]
    gold: set[tuple[int, int]] = set()
    if item.answerable:
        evidence = str(item.record["evidence"])
        own = str(item.record["newsletter"])
        gold = _gold(passages, own, evidence)
        if not gold:
            missed = [p for p in passages_of(item.archive, own) if gold_sentences(p, evidence)]
            passages = [*missed[:1], *passages]
            gold = _gold(passages, own, evidence)
    return Reading(item, parsed.resolved, tuple(passages), frozenset(gold))


def _gold(passages: Sequence[Passage], newsletter: str, evidence: str) -> set[tuple[int, int]]:
    return {
        (number, sentence)
        for number, passage in enumerate(passages)
        if passage.newsletter_id == newsletter
        for sentence in gold_sentences(passage, evidence)
    }


def sampled(whole: Reading, chooser: random.Random, count: int = PASSAGES) -> Reading:
    """The reading cut to `count` passages: those with the answer and others, the better ranked likelier."""
    right = sorted({p for p, _ in whole.gold})
    others = [i for i in range(len(whole.passages)) if i not in right]
    weights = [1 / (2 + i) for i in others]
    kept = list(right)
    while others and len(kept) < count:
        pick = chooser.choices(range(len(others)), weights)[0]
        kept.append(others.pop(pick))
        weights.pop(pick)
    chooser.shuffle(kept)
    gold = frozenset((kept.index(p), s) for p, s in whole.gold if p in kept)
    return replace(whole, passages=tuple(whole.passages[i] for i in kept), gold=gold)


def without_answer(whole: Reading) -> Reading | None:
    """The reading with every sentence that answers taken out; None when nothing is left."""
    golds = whole.item.record["gold"]
    passages = []
    for number, passage in enumerate(whole.passages):
        keep = [
            i
            for i in range(len(passage.sentences))
            if (number, i) not in whole.gold and not hits(passage.sentence(i), golds)  # type: ignore[arg-type]
        ]
        if len(keep) == len(passage.sentences):
            passages.append(passage)
        elif keep:
            passages.append(_only(passage, keep))
    return replace(whole, passages=tuple(passages), gold=frozenset()) if passages else None


def _only(passage: Passage, keep: Sequence[int]) -> Passage:
    text, spans = "", []
    for i in keep:
        start = len(text)
        text += passage.sentence(i)
        spans.append((start, len(text)))
        text += " "
    return replace(passage, text=text.rstrip(), start=0, end=len(text.rstrip()), sentences=tuple(spans))


class Batch:
    """Token ids of question–passage pairs, and which tokens belong to the question and to each sentence."""

    def __init__(self, tokenizer: object, readings: Sequence[Reading]) -> None:
        pairs = [(r.question, with_header(p)) for r in readings for p in r.passages]
        tokens = tokenizer(  # type: ignore[operator]
            [q for q, _ in pairs],
            [p for _, p in pairs],
            padding=True,
            truncation="only_second",
            max_length=MAX_TOKENS,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = tokens.pop("offset_mapping")
        self.tokens = dict(tokens)
        self.question, self.sentence, self.owner = [], [], []
        row = 0
        for number, r in enumerate(readings):
            for place, passage in enumerate(r.passages):
                kinds = tokens.sequence_ids(row)
                self.question.append(torch.tensor([k == 0 for k in kinds]))
                second = torch.tensor([k == 1 for k in kinds])
                for sentence, inside in sentence_tokens(passage, offsets[row]):
                    self.sentence.append((row, inside & second))
                    self.owner.append((number, place, sentence))
                row += 1


def sentence_tokens(passage: Passage, offsets: torch.Tensor) -> Iterator[tuple[int, torch.Tensor]]:
    """Which tokens, by their character offsets in the passage with its header, each sentence has."""
    shift = len(with_header(passage)) - len(passage.text) - passage.start
    middles = (offsets[:, 0] + offsets[:, 1]) / 2
    real = offsets[:, 1] > offsets[:, 0]
    for number, (start, end) in enumerate(passage.sentences):
        inside = real & (middles >= start + shift) & (middles <= end + shift)
        if inside.any():
            yield number, inside


class JointReader(nn.Module):
    """The encoder with a head: cosine of question and sentence, plus what their product says."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.temperature = nn.Parameter(torch.tensor(12.0))
        self.head = nn.Sequential(nn.Linear(3 * width, 64), nn.GELU(), nn.Linear(64, 1))
        nn.init.zeros_(self.head[2].weight)
        self.nothing = nn.Parameter(torch.tensor(6.0))

    def forward(self, batch: Batch) -> torch.Tensor:
        """Scores of the batch's sentences, in the order of `batch.owner`."""
        states = self.encoder(**batch.tokens).last_hidden_state.float()
        mask = torch.stack(batch.question).float()[:, :, None]
        questions = (states * mask).sum(1) / mask.sum(1)
        rows = torch.tensor([row for row, _ in batch.sentence])
        inside = torch.stack([tokens for _, tokens in batch.sentence]).float()
        pooled = torch.bmm(inside[:, None, :], states[rows]).squeeze(1) / inside.sum(1, keepdim=True)
        asked = questions[rows]
        cosine = nn.functional.cosine_similarity(asked, pooled, dim=-1)
        features = torch.cat([asked * pooled, (asked - pooled).abs(), pooled], dim=-1)
        return self.temperature * cosine + self.head(features).squeeze(1)


def loss_of(model: JointReader, batch: Batch, readings: Sequence[Reading]) -> torch.Tensor:
    """Cross-entropy over each question's sentences and "nothing here answers"."""
    scores = model(batch)
    losses = []
    for number, r in enumerate(readings):
        own = [i for i, o in enumerate(batch.owner) if o[0] == number]
        right = [i for i in own if batch.owner[i][1:] in r.gold]
        if r.gold and not right:
            continue
        options = torch.cat([scores[own], model.nothing[None]])
        wanted = scores[right] if right else model.nothing[None]
        losses.append(torch.logsumexp(options, 0) - torch.logsumexp(wanted, 0))
    return torch.stack(losses).mean() if losses else scores.sum() * 0


def train(retriever_adapter: Path, cache: Path, out: Path, epochs: int = EPOCHS) -> None:
    """Train on the shared questions and write the adapter into `out`."""
    torch.manual_seed(11)
    chooser = random.Random(11)
    model, tokenizer = fresh()
    items = [i for i in load_items() if i.part == "train" and not i.own]
    wholes = [r for r in (reading(i, retriever_adapter, cache) for i in items) if r.gold or not r.item.answerable]
    steps = epochs * (sum(1.6 if r.gold else 1 for r in wholes) // QUESTIONS + 1)
    head = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    groups = [{"params": model.encoder.parameters(), "lr": RATE}, {"params": head, "lr": 1e-3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (WARM_UP * steps)) * max(0.02, 1 - s / steps)
    )
    started = time.perf_counter()
    for epoch in range(epochs):
        losses = []
        for readings in _batches(wholes, chooser):
            batch = Batch(tokenizer, readings)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(model, batch, readings)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
        print(
            f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.3f}, {time.perf_counter() - started:.0f} s, "
            f"{len(wholes)} questions",
            flush=True,
        )
    out.mkdir(parents=True, exist_ok=True)
    export(model, out, len(wholes))


def fresh() -> tuple[JointReader, object]:
    """An untrained joint reader over the packaged encoder, and its tokenizer."""
    from sentence_transformers import SentenceTransformer

    base = SentenceTransformer(str(packaged_model_path()), device="cpu", local_files_only=True)
    encoder = base[0].auto_model
    encoder.train()
    return JointReader(encoder, encoder.config.hidden_size), base.tokenizer


def _batches(wholes: Sequence[Reading], chooser: random.Random) -> Iterator[list[Reading]]:
    """Every question once in random passages, and more than half of the answerable ones without their answer, too."""
    made: list[Reading] = []
    for whole in wholes:
        made.append(sampled(whole, chooser))
        if whole.gold and chooser.random() < 0.6:
            bare = without_answer(whole)
            if bare is not None:
                made.append(sampled(bare, chooser))
    chooser.shuffle(made)
    for first in range(0, len(made), QUESTIONS):
        yield made[first : first + QUESTIONS]


def export(model: JointReader, out: Path, questions: int, rank: int = RANK) -> None:
    """Write what training changed as a low-rank adapter (singular values beyond `rank` are dropped) with its card."""
    before = dict(fresh()[0].encoder.named_parameters())
    weights = {}
    for name, after in model.encoder.named_parameters():
        change = (after - before[name]).detach()
        if "encoder.layer" in name and change.ndim == 2:
            left, values, right = torch.linalg.svd(change, full_matrices=False)
            root = values[:rank].sqrt()
            weights[f"{name.removesuffix('.weight')}.up"] = left[:, :rank] * root
            weights[f"{name.removesuffix('.weight')}.down"] = root[:, None] * right[:rank]
        elif change.ndim == 1:
            weights[f"change.{name}"] = change
    head = {f"head.{name.removeprefix('head.')}": p for name, p in model.named_parameters() if "encoder." not in name}
    weights |= {name: p.detach() for name, p in head.items()}
    file = out / "joint.safetensors"
    save_file({name: values.to(torch.bfloat16).contiguous() for name, values in weights.items()}, str(file))
    card = {
        "base": "all-MiniLM-L6-v2",
        "scale": 1.0,
        "rank": rank,
        "questions": questions,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    (out / "joint.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--retriever", type=Path, default=Path("index/reader"))
    parser.add_argument("--cache", type=Path, default=Path("/tmp/newsletter-training/vectors"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    train(options.retriever, options.cache, options.out, options.epochs)


if __name__ == "__main__":
    main()
