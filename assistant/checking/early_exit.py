"""Where the large reader may stop: heads after one of its layers that decide the plain cases (early exit, arXiv 2004.12993).

They have the form of the last heads and decide only where they are so sure that the whole reader nearly always says the same. The
layers learned for both (`benchmarks/training/large_reader.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.checking.pair_reader import pair_votes

if TYPE_CHECKING:
    import torch

PREFIX = "exit."


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """What judges the states after a layer, which are first brought to one scale."""

    weights: Mapping[str, torch.Tensor]

    def votes(self, states: torch.Tensor, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        """What `pair_votes` gives."""
        return pair_votes((states - self.weights["mean"]) * self.weights["scale"], length, self.weights)


@dataclass(frozen=True, slots=True, eq=False)
class EarlyExit:
    """The heads after layer `after` (counted from 1), the log-odds below and above which they decide, and those of which the
    whole reader is sure, from which theirs are counted above the upper bound."""

    after: int
    low: float
    high: float
    sure: float
    heads: Heads

    def votes(self, states: torch.Tensor, length: int) -> tuple[torch.Tensor, torch.Tensor] | None:
        """What `pair_votes` gives, where it decides."""
        score, faults = self.heads.votes(states, length)
        if float(score) > self.high:
            return score - self.high + self.sure, faults
        return (score, faults) if float(score) < self.low else None


def heads_of(weights: Mapping[str, torch.Tensor], prefix: str = "") -> Heads:
    """The heads among the large reader's weights whose names begin with `prefix`."""
    own = {name.removeprefix(prefix): values.float() for name, values in weights.items() if name.startswith(prefix)}
    return Heads({name: values for name, values in own.items() if name.startswith(("head.", "mean", "scale"))})


def early_exit(weights: Mapping[str, torch.Tensor], about: Mapping[str, Any], sure: float) -> EarlyExit:
    """The exit among the large reader's weights, whose layer and bounds the card tells; `sure` are log-odds."""
    bounds = float(about["low"]), float(about["high"])
    return EarlyExit(int(about["after"]), *bounds, sure, heads_of(weights, PREFIX))
