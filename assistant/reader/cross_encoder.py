"""The cross-encoder: question and one sentence read together by the larger encoder, where it is installed.

all-mpnet-base-v2, its first layers with low-rank changes of their own, reads `question </s> header, the sentence before, the sentence`.
The score is the cosine between the mean of the question's token states and the mean of the sentence's, sharpened by a small head, less
that of "this does not answer": above 0 means likelier than not. Reranking by it costs a pass a sentence, so it is asked of the
few that the joint reader ranks first. What it learned from is told in `MODEL_CARD.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.mpnet.encoder import BEGIN, END, SHIFT, Mpnet
from assistant.mpnet.weights import base_weights, where_installed
from index.adapter import AdapterFile, checked_weights
from index.embedding import load_encoder, sentence_tokens, tokenizer_core, with_header
from index.passage import Passage
from index.threads import all_processors, one_thread_each

if TYPE_CHECKING:
    import torch

CARD = Path(__file__).parent / "cross.json"
QUESTION_TOKENS, HEADER_TOKENS, BEFORE_TOKENS, SENTENCE_TOKENS = 47, 48, 60, 110
TOGETHER = 2
REMEMBERED = 8192
Place = tuple[Passage, int]


class CrossEncoder:
    """Scores sentences for a question, each with its header and the sentence before it."""

    def __init__(self, adapter: AdapterFile, files: list[Path]) -> None:
        """Takes the file of the changes and those of the published weights."""
        from safetensors.torch import load_file

        weights = load_file(str(adapter.path))
        self._head = {name: values.float() for name, values in weights.items() if name.startswith("head.")}
        self.tokens = tokenizer_core(load_encoder("float32")[0])
        # One text by all processors, for often the first decides; of several, one each: that takes a quarter less
        self._each = one_thread_each(TOGETHER, "cross-encoder")
        with base_weights(files) as base:
            self._encoder = Mpnet(base, weights)
        self._remembered: dict[tuple[str, Passage, int], float] = {}

    def scores(self, question: str, places: Sequence[Place]) -> list[float]:
        """One score a sentence, given by its passage and its number there, above 0 where it likelier answers than not."""
        asked = [(question, *place) for place in places]
        remembered = self._remembered
        found = {one: remembered[one] for one in asked if one in remembered}
        unread = [one for one in dict.fromkeys(asked) if one not in found]
        pool = self._each if len(unread) > 1 else all_processors()
        read = dict(zip(unread, pool.map(lambda one: self._read(*one), unread), strict=True))
        found |= read
        if len(remembered) > REMEMBERED:
            self.forget()
        self._remembered.update(read)
        return [found[one] for one in asked]

    def forget(self) -> None:
        """Forget what was read, to measure how long reading takes."""
        self._remembered = {}

    def window(self, question: str, passage: Passage, number: int) -> tuple[list[int], slice, slice]:
        """The ids of the tokens that are read of a sentence, and where among them the question and the sentence stand."""
        asked = self.tokens.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
        cut = self.tokens.encode(with_header(passage), add_special_tokens=False)
        of_sentence = [
            np.flatnonzero(inside) for inside in sentence_tokens(passage, np.array(cut.offsets).reshape(-1, 2))
        ]
        header = cut.ids[: min(HEADER_TOKENS, min((int(mine[0]) for mine in of_sentence if len(mine)), default=0))]
        mine, before = of_sentence[number], of_sentence[number - 1] if number else of_sentence[number][:0]
        sentence = [cut.ids[at] for at in mine[:SENTENCE_TOKENS]]
        context = [cut.ids[at] for at in before[-BEFORE_TOKENS:]]
        told = [*header, *context, *sentence]
        ids = [BEGIN, *(n + SHIFT for n in asked), END, *(n + SHIFT for n in told), END]
        return ids, slice(1, 1 + len(asked)), slice(len(ids) - 1 - len(sentence), len(ids) - 1)

    def _read(self, question: str, passage: Passage, number: int) -> float:
        import torch

        ids, asked, told = self.window(question, passage, number)
        with torch.inference_mode():
            (states,) = self._encoder.states(ids, [self._encoder.layers])
            return float(_score(states, states[asked].mean(0), states[told].mean(0), self._head))


def _score(states: torch.Tensor, asked: torch.Tensor, told: torch.Tensor, head: Mapping[str, Any]) -> torch.Tensor:
    import torch
    from torch.nn.functional import cosine_similarity, gelu, linear

    features = torch.cat([asked * told, (asked - told).abs(), told, states[0]])
    inner = gelu(linear(features, head["head.0.weight"], head["head.0.bias"]))
    sharpened = linear(inner, head["head.2.weight"], head["head.2.bias"]).squeeze()
    score: torch.Tensor = head["head.temperature"] * cosine_similarity(asked, told, dim=0) + sharpened
    return torch.sub(score, head["head.nothing"])


@lru_cache(maxsize=1)
def load_cross_encoder() -> CrossEncoder | None:
    """The cross-encoder, or None where its base model is not installed; loads and rounds the weights (some seconds).

    Raises ModelUnavailable when the weights are not those that are expected.
    """
    return where_installed(lambda files: CrossEncoder(checked_weights(CARD, "reader"), files))
