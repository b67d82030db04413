"""Which passages hold an identifier of the question: "CVE-2020-26896", "LND #2759", "RFC 7231", "BIP340".

Vectors know nothing of numbers, so that what ranking by words puts first falls behind when ranks are fused; yet who types
an identifier asks for what is said of it. Years, dates, versions, ordinals and amounts identify nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.keywords import KeywordIndex
from index.passage import Passage
from index.tokens import STOP_WORDS, distinct_terms

MOST_PASSAGES, MOST_READ = 12, 120
LEAST_CHARACTERS = 3
LEAST_AFTER_A_NAME, LEAST_ALONE = 3, 4  # characters, "#" among them
_WORD = re.compile(r"#?\w+(?:[-./:]\w+)*", re.A)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_VERSION = re.compile(r"[vV]?\d+(?:\.\w+)+(?:-\w+)*", re.A)
_DATED = re.compile(r"(?:early|mid|late|pre|post)-\d{4}s?|[qQhH][1-4]-(?:\d\d){1,2}", re.I)
_NAME_AND_NUMBER = re.compile(r"([A-Za-z]+)[-_]?(\d+)")
_ACRONYM = re.compile(r"[A-Z]{2,}")


def identified(
    query: str, keywords: KeywordIndex, passages: Sequence[Passage], allowed: NDArray[np.bool_] | None = None
) -> Iterator[tuple[frozenset[str], list[int]]]:
    """The terms of each identifier in `query` with the passages that hold it, best first; one of many passages names none."""
    scores = None
    for held, pattern in dict.fromkeys(_identifiers(query)):
        found = keywords.holders_of_all(held)
        if allowed is not None:
            found &= allowed
        numbers = np.flatnonzero(found).tolist()
        if pattern is not None and len(numbers) <= MOST_READ:
            numbers = [n for n in numbers if pattern.search(f"{passages[n].header}\n{passages[n].text}")]
        if 0 < len(numbers) <= MOST_PASSAGES:
            scores = keywords.scores(query) if scores is None else scores
            yield held, sorted(numbers, key=lambda n: -scores[n])


def _identifiers(query: str) -> Iterator[tuple[frozenset[str], re.Pattern[str] | None]]:
    """The terms of each identifier, and how its passages write it where they must stand together."""
    before = ""
    for word in _WORD.findall(query):
        number = word.lstrip("#")
        if number.isdecimal():
            name = before.rpartition("-")[2]
            if _is_numbered(name, word):
                yield from _spellings(name, number)
            if _stands_alone(word):
                yield distinct_terms(number), None
        elif _is_code(word):
            yield frozenset([word.casefold().lstrip("#")]), None
            if parts := _NAME_AND_NUMBER.fullmatch(word):
                yield from _spellings(*parts.groups())
        before = word


def _spellings(name: str, number: str) -> Iterator[tuple[frozenset[str], re.Pattern[str] | None]]:
    """ "BIP 340", "BIP-340" and "BIP #340", then "BIP340"."""
    yield distinct_terms(f"{name} {number}"), re.compile(rf"\b{name}[\s#-]{{1,3}}{number}\b", re.I)
    yield frozenset([f"{name}{number}".casefold()]), None


def _is_numbered(name: str, word: str) -> bool:
    if not name.isalpha() or name.casefold() in STOP_WORDS:
        return False
    return _ACRONYM.fullmatch(name) is not None or (len(word) >= LEAST_AFTER_A_NAME and not _YEAR.fullmatch(word))


def _stands_alone(word: str) -> bool:
    return len(word) >= LEAST_ALONE and not _YEAR.fullmatch(word)


def _is_code(word: str) -> bool:
    """Whether it is no bare word, no date, no version and no amount ("10am", "3rd"), but has letters and digits."""
    if len(word) < LEAST_CHARACTERS or word[0].isdecimal() or word.startswith("#"):
        return False
    if _VERSION.fullmatch(word) or _DATED.fullmatch(word):
        return False
    return any(c.isdecimal() for c in word)
