"""Asked questions as numbers: all that the joint reader's training needs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.reader.joint import MAX_TOKENS, QUESTION_TOKENS
from benchmarks.training.asked import Asked
from benchmarks.training.data import hits
from benchmarks.training.swap import names_of, swapped
from index.embedding import load_encoder, sentence_tokens, with_header
from index.passage import Passage

MADE = ("", "small", "elsewhere", "removed")
SWAPS = 4
Place = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """A question asked, in numbers: `passages` of `Packed.passages`, and (place, sentence) pairs.

    `hold` are all that hold the answer's words, `gold` those of the evidence; both are empty where nothing answers.
    `swaps` are questions of `Packed.questions` with a name or number exchanged, which the passages do not answer. `usable`
    is false for an answerable question whose evidence lies in no passage.
    """

    question: int
    passages: tuple[int, ...]
    found: int
    gold: frozenset[Place]
    hold: frozenset[Place]
    swaps: tuple[int, ...]
    made: str
    fold: int
    usable: bool


@dataclass(frozen=True)
class Packed:
    """Readings with the tokens of their questions and passages; `sentences` gives each token's sentence, -1 for none."""

    readings: list[Reading]
    questions: list[np.ndarray]
    passages: list[np.ndarray]
    sentences: list[np.ndarray]
    counts: list[int]


@dataclass
class _Numbers:
    """Things numbered in the order they were met."""

    things: list[object] = field(default_factory=list)
    known: dict[object, int] = field(default_factory=dict)

    def of(self, thing: object, key: object) -> int:
        if key not in self.known:
            self.known[key] = len(self.things)
            self.things.append(thing)
        return self.known[key]


def pack(asked: Sequence[Asked]) -> Packed:
    """Every question asked, with its tokens."""
    names: dict[str, set[str]] = {}
    for one in asked:
        names.setdefault(one.item.archive, set()).update(names_of(one.parsed.resolved))
    sorted_names = {archive: sorted(found) for archive, found in names.items()}
    questions, passages = _Numbers(), _Numbers()
    readings = [_reading(one, sorted_names[one.item.archive], questions, passages) for one in asked]
    tokenizer, _, _ = load_encoder()
    tokens, sentences = _passage_tokens(tokenizer, passages.things)  # type: ignore[arg-type]
    of_questions = tokenizer(questions.things, add_special_tokens=False, verbose=False)["input_ids"]
    shortened = [np.array(ids[:QUESTION_TOKENS], dtype=np.int32) for ids in of_questions]
    counts = [len(passage.sentences) for passage in passages.things]  # type: ignore[attr-defined]
    return Packed(readings, shortened, tokens, sentences, counts)


def _reading(asked: Asked, names: Sequence[str], questions: _Numbers, passages: _Numbers) -> Reading:
    whole = [found.passage for found in asked.passages] + list(asked.missed)
    question = asked.parsed.resolved
    numbers = tuple(passages.of(passage, (passage.id, passage.text)) for passage in whole)
    swaps: set[str] = set()
    hold = set(asked.gold)
    if asked.item.answerable and asked.gold:
        answer = asked.item.record["gold"]
        hold |= {
            (place, sentence)
            for place, passage in enumerate(whole)
            for sentence in range(len(passage.sentences))
            if hits(passage.sentence(sentence), answer)  # type: ignore[arg-type]
        }
        if asked.fold >= 0 and not asked.item.record.get("history"):
            evidence = " ".join(with_header(whole[place]) for place in sorted({place for place, _ in asked.gold}))
            chooser = random.Random(f"swap {asked.item.record['id']} {asked.made}")
            swaps = {s for s in (swapped(question, evidence, names, chooser) for _ in range(SWAPS)) if s is not None}
    return Reading(
        question=questions.of(question, question),
        passages=numbers,
        found=len(asked.passages),
        gold=asked.gold,
        hold=frozenset(hold) if asked.gold else frozenset(),
        swaps=tuple(questions.of(swap, swap) for swap in sorted(swaps)),
        made=asked.made,
        fold=asked.fold,
        usable=bool(asked.gold) or not asked.item.answerable,
    )


def _passage_tokens(tokenizer: object, passages: Sequence[Passage]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    tokens, sentences = [], []
    for passage in passages:
        cut = tokenizer(  # type: ignore[operator]
            with_header(passage), add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        offsets = np.array(cut["offset_mapping"][:MAX_TOKENS]).reshape(-1, 2)
        of_sentence = np.full(len(offsets), -1, dtype=np.int16)
        for number, inside in enumerate(sentence_tokens(passage, offsets)):
            of_sentence[inside] = number
        tokens.append(np.array(cut["input_ids"][:MAX_TOKENS], dtype=np.int32))
        sentences.append(of_sentence)
    return tokens, sentences
