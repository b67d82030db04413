"""PDF: text page by page through pypdf, with lines joined to paragraphs, running heads left out and pages kept.

Paragraphs and headings are told by what a reader sees: gaps between lines, letters larger than the body's, bold lines of
their own. Where a file gives no such marks, sentence ends and short lines decide.
"""

from __future__ import annotations

import io
import logging
import re
import statistics
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corpus.builder import TextBuilder
from corpus.dates import is_date
from corpus.documents import Document
from corpus.metadata import infer_metadata
from corpus.newsletter import BlockKind, Newsletter
from corpus.readers.assemble import newsletter_from
from corpus.readers.pdf_lines import Line, page_lines

_BULLET = re.compile(r"^\s*(?:[•·▪◦‣–*-]|\(?\d{1,3}[.)])\s+(?=\S)")
_HYPHEN = re.compile(r"(?<=[a-z])-$")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–]?\s*\d{1,4}\s*(?:(?:of|/)\s*\d{1,4})?\s*[-–]?$", re.I)
_ENDS_SENTENCE = (".", "!", "?", ":", "。", "！", "？", "”", '"', ")")
_HEADING_WORDS = 14
_SHORT_LINE = 0.72
_WIDE_GAP = 1.35
_LARGER = 1.15
_RUNNING_SHARE = 0.5
MAX_PAGES = 3000


def read_pdf(document: Document) -> list[Newsletter]:
    """The newsletter in a PDF. Raises SourceUnreadable when it is damaged, locked or holds only pictures."""
    reader = _opened(document)
    try:
        pages = [page_lines(page) for page in reader.pages[:MAX_PAGES]]
        front = _front(reader)
    except Exception as error:
        raise _damaged(document, error) from error
    builder = TextBuilder()
    spans = _add_pages(builder, pages)
    if not builder.text:
        raise document.unreadable("holds pictures of text only: run OCR on it first, for example `ocrmypdf`.")
    first = builder.blocks[0]
    if first.kind is BlockKind.HEADING:
        front.setdefault("title", builder.text[first.start : first.end])
    about = infer_metadata(front, builder.first_lines(), document.stem, builder.text, heading=builder.first_heading)
    return [newsletter_from(builder, about, document, pages=spans)]


def _opened(document: Document) -> Any:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is said once, by us
    try:
        reader = PdfReader(io.BytesIO(document.data))
        locked = reader.is_encrypted and not reader.decrypt("")
    except Exception as error:
        raise _damaged(document, error) from error
    if locked:
        raise document.unreadable("is locked by a password: save an unlocked copy.")
    return reader


def _damaged(document: Document, error: Exception) -> Exception:
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return document.unreadable("is no readable PDF ({reason}): save it again as PDF.", reason=reason)


def _front(reader: Any) -> dict[str, Any]:
    """What the file says of itself; titles that are a program's or a file's name do not count."""
    info = reader.metadata or {}
    title = str(info.get("/Title") or "").strip()
    if re.search(r"\.(?:docx?|indd|pdf|pub|pptx?)$|^\(?(?:untitled|microsoft word|anonymous|unspecified)", title, re.I):
        title = ""
    return {"title": title} if title else {}


@dataclass(frozen=True, slots=True)
class _Look:
    """How the body of a document looks: the size of its letters, the step between its lines, and a full line's length."""

    size: float
    step: float
    full: float


def _look_of(pages: list[list[Line]]) -> _Look:
    lines = [line for page in pages for line in page if line.text]
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    size = letters.most_common(1)[0][0] if letters else 0.0
    body = [[line for line in page if line.text and line.size == size] for page in pages]
    steps = Counter(round(a.y - b.y, 1) for page in body for a, b in pairwise(page) if a.y > b.y)
    usual = [step for step, count in steps.items() if count >= 0.1 * steps.total()]
    lengths = [len(line.text) for line in lines if len(line.text) > 20]
    full = statistics.quantiles(lengths, n=10)[-1] if len(lengths) > 1 else 80.0
    return _Look(size, min(usual) if usual and steps.total() >= 3 else size * 1.2, full)


def _running_lines(pages: list[list[Line]]) -> set[str]:
    """Heads and feet that recur on most pages, digits aside."""
    if len(pages) < 3:
        return set()
    edges: Counter[str] = Counter()
    for lines in pages:
        texts = [line.text for line in lines if line.text]
        edges.update({_DIGITS.sub("#", text) for text in {*texts[:2], *texts[-2:]}})
    return {line for line, count in edges.items() if count >= max(3, _RUNNING_SHARE * len(pages))}


def _add_pages(builder: TextBuilder, pages: list[list[Line]]) -> tuple[tuple[int, int, int], ...]:
    """Add every page's paragraphs; returns where each page's text stands. A paragraph stays whole on its first page."""
    running, look = _running_lines(pages), _look_of(pages)
    run: list[Line] = []
    starts: list[tuple[int, int]] = []
    for number, lines in enumerate(pages, start=1):
        kept = [line for line in lines if not _around(line.text, running)]
        first = next((line for line in kept if line.text), None)
        if run and (first is None or not _continues(run, first, look)):
            _flush(builder, run, look)
        starts.append((builder.length, number))
        _add_lines(builder, kept, run, look)
    _flush(builder, run, look)
    marks = [*starts, (builder.length, 0)][1:]
    return tuple((start, end, page) for (start, page), (end, _) in zip(starts, marks, strict=True) if start < end)


def _around(text: str, running: set[str]) -> bool:
    return bool(text) and (bool(_PAGE_NUMBER.match(text)) or _DIGITS.sub("#", text) in running)


def _add_lines(builder: TextBuilder, lines: list[Line], run: list[Line], look: _Look) -> None:
    """Add one page's lines; the last paragraph stays in `run`, for the next page may go on with it."""
    above: Line | None = None
    for line in lines:
        if not line.text:
            if run and run[-1].text.endswith(_ENDS_SENTENCE):
                _flush(builder, run, look)
            continue
        if run and (_breaks(above, line, look) or _ends_paragraph(run, look)):
            _flush(builder, run, look)
        run.append(line)
        above = line


def _breaks(above: Line | None, line: Line, look: _Look) -> bool:
    """Whether a new block starts at `line`, which follows `above` on the page (None: on the page before)."""
    if _BULLET.match(line.text) or is_date(line.text):
        return True
    if above is None:
        return False
    if is_date(above.text) or _rank(above, look) != _rank(line, look):
        return True
    gap = above.y - line.y
    wide = gap > _WIDE_GAP * max(look.step, 1.1 * line.size) if look.size else False
    return wide or (_rank(line, look) == _NUMBERED)


_BODY, _NUMBERED, _BOLD, _LARGE = 0, 1, 2, 3


def _rank(line: Line, look: _Look) -> int:
    """What a line looks like: body text, a heading by its words, by its weight or by its size."""
    if len(line.text.split()) > _HEADING_WORDS or not any(c.isalpha() for c in line.text):
        return _BODY
    if look.size and line.size >= _LARGER * look.size:
        return _LARGE
    if line.text.endswith((".", ",", ";")) or is_date(line.text):
        return _BODY
    return _NUMBERED if _names_chapter(line.text) else _BOLD if line.bold else _BODY


def _continues(run: list[Line], following: Line, look: _Look) -> bool:
    return (
        not run[-1].text.endswith(_ENDS_SENTENCE) and _rank(following, look) == _BODY and following.text[:1].islower()
    )


def _ends_paragraph(run: list[Line], look: _Look) -> bool:
    return run[-1].text.endswith(_ENDS_SENTENCE) and len(run[-1].text) < _SHORT_LINE * look.full


def _names_chapter(text: str) -> bool:
    """A short line in capitals, or numbered like a chapter."""
    return (text.isupper() and sum(c.isalpha() for c in text) > 3) or bool(
        re.match(r"^(?:[IVX]+|\d+)\.\s+[A-Z]\S", text)
    )


def _flush(builder: TextBuilder, run: list[Line], look: _Look) -> None:
    if not run:
        return
    text = run[0].text
    for line in run[1:]:
        text = text[:-1] + line.text if _HYPHEN.search(text) else f"{text} {line.text}"
    bullet = _BULLET.match(text)
    rank = _rank(run[0], look) if len(run) <= 2 else _BODY
    if rank and (rank != _NUMBERED or not text.endswith((".", ",", ";"))):
        builder.add(
            BlockKind.HEADING, [(text, None)], level={_LARGE: 1 if not builder.blocks else 2, _BOLD: 3}.get(rank, 2)
        )
    elif bullet:
        builder.add(BlockKind.ITEM, [(text[bullet.end() :], None)])
    else:
        builder.add(BlockKind.PARAGRAPH, [(text, None)])
    run.clear()
