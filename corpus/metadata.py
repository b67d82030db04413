"""Title, issue number, date, publisher and language of a newsletter, out of whatever says them.

Front matter wins over headings and first lines, and those over the file's name. Nothing is guessed from the names of
particular newsletters; what is not said is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import Any

from corpus.dates import parse_date
from corpus.masthead import ISSUE_WORD, masthead_date, masthead_number, masthead_season
from corpus.titles import MASTHEAD_WORDS, file_title, name_of, title_of
from corpus.visible import visible_text

_ISSUE_SIGN = re.compile(r"(?<![\w&])#(?P<issue>\d{1,4})\b")
_FILE_ISSUE = re.compile(r"(?:issue|newsletter|no|number|edition|nr)[-_ ]?(?P<issue>\d{1,4})(?!\d|[-_]\d)", re.I)
_NUMBER_OF_YEAR = re.compile(r"(?<![\d/])(?P<issue>\d{1,3}) ?/ ?(?:19|20)\d\d$")
_LAST_NUMBER = re.compile(r"(?<![A-Za-z\d./])(?<!\d-)(?P<issue>\d{1,4})$")
_AFTER_YEAR = re.compile(r"(?<=\d{4})[-/]\d{1,2}$")
_NAME = r"(?P<name>[A-Z][\w&'’-]*(?:,? (?:(?:of|the|and|in|for|&) )*[A-Z][\w&'’-]*)*)"
_PUBLISHED_BY = re.compile(rf"\b(?:[Pp]ublished|[Ii]ssued|[Ee]dited|[Bb]rought to you) by (?:the )?{_NAME}")
_WELCOME_TO = re.compile(rf"\A[Ww]elcome to (?:(?:an|the|this|another)[\w ]*? (?:issue|edition) of )?(?:the )?{_NAME}")
_NAME_LINE = re.compile(rf"(?:The )?{_NAME}")
_BODY = re.compile(
    r"\A(?:(?! in )[^,])*\b(?:Ministry|Department|Agency|Institute|University|Academy|Association|Society|Council|Commission"
    r"|Office|Bureau|Foundation|Administration)(?: (?:of|for|on) |\Z)"
)
_PAPER_OF = re.compile(r"\A(?:The )?(?:[A-Z][\w'’-]* )?(?:Newsletter|Bulletin|Digest) (?:of|from) (?:the )?")
_CREDIT = re.compile(r"^\(?source:\s*(?P<name>[^)\n]{3,100})\)?$", re.I | re.M)
_ENGLISH = frozenset(["the", "of", "and", "to", "in", "a", "is", "for"])
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
HEAD_CHARACTERS = 600
LANGUAGE_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a newsletter besides its text; None where nothing says it."""

    title: str | None = None
    issue: int | None = None
    date: str | None = None
    publisher: str | None = None
    language: str | None = None
    url: str | None = None


def infer_metadata(
    front: Mapping[str, Any], lines: Sequence[str], stem: str, text: str, *, heading: str | None = None
) -> Metadata:
    """Metadata from front matter, the first lines (headings among them), the file's stem, the text and its first heading."""
    publisher = _text(front, "publisher", "organization", "organisation", "source") or _publisher(lines, text)
    given, name = _text(front, "title", "subject", "headline"), name_of(lines, heading)
    filed = file_title(stem, publisher)
    numbered = _text(front, "issue", "number", "issue_number", "edition") or ""
    season = masthead_season(lines)
    told = (
        _front_date(front),
        parse_date(given or name or filed),
        _head_date(lines),
        parse_date(stem.replace("_", "-")),
        _year_of_number(numbered),
        parse_date(season),
    )
    issue = _issue(numbered, given or name or filed, "" if given else name or "", lines, stem)
    date = _most_exact(told, masthead=told[2])
    return Metadata(
        title=given or title_of(name, issue=issue, date=date, season=season, filed=filed),
        issue=issue,
        date=date,
        publisher=publisher,
        language=(_text(front, "lang", "language", "locale") or _language(text))[:2].lower() or None,
        url=_text(front, "canonical_url", "canonical", "url", "link"),
    )


def _most_exact(told: Sequence[str | None], *, masthead: str | None) -> str | None:
    """The first date told, or the day of it that another names, or its masthead's month: a review of 2019 has a day."""
    found = [date for date in told if date]
    if not found:
        return None
    finer = [date for date in found if len(date) == 10] + [date for date in (masthead,) if date and len(date) == 7]
    return next((date for date in finer if date.startswith(found[0])), found[0])


def _text(front: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = front.get(name)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return " ".join(visible_text(_TAG.sub("", unescape(str(value)))).split()) or None
    return None


def _front_date(front: Mapping[str, Any]) -> str | None:
    for name in ("date", "published", "publish_date", "pubdate", "issued"):
        value = front.get(name)
        if isinstance(value, datetime):
            return value.date().isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if value is not None and (found := parse_date(str(value))):
            return found
    return None


def _issue(front: str, title: str, name: str, lines: Sequence[str], stem: str) -> int | None:
    """The issue's number; in the first lines only a short one, a masthead's, may give it; `name` is the text's own."""
    if front.isascii() and front.isdigit() and len(front) <= 6:
        return int(front)
    if match := _NUMBER_OF_YEAR.search(front):
        return int(match["issue"])
    short = [line for line in lines if len(line.split()) <= MASTHEAD_WORDS]
    for text in (title, *short):
        match = ISSUE_WORD.search(text)
        if match:
            return int(match["issue"] or match["chinese"])
    if (number := masthead_number(lines)) is not None:
        return number
    match = _ISSUE_SIGN.search(title) or _FILE_ISSUE.search(stem) or _NUMBER_OF_YEAR.search(name)
    return int(match["issue"]) if match else _number_of_both(name, stem)


def _number_of_both(name: str, stem: str) -> int | None:
    """The number that the name's first part and the file's name both end with; a year is none."""
    named, filed = _LAST_NUMBER.search(re.split(r" [·•|—–] |: ", name)[0]), _LAST_NUMBER.search(stem)
    number = int(named["issue"]) if named and filed and int(named["issue"]) == int(filed["issue"]) else None
    return None if number is None or 1900 <= number < 2100 else number


def _head_date(lines: Sequence[str]) -> str | None:
    """A date in a short line near the top that is no sentence, where mastheads have it."""
    for line in lines[:8]:
        found = parse_date(line) if len(line) <= 60 and not line.endswith((".", "?", "!")) else None
        if found and (len(found) > 4 or ISSUE_WORD.search(line)):
            return found
    return masthead_date(lines)


def _year_of_number(front: str) -> str | None:
    """The date in the place of a number ("2/2024", "March 2024"); what follows a year may be a number as well as a month."""
    return parse_date(_AFTER_YEAR.sub("", front))


def _publisher(lines: Sequence[str], text: str) -> str | None:
    head = "\n".join(lines)[:HEAD_CHARACTERS]
    for pattern in (_PUBLISHED_BY, _WELCOME_TO):
        if match := pattern.search(head):
            return match["name"].strip()
    for line in lines[:4]:
        name = _PAPER_OF.sub("", line)
        if len(line.split()) <= 14 and _BODY.search(name) and _NAME_LINE.fullmatch(name):
            return name
    match = _CREDIT.search(text)
    return match["name"].strip() if match else None


def _language(text: str) -> str:
    """ "zh" when most letters are Chinese, "en" when common English words abound, else "" (by the text's beginning)."""
    text = text[:LANGUAGE_CHARACTERS]
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in text)
    letters = sum(c.isalpha() for c in text)
    if letters and chinese > 0.3 * letters:
        return "zh"
    words = re.findall(r"[a-z]+", text.lower())
    english = sum(word in _ENGLISH for word in words)
    return "en" if words and english > 0.05 * len(words) else ""
