"""Training data: questions joined with the passages and sentences that hold their evidence.

Questions are split by newsletter: a quarter of each archive's newsletters is the test part and is never trained on.
One archive (`HELD_OUT`) is left out of training altogether. The train part has `FOLDS` folds by newsletter (invented ones
by publication): the sentence scorer and the refusal learn from scores of a joint reader that never saw a question's fold.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus import Newsletter, read_newsletters
from index.chunking import chunk
from index.embedding import load_encoder, tokenizer_core
from index.passage import Passage

INVENTED = "invented"
ROOT = Path(__file__).resolve().parents[2]
ARCHIVES = Path(os.environ.get("NEWSLETTER_ARCHIVES", ROOT.parent / "shared" / "archives"))
OWN_QUESTIONS = ROOT / "benchmarks" / "questions"
HELD_OUT = "haskell-weekly-2016-2018"
FOLDS = 3
FILES = {
    "optech-2018-2019": "optech-2018-2021",
    "optech-2020-2021": "optech-2018-2021",
    "lwkd-2018-2021": "lwkd-2018-2021",
    "digital-gov-2013-2016": "digital-gov-2013-2016",
    "haskell-weekly-2016-2018": HELD_OUT,
}
_ISSUE = re.compile(
    r"\d|^(?:spring|summer|autumn|fall|winter|lent|easter|harvest|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|sum|leg\d|q\d)$"
)
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "—": "-"})
_MARKUP = re.compile(r"\]\([^)\s]*(?:\s\"[^\"]*\")?\)|\]\[[^\]]*\]|[\[\]*`_]")


@dataclass(frozen=True)
class Item:
    """One question of a question file, with its archive and its part ("train" or "test").

    `own` questions are this repository's, the others the shared ones.
    """

    archive: str
    part: str
    record: dict[str, object]
    own: bool = False

    @property
    def question(self) -> str:
        """The question."""
        return str(self.record["question"])

    @property
    def answerable(self) -> bool:
        """Whether the archive answers it."""
        return bool(self.record["answerable"])


def load_items() -> list[Item]:
    """Every question of the shared files and of this repository, with its part."""
    items = []
    for file in [*sorted((ARCHIVES.parent / "questions").glob("*.jsonl")), *sorted(OWN_QUESTIONS.glob("*.jsonl"))]:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                record = json.loads(line)
                archive = record.get("archive") or FILES.get(file.stem)
                if archive:
                    own = file.parent == OWN_QUESTIONS
                    items.append(Item(archive, part_of(archive, record), record, own))
    return items


def part_of(archive: str, record: dict[str, object]) -> str:
    """Which part a question belongs to, decided by its newsletter; outside the test part a question may name its own."""
    key = f"{archive}/{record.get('newsletter') or record['id']}"
    number = int(hashlib.sha256(key.encode()).hexdigest(), 16) % 8
    if archive == HELD_OUT or number < 2:
        return "test"
    return "train"


def fold_of(item: Item) -> int:
    """The fold of a question to train on; -1 for one of the test part."""
    if item.part == "test":
        return -1
    name = str(item.record.get("newsletter") or item.record["id"])
    key = publication(name) if item.archive == INVENTED else f"{item.archive}/{name}"
    return int(hashlib.sha256(f"fold {key}".encode()).hexdigest(), 16) % FOLDS


def publication(name: str) -> str:
    """The publication of an invented newsletter: its name up to the issue's number, date or season."""
    return "-".join(itertools.takewhile(lambda word: not _ISSUE.search(word), name.split("-")))


@cache
def newsletters(archive: str) -> dict[str, Newsletter]:
    """The newsletters of an archive by id."""
    return {newsletter.id: newsletter for newsletter in read_newsletters(folder_of(archive))}


def folder_of(archive: str) -> Path:
    """Where the newsletters of an archive are; the invented ones come with the repository."""
    return ROOT / "benchmarks" / "newsletters" if archive == INVENTED else ARCHIVES / archive


def archive_passages(archive: str) -> Iterator[Passage]:
    """Every passage of an archive, cut as an index cuts it: readers that learn from other lengths know these less well."""
    tokenizer = tokenizer_core(load_encoder()[0])
    for newsletter in newsletters(archive).values():
        yield from chunk(newsletter, lambda text: len(tokenizer.encode(text, add_special_tokens=False)))


@cache
def passages_of(archive: str, newsletter: str) -> tuple[Passage, ...]:
    """The passages of one newsletter of an archive."""
    return _by_newsletter(archive).get(newsletter, ())


@cache
def _by_newsletter(archive: str) -> dict[str, tuple[Passage, ...]]:
    found: dict[str, list[Passage]] = {}
    for passage in archive_passages(archive):
        found.setdefault(passage.newsletter_id, []).append(passage)
    return {name: tuple(passages) for name, passages in found.items()}


def normal(text: str) -> str:
    """Text as evidence is compared: case, quotes, markup and white space folded."""
    text = unicodedata.normalize("NFKC", _MARKUP.sub("", text)).translate(_QUOTES).casefold()
    return " ".join(text.split())


def gold_sentences(passage: Passage, evidence: str) -> list[int]:
    """Numbers of the passage's sentences that overlap the evidence."""
    wanted = normal(evidence)
    if not wanted:
        return []
    found = []
    text = ""
    spans = []
    for i in range(len(passage.sentences)):
        sentence = normal(passage.sentence(i))
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + " "
    at = text.find(wanted)
    if at < 0:
        return []
    for i, (start, end) in enumerate(spans):
        shared = min(end, at + len(wanted)) - max(start, at)
        if shared >= min(12, end - start):
            found.append(i)
    return found


def hits(text: str, gold: Sequence[Sequence[str]]) -> bool:
    """Whether every group has one of its alternatives in `text`."""
    folded = normal(text)
    return bool(gold) and all(
        any(re.search(rf"(?<![a-z0-9]){re.escape(normal(g))}(?![a-z0-9])", folded) for g in group) for group in gold
    )
