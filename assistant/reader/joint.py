"""The joint reader: question and passage read together in one encoder pass, one score a sentence.

The packaged encoder with a low-rank adapter of its own (LoRA, arXiv 2106.09685) reads `question [SEP] header, passage`.
A sentence's score is the cosine between the mean of the question's token states and the mean of its own ("late
chunking", arXiv 2409.04701), sharpened by a small head; the score of "nothing here answers" is subtracted, so that
above 0 means likelier than not. Trained by `benchmarks/training/joint.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.reader.features import UNREAD
from index.adapter import AdapterFile, merge_adapter
from index.embedding import load_encoder, sentence_tokens, with_header
from index.errors import ModelUnavailable
from index.passage import Passage, Vectors

if TYPE_CHECKING:
    import torch

CARD = Path(__file__).parent / "joint.json"
MAX_TOKENS = 288
QUESTION_TOKENS = 64


class JointReader:
    """Scores the sentences of passages for a question."""

    def __init__(self, adapter: AdapterFile, precision: str = "auto") -> None:
        import torch
        from safetensors.torch import load_file

        self._tokenizer, self._encoder, self._dtype = load_encoder(precision)
        weights = {name: values.float() for name, values in load_file(str(adapter.path)).items()}
        merge_adapter(self._encoder, adapter)
        self._head = {name: values for name, values in weights.items() if name.startswith("head.")}
        self._encoder.to(getattr(torch, self._dtype)).eval()

    def scores(self, question: str, passages: Sequence[Passage]) -> list[Vectors]:
        """One array a passage: a score a sentence, above 0 where it likelier answers than not."""
        asked = self._shortened(question)
        by_length = sorted(range(len(passages)), key=lambda i: len(passages[i].text))
        found: dict[int, Vectors] = {}
        # Long passages are read apart from short ones, so that little is padded
        for numbers in (by_length[: len(by_length) // 2], by_length[len(by_length) // 2 :]):
            found.update(zip(numbers, self._read(asked, [passages[i] for i in numbers]), strict=True))
        return [found[i] for i in range(len(passages))]

    def _read(self, question: str, passages: Sequence[Passage]) -> list[Vectors]:
        import torch

        if not passages:
            return []
        tokens = self._tokenizer(
            [question] * len(passages),
            [with_header(passage) for passage in passages],
            padding=True,
            truncation="only_second",
            max_length=MAX_TOKENS,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = tokens.pop("offset_mapping").numpy()
        with torch.inference_mode():
            states = self._encoder(**tokens).last_hidden_state.float()
            return [
                self._passage_scores(states[row], tokens.sequence_ids(row), offsets[row], passage)
                for row, passage in enumerate(passages)
            ]

    def _shortened(self, question: str) -> str:
        """The question's first `QUESTION_TOKENS` tokens, so that the passage keeps its room."""
        offsets = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        ends = [end for _, end in offsets["offset_mapping"]]
        return question if len(ends) <= QUESTION_TOKENS else question[: ends[QUESTION_TOKENS - 1]]

    def _passage_scores(
        self, states: torch.Tensor, kinds: Sequence[int | None], offsets: Any, passage: Passage
    ) -> Vectors:
        import torch

        segment = np.array([-1 if kind is None else kind for kind in kinds])
        asked = states[torch.from_numpy(segment == 0)].mean(0)
        scores = np.full(len(passage.sentences), UNREAD, dtype=np.float32)
        rows, places = [], []
        for number, tokens in enumerate(sentence_tokens(passage, offsets)):
            inside = tokens & (segment == 1)
            if inside.any():
                rows.append(states[torch.from_numpy(inside)].mean(0))
                places.append(number)
        if rows:
            scores[places] = self._head_scores(asked.expand(len(rows), -1), torch.stack(rows)).numpy()
        return scores

    def _head_scores(self, asked: torch.Tensor, sentences: torch.Tensor) -> torch.Tensor:
        import torch
        from torch.nn.functional import cosine_similarity, gelu, linear

        head = self._head
        features = torch.cat([asked * sentences, (asked - sentences).abs(), sentences], dim=-1)
        inner = gelu(linear(features, head["head.0.weight"], head["head.0.bias"]))
        sharpened = linear(inner, head["head.2.weight"], head["head.2.bias"]).squeeze(1)
        scores: torch.Tensor = head["head.temperature"] * cosine_similarity(asked, sentences, dim=-1) + sharpened
        return scores - head["head.nothing"]


@lru_cache(maxsize=1)
def load_joint_reader() -> JointReader:
    """The packaged joint reader; loads the weights (about half a second).

    Raises ModelUnavailable when its weights are not those its card names.
    """
    about = json.loads(CARD.read_text(encoding="utf-8"))
    weights = CARD.with_suffix(".safetensors")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else ""
    if digest != about["sha256"]:
        raise ModelUnavailable(
            f"The reader's weights in {weights} are missing or damaged: reinstall newsletter-assistant."
        )
    return JointReader(AdapterFile(weights, digest, float(about["scale"])))
