"""What one epoch reads: every question with some of its passages, and questions made unanswerable from them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.reader.joint import MAX_TOKENS
from benchmarks.training.packing import Packed, Place, Reading

PASSAGES, MOST_GOLD = 5, 3
# Products are prepared anew for every width
WIDTH_STEP = 32
BARE, SWAPPED = 0.25, 0.25
READ = {"": 1.0, "small": 0.4, "elsewhere": 0.2, "removed": 1.0}


@dataclass(frozen=True)
class Task:
    """A question with passages, each with the sentences taken out of it; `gold` counts the places in `passages`, `fold` is
    that of the reading it was made from."""

    question: int
    passages: tuple[tuple[int, frozenset[int]], ...]
    gold: frozenset[Place]
    fold: int


@dataclass(frozen=True)
class Rows:
    """Question–passage pairs of like length as token ids; `sentence` numbers each token's sentence, the last for none.

    `owner` names each sentence as (task, place, sentence).
    """

    ids: np.ndarray
    kinds: np.ndarray
    real: np.ndarray
    asked: np.ndarray
    sentence: np.ndarray
    row_of: np.ndarray
    owner: list[tuple[int, int, int]]


def epoch(packed: Packed, numbers: Sequence[int], chooser: random.Random) -> list[Task]:
    """The tasks of one epoch over some readings, shuffled."""
    tasks: list[Task] = []
    for number in numbers:
        reading = packed.readings[number]
        if reading.usable and chooser.random() < READ[reading.made]:
            tasks += _tasks(packed, reading, chooser)
    chooser.shuffle(tasks)
    return tasks


def _tasks(packed: Packed, reading: Reading, chooser: random.Random) -> Iterator[Task]:
    yield _task(reading, chooser, reading.gold)
    if not reading.gold or reading.made:
        return
    if chooser.random() < BARE:
        yield _without_answer(packed, reading, chooser)
    if reading.swaps and chooser.random() < SWAPPED:
        near = _task(reading, chooser, frozenset())
        yield Task(chooser.choice(reading.swaps), near.passages, frozenset(), reading.fold)


def _task(reading: Reading, chooser: random.Random, gold: frozenset[Place]) -> Task:
    places = _places(reading, chooser)
    kept = frozenset((places.index(place), sentence) for place, sentence in gold if place in places)
    return Task(reading.question, tuple((reading.passages[place], frozenset()) for place in places), kept, reading.fold)


def _without_answer(packed: Packed, reading: Reading, chooser: random.Random) -> Task:
    """The reading with every sentence that answers taken out."""
    passages = []
    for place in _places(reading, chooser):
        passage = reading.passages[place]
        out = frozenset(sentence for at, sentence in reading.hold if at == place)
        if len(out) < packed.counts[passage]:
            passages.append((passage, out))
    return Task(reading.question, tuple(passages), frozenset(), reading.fold)


def _places(reading: Reading, chooser: random.Random) -> list[int]:
    """Those with the answer and others, the better ranked likelier."""
    kept = sorted({place for place, _ in reading.gold})[:MOST_GOLD]
    others = [place for place in range(len(reading.passages)) if place not in kept]
    weights = [1 / (2 + rank) for rank in range(len(others))]
    while others and len(kept) < PASSAGES:
        pick = chooser.choices(range(len(others)), weights)[0]
        kept.append(others.pop(pick))
        weights.pop(pick)
    return kept


def rows(packed: Packed, tasks: Sequence[Task], special: tuple[int, int, int], size: int) -> list[Rows]:
    """The tasks' pairs by length, `size` a group; `special` are the ids of [CLS], [SEP] and [PAD]."""
    pairs = [
        (t, place, passage, out) for t, task in enumerate(tasks) for place, (passage, out) in enumerate(task.passages)
    ]
    pairs.sort(key=lambda pair: len(packed.passages[pair[2]]) + len(packed.questions[tasks[pair[0]].question]))
    return [_group(packed, tasks, pairs[at : at + size], special) for at in range(0, len(pairs), size)]


def _group(
    packed: Packed,
    tasks: Sequence[Task],
    pairs: Sequence[tuple[int, int, int, frozenset[int]]],
    special: tuple[int, int, int],
) -> Rows:
    begin, separator, padding = special
    cut = []
    for t, _, passage, out in pairs:
        question = packed.questions[tasks[t].question]
        keep = ~np.isin(packed.sentences[passage], list(out))
        room = MAX_TOKENS - 3 - len(question)
        cut.append((question, packed.passages[passage][keep][:room], packed.sentences[passage][keep][:room]))
    width = -(-(max(len(q) + len(p) for q, p, _ in cut) + 3) // WIDTH_STEP) * WIDTH_STEP
    shape = (len(pairs), width)
    ids, kinds, real = np.full(shape, padding), np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    asked, sentence = np.zeros(shape, dtype=np.float32), np.full(shape, -1)
    row_of: list[int] = []
    owner: list[tuple[int, int, int]] = []
    for row, ((question, passage, of_sentence), (t, place, _, _)) in enumerate(zip(cut, pairs, strict=True)):
        first, end = len(question) + 2, len(question) + 2 + len(passage)
        ids[row, : end + 1] = [begin, *question, separator, *passage, separator]
        kinds[row, first : end + 1], real[row, : end + 1] = 1, 1
        asked[row, 1 : max(first - 1, 2)] = 1
        present = np.unique(of_sentence[of_sentence >= 0])
        for number in present.tolist():
            sentence[row, first:end][of_sentence == number] = len(owner)
            owner.append((t, place, number))
            row_of.append(row)
    sentence[sentence < 0] = len(owner)
    return Rows(ids, kinds, real, asked, sentence, np.array(row_of, dtype=np.int64), owner)
