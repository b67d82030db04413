"""Sentence and evidence read together by a large encoder, where it is installed: whether the evidence says what the sentence does.

all-mpnet-base-v2, its first layers with low-rank changes of their own, reads `sentence </s> evidence`, as the small pair reader does, whose heads it has, too:
every token of the sentence votes for a fault, and a small head over the mean states of both judges the whole; what is plain before the
last layer is decided there. Its score decides alone; the small reader's is one of many features. What it learned from is told in `MODEL_CARD.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.checking.early_exit import early_exit, heads_of
from assistant.checking.encoder import quiet_loading
from assistant.checking.lexicon import CERTAIN, HEDGES, NEGATORS
from assistant.checking.pair_reader import EVIDENCE_TOKENS, SENTENCE_TOKENS
from assistant.checking.words import lemma, words
from assistant.mpnet.encoder import BEGIN, END, SHIFT, Mpnet
from assistant.mpnet.weights import base_weights, where_installed
from assistant.reader.odds import log_odds, probability_of
from index.adapter import AdapterFile, checked_weights
from index.embedding import load_encoder, tokenizer_core
from index.threads import all_processors

if TYPE_CHECKING:
    import torch

CARD = Path(__file__).parent / "large.json"
REMEMBERED = 2048
# The probability from which it is sure
SURE = 0.95
UNSURE = frozenset().union(*HEDGES.values(), *CERTAIN.values())


@dataclass(frozen=True, slots=True)
class Found:
    """The probability that the evidence says what the sentence does, and the word of the sentence that speaks most against it."""

    probability: float
    suspect: str


class LargeReader:
    """Reads a sentence with its evidence; `threshold` is the probability from which the sentence counts as supported."""

    def __init__(self, adapter: AdapterFile, files: list[Path], card: Mapping[str, Any]) -> None:
        """Takes the file of the changes, those of the published weights, and what the card tells."""
        from safetensors.torch import load_file

        weights = load_file(str(adapter.path))
        self.threshold = float(card["threshold"])
        self._exit = early_exit(weights, card["exit"], log_odds(SURE, 0.0))
        self._heads = heads_of(weights)
        with quiet_loading():
            self._tokens = tokenizer_core(load_encoder("float32")[0])
        with base_weights(files) as base:
            self.encoder = Mpnet(base, weights)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def read(self, sentence: str, evidence: Sequence[str]) -> Found:
        """What a folded sentence and its folded evidence give."""
        # By all processors: a sentence is waited for
        return all_processors().submit(self._remembered, sentence, " ".join(evidence)).result()

    def forget(self) -> None:
        """Forget every pair that was read, to measure how long reading takes."""
        self._remembered.cache_clear()

    def tokens(self, sentence: str, evidence: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of the tokens that are read together, and where each of the sentence's begins and ends in it."""
        cut = self._tokens.encode(sentence, add_special_tokens=False)
        first = cut.ids[:SENTENCE_TOKENS]
        second = self._tokens.encode(evidence, add_special_tokens=False).ids[:EVIDENCE_TOKENS]
        ids = [BEGIN, *(n + SHIFT for n in first), END, *(n + SHIFT for n in second), END]
        return ids, cut.offsets[:SENTENCE_TOKENS]

    def _read(self, sentence: str, evidence: str) -> Found:
        import torch

        ids, places = self.tokens(sentence, evidence)
        with torch.inference_mode():
            score, faults = self._votes(ids, len(places))
        begin, end = places[int(faults.argmax())]
        return Found(probability_of(float(score)), _word_at(sentence, begin, end))

    def _votes(self, ids: Sequence[int], length: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The log-odds and each token's vote, after the last layer or where they are plain before."""
        states = self.encoder.states(ids, (self._exit.after, self.encoder.layers))
        return self._exit.votes(next(states), length) or self._heads.votes(next(states), length)


def fault(found: Found, evidence: Sequence[str]) -> str:
    """What is wrong with a sentence that is not supported, in one word, by the word that speaks most against it."""
    stem = lemma(found.suspect)
    if stem in NEGATORS or found.suspect.endswith("n't"):
        return "negation"
    if found.suspect in ("more", "less", "fewer", "most", "least", "than", "as"):
        return "comparison"
    if any(character.isdigit() for character in found.suspect):
        return "relation"  # the figure stands in the evidence, or a rule had stopped it
    if stem in UNSURE:
        return "certainty"
    stems = {word.stem for text in evidence for word in words(text)}
    return "relation" if stem in stems else "meaning"


def _word_at(text: str, begin: int, end: int) -> str:
    """The word of `text` around some of its characters, in small letters."""
    first = text.rfind(" ", 0, begin + 1) + 1
    last = text.find(" ", end)
    return text[first : last if last >= 0 else len(text)].strip(".,;:!?\"'()[]").lower()


@lru_cache(maxsize=1)
def load_large_reader() -> LargeReader | None:
    """The large reader, or None where its base model is not installed; loads and rounds the weights (some seconds).

    Raises ModelUnavailable when the weights are not those that are expected.
    """
    card = json.loads(CARD.read_text(encoding="utf-8"))
    return where_installed(lambda files: LargeReader(checked_weights(CARD, "check"), files, card))
