"""Where the large reader may stop: heads after one of its layers that decide the plain cases (early exit, arXiv 2004.12993).

They have the form of the last heads, over states that are first brought to one scale, and decide only where they are so sure that the
whole reader nearly always says the same. Trained by `benchmarks/training/early_exit.py`.
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
class EarlyExit:
    """The heads after layer `after` (counted from 1), the log-odds below and above which they decide, and those of which the
    whole reader is sure, from which theirs are counted above the upper bound."""

    after: int
    low: float
    high: float
    sure: float
    weights: Mapping[str, torch.Tensor]

    def votes(self, states: torch.Tensor, length: int) -> tuple[torch.Tensor, torch.Tensor] | None:
        """What `pair_votes` gives, where it decides."""
        scaled = (states - self.weights["mean"]) * self.weights["scale"]
        score, faults = pair_votes(scaled, length, self.weights)
        if float(score) > self.high:
            return score - self.high + self.sure, faults
        return (score, faults) if float(score) < self.low else None


def early_exit(weights: Mapping[str, torch.Tensor], about: Mapping[str, Any], sure: float) -> EarlyExit:
    """The exit among the large reader's weights, whose layer and bounds the card tells; `sure` are log-odds."""
    own = {name.removeprefix(PREFIX): values.float() for name, values in weights.items() if name.startswith(PREFIX)}
    return EarlyExit(int(about["after"]), float(about["low"]), float(about["high"]), sure, own)
