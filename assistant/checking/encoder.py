"""Contextual vectors of words, from the packaged MiniLM without the reader's adapter; loaded at the first use.

The hidden states of several layers are kept: the lower ones know grammar, the last one meaning (Tenney, Das and
Pavlick, "BERT Rediscovers the Classical NLP Pipeline", ACL 2019).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from assistant.checking.words import words
from index.bert import OneText
from index.embedding import load_encoder, tokenizer_core
from index.passage import Vectors
from index.threads import in_passing_thread, one_thread_a_processor

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
    """No progress bar and no report of weights that are left aside on purpose."""
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
def _model() -> tuple[Any, OneText]:
    return in_passing_thread(_load)


def _load() -> tuple[Any, OneText]:
    import torch

    with quiet_loading():
        tokenizer, encoder, dtype = load_encoder()
    core = tokenizer_core(tokenizer)
    core.enable_truncation(MAX_TOKENS)
    return core, OneText(encoder.to(getattr(torch, dtype)))


@lru_cache(maxsize=1)
def check_threads() -> ThreadPoolExecutor:
    """The threads that read for the check: texts are short, and several threads for one would wait for each other."""
    return one_thread_a_processor("check")


def encode(texts: list[str]) -> list[WordStates]:
    """The states of the words of each folded text."""
    with _lock:
        _model()
        reading = check_threads()
    return list(reading.map(_encode, texts))


def _encode(text: str) -> WordStates:
    tokenizer, encoder = _model()
    split = [word.text for word in words(text)] or ["."]
    tokens = tokenizer.encode(split, is_pretokenized=True)
    layers = [states.numpy() for states in encoder.layers(tokens.ids, tokens.type_ids)]
    grammar = np.concatenate([layers[i] for i in GRAMMAR_LAYERS], axis=-1)
    return _by_word(grammar, layers[MEANING_LAYER], tokens.word_ids, len(split))


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
