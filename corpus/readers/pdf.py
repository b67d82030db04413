"""PDF: text page by page through pypdf, with lines joined to paragraphs, running heads left out and pages kept."""

from __future__ import annotations

import io
import re
import statistics
from collections import Counter
from typing import Any

from corpus.builder import TextBuilder
from corpus.documents import Document
from corpus.metadata import infer_metadata
from corpus.newsletter import BlockKind, Newsletter
from corpus.readers.assemble import newsletter_from

_BULLET = re.compile(r"^\s*(?:[•·▪◦‣–*-]|\(?\d{1,3}[.)])\s+(?=\S)")
_HYPHEN = re.compile(r"(?<=[a-z])-$")
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?[-–]?\s*\d{1,4}\s*(?:(?:of|/)\s*\d{1,4})?\s*[-–]?$", re.I)
_ENDS_SENTENCE = (".", "!", "?", ":", "。", "！", "？", "”", '"', ")")
_HEADING_WORDS = 14
_SHORT_LINE = 0.72
_RUNNING_SHARE = 0.5
MAX_PAGES = 3000


def read_pdf(document: Document) -> list[Newsletter]:
    """The newsletter in a PDF. Raises SourceUnreadable when it is damaged, locked or holds only pictures."""
    reader = _opened(document)
    try:
        pages = [_page_lines(page) for page in reader.pages[:MAX_PAGES]]
        front = _front(reader)
    except Exception as error:
        raise _damaged(document, error) from error
    builder = TextBuilder()
    spans = _add_pages(builder, pages)
    if not builder.text:
        raise document.unreadable("holds pictures of text only: run OCR on it first, for example `ocrmypdf`.")
    about = infer_metadata(front, builder.first_lines(), document.stem, builder.text)
    return [newsletter_from(builder, about, document, pages=spans)]


def _opened(document: Document) -> Any:
    from pypdf import PdfReader

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
    return document.unreadable(f"is no readable PDF ({reason}): save it again as PDF.")


def _front(reader: Any) -> dict[str, Any]:
    """What the file says of itself; titles that are a program's or a file's name do not count."""
    info = reader.metadata or {}
    title = str(info.get("/Title") or "").strip()
    if re.search(r"\.(?:docx?|indd|pdf|pub|pptx?)$|^(?:untitled|microsoft word|anonymous|unspecified)", title, re.I):
        title = ""
    return {"title": title} if title else {}


def _page_lines(page: Any) -> list[str]:
    text = page.extract_text() or ""
    return [" ".join(line.split()) for line in text.split("\n")]


def _running_lines(pages: list[list[str]]) -> set[str]:
    """Heads and feet that recur on most pages, digits aside."""
    if len(pages) < 3:
        return set()
    edges = Counter(_DIGITS.sub("#", line) for lines in pages for line in {*_filled(lines)[:2], *_filled(lines)[-2:]})
    return {line for line, count in edges.items() if count >= max(3, _RUNNING_SHARE * len(pages))}


def _filled(lines: list[str]) -> list[str]:
    return [line for line in lines if line]


def _add_pages(builder: TextBuilder, pages: list[list[str]]) -> tuple[tuple[int, int, int], ...]:
    """Add every page's paragraphs; returns where each page's text stands. A paragraph stays whole on its first page."""
    running = _running_lines(pages)
    lengths = [len(line) for lines in pages for line in lines if len(line) > 20]
    full = statistics.quantiles(lengths, n=10)[-1] if len(lengths) > 1 else 80.0
    run: list[str] = []
    starts: list[tuple[int, int]] = []
    for number, lines in enumerate(pages, start=1):
        kept = [
            line for line in lines if not (_PAGE_NUMBER.match(line) or _DIGITS.sub("#", line) in running) or not line
        ]
        if run and (not _filled(kept) or not _continues(run, _filled(kept)[0])):
            _flush(builder, run)
        starts.append((builder.length, number))
        for line in kept:
            if not line:
                if run and run[-1].endswith(_ENDS_SENTENCE):
                    _flush(builder, run)
                continue
            if run and (_BULLET.match(line) or _is_heading(line) or _ends_paragraph(run, full)):
                _flush(builder, run)
            run.append(line)
            if _is_heading(line):
                _flush(builder, run)
    _flush(builder, run)
    marks = [*starts[1:], (builder.length, 0)]
    return tuple((start, end, page) for (start, page), (end, _) in zip(starts, marks, strict=True) if start < end)


def _continues(run: list[str], following: str) -> bool:
    return not run[-1].endswith(_ENDS_SENTENCE) and not _is_heading(following) and following[:1].islower()


def _ends_paragraph(run: list[str], full: float) -> bool:
    return run[-1].endswith(_ENDS_SENTENCE) and len(run[-1]) < _SHORT_LINE * full


def _is_heading(line: str) -> bool:
    """A short line in capitals, or numbered like a chapter."""
    if not 1 <= len(line.split()) <= _HEADING_WORDS or line.endswith((".", ",", ";")):
        return False
    return (line.isupper() and sum(c.isalpha() for c in line) > 3) or bool(
        re.match(r"^(?:[IVX]+|\d+)\.\s+[A-Z]\S", line)
    )


def _flush(builder: TextBuilder, run: list[str]) -> None:
    if not run:
        return
    text = run[0]
    for line in run[1:]:
        text = text[:-1] + line if _HYPHEN.search(text) else f"{text} {line}"
    bullet = _BULLET.match(text)
    if _is_heading(text):
        builder.add(BlockKind.HEADING, [(text, None)], level=2)
    elif bullet:
        builder.add(BlockKind.ITEM, [(text[bullet.end() :], None)])
    else:
        builder.add(BlockKind.PARAGRAPH, [(text, None)])
    run.clear()
