"""Walking decision trees that are kept as plain arrays."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.passage import Vectors


class Trees(Protocol):
    """Trees whose nodes stand one behind the other; `roots` are the first of each tree.

    A leaf has feature -1 and its `value`; other nodes go `left` where the feature is at most `cut`, else `right`.
    """

    @property
    def roots(self) -> NDArray[np.int64]: ...
    @property
    def feature(self) -> NDArray[np.int64]: ...
    @property
    def cut(self) -> Vectors: ...
    @property
    def left(self) -> NDArray[np.int64]: ...
    @property
    def right(self) -> NDArray[np.int64]: ...
    @property
    def value(self) -> Vectors: ...


def leaf_values(trees: Trees, row: Vectors) -> Vectors:
    """The value of the leaf that `row` reaches in each tree, in the order of the roots."""
    at = trees.roots
    while (inner := trees.feature[at] >= 0).any():
        smaller = row[trees.feature[at]] <= trees.cut[at]
        at = np.where(inner, np.where(smaller, trees.left[at], trees.right[at]), at)
    return trees.value[at]
