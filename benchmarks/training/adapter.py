"""Train the low-rank adapter for question → sentence in pooled (late-chunking) form.

    python -m benchmarks.training.adapter --out index/reader

The question's vector is compared with the sentence vectors of the whole batch's passages, so that a passage's other
sentences are the hard negatives; cross-entropy at temperature 0.05, AdamW. Negative passages come from the other
questions of the batch, which share an archive, and one for each question from the best that BM25 finds for it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from benchmarks.training.data import Item, archive_passages, gold_sentences, hits, load_items, passages_of
from index.embedding import packaged_model_path, sentence_tokens, with_header
from index.keywords import KeywordIndex
from index.passage import Passage

RANK, SCALE, TEMPERATURE, RATE = 16, 2.0, 0.05, 4e-4
BATCH, EPOCHS, MAX_TOKENS, MISLEADING = 12, 4, 288, 5
# More take longer and bring little: the passages found stay the same
MOST_PAIRS = 1300


class LowRank(nn.Module):
    """A frozen linear layer plus a trained low-rank product."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.randn(RANK, base.in_features) / math.sqrt(base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, RANK))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """The layer's output with the product added."""
        return self.base(inputs) + SCALE * (inputs @ self.down.T) @ self.up.T


@dataclass(frozen=True)
class Pair:
    """A question with the passage that answers it, the numbers of the answering sentences, and passages that do not."""

    archive: str
    question: str
    passage: Passage
    gold: tuple[int, ...]
    misleading: tuple[Passage, ...]


def training_pairs() -> list[Pair]:
    """Answerable questions of the train part that stand without a history, at most `MOST_PAIRS`."""
    pairs: list[Pair] = []
    items = load_items()
    random.Random(0).shuffle(items)
    for item in items:
        if len(pairs) == MOST_PAIRS:
            break
        evidence = str(item.record.get("evidence") or "")
        if not item.answerable or item.part != "train" or not evidence or item.record.get("history"):
            continue
        for passage in passages_of(item.archive, str(item.record["newsletter"])):
            gold = gold_sentences(passage, evidence)
            if gold:
                found = misleading(item, passage)
                pairs.append(Pair(item.archive, item.question, passage, tuple(gold), found))
                break
    return pairs


def misleading(item: Item, right: Passage) -> tuple[Passage, ...]:
    """The passages that BM25 finds first for a question and that hold none of its answers."""
    passages, keywords = _keywords(item.archive)
    order = np.argsort(-keywords.scores(item.question), kind="stable")[: MISLEADING * 2]
    wrong = [passages[i] for i in order if passages[i].id != right.id]
    return tuple([p for p in wrong if not hits(p.text, item.record["gold"])][:MISLEADING])  # type: ignore[arg-type]


@cache
def _keywords(archive: str) -> tuple[list[Passage], KeywordIndex]:
    passages = list(archive_passages(archive))
    return passages, KeywordIndex.build(passages)


def train(out: Path, epochs: int = EPOCHS) -> None:
    """Train on the pairs and write the adapter with its card into `out`."""
    from sentence_transformers import SentenceTransformer

    torch.manual_seed(7)
    chooser = random.Random(7)
    model = SentenceTransformer(str(packaged_model_path()), device="cpu", local_files_only=True)
    encoder, tokenizer = model[0].auto_model, model.tokenizer
    for parameter in encoder.parameters():
        parameter.requires_grad_(False)
    layers = {}
    for name, module in list(encoder.named_modules()):
        if isinstance(module, nn.Linear) and "encoder.layer" in name:
            parent = encoder.get_submodule(name.rsplit(".", 1)[0])
            layers[name] = LowRank(module)
            setattr(parent, name.rsplit(".", 1)[1], layers[name])
    encoder.train()
    pairs = training_pairs()
    steps = epochs * math.ceil(len(pairs) / BATCH)
    optimizer = torch.optim.AdamW([p for p in encoder.parameters() if p.requires_grad], lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (0.1 * steps)) * max(0.0, 1 - s / steps)
    )
    started = time.perf_counter()
    for epoch in range(epochs):
        losses = []
        for batch in _batches(pairs, chooser):
            loss = _loss(encoder, tokenizer, batch, chooser)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for p in encoder.parameters() if p.requires_grad], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
        elapsed = time.perf_counter() - started
        print(
            f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.3f}, {elapsed:.0f} s, {len(pairs)} pairs", flush=True
        )
    _save(layers, out, len(pairs))


def _batches(pairs: list[Pair], chooser: random.Random) -> Iterator[list[Pair]]:
    """Batches of one archive each, in random order."""
    by_archive: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_archive.setdefault(pair.archive, []).append(pair)
    batches = []
    for group in by_archive.values():
        chooser.shuffle(group)
        batches.extend(group[i : i + BATCH] for i in range(0, len(group), BATCH))
    chooser.shuffle(batches)
    yield from batches


def _loss(encoder: nn.Module, tokenizer: object, batch: list[Pair], chooser: random.Random) -> torch.Tensor:
    passages = {pair.passage.id: pair.passage for pair in batch}
    for pair in batch:
        if pair.misleading:
            wrong = chooser.choice(pair.misleading)
            passages.setdefault(wrong.id, wrong)
    by_length = sorted(passages.values(), key=lambda passage: len(passage.text))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        tokens = tokenizer(
            [p.question for p in batch], padding=True, truncation=True, max_length=64, return_tensors="pt"
        )  # type: ignore[operator]
        states = encoder(**tokens).last_hidden_state
        half = len(by_length) // 2
        parts = [_sentence_vectors(encoder, tokenizer, part) for part in (by_length[:half], by_length[half:]) if part]
    mask = tokens["attention_mask"].float()[:, :, None]
    queries = nn.functional.normalize((states.float() * mask).sum(1) / mask.sum(1), dim=-1)
    owner = [sentence for _, owners in parts for sentence in owners]
    logits = queries @ torch.cat([vectors for vectors, _ in parts]).T / TEMPERATURE
    losses = []
    for row, pair in enumerate(batch):
        right = torch.tensor([o[0] == pair.passage.id and o[1] in pair.gold for o in owner])
        if right.any():
            losses.append(torch.logsumexp(logits[row], 0) - torch.logsumexp(logits[row][right], 0))
    return torch.stack(losses).mean()


def _sentence_vectors(
    encoder: nn.Module, tokenizer: object, passages: list[Passage]
) -> tuple[torch.Tensor, list[tuple[str, int]]]:
    read = tokenizer(  # type: ignore[operator]
        [with_header(p) for p in passages],
        padding=True,
        truncation=True,
        max_length=MAX_TOKENS,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    offsets = read.pop("offset_mapping")
    context = encoder(**read).last_hidden_state.float()
    rows, owner = [], []
    for i, passage in enumerate(passages):
        for number, inside in enumerate(sentence_tokens(passage, offsets[i].numpy())):
            if inside.any():
                rows.append(nn.functional.normalize(context[i][torch.from_numpy(inside)].mean(0), dim=-1))
                owner.append((passage.id, number))
    return torch.stack(rows), owner


def _save(layers: dict[str, LowRank], out: Path, pairs: int) -> None:
    out.mkdir(parents=True, exist_ok=True)
    weights = {}
    for name, layer in layers.items():
        weights[f"{name}.down"] = layer.down.detach().to(torch.bfloat16).contiguous()
        weights[f"{name}.up"] = layer.up.detach().to(torch.bfloat16).contiguous()
    path = out / "adapter.safetensors"
    save_file(weights, str(path))
    card = {
        "base": "all-MiniLM-L6-v2",
        "scale": SCALE,
        "rank": RANK,
        "pairs": pairs,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    (out / "adapter.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args()
    train(options.out, options.epochs)


if __name__ == "__main__":
    main()
