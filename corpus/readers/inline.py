"""The text of a line of Markdown or HTML with its links: what a reader sees, without markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from markdown_it.token import Token

from corpus.links import web_address

Pieces = list[tuple[str, str | None]]

LINE_END = "\u2028"

BREAKING = re.compile(r"<(?:br|/?p|/?div|/?li|/?ul|/?ol|/?tr|/?table|/?h[1-6]|hr|/?blockquote|/?pre)\b[^<>]*>", re.I)
_HREF = re.compile(r"<a\b[^<>]*\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)
_LOOSE_LINK = re.compile(r"\[([^\[\]]+)\]\((https?://[^()\s]+)(?:\s[^()\n]*)?\)")
_STRAY_EMPHASIS = re.compile(r"(?<![\w*])\*{2,}|\*{2,}(?![\w*])|(?<![\w_])_{2}(?![\w_])")
TITLE_WORDS = 12
LEAD_WORDS = 14


def inline_pieces(children: Sequence[Token]) -> tuple[Pieces, str]:
    """The text of inline tokens with its links, and the text of an opening strong phrase ("" if none)."""
    pieces: Pieces = []
    strong: list[str] = []
    url: str | None = None
    in_strong = False
    for token in children:
        kind = token.type
        if kind == "link_open":
            url = web_address(str(token.attrGet("href") or ""))
        elif kind == "link_close" or (kind == "html_inline" and token.content.lower().startswith("</a")):
            url = None
        elif kind == "html_inline" and (href := _HREF.match(token.content)):
            url = web_address(unescape(href[1] or href[2] or href[3] or ""))
        elif kind == "strong_open":
            in_strong = not plain(pieces)
        elif kind == "strong_close":
            in_strong = False
        else:
            found = _pieces_of(token, url)
            pieces.extend(found)
            if in_strong:
                strong.extend(text for text, _ in found)
    return pieces, " ".join("".join(strong).split())


def plain(pieces: Pieces) -> str:
    """The text of pieces on one line."""
    return " ".join("".join(text for text, _ in pieces).split())


def lines_of(pieces: Pieces, strong: str) -> list[tuple[Pieces, str]]:
    """The lines that `LINE_END` parts pieces into, each with what is bold of it; empty lines are left out."""
    lines: list[Pieces] = [[]]
    for text, url in pieces:
        first, *others = text.split(LINE_END)
        lines[-1].append((first, url))
        lines.extend([(other, url)] for other in others)
    bold = [" ".join(part.split()) for part in strong.split(LINE_END)]
    return [(line, part) for line, part in zip(lines, bold, strict=False) if plain(line)]


def trimmed(pieces: Pieces) -> Pieces:
    """The pieces without white space at their end."""
    kept = list(pieces)
    while kept and not kept[-1][0].strip():
        kept.pop()
    return [*kept[:-1], (kept[-1][0].rstrip(), kept[-1][1])] if kept else kept


def is_title(text: str) -> bool:
    """Whether a line set in bold on its own reads as a heading: short, one phrase, not a label or sentence."""
    return 0 < len(text.split()) <= TITLE_WORDS and ": " not in text and not text.endswith((".", ":", ",", ";"))


def lead_of(text: str, strong: str, pieces: Pieces) -> str:
    """What an item is about: its strong opening, its first link, or its first words."""
    if strong:
        return strong.strip(" :.")
    words = text.split()
    if len(words) <= LEAD_WORDS:
        return text.strip(" :.")
    linked = next((" ".join(piece.split()) for piece, url in pieces if url and piece.strip()), "")
    if linked and text.startswith(linked):
        return linked
    return " ".join(words[:LEAD_WORDS])


def row_pieces(cells: Sequence[Pieces], columns: Sequence[str]) -> Pieces:
    """A table row as prose: its first cell, then each other cell behind its column's heading."""
    row: Pieces = []
    for number, cell in enumerate(cells):
        if not plain(cell):
            continue
        if row:
            row.append(("; ", None))
        if number and number < len(columns) and columns[number]:
            row.append((f"{columns[number]}: ", None))
        row.extend(cell)
    return row


def _pieces_of(token: Token, url: str | None) -> Pieces:
    if token.type == "code_inline":
        return [(token.content, url)]
    if token.type in ("text", "text_special"):
        return [(token.content, url)] if url else _loose_links(token.content)
    if token.type in ("softbreak", "hardbreak"):
        return [(" ", url)]
    if token.type == "html_inline" and BREAKING.match(token.content):
        return [(" ", None)]
    return []


def _loose_links(text: str) -> Pieces:
    """Text between links whose titles CommonMark cannot read (quotation marks within quotation marks)."""
    text = _STRAY_EMPHASIS.sub("", text) if "**" in text or "__" in text else text
    pieces: Pieces = []
    at = 0
    for match in _LOOSE_LINK.finditer(text) if "](http" in text else ():
        pieces += [(text[at : match.start()], None), (match[1], web_address(match[2]))]
        at = match.end()
    return [*pieces, (text[at:], None)]
