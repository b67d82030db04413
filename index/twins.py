"""The same issue arriving in two formats (mail, web page, feed entry, PDF …): one newsletter with several sources.

Two newsletters are one only when they come in different formats, nothing known of them contradicts it, and their
words are the same for the most part; a shared address, title or exact date makes them worth comparing. Copies in one
format stay apart: an archive may well hold two drafts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from corpus import Newsletter
from index.passage import NewsletterInfo

_SHINGLE = 4
_SAME_ADDRESS, _SAME_TITLE, _SAME_DATE = 0.5, 0.7, 0.9
_DAYS_APART = 2
_LONGER = 1.25
_BEST_FIRST = ("markdown", "html", "mail", "epub", "docx", "feed", "pdf", "text")
_KINDS = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".eml": "mail", ".mbox": "mail", ".mbx": "mail", ".epub": "epub", ".docx": "docx", ".rss": "feed", ".atom": "feed",
    ".xml": "feed", ".pdf": "pdf", ".txt": "text", ".text": "text",
}  # fmt: skip


class Twins:
    """Finds known newsletters that may be the same issue as another."""

    def __init__(self, known: Iterable[NewsletterInfo]) -> None:
        self._by_key: dict[str, dict[str, NewsletterInfo]] = {}
        for info in known:
            self.add(info)

    def add(self, info: NewsletterInfo) -> None:
        """Remember a newsletter."""
        for key in _keys(info.url, info.title, info.date):
            self._by_key.setdefault(key, {})[info.id] = info

    def candidates(self, newsletter: Newsletter, path: str) -> Iterator[tuple[NewsletterInfo, float]]:
        """Known newsletters from other formats that share an address, title or date, and how alike texts must be."""
        seen: set[str] = set()
        shares = (_SAME_ADDRESS, _SAME_TITLE, _SAME_DATE)
        kind = kind_of(path)
        for key in _keys(newsletter.url, newsletter.title, newsletter.date):
            share = shares["utd".index(key[0])]
            for info in self._by_key.get(key, {}).values():
                other_kinds = {kind_of(source) for source in info.sources}
                if info.id not in seen and kind not in other_kinds and not _contradict(newsletter, info):
                    seen.add(info.id)
                    yield info, share


def kind_of(path: str) -> str:
    """The kind of format that a path or address has, by its suffix; web addresses without one are web pages."""
    suffix = PurePosixPath(urlsplit(path).path if "://" in path else path).suffix.lower()
    return _KINDS.get(suffix, "html" if "://" in path else "mail")


def containment(one: str, other: str) -> float:
    """The share of the shorter text's runs of four words that the longer has, too."""
    first, second = _shingles(one), _shingles(other)
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def is_better(one: Newsletter, one_path: str, other: Newsletter, other_path: str) -> bool:
    """Whether `one` is the fuller version of an issue: much longer, else in the format with more structure."""
    if max(len(one.text), len(other.text)) > _LONGER * min(len(one.text), len(other.text)):
        return len(one.text) > len(other.text)
    return _BEST_FIRST.index(kind_of(one_path)) < _BEST_FIRST.index(kind_of(other_path))


def completed(newsletter: Newsletter, other: Newsletter | NewsletterInfo) -> Newsletter:
    """`newsletter` with what only `other` knows of their issue."""
    return replace(
        newsletter,
        issue=newsletter.issue if newsletter.issue is not None else other.issue,
        date=newsletter.date or other.date,
        publisher=newsletter.publisher or other.publisher,
        language=newsletter.language or other.language,
        url=newsletter.url or other.url,
    )


def _keys(url: str | None, title: str, day: str | None) -> Iterator[str]:
    if url:
        parts = urlsplit(url)
        if parts.path.strip("/") or parts.query:
            yield f"u{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"
    yield "t" + " ".join(re.findall(r"\w+", re.sub(r"^\[[^\]]*\]\s*", "", title).lower()))
    if day and len(day) == 10:
        yield "d" + day


def _contradict(newsletter: Newsletter, info: NewsletterInfo) -> bool:
    if newsletter.issue is not None and info.issue is not None and newsletter.issue != info.issue:
        return True
    if not newsletter.date or not info.date:
        return False
    if len(newsletter.date) < 10 or len(info.date) < 10:
        return not (newsletter.date.startswith(info.date) or info.date.startswith(newsletter.date))
    try:
        apart = abs((date.fromisoformat(newsletter.date) - date.fromisoformat(info.date)).days)
    except ValueError:
        return True
    return apart > _DAYS_APART


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))} if words else set()
