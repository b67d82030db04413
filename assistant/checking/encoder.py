"""Contextual vectors of words, from the packaged MiniLM without the reader's adapter; loaded at the first use.

The hidden states of several layers are kept: the lower ones know grammar, the last one meaning (Tenney, Das and
Pavlick, "BERT Rediscovers the Classical NLP Pipeline", ACL 2019).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from assistant.checking.words import words
from index.embedding import choose_precision as choose_precision
from index.embedding import packaged_model_path
from index.passage import Vectors

GRAMMAR_LAYERS = (0, 2, 3, 4)
MEANING_LAYER = 6
MAX_TOKENS = 256
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class WordStates:
    """One row a word: `grammar` (n, d × layers) for the parser, `meaning` (n, d) unit vectors; `sentence` is their unit mean."""

    grammar: Vectors
    meaning: Vectors
    sentence: Vectors


@contextmanager
def quiet_loading() -> Iterator[None]:
    """No progress bar and no report of weights that are left aside on purpose (the pooler's)."""
    from transformers.utils import logging as library

    logging: Any = library

    level, shown = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if shown:
            logging.enable_progress_bar()


@lru_cache(maxsize=1)
def _model() -> tuple[Any, Any]:
    import os

    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from transformers import AutoModel, AutoTokenizer

    path = str(packaged_model_path())
    tokenizer = AutoTokenizer.from_pretrained(path, local_files_only=True)
    with quiet_loading():
        model = AutoModel.from_pretrained(path, local_files_only=True, add_pooling_layer=False).eval()
    return tokenizer, model.to(getattr(torch, choose_precision("auto")))


def encode(texts: list[str]) -> list[WordStates]:
    """The states of the words of each folded text, in one pass."""
    import torch

    with _lock:
        tokenizer, model = _model()
    split = [[word.text for word in words(text)] or ["."] for text in texts]
    tokens = tokenizer(
        split, is_split_into_words=True, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
    )
    with torch.inference_mode():
        layers = model(**tokens, output_hidden_states=True).hidden_states
        grammar = torch.cat([layers[i] for i in GRAMMAR_LAYERS], dim=-1).float().numpy()
        meaning = layers[MEANING_LAYER].float().numpy()
    return [_by_word(grammar[i], meaning[i], tokens.word_ids(i), len(split[i])) for i in range(len(texts))]


def _by_word(grammar: Vectors, meaning: Vectors, places: list[int | None], count: int) -> WordStates:
    pooling = np.zeros((count, len(places)), dtype=np.float32)
    for token, word in enumerate(places):
        if word is not None:
            pooling[word, token] = 1.0
    totals = np.maximum(pooling.sum(1, keepdims=True), 1.0)
    pooled = pooling @ meaning / totals
    mean = (pooling.sum(0) @ meaning) / max(pooling.sum(), 1.0)
    return WordStates(
        pooling @ grammar / totals,
        pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-6),
        mean / max(float(np.linalg.norm(mean)), 1e-6),
    )
