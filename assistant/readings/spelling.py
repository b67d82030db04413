"""A question's misspelt words as the archive writes them.

A word that no passage holds is compared with those that some do: at one edit (a letter dropped, added, changed, or two
swapped; Norvig, "How to Write a Spelling Corrector"), or at two for a long name. A usual English word is no mistake.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from assistant.question import ParsedQuestion
from assistant.readings.compounds import compounded
from index.keywords import KeywordIndex
from index.retriever import Retriever
from index.snapshot import Snapshot
from index.tokens import STOP_WORDS, stem, terms

LEAST_LETTERS, LEAST_LETTERS_FOR_TWO, MOST_LETTERS = 5, 8, 24
MOST_WORDS = 4
FAR_MORE_FREQUENT = 10
SEEN_PASSAGES = 20
_WORD = re.compile(rf"(?<![\w.@/#'’-])[A-Za-z]{{{LEAST_LETTERS},{MOST_LETTERS}}}(?![\w@/]|[.:-]\w|['’]t\b)")
_LETTERS_ONLY = re.compile(r"[^\W\d_]+")
_PREFIX = re.compile(r"^(?:anti|co|de|dis|en|in|im|inter|mis|non|out|over|pre|re|sub|super|un|under|up)(?=\w{3})")
_ENDING = re.compile(
    r"(?:s|es|ies|ed|ied|ing|ings|er|ier|ers|iers|ee|ees|or|ors|y|n|est|iest|ly|ily|en|ens|ness|less|ful|able|ible|al|ally|ish|ist|ists|ism|"
    r"ity|ized?|izes|izing|izer|izers|izations?|ation|ations|ment|ments)$"
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def as_written(question: ParsedQuestion, retriever: Retriever) -> ParsedQuestion | None:
    """The question with its misspelt words and its compounds as the archive writes them; None where there are none."""
    together = compounded(question.resolved, retriever.snapshot)
    resolved = respelled(together, retriever.snapshot, retriever.is_usual_word)
    return None if resolved == question.resolved else replace(question, resolved=resolved)


def respelled(question: str, snapshot: Snapshot, is_usual: Callable[[str], bool]) -> str:
    """`question` with each misspelt word as the archive has it; itself where there is none, or no single likely word.

    `is_usual` says whether a word is one of the language that the archive merely lacks. A name is no usual word.
    """
    unknown = [found for found in _WORD.finditer(question) if _is_unknown(found.group(), snapshot.keywords, is_usual)]
    if not 0 < len(unknown) <= MOST_WORDS:  # so many are another language
        return question
    for found in reversed(unknown):
        name = found.group()[0].isupper() and found.start() > 0
        written = _nearest(found.group(), snapshot, name=name)
        if written is not None and not (name and written.islower() and _is_english(written, is_usual)):
            question = question[: found.start()] + written + question[found.end() :]
    return question


def _is_unknown(word: str, keywords: KeywordIndex, is_usual: Callable[[str], bool]) -> bool:
    lowered = word.casefold()
    if lowered in STOP_WORDS or not (word.islower() or word.isupper() or word.istitle()):
        return False
    return not any(map(keywords.knows, terms(word))) and not _is_english(lowered, is_usual)


def _is_english(word: str, is_usual: Callable[[str], bool]) -> bool:
    return any(map(is_usual, _bare_forms(word)))


def _bare_forms(word: str) -> Iterator[str]:
    """The word, and what is left of it without a prefix or an ending, which a list of words may have instead."""
    wholes = [word, stem(word), _PREFIX.sub("", word), word.replace("is", "iz").replace("our", "or")]
    for whole in dict.fromkeys(wholes):
        yield whole
        if ending := _ENDING.search(whole):
            bare = whole[: ending.start()]
            yield from (bare, f"{bare}e", f"{bare[:-1]}y", bare[:-1])


def _nearest(word: str, snapshot: Snapshot, *, name: bool) -> str | None:
    """The archive's one word nearest to `word`, as it is mostly written there; None without one."""
    keywords, lowered = snapshot.keywords, word.casefold()
    near = {stem(edit) for edit in _edits(lowered)}
    found = _surfaces([term for term in near if keywords.knows(term)], lowered, 1, snapshot)
    if not found and name and len(lowered) >= LEAST_LETTERS_FOR_TWO:
        found = _surfaces(_at_two_edits(stem(lowered), keywords.vocabulary), lowered, 2, snapshot)
    if not found:
        return None
    (best, most), *others = found.most_common(2)
    if any(most < FAR_MORE_FREQUENT * count for _, count in others):
        return None
    return best


def _surfaces(found: Iterable[str], word: str, edits: int, snapshot: Snapshot) -> Counter[str]:
    """How the passages of each term write what is at most so many edits from `word`, with their number."""
    surfaces: Counter[str] = Counter()
    for term in found:
        holders = np.flatnonzero(snapshot.keywords.holders(term))
        texts = (f"{snapshot.passages[n].header}\n{snapshot.passages[n].text}" for n in holders[:SEEN_PASSAGES])
        written = Counter(w for text in texts for w in _LETTERS_ONLY.findall(text) if stem(w.casefold()) == term)
        near = [w for w, _ in written.most_common() if _distance(word, w.casefold()) <= edits]
        if near:
            surfaces[near[0]] = len(holders)
    return surfaces


def _edits(word: str) -> Iterator[str]:
    """Every word at one edit that begins with the same letter, which is seldom the one mistaken."""
    for place in range(1, len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in _LETTERS)


def _at_two_edits(word: str, vocabulary: Iterable[str]) -> Iterator[str]:
    """The words at two edits that begin with the same letter."""
    letters = set(word)
    for other in vocabulary:
        alike = other[0] == word[0] and abs(len(other) - len(word)) <= 2 and len(letters ^ set(other)) <= 4
        if alike and _distance(word, other) <= 2:
            yield other


def _distance(one: str, other: str) -> int:
    """The fewest edits between two words, swaps of neighbours among them (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        previous, row = row, [i]
        for j, its in enumerate(other, start=1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and its == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = previous
    return row[-1]
