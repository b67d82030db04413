"""Plain-text newsletters: paragraphs between blank lines, bullets, and headings by their look."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from corpus.builder import TextBuilder
from corpus.documents import Document
from corpus.metadata import infer_metadata
from corpus.newsletter import BlockKind, Newsletter
from corpus.readers.assemble import newsletter_from
from corpus.readers.lines import runs_of, with_label

_BULLET = re.compile(r"^(\s*)(?:[-*•·–]|\(?\d{1,3}[.)])\s+(?=\S)")
_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{2,}|\*{3,}|_{3,}|~{3,}|#{3,})\s*$")
_NUMBERED = re.compile(r"^\s*\(?\d{1,3}[.)]\s+(?=\S)")
HEADING_WORDS = 12


def read_text(document: Document) -> list[Newsletter]:
    """The newsletter written as plain text."""
    builder = TextBuilder()
    add_plain_text(builder, document.text())
    about = infer_metadata({}, builder.first_lines(), document.stem, builder.text, heading=builder.first_heading)
    return [newsletter_from(builder, about, document)]


def _nothing(text: str) -> bool:
    return False


def add_plain_text(builder: TextBuilder, source: str, *, left_out: Callable[[str], bool] = _nothing) -> None:
    """Add the paragraphs, items and headings of plain text to `builder`, but no paragraph or line that is `left_out`."""
    for paragraph in re.split(r"\n(?:[ \t]*\n)+", source.replace("\r\n", "\n").replace("\r", "\n")):
        _add_paragraph(builder, paragraph, left_out)


def _add_paragraph(builder: TextBuilder, paragraph: str, left_out: Callable[[str], bool]) -> None:
    """One paragraph of the source as blocks; rules part it, and a line under or between them is a heading."""
    lines = [line for line in paragraph.split("\n") if line.strip()]
    body: list[str] = []
    for number, line in enumerate(lines):
        if _is_heading(lines, number):
            _add_lines(builder, body, left_out)
            body = []
            builder.add(BlockKind.HEADING, [(_NUMBERED.sub("", line), None)], level=2)
        elif _UNDERLINE.match(line):
            _add_lines(builder, body, left_out)
            body = []
        else:
            body.append(line)
    _add_lines(builder, body, left_out)


def _is_heading(lines: list[str], number: int) -> bool:
    """Whether a line has a rule below it and nothing or one above, or stands alone and looks like a heading."""
    line = lines[number]
    if _UNDERLINE.match(line):
        return False
    first = number == 0 or bool(_UNDERLINE.match(lines[number - 1]))
    underlined = number + 1 < len(lines) and bool(_UNDERLINE.match(lines[number + 1]))
    return (first and underlined and len(line.split()) <= HEADING_WORDS) or (len(lines) == 1 and _names_section(line))


def _add_lines(builder: TextBuilder, lines: list[str], left_out: Callable[[str], bool]) -> None:
    """Lines without rules among them: bulleted items with the lines that go on with them, and what stands before."""
    items = [number for number, line in enumerate(lines) if _BULLET.match(line)]
    if items[:1] == [1] and _names_section(lines[0]):
        builder.add(BlockKind.HEADING, [(lines[0], None)], level=2)
    else:
        _add_unmarked(builder, lines[: items[0]] if items else lines, left_out)
    for start, end in pairwise([*items, len(lines)]):
        bullet = _BULLET.match(lines[start])
        if bullet:
            text = " ".join([lines[start][bullet.end() :], *lines[start + 1 : end]])
            builder.add(BlockKind.ITEM, with_label([(text, None)]), level=len(bullet.group(1)) // 2)


def _add_unmarked(builder: TextBuilder, lines: list[str], left_out: Callable[[str], bool]) -> None:
    """Prose with its lines joined, or lines that are each on their own."""
    lines = [line.strip() for line in lines]
    for run in runs_of(lines):
        text = " ".join(lines[run.first : run.end])
        if not left_out(text):
            builder.add(run.kind, with_label([(text, None)]), level=2 if run.kind is BlockKind.HEADING else 0)


def _names_section(line: str) -> bool:
    """A short line in capitals, or numbered like a chapter."""
    text = line.strip()
    if len(text.split()) > HEADING_WORDS:
        return False
    return (text.isupper() and any(c.isalpha() for c in text)) or bool(re.match(r"^[IVX]+\.\s+\S", text))
