"""What a newsletter is: its canonical text, and what is known about that text.

`Newsletter.text` is plain prose without markup. Every offset in the program counts Unicode code points
in it, so a citation is checked by slicing: `newsletter.text[start:end] == quote`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of text is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTATION = "quotation"
    CODE = "code"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Section:
    """A run of text under one heading.

    Sections tile the text: the first starts at 0, each starts where the one before ends, the last ends at
    `len(text)`. `heading_path` lists the headings from the outermost in; it is empty before the first heading.
    """

    heading_path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table row …: text that is never split across lines of the page.

    `level` is the heading level (1 to 6) of a heading and the nesting depth (0 outermost) of everything else.
    `lead` is the title of the list item or table row the block stands in ("" if none), used as context
    and never quoted. Blocks are in order, do not overlap, and everything between them is white space.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of the text that links to an address (http, https or mailto only)."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Newsletter:
    """One issue of a newsletter.

    `id` is unique in an index and safe in a URL path; it is the file's stem where that is free.
    `date` is ISO 8601 and may be partial ("2019-04", "2019"). Whatever is not known is None.
    `source` is where it was read from (a path or URL). Offsets in `sections`, `blocks` and `links`
    are half-open ranges of code points in `text`; so are the first two numbers of each of `pages`, the
    third being the number of the printed page (from 1) that holds them; without printed pages it is empty.
    """

    id: str
    title: str
    issue: int | None
    date: str | None
    publisher: str | None
    language: str | None
    url: str | None
    text: str
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    source: str = ""
    pages: tuple[tuple[int, int, int], ...] = ()

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of everything that is indexed or shown; equal hashes mean nothing to do."""
        parts = (self.title, self.issue, self.date, self.publisher, self.language, self.url, self.text)
        structure = (self.sections, self.blocks, self.links, *self.pages)
        return hashlib.sha256(repr((parts, structure)).encode("utf-8", "surrogatepass")).hexdigest()

    def page_at(self, offset: int) -> int | None:
        """The number of the printed page that holds the code point at `offset`, or None where there are no pages."""
        return next((page for start, end, page in self.pages if start <= offset < end), None)

    def section_at(self, offset: int) -> Section:
        """The section that holds the code point at `offset` (0 ≤ offset < len(text))."""
        for section in self.sections:
            if section.start <= offset < section.end:
                return section
        raise IndexError(f"offset {offset} is outside newsletter {self.id!r} of {len(self.text)} characters")
