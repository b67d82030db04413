"""What the joint reader is trained on: questions with their passages, and questions made unanswerable from them."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.evidence import retrieve
from assistant.question import parse_question
from benchmarks.training.archive import open_archive
from benchmarks.training.data import Item, gold_sentences, hits, load_items, passages_of
from benchmarks.training.swap import names_of, swapped
from index.embedding import with_header
from index.passage import Passage

PASSAGES, BARE, SWAPPED = 5, 0.4, 0.4


@dataclass(frozen=True)
class Reading:
    """A question with the passages it is read with; `gold` holds (passage, sentence) pairs, empty where none answers."""

    item: Item
    question: str
    passages: tuple[Passage, ...]
    gold: frozenset[tuple[int, int]]


def reading(item: Item, retriever_adapter: Path, cache: Path, limit: int = 10) -> Reading:
    """The question with its best passages; an answerable one's own passage is put in where retrieval missed it."""
    retriever = open_archive(item.archive, retriever_adapter, cache)
    infos = retriever.snapshot.newsletters.values()
    issues = frozenset(info.issue for info in infos if info.issue is not None)
    parsed = parse_question(item.question, history=item.record.get("history") or [], issues_known=issues)
    found = retrieve(parsed, retriever, limit)
    passages = [f.passage for f in found]
    gold: set[tuple[int, int]] = set()
    if item.answerable:
        evidence = str(item.record["evidence"])
        own = str(item.record["newsletter"])
        gold = _gold(passages, own, evidence)
        if not gold:
            missed = [p for p in passages_of(item.archive, own) if gold_sentences(p, evidence)]
            passages = [*missed[:1], *passages]
            gold = _gold(passages, own, evidence)
    return Reading(item, parsed.resolved, tuple(passages), frozenset(gold))


def _gold(passages: Sequence[Passage], newsletter: str, evidence: str) -> set[tuple[int, int]]:
    return {
        (number, sentence)
        for number, passage in enumerate(passages)
        if passage.newsletter_id == newsletter
        for sentence in gold_sentences(passage, evidence)
    }


def sampled(whole: Reading, chooser: random.Random, count: int = PASSAGES) -> Reading:
    """The reading cut to `count` passages: those with the answer and others, the better ranked likelier."""
    right = sorted({p for p, _ in whole.gold})
    others = [i for i in range(len(whole.passages)) if i not in right]
    weights = [1 / (2 + i) for i in others]
    kept = list(right)
    while others and len(kept) < count:
        pick = chooser.choices(range(len(others)), weights)[0]
        kept.append(others.pop(pick))
        weights.pop(pick)
    chooser.shuffle(kept)
    gold = frozenset((kept.index(p), s) for p, s in whole.gold if p in kept)
    return replace(whole, passages=tuple(whole.passages[i] for i in kept), gold=gold)


def without_answer(whole: Reading) -> Reading | None:
    """The reading with every sentence that answers taken out; None when nothing is left."""
    golds = whole.item.record["gold"]
    passages = []
    for number, passage in enumerate(whole.passages):
        keep = [
            i
            for i in range(len(passage.sentences))
            if (number, i) not in whole.gold and not hits(passage.sentence(i), golds)  # type: ignore[arg-type]
        ]
        if len(keep) == len(passage.sentences):
            passages.append(passage)
        elif keep:
            passages.append(_only(passage, keep))
    return replace(whole, passages=tuple(passages), gold=frozenset()) if passages else None


def _only(passage: Passage, keep: Sequence[int]) -> Passage:
    text, spans = "", []
    for i in keep:
        start = len(text)
        text += passage.sentence(i)
        spans.append((start, len(text)))
        text += " "
    return replace(passage, text=text.rstrip(), start=0, end=len(text.rstrip()), sentences=tuple(spans))


def readings(retriever_adapter: Path, cache: Path) -> list[Reading]:
    """The train part's questions with their passages; kept in `cache`, for retrieval takes minutes."""
    kept = cache / "readings.pickle"
    if kept.is_file():
        return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]
    items = [item for item in load_items() if item.part == "train"]
    found = [reading(item, retriever_adapter, cache) for item in items]
    wholes = [whole for whole in found if whole.gold or not whole.item.answerable]
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(wholes))
    return wholes


def archive_names(wholes: Sequence[Reading]) -> dict[str, list[str]]:
    """The names that the questions of each archive ask about."""
    names: dict[str, set[str]] = {}
    for whole in wholes:
        names.setdefault(whole.item.archive, set()).update(names_of(whole.question))
    return {archive: sorted(found) for archive, found in names.items()}


def expected_readings(wholes: Sequence[Reading]) -> float:
    """About how many readings `batches` gives; seven of ten questions have a name or number to exchange."""
    return sum(1 + (BARE + SWAPPED * 0.7 if whole.gold else 0) for whole in wholes)


def batches(
    wholes: Sequence[Reading], names: dict[str, list[str]], chooser: random.Random, size: int
) -> Iterator[list[Reading]]:
    """Batches of `size` readings: every question once in random passages, and a part of the answerable ones made unanswerable: their answer taken
    out, or a name or number exchanged."""
    made: list[Reading] = []
    for whole in wholes:
        made.append(sampled(whole, chooser))
        if whole.gold and chooser.random() < BARE:
            bare = without_answer(whole)
            if bare is not None:
                made.append(sampled(bare, chooser))
        if whole.gold and not whole.item.record.get("history") and chooser.random() < SWAPPED:
            near = nearly_asked(sampled(whole, chooser), names[whole.item.archive], chooser)
            if near is not None:
                made.append(near)
    chooser.shuffle(made)
    for first in range(0, len(made), size):
        yield made[first : first + size]


def nearly_asked(whole: Reading, names: Sequence[str], chooser: random.Random) -> Reading | None:
    """The reading with a name or number of its question exchanged, so that its passages answer no more."""
    evidence = " ".join(with_header(whole.passages[p]) for p in sorted({p for p, _ in whole.gold}))
    question = swapped(whole.question, evidence, names, chooser)
    return None if question is None else replace(whole, question=question, gold=frozenset())
