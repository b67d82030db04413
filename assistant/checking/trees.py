"""A probability from many decision trees, as plain arrays: no training library is needed to use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.trees import leaf_values
from index.passage import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Boosted trees and averaged trees whose mean is the probability.

    The nodes of all trees stand one behind the other; `roots` are the first of each tree. A leaf has feature -1 and its
    `value`; other nodes go `left` where the feature is at most `cut`, else `right`. The first `boosted` trees add up to
    a logit, with `bias`; the others each give a probability.
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    cut: Vectors
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Vectors
    boosted: int
    bias: float

    def probability(self, values: Vectors) -> float:
        """Probability (0 to 1) for one row of features."""
        leaves = leaf_values(self, values)
        logit = float(leaves[: self.boosted].sum()) + self.bias
        boosted = 1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0)))
        averaged = float(leaves[self.boosted :].mean()) if len(leaves) > self.boosted else boosted
        return float((boosted + averaged) / 2)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Forest:
        """A forest from its JSON form."""

        def whole(name: str) -> NDArray[np.int64]:
            return np.asarray(data[name], dtype=np.int64)

        def real(name: str) -> Vectors:
            return np.asarray(data[name], dtype=np.float32)

        return cls(
            roots=whole("roots"),
            feature=whole("feature"),
            cut=real("cut"),
            left=whole("left"),
            right=whole("right"),
            value=real("value"),
            boosted=int(data["boosted"]),
            bias=float(data["bias"]),
        )
