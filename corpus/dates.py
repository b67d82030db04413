"""Dates that a newsletter's own text gives, as ISO 8601, partial where they are."""

from __future__ import annotations

import re
from datetime import date

MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
SEASON_NAMES = "spring|summer|autumn|fall|winter"
_MONTH = r"(?P<month>" + "|".join(f"{m}|{m[:3]}" for m in MONTH_NAMES) + r")\.?"
_DATES = (
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<number>0?[1-9]|1[0-2])[-/.](?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"
    ),
    re.compile(rf"\b{_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b", re.I),
    re.compile(rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b", re.I),
    re.compile(rf"\b{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b", re.I),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])(?!\d)"),
    re.compile(r"(?<![\d.#])(?P<year>(?:19|20)\d\d)(?![\d.])"),
    re.compile(r"(?P<year>(?:19|20)\d\d)\s*年(?:\s*(?P<number>1[0-2]|0?[1-9])\s*月)?(?:\s*(?P<day>[0-3]?\d)\s*日)?"),
)


def parse_date(text: str | None) -> str | None:
    """The first, most exact date in `text` as ISO 8601, partial where it is ("2019-04"); None without one."""
    for pattern in _DATES:
        for match in pattern.finditer(text or ""):
            found = _iso(match)
            if found:
                return found
    return None


def is_date(text: str) -> bool:
    """Whether `text` is a date and nothing else, as on a line of a masthead."""
    text = text.strip()
    return len(text) <= 40 and any(
        (match := pattern.search(text)) and match[0] == text and _iso(match) for pattern in _DATES
    )


def _iso(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    year, month = groups["year"], groups.get("number")
    if groups.get("month"):
        month = str([m[:3] for m in MONTH_NAMES].index(groups["month"][:3].lower()) + 1)
    day = groups.get("day")
    if not month:
        return year
    if not day:
        return f"{year}-{int(month):02d}"
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
