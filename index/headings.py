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
LEAST_IDEOGRAPHS = 4
MOST_PASSAGES = 12
_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")
_IDEOGRAPHS = re.compile(rf"[\u3400-\u9fff]{{{LEAST_IDEOGRAPHS},}}")
_TITLE = re.compile(r"^(.{3,90}?)(?:[:;.?!。：]|\s[–—-])(?=[\s,]|$)", re.M)
Words = tuple[str, ...]


class HeadingIndex:
    """The headings that passages stand under and the titles that begin their lines, folded to words."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._holders: dict[Words, list[int]] = {}
        for number, passage in enumerate(passages):
            for title in dict.fromkeys(map(_words, _titles(passage))):
                if _names_something(title):
                    self._holders.setdefault(title, []).append(number)

    def named(self, query: str, allowed: NDArray[np.bool_] | None = None) -> Iterator[tuple[frozenset[str], list[int]]]:
        """The terms of each title that stands in `query`, with its passages; one of many passages names none of them."""
        words = _words(query)
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + MOST_WORDS) + 1):
                holders = self._holders.get(words[start:end])
                if holders is None:
                    continue
                left = holders if allowed is None else [number for number in holders if allowed[number]]
                if 0 < len(left) <= MOST_PASSAGES:
                    yield distinct_terms(" ".join(words[start:end])), left


def _titles(passage: Passage) -> Iterator[str]:
    yield from passage.heading_path
    yield passage.header.rsplit(" | ", 1)[-1]
    yield from _TITLE.findall(passage.text)


def _words(text: str) -> Words:
    return tuple(_WORD.findall(text.casefold()))


def _names_something(title: Words) -> bool:
    return LEAST_WORDS <= len(title) <= MOST_WORDS or (len(title) == 1 and bool(_IDEOGRAPHS.fullmatch(title[0])))
