"""Questions as they are asked for training: of their whole archive, of a few newsletters, and where nothing answers them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.asking.followup import Way
from assistant.evidence import retrieve
from assistant.question import ParsedQuestion, parse_question
from benchmarks.training.archive import open_archive, small_archive
from benchmarks.training.data import Item, fold_of, gold_sentences, hits, passages_of
from index.passage import Passage, RetrievedPassage
from index.retriever import Retriever

ADAPTER = Path(__file__).resolve().parents[2] / "index" / "reader"
RETRIEVED, ISSUES_AROUND = 10, 12


@dataclass(frozen=True, eq=False)
class Asked:
    """A question with the passages found for it.

    `made` is empty where the whole archive was asked as the question's writer meant it, else "small", "elsewhere" or
    "removed"; `kept` names the newsletters asked where not all were. `gold` holds (passage, sentence) pairs; a passage that
    retrieval missed stands in `missed`, numbered behind the others. `fold` is that of the question as it was written.
    """

    item: Item
    fold: int
    made: str
    kept: tuple[str, ...]
    parsed: ParsedQuestion
    passages: tuple[RetrievedPassage, ...]
    missed: tuple[Passage, ...]
    gold: frozenset[tuple[int, int]]
    previous: str

    def retriever(self, cache: Path) -> Retriever:
        """What was asked."""
        return _retriever(self.item.archive, self.kept, cache)


def ask(item: Item, fold: int, cache: Path, *, kept: tuple[str, ...] = (), made: str = "") -> Asked:
    """The question asked of its archive, or of the newsletters `kept` as if they were all there is."""
    retriever = _retriever(item.archive, kept, cache)
    issues = frozenset(info.issue for info in retriever.snapshot.newsletters.values() if info.issue is not None)
    history = item.record.get("history") or []
    parsed = parse_question(item.question, history=history, issues_known=issues)  # type: ignore[arg-type]
    found = tuple(retrieve(parsed, retriever, RETRIEVED))
    previous = next((m["content"] for m in reversed(history) if m["role"] == "assistant"), "")  # type: ignore[call-overload]
    missed: tuple[Passage, ...] = ()
    gold: set[tuple[int, int]] = set()
    if item.answerable:
        own, evidence = str(item.record["newsletter"]), str(item.record["evidence"])
        gold = _gold([f.passage for f in found], own, evidence)
        if not gold:
            missed = tuple([p for p in passages_of(item.archive, own) if gold_sentences(p, evidence)][:1])
            gold = {(len(found) + number, s) for number, s in _gold(missed, own, evidence)}
    previous = previous if parsed.way is Way.ANOTHER else ""
    return Asked(item, fold, made, kept, parsed, found, missed, frozenset(gold), previous)


def _retriever(archive: str, kept: tuple[str, ...], cache: Path) -> Retriever:
    return small_archive(archive, ADAPTER, cache, kept) if kept else open_archive(archive, ADAPTER, cache)


def _gold(passages: Sequence[Passage], newsletter: str, evidence: str) -> set[tuple[int, int]]:
    return {
        (number, sentence)
        for number, passage in enumerate(passages)
        if passage.newsletter_id == newsletter
        for sentence in gold_sentences(passage, evidence)
    }


def ask_everything(items: Sequence[Item], cache: Path) -> Iterator[Asked]:
    """Each question asked of its whole archive; those to train on, by turns, also of a few newsletters as if they were all,
    of another archive, or (where it has an answer) of the issues around its own."""
    archives = sorted({item.archive for item in items if item.part != "test"})
    for number, item in enumerate(items):
        yield ask(item, fold_of(item), cache)
        more = None if item.part == "test" else _asked_otherwise(number // 2 % 4, item, archives, cache)
        if more is not None:
            yield more


def _asked_otherwise(turn: int, item: Item, archives: Sequence[str], cache: Path) -> Asked | None:
    if turn == 0 and item.record.get("newsletter"):
        return ask(item, fold_of(item), cache, kept=_few(item, cache), made="small")
    if turn in (1, 3) and not item.record.get("history"):
        return _asked_elsewhere(item, archives, cache, small=turn == 1)
    if turn == 2 and item.answerable and not item.record.get("history"):
        return _asked_of_neighbours(item, cache)
    return None


def _few(item: Item, cache: Path) -> tuple[str, ...]:
    chooser = random.Random(str(item.record["id"]))
    everything = sorted(open_archive(item.archive, ADAPTER, cache).snapshot.newsletters)
    own = {str(item.record["newsletter"])} & set(everything)
    others = chooser.sample(everything, chooser.choice([0, 0, 1, 3, 8]) if own else chooser.choice([1, 2, 4, 9]))
    return tuple(sorted({*own, *others}))


def _asked_elsewhere(item: Item, archives: Sequence[str], cache: Path, *, small: bool) -> Asked:
    chooser = random.Random(f"elsewhere {item.record['id']}")
    other = chooser.choice([archive for archive in archives if archive != item.archive])
    nowhere = {"answerable": False, "gold": [], "history": [], "newsletter": "", "subkind": "elsewhere"}
    moved = Item(other, item.part, {**item.record, **nowhere}, item.own)
    return ask(moved, fold_of(item), cache, kept=_few(moved, cache) if small else (), made="elsewhere")


def _asked_of_neighbours(item: Item, cache: Path) -> Asked | None:
    """Asked of issues around its own, which is not among them; None where one of them answers, too."""
    names = sorted(open_archive(item.archive, ADAPTER, cache).snapshot.newsletters)
    own = str(item.record["newsletter"])
    if own not in names:
        return None
    chooser = random.Random(f"neighbours {item.record['id']}")
    place = names.index(own)
    around = [n for n in names[max(0, place - ISSUES_AROUND) : place + ISSUES_AROUND + 1] if n != own]
    kept = tuple(sorted(chooser.sample(around, min(len(around), chooser.choice([1, 3, 8, 16])))))
    record = {**item.record, "answerable": False, "subkind": "removed"}
    made = ask(replace(item, record=record), fold_of(item), cache, kept=kept, made="removed")
    answered = any(hits(found.passage.text, item.record["gold"]) for found in made.passages)  # type: ignore[arg-type]
    return None if answered else made
