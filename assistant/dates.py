"""Dates, ranges, seasons and issue numbers named in a question.

Every range is a pair of ISO dates, both inclusive and possibly partial. English only; other languages' questions
simply name no dates here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_SEASONS = {"spring": ("03", "05"), "summer": ("06", "08"), "autumn": ("09", "11"), "fall": ("09", "11")}
_PARTS = {"early": ("01", "04"), "mid": ("05", "08"), "late": ("09", "12")}
_QUARTERS = {"1": ("01", "03"), "2": ("04", "06"), "3": ("07", "09"), "4": ("10", "12")}

_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_PATTERNS = [
    ("day", re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b")),
    ("day", re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", re.I)),
    ("day", re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b", re.I)),
    ("month", re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)\b(?!-\d)")),
    ("month", re.compile(rf"\b{_MONTH}\s*(?:of\s+|in\s+)?,?\s*{_YEAR}\b", re.I)),
    ("season", re.compile(rf"\b(?P<season>spring|summer|autumn|fall)\s*(?:of\s+|in\s+)?,?\s*{_YEAR}\b", re.I)),
    ("part", re.compile(rf"\b(?P<part>early|mid|late)[\s-]+(?:in\s+)?{_YEAR}\b", re.I)),
    ("quarter", re.compile(rf"\bQ(?P<quarter>[1-4])\s*(?:of\s+|in\s+)?,?\s*{_YEAR}\b", re.I)),
    ("year", re.compile(rf"\b{_YEAR}\b(?![.\-]\d)")),
]
_ISSUE = re.compile(
    r"\b(?:issues?|newsletters?|numbers?|no\.?|editions?)\s*(?:no\.?|number|nr\.?)?\s*#?\s*(?P<number>\d{1,4})\b(?![.\-]\d)",
    re.I,
)
_HASH_ISSUE = re.compile(r"\b(?:issue|newsletter|edition)s?\s+#(?P<number>\d{1,4})\b", re.I)


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date named in a text: where it stands, and the days it covers (ISO, both inclusive)."""

    start: int
    end: int
    first: str
    last: str


def named_dates(text: str) -> list[NamedDate]:
    """The dates that `text` names with a year, in order; the most exact reading of each place."""
    found: list[NamedDate] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            days = _days(kind, match)
            if days is not None:
                found.append(NamedDate(match.start(), match.end(), *days))
    return sorted(found, key=lambda named: named.start)


def named_issues(text: str) -> list[int]:
    """Issue numbers that `text` names ("issue 53", "newsletter #53", "No. 4"), in order."""
    numbers = [int(m["number"]) for pattern in (_ISSUE, _HASH_ISSUE) for m in pattern.finditer(text)]
    return list(dict.fromkeys(n for n in numbers if not 1900 <= n <= 2099))


def shifted(day: str, days: int) -> str:
    """The full ISO date `days` after `day` (before, when negative)."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _days(kind: str, match: re.Match[str]) -> tuple[str, str] | None:
    year = match["year"]
    if kind == "year":
        return year, year
    if kind in ("season", "part", "quarter"):
        table = {"season": _SEASONS, "part": _PARTS, "quarter": _QUARTERS}[kind]
        first, last = table[match[kind].lower()]
        return f"{year}-{first}", f"{year}-{last}"
    month = match["month"].lower()
    number = int(month) if month.isdigit() else MONTHS[month]
    if not 1 <= number <= 12:
        return None
    if kind == "month":
        return f"{year}-{number:02d}", f"{year}-{number:02d}"
    try:
        day = date(int(year), number, int(match["day"])).isoformat()
    except ValueError:
        return None
    return day, day
