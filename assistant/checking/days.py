"""Dates of a sentence, as written: "22–23 May" is two of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.asking.dates import MONTHS
from assistant.checking.words import Word


@dataclass(frozen=True, slots=True)
class Day:
    """A date, perhaps without year or day (0), and the words it stands on (half-open)."""

    year: int
    month: int
    day: int
    first: int
    last: int


def days_of(tokens: Sequence[Word]) -> list[Day]:
    """The dates among the words of a text, in order."""
    found = []
    for i, word in enumerate(tokens):
        iso = re.fullmatch(r"((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?", word.lower)
        if iso:
            found.append(Day(int(iso[1]), int(iso[2]), int(iso[3] or 0), i, i + 1))
        month = MONTHS.get(word.lower.rstrip("."))
        if (
            month is None
            or not word.is_capital
            or (word.lower in ("may", "mar", "march") and not _near_figure(tokens, i))
        ):
            continue
        day = _around(tokens, i, month)
        found += [day, *_range_with(tokens, day)]
    return found


_TO_DAY = frozenset(["-", "–", "—", "to", "and", "&"])


def _range_with(tokens: Sequence[Word], day: Day) -> list[Day]:
    """The other day of a range: "22–23 May", "May 22 and 23"."""
    if not day.day:
        return []
    other, at = (day.first - 2, day.first - 1) if tokens[day.first].has_digit else (day.last + 1, day.last)
    if not 0 <= other < len(tokens) or tokens[at].lower not in _TO_DAY or not (value := _day_number(tokens[other])):
        return []
    follows = tokens[other + 1].text if other + 1 < len(tokens) else "."
    if other > at and tokens[at].lower in ("and", "to", "&") and follows[0].isalpha() and follows not in ("in", "at"):
        return []
    return [Day(day.year, day.month, value, other, other + 1)]


def _near_figure(tokens: Sequence[Word], i: int) -> bool:
    near = [tokens[j].lower for j in (i - 1, i - 2, i + 1, i + 2) if 0 <= j < len(tokens)]
    preceded = i > 0 and tokens[i - 1].lower in ("in", "of", "since", "until", "by", "last", "early", "late", "mid", "the", "during", "between", "and", "for", "from", "to", "through")  # fmt: skip
    return preceded or any(re.fullmatch(r"\d{1,4}(?:st|nd|rd|th)?", text) for text in near)


def _around(tokens: Sequence[Word], i: int, month: int) -> Day:
    """The date whose month is word `i`, with the day before or behind it and the year behind it."""
    first, last, day, year = i, i + 1, 0, 0
    at = i + 1
    if at < len(tokens) and tokens[at].text == ".":
        at += 1
    if at < len(tokens) and (value := _day_number(tokens[at])):
        day, last = value, at + 1
    elif i and (value := _day_number(tokens[i - 1])):
        day, first = value, i - 1
    elif i > 1 and tokens[i - 1].lower == "of" and (value := _day_number(tokens[i - 2])):
        day, first = value, i - 2
    at = last + 1 if last < len(tokens) and tokens[last].lower in (",", "of") else last
    if at < len(tokens) and re.fullmatch(r"(?:19|20)\d\d", tokens[at].lower):
        year, last = int(tokens[at].lower), at + 1
    return Day(year, month, day, first, last)


def _day_number(word: Word) -> int:
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word.lower)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else 0
