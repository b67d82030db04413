"""Dates, ranges, seasons and issue numbers named in a question.

Every range is a pair of ISO dates, both inclusive and possibly partial. English only; other languages' questions
simply name no dates here.
"""

from __future__ import annotations

import re
from calendar import monthrange
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
_EARLY = r"early|(?:the )?(?:beginning|start|first (?:days|weeks?)) of"
_MID = r"mid|(?:the )?middle of"
_LATE = r"late|(?:the )?(?:end|close|last (?:days|weeks?)) of|end"
_HALVES = r"(?:the )?(?P<half>first|second) half(?: of)?"
_PART = rf"(?:(?P<early>{_EARLY})|(?P<mid>{_MID})|(?P<late>{_LATE})|{_HALVES})[\s-]+(?:in\s+)?"
_YEAR_PARTS = {
    "early": ("01", "04"),
    "mid": ("05", "08"),
    "late": ("09", "12"),
    "first": ("01", "06"),
    "second": ("07", "12"),
}
_MONTH_PARTS = {"early": (1, 10), "mid": (10, 20), "late": (20, 31), "first": (1, 15), "second": (16, 31)}
_ORDINALS = {
    "first": (1, 9),
    "second": (7, 16),
    "third": (14, 23),
    "fourth": (21, 30),
    "last": (21, 31),
    "final": (21, 31),
}
_YEAR_ENDS = {"first": ("01-01", "01-14"), "last": ("12-14", "12-31"), "final": ("12-14", "12-31")}
_ISSUE_OF = (
    r"(?P<ordinal>first|second|third|fourth|last|final)\s+(?:issue|newsletter|edition|bulletin|digest|number|update|week|"
    r"(?-i:[A-Z])[\w-]+)(?:\s+(?:issue|newsletter|edition|bulletin|digest))?\s+(?:of|in)\s+"
)
_QUARTERS = {"1": ("01", "03"), "2": ("04", "06"), "3": ("07", "09"), "4": ("10", "12")}
_QUARTER_WORDS = {
    name: number
    for number, names in (
        ("1", ("first", "1st")),
        ("2", ("second", "2nd")),
        ("3", ("third", "3rd")),
        ("4", ("fourth", "4th", "last", "final")),
    )
    for name in names
}
_QUARTER = rf"(?:Q\s?(?P<quarter>[1-4])|quarter (?P<numbered>[1-4])|(?P<said>{'|'.join(_QUARTER_WORDS)}) quarter)"

MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<month>{MONTH_NAMES})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_PATTERNS = [
    ("day", re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b")),
    ("day", re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", re.I)),
    ("day", re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b", re.I)),
    ("month", re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)\b(?!-\d)")),
    (
        "months",
        re.compile(rf"\b(?P<since>{MONTH_NAMES})\s*(?:and|to|until|till|through|-|–)\s*{_MONTH},?\s*{_YEAR}\b", re.I),
    ),
    ("issue", re.compile(rf"\b{_ISSUE_OF}{_MONTH},?\s*{_YEAR}\b", re.I)),
    ("issue of year", re.compile(rf"\b{_ISSUE_OF}{_YEAR}\b", re.I)),
    ("part of month", re.compile(rf"\b{_PART}{_MONTH},?\s*{_YEAR}\b", re.I)),
    ("month", re.compile(rf"\b{_MONTH}\s*(?:of\s+|in\s+)?,?\s*{_YEAR}\b", re.I)),
    ("winter", re.compile(rf"\bwinter\s*(?:of\s+|in\s+)?,?\s*{_YEAR}(?:\s?[/–-]\s?(?P<next>(?:20)?\d\d))?\b", re.I)),
    ("season", re.compile(rf"\b(?P<season>spring|summer|autumn|fall)\s*(?:of\s+|in\s+)?,?\s*{_YEAR}\b", re.I)),
    ("part", re.compile(rf"\b{_PART}{_YEAR}\b", re.I)),
    ("quarter", re.compile(rf"\b{_QUARTER}\s*(?:of\s+|in\s+|/)?,?\s*{_YEAR}\b", re.I)),
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
    if kind == "winter":
        return _winter(int(year), match["next"])
    if kind in ("season", "quarter"):
        first, last = _SEASONS[match["season"].lower()] if kind == "season" else _QUARTERS[_quarter(match)]
        return f"{year}-{first}", f"{year}-{last}"
    if kind == "part":
        first, last = _YEAR_PARTS[_part(match)]
        return f"{year}-{first}", f"{year}-{last}"
    if kind == "issue of year":
        first, last = _YEAR_ENDS.get(match["ordinal"].lower(), ("01", "12"))
        return f"{year}-{first}", f"{year}-{last}"
    number = _month(match["month"])
    if number is None:
        return None
    if kind == "months":
        since = MONTHS[match["since"].lower()]
        return f"{year if since <= number else int(year) - 1}-{since:02d}", f"{year}-{number:02d}"
    if kind == "month":
        return f"{year}-{number:02d}", f"{year}-{number:02d}"
    if kind in ("part of month", "issue"):
        begin, end = _MONTH_PARTS[_part(match)] if kind != "issue" else _ORDINALS[match["ordinal"].lower()]
        end = min(end, monthrange(int(year), number)[1])
        return f"{year}-{number:02d}-{begin:02d}", f"{year}-{number:02d}-{end:02d}"
    try:
        day = date(int(year), number, int(match["day"])).isoformat()
    except ValueError:
        return None
    return day, day


def _winter(year: int, following: str | None) -> tuple[str, str] | None:
    """December to February; a winter of one year may have begun in it or in the year before."""
    if following is not None:
        return (f"{year}-12", f"{year + 1}-02") if int(following) % 100 == (year + 1) % 100 else None
    return f"{year - 1}-12", f"{year + 1}-02"


def _quarter(match: re.Match[str]) -> str:
    return match["quarter"] or match["numbered"] or _QUARTER_WORDS[match["said"].lower()]


def _month(name: str) -> int | None:
    number = int(name) if name.isdigit() else MONTHS[name.lower()]
    return number if 1 <= number <= 12 else None


def _part(match: re.Match[str]) -> str:
    """Which part of a year or a month is named: "early", "mid", "late", "first" half or "second" half."""
    named = next((name for name in ("early", "mid", "late") if match[name]), None)
    return named or match["half"].lower()
