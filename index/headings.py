"""Which passages a question names: a heading or an item's title that stands in it word for word.

A title's words are often common ones ("What did not work"), which ranking by words or meaning leaves far behind, yet who
copies a title asks for what stands below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.passage import Passage
from index.tokens import distinct_terms

LEAST_WORDS, MOST_WORDS = 2, 12
LEAST_IDEOGRAPHS, LEAST_LETTERS = 4, 4
MOST_PASSAGES = 12
_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")
_IDEOGRAPHS = re.compile(rf"[\u3400-\u9fff]{{{LEAST_IDEOGRAPHS},}}")
_TITLE = re.compile(r"^(.{3,90}?)(?:(?:[:;.?!。：]|\s[–—-])(?=[\s,]|$)|$)", re.M)
_NUMBERING = re.compile(r"^(?:#?\d+[:.)]\s*|[一二三四五六七八九十]+、\s*)+(?=\S)")
_ARTICLE = re.compile(r"^(?:An?|The)\s+(?=[A-Z])")
Words = tuple[str, ...]


class HeadingIndex:
    """The headings that passages stand under and the titles that begin their lines, folded to words."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._holders: dict[Words, list[int]] = {}
        for number, passage in enumerate(passages):
            for words in dict.fromkeys(words for title in _titles(passage) for words in ways_to_say(title)):
                if _names_something(words):
                    self._holders.setdefault(words, []).append(number)

    def named(self, query: str, allowed: NDArray[np.bool_] | None = None) -> Iterator[tuple[frozenset[str], list[int]]]:
        """The terms of each title that stands in `query`, with its passages; one of many passages names none of them."""
        words = words_of(query)
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + MOST_WORDS) + 1):
                title = words[start:end]
                if not _is_told_apart(title):
                    continue
                holders = self.holders(title, allowed)
                if 0 < len(holders) <= MOST_PASSAGES:
                    yield distinct_terms(" ".join(title)), holders

    def holders(self, title: Words, allowed: NDArray[np.bool_] | None = None) -> list[int]:
        """The passages that stand below a title or begin a line with it, in their order."""
        found = self._holders.get(title, [])
        return found if allowed is None else [number for number in found if allowed[number]]


def _titles(passage: Passage) -> Iterator[str]:
    """The headings above, the item's title and what begins a line."""
    yield from passage.heading_path
    yield passage.header.rsplit(" | ", 1)[-1]
    yield from _TITLE.findall(passage.text)


def as_said(title: str) -> str:
    """A title without its number and its article: "#65737: The linter" is the linter."""
    return _ARTICLE.sub("", _NUMBERING.sub("", title.strip()))


def ways_to_say(title: str) -> tuple[Words, Words]:
    """The words of a title as it stands and as it is said."""
    return words_of(title), words_of(as_said(title))


def words_of(text: str) -> Words:
    """The words of a title as they are compared: without case and punctuation."""
    return tuple(_WORD.findall(text.casefold()))


def _names_something(title: Words) -> bool:
    return len(title) <= MOST_WORDS and sum(map(len, title)) >= LEAST_LETTERS


def _is_told_apart(title: Words) -> bool:
    """Whether the title is no usual word, so that it may stand among others of a question."""
    return len(title) >= LEAST_WORDS or (len(title) == 1 and bool(_IDEOGRAPHS.fullmatch(title[0])))
