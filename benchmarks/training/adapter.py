"""Train the low-rank adapter for question → sentence in pooled (late-chunking) form.

    python -m benchmarks.training.adapter --out index/reader

The question's vector is compared with the sentence vectors of the whole batch's passages, so that a passage's other
sentences are the hard negatives; cross-entropy at temperature 0.05, AdamW. Negative passages come from the other
questions of the batch, which are sorted so that neighbours share an archive.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from benchmarks.training.data import archive_passages, gold_sentences, load_items
from index.embedding import packaged_model_path, with_header
from index.passage import Passage

RANK, SCALE, TEMPERATURE, RATE = 16, 2.0, 0.05, 4e-4
BATCH, EPOCHS, MAX_TOKENS = 12, 4, 288


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


def training_pairs() -> list[tuple[str, str, Passage, list[int]]]:
    """(archive, question, passage, its gold sentences) of every answerable shared question of the training part."""
    by_newsletter: dict[tuple[str, str], list[Passage]] = {}
    pairs = []
    for item in load_items():
        if not item.answerable or item.own or item.part != "train" or not item.record.get("evidence"):
            continue
        if not by_newsletter.get((item.archive, "")):
            by_newsletter[item.archive, ""] = [next(archive_passages(item.archive))]
            for passage in archive_passages(item.archive):
                by_newsletter.setdefault((item.archive, passage.newsletter_id), []).append(passage)
        if item.record.get("history"):
            continue
        for passage in by_newsletter.get((item.archive, str(item.record["newsletter"])), []):
            gold = gold_sentences(passage, str(item.record["evidence"]))
            if gold:
                pairs.append((item.archive, item.question, passage, gold))
                break
    return pairs


def train(out: Path, epochs: int = EPOCHS) -> None:
    """Train on the shared questions and write the adapter with its card into `out`."""
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
    started, step = time.perf_counter(), 0
    for epoch in range(epochs):
        losses = []
        for batch in _batches(pairs, chooser):
            loss = _loss(encoder, tokenizer, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for p in encoder.parameters() if p.requires_grad], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
            step += 1
        elapsed = time.perf_counter() - started
        print(
            f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.3f}, {elapsed:.0f} s, {len(pairs)} pairs", flush=True
        )
    _save(layers, out, len(pairs))


def _batches(pairs: list[tuple[str, str, Passage, list[int]]], chooser: random.Random):
    """Batches of one archive each, in random order."""
    by_archive: dict[str, list[tuple[str, str, Passage, list[int]]]] = {}
    for pair in pairs:
        by_archive.setdefault(pair[0], []).append(pair)
    batches = []
    for group in by_archive.values():
        chooser.shuffle(group)
        batches.extend(group[i : i + BATCH] for i in range(0, len(group), BATCH))
    chooser.shuffle(batches)
    yield from batches


def _loss(encoder: nn.Module, tokenizer: object, batch: list[tuple[str, str, Passage, list[int]]]) -> torch.Tensor:
    passages = list({pair[2].id: pair[2] for pair in batch}.values())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        tokens = tokenizer([p[1] for p in batch], padding=True, truncation=True, max_length=64, return_tensors="pt")  # type: ignore[operator]
        states = encoder(**tokens).last_hidden_state
        read = tokenizer(  # type: ignore[operator]
            [with_header(p) for p in passages],
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = read.pop("offset_mapping")
        context = encoder(**read).last_hidden_state
    mask = tokens["attention_mask"].float()[:, :, None]
    queries = nn.functional.normalize((states.float() * mask).sum(1) / mask.sum(1), dim=-1)
    vectors, owner = _sentence_vectors(passages, context.float(), offsets)
    logits = queries @ vectors.T / TEMPERATURE
    losses = []
    for row, (_, _, passage, gold) in enumerate(batch):
        right = torch.tensor([o[0] == passage.id and o[1] in gold for o in owner])
        if right.any():
            losses.append(torch.logsumexp(logits[row], 0) - torch.logsumexp(logits[row][right], 0))
    return torch.stack(losses).mean()


def _sentence_vectors(
    passages: list[Passage], context: torch.Tensor, offsets: torch.Tensor
) -> tuple[torch.Tensor, list[tuple[str, int]]]:
    rows, owner = [], []
    for i, passage in enumerate(passages):
        shift = len(with_header(passage)) - len(passage.text) - passage.start
        middles = (offsets[i, :, 0] + offsets[i, :, 1]) / 2
        real = offsets[i, :, 1] > offsets[i, :, 0]
        for number, (start, end) in enumerate(passage.sentences):
            inside = real & (middles >= start + shift) & (middles <= end + shift)
            if inside.any():
                rows.append(nn.functional.normalize(context[i][inside].mean(0), dim=-1))
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
