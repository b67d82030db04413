"""Puts a newsletter's canonical text together block by block, keeping offsets exact."""

from __future__ import annotations

import re

from corpus.newsletter import Block, BlockKind, Link, Section
from corpus.visible import visible_text

_BLANKS = re.compile(r"\s+")

_TIGHT = frozenset({BlockKind.ITEM, BlockKind.ROW})


class TextBuilder:
    """Collects blocks in order; `text`, `blocks`, `links` and `sections` are what was collected."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._links: list[Link] = []
        self._headings: list[str] = []
        self._sections: list[tuple[tuple[str, ...], int]] = []

    def add(
        self,
        kind: BlockKind,
        pieces: list[tuple[str, str | None]],
        *,
        level: int = 0,
        lead: str = "",
    ) -> str:
        """Append a block made of (text, link address or None) pieces and return its text ("" when invisible)."""
        text, links = _code(pieces) if kind is BlockKind.CODE else _joined(pieces)
        if not text:
            return ""
        if self._blocks:
            tight = kind in _TIGHT and self._blocks[-1].kind in _TIGHT
            self._append("\n" if tight else "\n\n")
        start = self._length
        if kind is BlockKind.HEADING:
            del self._headings[max(level, 1) - 1 :]
            self._headings.extend("" for _ in range(level - 1 - len(self._headings)))
            self._headings.append(text)
            self._sections.append((tuple(h for h in self._headings if h), start))
        self._append(text)
        self._blocks.append(Block(kind, start, self._length, level, lead))
        self._links.extend(Link(start + a, start + b, url) for a, b, url in links)
        return text

    @property
    def text(self) -> str:
        """The canonical text."""
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """How long the text is so far."""
        return self._length

    def first_lines(self, limit: int = 10) -> list[str]:
        """The first blocks' texts, where mastheads are."""
        text = self.text
        return [text[block.start : block.end] for block in self._blocks[:limit]]

    @property
    def first_heading(self) -> str | None:
        """The first block's text where that is a heading; None where it is not."""
        first = self._blocks[0] if self._blocks else None
        return self.text[first.start : first.end] if first and first.kind is BlockKind.HEADING else None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks in order."""
        return tuple(self._blocks)

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in order."""
        return tuple(self._links)

    @property
    def sections(self) -> tuple[Section, ...]:
        """Sections that tile the text."""
        starts = [s for s in self._sections if s[1] > 0]
        first = self._sections[0] if self._sections and self._sections[0][1] == 0 else ((), 0)
        marks = [first, *starts]
        ends = [start for _, start in marks[1:]] + [self._length]
        return tuple(Section(path, start, end) for (path, start), end in zip(marks, ends, strict=True))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _code(pieces: list[tuple[str, str | None]]) -> tuple[str, list[tuple[int, int, str]]]:
    """Code with its lines and indentation, without links and blank ends."""
    lines = visible_text("".join(text for text, _ in pieces)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip(), []


def _joined(pieces: list[tuple[str, str | None]]) -> tuple[str, list[tuple[int, int, str]]]:
    """The pieces' visible text with white space folded, and where the links stand in it."""
    out: list[str] = []
    links: list[tuple[int, int, str]] = []
    length = 0
    for raw, url in pieces:
        start = length
        folded = _BLANKS.sub(" ", visible_text(raw))
        if folded.startswith(" ") and (not out or out[-1].endswith(" ")):
            folded = folded[1:]
        if folded:
            out.append(folded)
            length += len(folded)
        if url and length > start:
            links.append((start, length, url))
    text = "".join(out)
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    kept = []
    for start, end, url in links:
        start, end = max(start - lead, 0), min(end - lead, len(text))
        while start < end and text[start] == " ":
            start += 1
        while end > start and text[end - 1] == " ":
            end -= 1
        if start < end:
            kept.append((start, end, url))
    return text, kept
