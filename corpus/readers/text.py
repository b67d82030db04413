"""Plain-text newsletters: paragraphs between blank lines, bullets, and headings by their look."""

from __future__ import annotations

import re

from corpus.builder import TextBuilder
from corpus.documents import Document
from corpus.metadata import infer_metadata
from corpus.newsletter import BlockKind, Newsletter
from corpus.readers.assemble import newsletter_from

_BULLET = re.compile(r"^(\s*)(?:[-*•·–]|\(?\d{1,3}[.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,}|\*{3,}|_{3,}|~{3,}|#{3,})\s*$")
HEADING_WORDS = 12


def read_text(document: Document) -> list[Newsletter]:
    """The newsletter written as plain text."""
    builder = TextBuilder()
    add_plain_text(builder, document.text())
    about = infer_metadata({}, builder.first_lines(), document.stem, builder.text)
    return [newsletter_from(builder, about, document)]


def add_plain_text(builder: TextBuilder, source: str) -> None:
    """Add the paragraphs, items and headings of plain text to `builder`."""
    for paragraph in re.split(r"\n(?:[ \t]*\n)+", source.replace("\r\n", "\n").replace("\r", "\n")):
        _add_paragraph(builder, paragraph)


def _add_paragraph(builder: TextBuilder, paragraph: str) -> None:
    """One paragraph of the source as blocks: a heading, bulleted items, or prose with its lines joined."""
    run: list[str] = []
    kind, level = BlockKind.PARAGRAPH, 0
    lines = paragraph.split("\n")
    underlined = len(lines) > 1 and bool(_UNDERLINE.match(lines[1]))
    for number, line in enumerate(lines):
        if _UNDERLINE.match(line):
            continue
        bullet = _BULLET.match(line)
        if bullet or (underlined and number == 2):
            _flush(builder, kind, run, level)
            run = []
            kind, level = (BlockKind.ITEM, len(bullet.group(1)) // 2) if bullet else (BlockKind.PARAGRAPH, 0)
            line = line[bullet.end() :] if bullet else line
        elif number == 0 and (underlined or _looks_like_heading(lines)):
            kind, level = BlockKind.HEADING, 2
        run.append(line)
    _flush(builder, kind, run, level)


def _flush(builder: TextBuilder, kind: BlockKind, lines: list[str], level: int) -> None:
    text = " ".join(lines)
    if text.strip():
        builder.add(kind, [(text, None)], level=level)


def _looks_like_heading(lines: list[str]) -> bool:
    """A single short line in capitals, or numbered like a chapter."""
    text = lines[0].strip()
    if len([line for line in lines if line.strip()]) != 1 or not 1 <= len(text.split()) <= HEADING_WORDS:
        return False
    return (text.isupper() and any(c.isalpha() for c in text)) or bool(re.match(r"^(?:[IVX]+|\d+)\.\s+\S", text))
