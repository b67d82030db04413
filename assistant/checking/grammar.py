"""The grammar of a sentence: tag, head and label of each word, by a small parser over the encoder's states.

The heads learned to agree with spaCy's parses (`benchmarks/training/grammar.py`); labels and tags are spaCy's
(ClearNLP labels, Penn Treebank tags).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.checking.encoder import WordStates
from index.passage import Vectors

HEADS = Path(__file__).parent / "grammar.safetensors"
TAGS_FILE = Path(__file__).parent / "grammar.json"
ARC, LABEL = 128, 48


@dataclass(frozen=True, slots=True)
class Parse:
    """Penn tags, head numbers (-1 for the root) and dependency labels, one a word."""

    tags: tuple[str, ...]
    heads: tuple[int, ...]
    labels: tuple[str, ...]

    def children(self, word: int) -> list[int]:
        """The words whose head is `word`."""
        return [i for i, head in enumerate(self.heads) if head == word]


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, Vectors], list[str], list[str]]:
    from safetensors.numpy import load_file

    names = json.loads(TAGS_FILE.read_text(encoding="utf-8"))
    weights = {name: value.astype(np.float32) for name, value in load_file(str(HEADS)).items()}
    return weights, names["tags"], names["labels"]


def parse(states: WordStates) -> Parse:
    """The grammar of the sentence whose words have `states`."""
    w, tags, labels = _weights()
    x = states.grammar
    count = len(x)
    rooted = np.vstack([w["root"][None], x])
    tag = (x @ w["tag.weight"].T + w["tag.bias"]).argmax(1)
    arc_dep, arc_head = _layer(w, "arc_dep", x), _layer(w, "arc_head", rooted)
    arcs = _with_one(arc_dep) @ w["arc"] @ arc_head.T
    arcs[np.arange(count), np.arange(1, count + 1)] = -np.inf
    heads = _tree(np.asarray(arcs))
    dep = _with_one(_layer(w, "label_dep", x))
    head = _with_one(_layer(w, "label_head", rooted))[heads]
    scores = np.einsum("ni,lij,nj->nl", dep, w["label"], head, optimize=True)
    chosen = scores.argmax(1)
    return Parse(tuple(tags[i] for i in tag), tuple(int(h) - 1 for h in heads), tuple(labels[i] for i in chosen))


def _layer(w: dict[str, Vectors], name: str, x: Vectors) -> Vectors:
    return np.asarray(np.maximum(x @ w[f"{name}.weight"].T + w[f"{name}.bias"], 0.0), dtype=np.float32)


def _with_one(x: Vectors) -> Vectors:
    return np.hstack([x, np.ones((len(x), 1), dtype=np.float32)])


def _tree(arcs: Vectors) -> NDArray[np.int64]:
    """The best head of each word, cycles cut at their weakest arc."""
    heads: NDArray[np.int64] = arcs.argmax(1)
    for _ in range(len(heads)):
        cycle = _cycle(heads)
        if not cycle:
            break
        inside = [i + 1 for i in cycle]
        outside = np.delete(np.arange(arcs.shape[1]), inside)
        gain = [(arcs[i, outside].max() - arcs[i, heads[i]], i) for i in cycle]
        _, cut = max(gain)
        heads[cut] = outside[arcs[cut, outside].argmax()]
    while cycle := _cycle(heads):  # a cut may close another cycle: words of those that are left stand by themselves
        heads[cycle[0]] = 0
    return heads


def _cycle(heads: NDArray[np.int64]) -> list[int]:
    done: set[int] = set()
    for start in range(len(heads)):
        path: list[int] = []
        at = start
        while at >= 0 and at not in done and at not in path:
            path.append(at)
            at = int(heads[at]) - 1
        if at >= 0 and at in path:
            return path[path.index(at) :]
        done.update(path)
    return []
