"""Train the large reader of the check: the first layers of all-mpnet-base-v2 read sentence and evidence together.

    python -m benchmarks.training.large_reader --out FOLDER [--limit N]

Learns from all labelled pairs of `benchmarks/verification` but `final.jsonl`, `untouched.jsonl` and those of one newsletter in twelve, on
which the cut-off is set and the bounds between which the heads after layer `AFTER` leave the judgement to those after the last: so that
they drop a share of `MISTAKEN` of what the whole reader keeps, and keep only what is surer, by `MARGIN`, than all that it drops. At last
the factors are measured that the 8-bit products need. Copy `large.safetensors` and `large.json` to `assistant/checking`. A minute on an
accelerator, hours on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from assistant.checking.early_exit import PREFIX
from assistant.checking.pair_reader import pair_score
from assistant.mpnet.encoder import BEGIN, END, SHIFT
from assistant.mpnet.weights import base_weights
from assistant.reader.odds import log_odds, probability_of
from assistant.verification import ruled_out
from benchmarks.training.mpnet import PADDING, Learner, TrainedMpnet, installed
from benchmarks.training.pair_reader import Pair, batches, tokenized
from benchmarks.training.verification import NATURAL, OTHERS, Row, read_pairs
from benchmarks.training.weights_file import write_tensors

LAYERS, AFTER, RANK = 8, 5, 40
RATE, SMALL_RATE, HEAD_RATE, EPOCHS, BATCH, WARM_UP, EXIT_WEIGHT = 3e-4, 6e-5, 5e-4, 5, 256, 60, 0.2
MEASURED_ON, SCALED_ON, KEPT_OUT, CAUGHT, MISTAKEN, MARGIN, SEED = 200, 400, 12, 0.975, 0.005, 1.0, 3


class Head(nn.Module):
    """The heads of `pair_score` over states brought to one scale."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, states: torch.Tensor) -> None:
        super().__init__()
        width = states.shape[1]
        self.register_buffer("mean", states.mean(0))
        self.register_buffer("scale", 1 / (states.std(0) + 1e-3))
        self.token = nn.Linear(width, 1)
        self.whole = nn.Sequential(nn.Linear(3 * width, 64), nn.GELU(), nn.Linear(64, 1))
        nn.init.zeros_(self.token.weight)
        nn.init.constant_(self.token.bias, -3.0)

    def forward(self, states: torch.Tensor, lengths: Sequence[tuple[int, int]]) -> torch.Tensor:
        """The log-odds of padded pairs, each with as many tokens in all and in its sentence as `lengths` say."""
        weights = {f"head.{name}": p for name, p in self.named_parameters()}
        scaled = (states.float() - self.mean) * self.scale
        return torch.stack(
            [pair_score(one[:whole], length, weights) for one, (whole, length) in zip(scaled, lengths, strict=True)]
        )

    def named(self, prefix: str) -> dict[str, torch.Tensor]:
        """Its weights as the packaged reader names them."""
        own = {f"head.{name}": p for name, p in self.named_parameters()} | {"mean": self.mean, "scale": self.scale}
        return {f"{prefix}{name}": values.detach().cpu() for name, values in own.items()}


class Reader(nn.Module):
    """The encoder with heads after layer `AFTER` and after the last."""

    def __init__(self, encoder: TrainedMpnet, pairs: Sequence[Pair]) -> None:
        super().__init__()
        self.encoder = encoder
        with torch.inference_mode():
            early, last, lengths = self._states(pairs)
        real = [torch.cat([one[:n] for one, (n, _) in zip(states, lengths, strict=True)]) for states in (early, last)]
        self.heads = nn.ModuleList(Head(states.float().clone()) for states in real)

    def _states(self, pairs: Sequence[Pair]) -> tuple[torch.Tensor, torch.Tensor, list[tuple[int, int]]]:
        lines = [[BEGIN, *(n + SHIFT for n in p.sentence), END, *(n + SHIFT for n in p.evidence), END] for p in pairs]
        width = -(-max(map(len, lines)) // 16) * 16
        device = self.encoder.words.device
        ids = torch.tensor([line + [PADDING] * (width - len(line)) for line in lines], device=device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            states = list(self.encoder(ids))
        lengths = [(len(line), len(p.sentence)) for line, p in zip(lines, pairs, strict=True)]
        return states[AFTER - 1], states[-1], lengths

    def forward(self, pairs: Sequence[Pair]) -> torch.Tensor:
        """The log-odds of every pair by either heads: (2, pairs)."""
        *states, lengths = self._states(pairs)
        return torch.stack([head(one, lengths) for head, one in zip(self.heads, states, strict=True)])


def learn(model: Reader, pairs: Sequence[Pair]) -> None:
    """Train; the rates fall to nothing."""
    chooser = random.Random(SEED)
    learner = Learner(model.encoder, model.heads.parameters(), (RATE, SMALL_RATE, HEAD_RATE), WARM_UP)
    total = EPOCHS * -(-len(pairs) // BATCH)
    for number in range(EPOCHS):
        losses = []
        for few in batches(list(pairs), chooser, BATCH):
            scores = model(few)
            wanted = torch.tensor([float(pair.supported) for pair in few], device=scores.device).expand_as(scores)
            each = nn.functional.binary_cross_entropy_with_logits(scores, wanted, reduction="none").mean(1)
            learner.step(EXIT_WEIGHT * each[0] + each[1], total)
            losses.append(each.detach())
        early, last = torch.stack(losses).mean(0).tolist()
        print(f"epoch {number + 1}: loss {last:.3f}, after layer {AFTER} {early:.3f}", flush=True)


def scores(model: Reader, pairs: Sequence[Pair]) -> np.ndarray:
    """The log-odds of every pair by either heads, in their order: (2, pairs)."""
    with torch.inference_mode():
        return np.concatenate([model(pairs[i : i + BATCH]).cpu().numpy() for i in range(0, len(pairs), BATCH)], 1)


def is_kept_out(row: Row) -> bool:
    """Whether a pair's newsletter is one of those that the cut-off is set on."""
    return int(hashlib.sha256(f"hold {row.together}".encode()).hexdigest(), 16) % KEPT_OUT == 0


def threshold_of(model: Reader, rows: Sequence[Row]) -> float:
    """The probability below which `CAUGHT` of the unsupported pairs kept out lie; what a rule stops counts as caught."""
    false = [row for row in rows if not row.supported]
    read = zip(false, scores(model, tokenized(false))[1], strict=True)
    found = [0.0 if ruled_out(row.sentence, row.evidence) else probability_of(score) for row, score in read]
    return round(float(np.quantile(found, CAUGHT)), 4)


def bounds_of(model: Reader, rows: Sequence[Row], threshold: float) -> dict[str, float]:
    """The log-odds below and above which the heads after layer `AFTER` decide, on pairs that no rule stops."""
    early, last = scores(model, tokenized([row for row in rows if not ruled_out(row.sentence, row.evidence)]))
    keeps = last >= log_odds(threshold, 0.0)
    low, high = float(np.quantile(early[keeps], MISTAKEN)), float(early[~keeps].max()) + MARGIN
    print(f"{((early < low) | (early > high)).mean():.2f} are decided early")
    return {"after": AFTER, "low": round(low, 3), "high": round(high, 3)}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="only so many pairs, to try whether it runs")
    said = parser.parse_args()
    files = installed(parser)
    rows = [row for name in (*NATURAL, *OTHERS) for row in read_pairs(name)][: said.limit]
    kept_out = [row for name in NATURAL for row in read_pairs(name) if is_kept_out(row)][: said.limit]
    pairs = tokenized([row for row in rows if not is_kept_out(row)])
    torch.manual_seed(SEED)
    some = random.Random(SEED).sample(pairs, min(SCALED_ON, len(pairs)))
    with base_weights(files) as base:
        model = Reader(TrainedMpnet(base, LAYERS, RANK).to("cuda" if torch.cuda.is_available() else "cpu"), some)
    model = model.to(model.encoder.words.device)
    learn(model, pairs)
    model.encoder.measure(lambda: scores(model, some[:MEASURED_ON]))
    threshold = threshold_of(model, kept_out)
    early, last = model.heads
    weights = model.encoder.changes() | last.named("") | early.named(PREFIX)
    about = {"base": "all-mpnet-base-v2", "scale": 1.0, "rank": RANK, "pairs": len(pairs), "threshold": threshold}
    write_tensors(said.out / "large.json", weights, {**about, "exit": bounds_of(model, kept_out, threshold)})


if __name__ == "__main__":
    main()
