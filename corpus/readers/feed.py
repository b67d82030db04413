"""RSS and Atom feeds through feedparser: one newsletter an entry, with the entry's own address and date."""

from __future__ import annotations

import re
import time
from typing import Any

from corpus.builder import TextBuilder
from corpus.documents import Document, safe_id
from corpus.metadata import infer_metadata
from corpus.newsletter import Newsletter
from corpus.readers.assemble import newsletter_from, unique_ids
from corpus.readers.html import HtmlWalker
from corpus.readers.text import add_plain_text

ID_CHARACTERS = 100
_LONG_SPACE = re.compile(rb"(?<!\s)\s{200,}")  # feedparser takes a square of it in time


def read_feed(document: Document) -> list[Newsletter]:
    """The newsletters in a feed, one an entry with text. Raises SourceUnreadable when it is no feed or empty."""
    import feedparser

    try:
        feed = feedparser.parse(_LONG_SPACE.sub(b"\n", document.data))
    except Exception as error:
        raise document.unreadable("is no readable RSS or Atom feed: check the file.") from error
    found = [entry for entry in (_newsletter(entry, feed.feed, document) for entry in feed.entries) if entry]
    if not found:
        raise document.unreadable("is no RSS or Atom feed with entries: give the feed's file or address.")
    return unique_ids(found)


def _newsletter(entry: Any, feed: Any, document: Document) -> Newsletter | None:
    contents = entry.get("content") or []
    longest = max((*contents, entry.get("summary_detail") or {}), key=lambda part: len(part.get("value") or ""))
    body = longest.get("value") or ""
    builder = TextBuilder()
    if longest.get("type") == "text/plain":
        add_plain_text(builder, body)
    else:
        HtmlWalker(builder, footers=False).read(body)
    if not builder.text:
        return None
    front = {
        "title": entry.get("title"),
        "date": _day(entry),
        "publisher": feed.get("title"),
        "language": longest.get("language") or feed.get("language"),
        "url": entry.get("link"),
    }
    about = infer_metadata(front, builder.first_lines(), document.stem, builder.text, heading=builder.first_heading)
    name = safe_id("-".join(part for part in (about.date, about.title) if part).lower()[:ID_CHARACTERS])
    return newsletter_from(builder, about, document, newsletter_id=name)


def _day(entry: Any) -> str | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return time.strftime("%Y-%m-%d", moment) if moment else None
