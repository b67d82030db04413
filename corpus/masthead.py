"""Number and date in a long line near the top: pieces of it that are nothing else, between dots, bars and dashes.

Such a line is told from a sentence by its having no sentence's end; a piece that begins with "No. 31" needs no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.dates import SEASON_NAMES, is_date, parse_date

ISSUE_WORD = re.compile(
    r"(?:\b(?:issue|newsletter|bulletin|edition|number|vol(?:ume)?\.?\s*\d+,?\s*no)\b\.?\s*(?:(?:no\.?|number)\s*)?(?:#\s*)?|\bno\.\s*"
    r"|(?-i:\b(?:No|NO|Nr)\.?\s*))"
    r"(?P<issue>\d{1,4})\b(?!-\d)|第\s*(?P<chinese>\d{1,4})\s*期",
    re.I,
)
MASTHEAD_LINES = 4
MOST_CHARACTERS = 300
_SEASON = rf"\b(?:{SEASON_NAMES}) (?P<year>(?:19|20)\d\d)(?:[/–-]\d\d(?:\d\d)?)?"
_SEASON_FIRST = re.compile(rf"{_SEASON}\b", re.I)
_SEASON_LAST = re.compile(rf"{_SEASON}$", re.I)
_SEPARATOR = re.compile(r" [·•|—–] ")


def masthead_number(lines: Sequence[str]) -> int | None:
    """The issue's number at the beginning of a piece of the first lines; None without one."""
    found = next((match for line in _long_lines(lines) for piece in _numbered(line) if (match := _number(piece))), None)
    return int(found["issue"] or found["chinese"]) if found else None


def masthead_date(lines: Sequence[str]) -> str | None:
    """The date that a piece of the first lines is, ends with, or has behind the issue's number; None without one.

    A day with a full stop that a line begins with is one, too: "14 March 2031. Collected by Ada Penrose."
    """
    for line in _long_lines(lines):
        found = next((found for piece in _dated(line) if (found := parse_date(piece)) and len(found) > 4), None)
        if found:
            return found
    return None


def masthead_season(lines: Sequence[str]) -> str | None:
    """The season and year ("Winter 2024/25") that a piece of the first lines begins or ends with; None without one."""
    for line in _long_lines(lines):
        pieces = [] if _is_sentence(line) else [piece.strip() for piece in re.split(r"[·•|—–,]", line)]
        found = next(
            (found for piece in pieces if (found := _SEASON_FIRST.match(piece) or _SEASON_LAST.search(piece))), None
        )
        if found:
            return found[0]
    return None


def _long_lines(lines: Sequence[str]) -> list[str]:
    return [line for line in lines[:MASTHEAD_LINES] if len(line) <= MOST_CHARACTERS]


def _number(piece: str) -> re.Match[str] | None:
    return ISSUE_WORD.match(piece)


def _numbered(line: str) -> list[str]:
    """The pieces of a line, or the whole where it is no sentence."""
    pieces = _SEPARATOR.split(line)
    return [] if len(pieces) == 1 and _is_sentence(line) else pieces


def _dated(line: str) -> Iterator[str]:
    pieces = _SEPARATOR.split(line)
    begins, _, behind = line.partition(". ")
    if behind and is_date(begins) and len(parse_date(begins) or "") == len("2031-05-04"):
        yield begins
    yield from (piece for piece in _numbered(line) if _number(piece))
    yield from (piece for piece in line.split(". ")[1:] if is_date(piece.rstrip(".")))
    if not _is_sentence(line):
        ends = [_date_at_end(piece) for piece in pieces if len(pieces) > 1 or ISSUE_WORD.search(piece)]
        ends += [line.rpartition(", ")[2]] if len(pieces) == 1 else []
        yield from (end for end in (*pieces, *ends) if is_date(end))


def _date_at_end(piece: str) -> str:
    """The last three words of a piece, or the last two, where they are a date."""
    words = piece.split()
    return next((end for count in (3, 2) if is_date(end := " ".join(words[-count:]))), "")


def _is_sentence(line: str) -> bool:
    return line.endswith((".", "?", "!", ":"))
