"""A compound as the archive writes it: "foodbank" where it has only "food bank" or "food-bank", and the other way round."""

from __future__ import annotations

import re

import numpy as np

from index.snapshot import Snapshot
from index.tokens import STOP_WORDS, terms

LEAST_LETTERS, MOST_LETTERS = 3, 24  # of each part, of the whole
SEEN_PASSAGES = 20
_WORD = re.compile(rf"(?<![\w.@/#'’-])[A-Za-z]{{{2 * LEAST_LETTERS},{MOST_LETTERS}}}(?![\w@/'’-]|[.:]\w)")
_PAIR = re.compile(
    rf"(?<![\w.@/#'’-])(?=([a-z]{{{LEAST_LETTERS},{MOST_LETTERS}}})[ -]([a-z]{{{LEAST_LETTERS},{MOST_LETTERS}}})(?![\w@/'’-]))"
)


def compounded(question: str, snapshot: Snapshot) -> str:
    """`question` with the compounds that the archive writes only in one word, or only in two, written so; itself without any."""
    return _joined(_split(question, snapshot), snapshot)


def _split(question: str, snapshot: Snapshot) -> str:
    for found in reversed(list(_WORD.finditer(question))):
        word = found.group()
        if any(map(snapshot.keywords.knows, terms(word))):
            continue
        cuts = range(LEAST_LETTERS, len(word) - LEAST_LETTERS + 1)
        if parts := next((p for n in cuts if _stand_together(p := (word[:n], word[n:]), snapshot)), None):
            question = question[: found.start()] + " ".join(parts) + question[found.end() :]
    return question


def _joined(question: str, snapshot: Snapshot) -> str:
    joined_from = len(question)
    for found in reversed(list(_PAIR.finditer(question))):
        parts = found.group(1), found.group(2)
        if found.end(2) <= joined_from and _is_only_joined(parts, snapshot):
            question = question[: found.start()] + "".join(parts) + question[found.end(2) :]
            joined_from = found.start()
    return question


def _is_only_joined(parts: tuple[str, str], snapshot: Snapshot) -> bool:
    """Whether the archive has the two words as one, and not each of them: "cost less" is not meant for its "costless"."""
    knows = snapshot.keywords.knows
    apart = [any(map(knows, terms(part))) for part in parts]
    return STOP_WORDS.isdisjoint(parts) and not all(apart) and any(map(knows, terms("".join(parts))))


def _stand_together(parts: tuple[str, str], snapshot: Snapshot) -> bool:
    """Whether a passage has the two words one behind the other."""
    held = [term for part in parts for term in terms(part)]
    if not held or not all(map(snapshot.keywords.knows, held)):
        return False
    holders = np.flatnonzero(snapshot.keywords.holders_of_all(held))
    between = "[ -]" if STOP_WORDS.isdisjoint(map(str.casefold, parts)) else "-"  # "theirs" is not "the IRS"
    together = re.compile(rf"\b{parts[0]}{between}{parts[1]}", re.I)
    passages = (snapshot.passages[number] for number in holders[:SEEN_PASSAGES])
    return any(together.search(f"{passage.header}\n{passage.text}") for passage in passages)
