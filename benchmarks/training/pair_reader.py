"""Train the pair reader of the gate: sentence and evidence in one encoder pass, the log-odds that one says the other.

    python -m benchmarks.training.pair_reader --out FOLDER

Learns from all labelled pairs of `benchmarks/verification` but `final.jsonl` and `untouched.jsonl`. Three readers that have each not seen a third
of the newsletters score that third, so that the gate's model learns from honest scores; the fourth has seen all, is packaged
(`pair.safetensors`, `pair.json`: copy both to `assistant/checking`), and scores `final.jsonl`. The scores go into
`pair-scores.json` (copy it to `benchmarks/verification`), from which the gate's model learns. Minutes on an accelerator, hours on a CPU.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from assistant.checking.pair_reader import EVIDENCE_TOKENS, SENTENCE_TOKENS, pair_score
from benchmarks.training.verification import NATURAL, OTHERS, Row, read_pairs
from benchmarks.training.weights_file import write_tensors
from index.adapter import AdapterFile, merge_adapter
from index.embedding import load_encoder, tokenizer_core

BEGIN = Path("assistant/reader/joint.safetensors")
RATE, HEAD_RATE, EPOCHS, BATCH, WARM_UP, RANK, PARTS, STEP = 1e-4, 1e-3, 5, 64, 0.06, 64, 3, 8


@dataclass(frozen=True)
class Pair:
    """The token ids of a sentence and its evidence, and whether it is supported."""

    sentence: tuple[int, ...]
    evidence: tuple[int, ...]
    supported: bool


class Reader(nn.Module):
    """The encoder, begun where the joint reader of questions ended, with the two heads of `pair_score`."""

    def __init__(self) -> None:
        super().__init__()
        tokenizer, self.encoder, _ = load_encoder("float32")
        self.cls, self.sep, self.pad = tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id
        merge_adapter(self.encoder, AdapterFile(BEGIN, "", 1.0))
        self.encoder.embeddings.requires_grad_(False)
        width = int(self.encoder.config.hidden_size)
        self.token = nn.Linear(width, 1)
        self.whole = nn.Sequential(nn.Linear(3 * width, 64), nn.GELU(), nn.Linear(64, 1))
        nn.init.constant_(self.token.bias, -3.0)

    def head(self) -> dict[str, torch.Tensor]:
        """The heads' weights as the packaged reader names them."""
        return {f"head.{name}": p for name, p in self.named_parameters() if not name.startswith("encoder.")}

    def forward(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """The log-odds of every pair."""
        lines = [[self.cls, *p.sentence, self.sep, *p.evidence, self.sep] for p in pairs]
        width = -(-max(map(len, lines)) // STEP) * STEP
        device = self.token.weight.device
        states = self.encoder(
            input_ids=torch.tensor([line + [self.pad] * (width - len(line)) for line in lines], device=device),
            attention_mask=torch.tensor([[1] * len(line) + [0] * (width - len(line)) for line in lines], device=device),
            token_type_ids=torch.tensor(
                [
                    [0] * (len(p.sentence) + 2) + [1] * (len(p.evidence) + 1) + [0] * (width - len(line))
                    for p, line in zip(pairs, lines, strict=True)
                ],
                device=device,
            ),
        ).last_hidden_state.float()
        return torch.stack(
            [
                pair_score(states[row, : len(line)], len(p.sentence), self.head())
                for row, (p, line) in enumerate(zip(pairs, lines, strict=True))
            ]
        )


def tokenized(rows: Sequence[Row]) -> list[Pair]:
    """The rows as the packaged reader cuts them."""
    core = tokenizer_core(load_encoder("float32")[0])

    def ids(text: str, most: int) -> tuple[int, ...]:
        return tuple(core.encode(text, add_special_tokens=False).ids[:most])

    return [
        Pair(ids(r.sentence, SENTENCE_TOKENS), ids(" ".join(r.evidence), EVIDENCE_TOKENS), r.supported) for r in rows
    ]


def batches(pairs: Sequence[Pair], chooser: random.Random, size: int = BATCH) -> Iterator[list[Pair]]:
    """All pairs once, in batches of `size`, of like length and random order."""
    order = list(pairs)
    chooser.shuffle(order)
    window, groups = size * 8, []
    for first in range(0, len(order), window):
        near = sorted(order[first : first + window], key=lambda p: len(p.sentence) + len(p.evidence))
        groups += [near[i : i + size] for i in range(0, len(near), size)]
    chooser.shuffle(groups)
    yield from groups


def train(pairs: Sequence[Pair], epochs: int, seed: int, device: str) -> Reader:
    """A reader trained on `pairs`."""
    torch.manual_seed(seed)
    chooser = random.Random(seed)
    model = Reader().to(device).train()
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    heads = list(model.head().values())
    optimizer = torch.optim.AdamW(
        [{"params": encoder, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01
    )
    steps = epochs * math.ceil(len(pairs) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (WARM_UP * steps)) * max(0.02, 1 - s / steps)
    )
    for epoch in range(epochs):
        losses = []
        for few in batches(pairs, chooser):
            with torch.autocast(device, dtype=torch.bfloat16):
                scores = model(few)
            wanted = torch.tensor([float(p.supported) for p in few], device=device)
            loss = nn.functional.binary_cross_entropy_with_logits(scores.float(), wanted)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(encoder + heads, 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
        print(f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.3f}", flush=True)
    return model


def scores(model: Reader, pairs: Sequence[Pair]) -> list[float]:
    """The log-odds of every pair, in their order."""
    model.eval()
    with torch.inference_mode():
        return [round(float(s), 3) for i in range(0, len(pairs), BATCH) for s in model(pairs[i : i + BATCH])]


def export(model: Reader, out: Path, pairs: int) -> None:
    """Write what training changed of the packaged encoder as low-rank products, with the heads and the card."""
    before = dict(load_encoder("float32")[1].named_parameters())
    weights: dict[str, Any] = {}
    for name, after in model.encoder.cpu().named_parameters():
        change = (after - before[name]).detach()
        if "encoder.layer" in name and change.ndim == 2:
            left, values, right = torch.linalg.svd(change, full_matrices=False)
            root = values[:RANK].sqrt()
            weights[f"{name.removesuffix('.weight')}.up"] = left[:, :RANK] * root
            weights[f"{name.removesuffix('.weight')}.down"] = root[:, None] * right[:RANK]
        elif change.ndim == 1 and "encoder.layer" in name:
            weights[f"change.{name}"] = change
    weights |= {name: p.detach().cpu() for name, p in model.head().items()}
    about = {"base": "all-MiniLM-L6-v2", "scale": 1.0, "rank": RANK, "pairs": pairs}
    write_tensors(out / "pair.json", weights, about)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--limit", type=int, help="only so many pairs, to try whether it runs")
    said = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    said.out.mkdir(parents=True, exist_ok=True)
    rows = [row for name in (*NATURAL, *OTHERS) for row in read_pairs(name)][: said.limit]
    final = read_pairs("final.jsonl")[: said.limit]
    pairs, found = tokenized(rows), dict[str, float]()
    for part in range(PARTS):
        print(f"part {part + 1} of {PARTS} held out", flush=True)
        model = train([p for p, r in zip(pairs, rows, strict=True) if r.part != part], said.epochs, part, device)
        held = [(p, r) for p, r in zip(pairs, rows, strict=True) if r.part == part]
        found |= zip((r.id for _, r in held), scores(model, [p for p, _ in held]), strict=True)
    model = train(pairs, said.epochs, PARTS, device)
    found |= zip((r.id for r in final), scores(model, tokenized(final)), strict=True)
    (said.out / "pair-scores.json").write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")
    export(model, said.out, len(rows))


if __name__ == "__main__":
    main()
