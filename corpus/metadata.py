"""Title, issue number, date, publisher and language of a newsletter, out of whatever says them.

Front matter wins over headings and first lines, and those over the file's name. Nothing is guessed from the names of
particular newsletters; what is not said is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = r"(?P<month>" + "|".join(f"{m}|{m[:3]}" for m in _MONTHS) + r")\.?"
_DATES = (
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<number>0?[1-9]|1[0-2])[-/.](?P<day>0?[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"\b{_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b", re.I),
    re.compile(rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b", re.I),
    re.compile(rf"\b{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b", re.I),
    re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])(?!\d)"),
    re.compile(r"(?<![\d.#])(?P<year>(?:19|20)\d\d)(?![\d.])"),
    re.compile(r"(?P<year>(?:19|20)\d\d)\s*年(?:\s*(?P<number>1[0-2]|0?[1-9])\s*月)?(?:\s*(?P<day>[0-3]?\d)\s*日)?"),
)
_ISSUE = re.compile(
    r"(?:\b(?:issue|newsletter|edition|number|vol(?:ume)?\.?\s*\d+,?\s*no)\b\.?\s*(?:no\.?|number)?\s*#?\s*|\bno\.\s*|#)(?P<issue>\d{1,4})\b"
    r"|第\s*(?P<chinese>\d{1,4})\s*期",
    re.I,
)
_FILE_ISSUE = re.compile(r"(?:issue|newsletter|no|number|edition|nr)[-_ ]?(?P<issue>\d{1,4})(?!\d)", re.I)
_PUBLISHER = re.compile(r"\b(?:published|issued|edited|brought to you) by (?:the )?(?P<name>[A-Z][^.;\n]{2,80})")
_SOURCE = re.compile(r"^\(?source:\s*(?P<name>[^)\n]{3,100})\)?$", re.I | re.M)
_WELCOME = re.compile(r"\b(?:issue|edition|welcome to|this is) (?:of )?(?:the )?(?P<name>[A-Z][\w&'’.-]*(?: (?:[A-Z][\w&'’.-]*|of|the|and|in|for))*)")
_BODY = re.compile(r"\b(?:Ministry|Department|Agency|Institute|University|Academy|Association|Society|Council|Commission|Office|Bureau|Foundation|Administration)\b")
HEAD_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about a newsletter besides its text; None where nothing says it."""

    title: str | None = None
    issue: int | None = None
    date: str | None = None
    publisher: str | None = None
    language: str | None = None
    url: str | None = None


def infer_metadata(front: Mapping[str, Any], lines: Sequence[str], stem: str, text: str) -> Metadata:
    """Metadata from front matter, the first lines (headings among them, as they stand), the file's stem and the text."""
    head = "\n".join(lines)[:HEAD_CHARACTERS]
    publisher = _text(front, "publisher", "organization", "organisation", "source") or _publisher(lines, text)
    title = _text(front, "title", "subject", "headline") or _title(lines, stem, publisher)
    issue = _issue(_text(front, "issue", "number", "issue_number") or "", title, head, stem)
    return Metadata(
        title=title,
        issue=issue,
        date=_front_date(front) or parse_date(title) or _head_date(lines) or parse_date(stem.replace("_", "-")),
        publisher=publisher,
        language=(_text(front, "lang", "language", "locale") or _language(text))[:2].lower() or None,
        url=_text(front, "canonical_url", "canonical", "url", "link"),
    )


def parse_date(text: str | None) -> str | None:
    """The first, most exact date in `text` as ISO 8601, partial where it is ("2019-04"); None without one."""
    for pattern in _DATES:
        for match in pattern.finditer(text or ""):
            found = _iso(match)
            if found:
                return found
    return None


def _iso(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    year, month = groups["year"], groups.get("number")
    if groups.get("month"):
        month = str([m[:3] for m in _MONTHS].index(groups["month"][:3].lower()) + 1)
    day = groups.get("day")
    if not month:
        return year
    if not day:
        return f"{year}-{int(month):02d}"
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _text(front: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = front.get(name)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and str(value).strip():
            return " ".join(str(value).split())
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


def _title(lines: Sequence[str], stem: str, publisher: str | None) -> str:
    """The line that names the newsletter, else the file's name, behind the publisher's if it is only a number."""
    for number, line in enumerate(lines):
        if re.search(r"\bnewsletter\b|\bbulletin\b|\bdigest\b|通讯|简报", line, re.I) and len(line.split()) <= 10:
            following = lines[number + 1] if number + 1 < len(lines) else ""
            return f"{line} {following}" if len(following) <= 20 and _ISSUE.search(following) else line
    words = re.sub(r"[-_]+", " ", stem).strip()
    title = words[:1].upper() + words[1:] if words else "Newsletter"
    return f"{publisher}, {words}" if publisher and _FILE_ISSUE.fullmatch(stem) else title


def _issue(front: str, title: str, head: str, stem: str) -> int | None:
    if front.isdigit():
        return int(front)
    for text in (title, head):
        match = _ISSUE.search(text)
        if match:
            return int(match["issue"] or match["chinese"])
    match = _FILE_ISSUE.search(stem)
    return int(match["issue"]) if match else None


def _head_date(lines: Sequence[str]) -> str | None:
    """A date in a short line near the top, where mastheads have it."""
    for line in lines[:8]:
        found = parse_date(line) if len(line) <= 60 else None
        if found and (len(found) > 4 or _ISSUE.search(line)):
            return found
    return None


def _publisher(lines: Sequence[str], text: str) -> str | None:
    for pattern in (_PUBLISHER, _WELCOME):
        match = pattern.search("\n".join(lines)[:HEAD_CHARACTERS])
        if match:
            return match["name"].strip()
    for line in lines[:6]:
        if len(line.split()) <= 14 and _BODY.search(line):
            return line.strip()
    match = _SOURCE.search(text)
    return match["name"].strip() if match else None


def _language(text: str) -> str:
    """ "zh" when most letters are Chinese, "en" when common English words abound, else ""."""
    chinese = sum("\u4e00" <= c <= "\u9fff" for c in text)
    letters = sum(c.isalpha() for c in text)
    if letters and chinese > 0.3 * letters:
        return "zh"
    words = re.findall(r"[a-z]+", text[:20_000].lower())
    english = sum(word in ("the", "of", "and", "to", "in", "a", "is", "for") for word in words)
    return "en" if words and english > 0.08 * len(words) else ""
