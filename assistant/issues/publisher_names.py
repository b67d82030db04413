"""What a newsletter's title, heading and masthead call it and those who publish it.

A publisher hardly says its own name in the text: it stands behind "newsletter of", "for the members of" or alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from assistant.asking.dates import MONTHS
from corpus.dates import SEASON_NAMES

LEAST_LETTERS, MOST_WORDS = 3, 14
# fmt: off
PAPERS = (
    "newsletter", "letter", "bulletin", "digest", "journal", "gazette", "news", "magazine", "notes", "report",
    "circular", "monthly", "weekly", "quarterly", "daily", "update", "record", "register", "brief", "briefing",
    "dispatch", "review", "notices", "monitor", "post", "paper",
)
_NUMBERING = {
    *MONTHS, *SEASON_NAMES.split("|"), "christmas", "ending", "no", "nr", "number", "issue", "volume", "vol",
}
# fmt: on
JOINING = frozenset(["the", "of", "and", "for", "in", "a"])
POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?!\w)")
WORD = re.compile(r"\w+(?:[-.]\w+)*")
_PIECES = re.compile(r"\s[–—|·-]\s|[:–—|·,()\n]")
_PAPER_OF = re.compile(rf"\b(?:{'|'.join(PAPERS)})\b(?: \w+)? (?:of|from|by|for) (?:the )?(?=[A-Z])", re.I)
_SOMEONE_OF = re.compile(r"\b(?:of|from|for|at) (?:the )?(?=[A-Z])")
_NAME = re.compile(r"[A-Z][\w'’-]*(?: (?:(?:of|the|for|and|de|du|van|von|in|&) ){0,2}[A-Z][\w'’-]*)*")
_GENERIC = {*PAPERS, *JOINING, "our", "your", "issue", "edition", "week"}
Words = tuple[str, ...]


def names_in_label(label: str) -> Iterator[Words]:
    """The names that a title, a heading or a publisher's entry holds beside one another, without numbering."""
    for piece in _PIECES.split(label):
        words = _words(piece)
        words = words[1:] if words[:1] == ("the",) else words
        name = tuple(takewhile(lambda word: not _is_numbering(word), words))
        if len(name) <= MOST_WORDS and is_telling(name) and all(map(_is_numbering, words[len(name) :])):
            yield name


def is_numbered(label: str) -> bool:
    """Whether a title ends with its number or its date."""
    words = _words(label)
    return bool(words) and _is_numbering(words[-1])


def names_in_masthead(lines: str) -> Iterator[Words]:
    """Those who publish, by the first lines of a newsletter; behind a mere "of" or "for" only a name of several words."""
    for found in _PAPER_OF.finditer(lines):
        yield from _names_at(lines, found.end())
    for found in _SOMEONE_OF.finditer(lines):
        yield from (name for name in _names_at(lines, found.end()) if len(name) > 1)


def is_telling(name: Words) -> bool:
    """Whether a name says more than that it is a newsletter."""
    return sum(map(len, name)) >= LEAST_LETTERS and not _GENERIC.issuperset(name)


def is_generic(word: str) -> bool:
    """Whether a word says of a name only that it is a newsletter's."""
    return word in _GENERIC


def _words(label: str) -> Words:
    return tuple(word.casefold() for word in WORD.findall(POSSESSIVE.sub(" ", label)))


def _is_numbering(word: str) -> bool:
    return word in _NUMBERING or word[0].isdigit()


def _names_at(text: str, start: int) -> Iterator[Words]:
    name = _NAME.match(text, start)
    return names_in_label(name[0] if name else "")
