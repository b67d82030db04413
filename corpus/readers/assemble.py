"""Puts a reader's blocks and metadata together into a newsletter."""

from __future__ import annotations

from dataclasses import replace

from corpus.builder import TextBuilder
from corpus.documents import Document
from corpus.links import web_address
from corpus.metadata import Metadata
from corpus.newsletter import Newsletter


def newsletter_from(
    builder: TextBuilder,
    about: Metadata,
    document: Document,
    *,
    newsletter_id: str | None = None,
    pages: tuple[tuple[int, int, int], ...] = (),
) -> Newsletter:
    """The newsletter of what `builder` collected; its id is the document's stem unless given.

    Raises SourceUnreadable when there is no text.
    """
    if not builder.text:
        raise document.unreadable("holds no text: remove it or put a newsletter into it.")
    return Newsletter(
        id=newsletter_id or document.stem,
        title=about.title or document.stem,
        issue=about.issue,
        date=about.date,
        publisher=about.publisher,
        language=about.language,
        url=web_address(about.url) or document.url,
        text=builder.text,
        sections=builder.sections,
        blocks=builder.blocks,
        links=builder.links,
        source=document.location,
        pages=pages,
    )


def unique_ids(newsletters: list[Newsletter]) -> list[Newsletter]:
    """The same newsletters; ids that recur are numbered from the second on."""
    seen: dict[str, int] = {}
    unique = []
    for newsletter in newsletters:
        seen[newsletter.id] = count = seen.get(newsletter.id, 0) + 1
        unique.append(newsletter if count == 1 else replace(newsletter, id=f"{newsletter.id}-{count}"))
    return unique
