"""The joint reader: question and passage read together in one encoder pass, one score a sentence.

The packaged encoder with changes to its weights of its own reads `question [SEP] header, passage`.
A sentence's score is the cosine between the mean of the question's token states and the mean of its own ("late
chunking", arXiv 2409.04701), sharpened by a small head; the score of "nothing here answers" is subtracted, so that
above 0 means likelier than not. Trained by `benchmarks/training/joint.py`.

Passages are read one by one, a single one by all processors, several by one thread each and two at a time, and cut into tokens by
tokenizers whose settings never change: a score does not depend on what else the machine does.
What was read for a question is remembered, for popular questions come again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.reader.features import UNREAD
from index.adapter import AdapterFile, checked_weights, merge_adapter
from index.bert import OneText
from index.embedding import load_encoder, sentence_tokens, tokenizer_core, with_header
from index.passage import Passage, Vectors
from index.threads import all_processors, in_passing_thread, one_thread_each

if TYPE_CHECKING:
    import torch

CARD = Path(__file__).parent / "joint.json"
MAX_TOKENS = 288
QUESTION_TOKENS = 64
TOGETHER = 2
# A sentence of this score seldom answers, but where none is better, further passages seldom hold the answer, and where three
# hold nothing better than the lower one, neither: of 859 questions whose answer was retrieved the passage that has it was the best
# of those read for 743, of all five passages for 748, and a fifth fewer were read
PROMISING = -3.0
HOPELESS, HOPELESS_AFTER = -5.5, 3
REMEMBERED = 8192


class JointReader:
    """Scores the sentences of passages for a question."""

    def __init__(self, adapter: AdapterFile, precision: str = "auto") -> None:
        import torch
        from safetensors.torch import load_file

        tokenizer, encoder, dtype = load_encoder(precision)
        self._whole_tokens = tokenizer_core(tokenizer)
        self._tokens = _pair_tokenizer(tokenizer)
        weights = {name: values.float() for name, values in load_file(str(adapter.path)).items()}
        merge_adapter(encoder, adapter)
        self._head = {name: values for name, values in weights.items() if name.startswith("head.")}
        self._encoder = OneText(encoder.to(getattr(torch, dtype)))
        self._each = one_thread_each(TOGETHER, "joint-reader")
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def scores(self, question: str, passages: Sequence[Passage]) -> list[Vectors]:
        """One array a passage: a score a sentence, above 0 where it likelier answers than not."""
        asked = self._shortened(question)
        pool = all_processors() if len(passages) == 1 else self._each
        return list(pool.map(lambda passage: self._remembered(asked, passage), passages))

    def scores_until_found(self, question: str, passages: Sequence[Passage]) -> list[Vectors]:
        """As `scores`, but of the first passages only, the first alone and then two by two, until `is_decided`."""
        return until_found(len(passages), lambda first, last: self.scores(question, passages[first:last]))

    def _read(self, question: str, passage: Passage) -> Vectors:
        import torch

        tokens = self._tokens.encode(question, with_header(passage))
        with torch.inference_mode():
            states = self._encoder.states(tokens.ids, tokens.type_ids)
            scores = self._passage_scores(states, tokens.sequence_ids, np.array(tokens.offsets), passage)
        scores.flags.writeable = False
        return scores

    def _shortened(self, question: str) -> str:
        """The question's first `QUESTION_TOKENS` tokens, so that the passage keeps its room."""
        ends = [end for _, end in self._whole_tokens.encode(question, add_special_tokens=False).offsets]
        return question if len(ends) <= QUESTION_TOKENS else question[: ends[QUESTION_TOKENS - 1]]

    def _passage_scores(
        self, states: torch.Tensor, kinds: Sequence[int | None], offsets: Any, passage: Passage
    ) -> Vectors:
        import torch

        if not passage.sentences:
            return np.zeros(0, dtype=np.float32)
        segment = np.array([-1 if kind is None else kind for kind in kinds])
        asked = states[torch.from_numpy(segment == 0)].mean(0)
        scores = np.full(len(passage.sentences), UNREAD, dtype=np.float32)
        inside = np.array(list(sentence_tokens(passage, offsets)), dtype=np.float32) * (segment == 1)
        places = np.flatnonzero(inside.any(1))
        if len(places):
            shares = torch.from_numpy(inside[places] / inside[places].sum(1, keepdims=True))
            scores[places] = self._head_scores(asked.expand(len(places), -1), shares @ states).numpy()
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


def until_found(count: int, scores: Callable[[int, int], Sequence[Vectors]]) -> list[Vectors]:
    """The scores of the first of `count` passages, asked for from one number to another until `is_decided`.

    The first, which most often answers, is asked for alone.
    """
    read: list[Vectors] = []
    while len(read) < count and not is_decided(read):
        read += scores(len(read), min(len(read) + (TOGETHER if read else 1), count))
    return read


def is_decided(read: Sequence[Vectors]) -> bool:
    """Whether further passages add cost and no answers: a sentence that was read is promising, or several passages hold nothing.

    Of 20 990 questions in whose newsletters the reader had learned nothing, reading on from a promising sentence refused no more
    of those without an answer (.576 at 5 % wrongly refused) and found the right passage no more often (.787, for .792).
    """
    best = max((float(scores.max(initial=UNREAD)) for scores in read), default=UNREAD)
    return best > PROMISING or (len(read) >= HOPELESS_AFTER and best < HOPELESS)


def _pair_tokenizer(tokenizer: Any) -> Any:
    """A tokenizer of question and passage that cuts the passage.

    It is not `tokenizer` itself, whose settings every call sets anew, for all threads: what one asks for, another gets.
    """
    core = tokenizer_core(tokenizer)
    core.enable_truncation(MAX_TOKENS, strategy="only_second")
    return core


@lru_cache(maxsize=1)
def load_joint_reader() -> JointReader:
    """The packaged joint reader; loads the weights (about half a second).

    Raises ModelUnavailable when its weights are not those its card names.
    """
    return in_passing_thread(lambda: JointReader(checked_weights(CARD, "reader")))
