"""Sentence and evidence read together in one encoder pass: how likely the evidence says what the sentence does.

The packaged encoder with low-rank changes of its own (LoRA, arXiv 2106.09685) reads `sentence [SEP] evidence`. Every
token of the sentence votes for a fault, and a small head over the mean states of both judges the whole. The score is one
of the features of the gate's calibrated model. Trained by `benchmarks/training/pair_reader.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.checking.encoder import check_threads, quiet_loading
from index.adapter import AdapterFile, checked_weights, merge_adapter
from index.bert import OneText
from index.embedding import load_encoder, tokenizer_core
from index.threads import in_passing_thread

if TYPE_CHECKING:
    import torch

CARD = Path(__file__).parent / "pair.json"
SENTENCE_TOKENS, EVIDENCE_TOKENS = 80, 170
REMEMBERED = 2048


class PairReader:
    """Scores a sentence against its evidence, in log-odds."""

    def __init__(self, adapter: AdapterFile, precision: str = "auto") -> None:
        import torch
        from safetensors.torch import load_file

        with quiet_loading():
            tokenizer, encoder, dtype = load_encoder(precision)
        self._tokens = tokenizer_core(tokenizer)
        self._ends = (int(tokenizer.cls_token_id), int(tokenizer.sep_token_id))
        merge_adapter(encoder, adapter)
        weights = load_file(str(adapter.path))
        self._head = {name: values.float() for name, values in weights.items() if name.startswith("head.")}
        self._encoder = OneText(encoder.to(getattr(torch, dtype)))
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def score(self, sentence: str, evidence: Sequence[str]) -> float:
        """Above 0 where the folded evidence likelier says the folded sentence than not."""
        return check_threads().submit(self._remembered, sentence, " ".join(evidence)).result()

    def forget(self) -> None:
        """Forget every pair that was read, to measure how long reading takes."""
        self._remembered.cache_clear()

    def _read(self, sentence: str, evidence: str) -> float:
        import torch

        first = self._cut(sentence, SENTENCE_TOKENS)
        second = self._cut(evidence, EVIDENCE_TOKENS)
        start, mark = self._ends
        ids = [start, *first, mark, *second, mark]
        kinds = [0] * (len(first) + 2) + [1] * (len(second) + 1)
        with torch.inference_mode():
            return float(pair_score(self._encoder.states(ids, kinds), len(first), self._head))

    def _cut(self, text: str, most: int) -> list[int]:
        ids: list[int] = self._tokens.encode(text, add_special_tokens=False).ids
        return ids[:most]


def pair_score(states: torch.Tensor, length: int, head: Mapping[str, Any]) -> torch.Tensor:
    """The log-odds from the states of `[CLS] sentence [SEP] evidence [SEP]`, whose sentence has `length` tokens."""
    return pair_votes(states, length, head)[0]


def pair_votes(states: torch.Tensor, length: int, head: Mapping[str, Any]) -> tuple[torch.Tensor, torch.Tensor]:
    """The log-odds as of `pair_score`, and how strongly each token of the sentence votes for a fault."""
    import torch
    from torch.nn.functional import gelu, linear

    stated, given = states[1 : length + 1], states[length + 2 :]
    one, other = stated.mean(0), given.mean(0)
    both = torch.cat([one * other, (one - other).abs(), states[0]])
    inner = gelu(linear(both, head["head.whole.0.weight"], head["head.whole.0.bias"]))
    whole = linear(inner, head["head.whole.2.weight"], head["head.whole.2.bias"]).squeeze()
    faults = linear(stated, head["head.token.weight"], head["head.token.bias"]).squeeze(1)
    return whole - torch.logsumexp(faults, 0), faults


@lru_cache(maxsize=1)
def load_pair_reader() -> PairReader:
    """The packaged pair reader; loads the weights (about half a second).

    Raises ModelUnavailable when its weights are not those its card names.
    """
    return in_passing_thread(lambda: PairReader(checked_weights(CARD, "check")))
