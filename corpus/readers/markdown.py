"""Markdown newsletters, parsed by markdown-it-py (CommonMark with tables and strikethrough)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from corpus.builder import TextBuilder
from corpus.metadata import infer_metadata
from corpus.newsletter import BlockKind, Newsletter
from corpus.templates import split_front_matter, strip_templates
from corpus.visible import web_address

Pieces = list[tuple[str, str | None]]

_FULL_REFERENCE = re.compile(r"\]\s?\[([^\[\]]+)\]|\[([^\[\]]+)\]\[\]")
_HIDDEN_ELEMENT = re.compile(
    r"<(?P<name>script|style|template|head|title|noscript|iframe|object|svg)\b.*?</(?P=name)\s*>"
    r"|<(?P<shown>\w+)\b[^>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|\bhidden\b(?=[\s>]))[^>]*>.*?</(?P=shown)\s*>",
    re.S | re.I,
)
_ELEMENT = re.compile(r"</?[a-zA-Z][^<>]*>")
_BREAKING = re.compile(r"<(?:br|/?p|/?div|/?li|/?ul|/?ol|/?tr|/?table|/?h[1-6]|hr|/?blockquote|/?pre)\b[^<>]*>", re.I)
_CELL = re.compile(r"</?t[dh]\b[^<>]*>", re.I)
_NUMBERED = re.compile(r"(?P<number>\d{1,2})[.)、]?\s+\S")
LEAD_WORDS = 14
PLACEHOLDER = "#unresolved"


def read_markdown(source: str, stem: str) -> Newsletter:
    """The newsletter written in Markdown; `stem` (the file's name without suffix) becomes its id."""
    front, body = split_front_matter(source)
    body = strip_templates(body, front)
    body = _HIDDEN_ELEMENT.sub(" ", body)
    builder = TextBuilder()
    tokens = _parser().parse(body, {"references": _unresolved(body)})
    _Walker(builder).walk(tokens)
    lines = [builder.text[block.start : block.end] for block in builder.blocks[:10]]
    about = infer_metadata(front, lines, stem, builder.text)
    return Newsletter(
        id=stem,
        title=about.title or stem,
        issue=about.issue,
        date=about.date,
        publisher=about.publisher,
        language=about.language,
        url=web_address(about.url),
        text=builder.text,
        sections=builder.sections,
        blocks=builder.blocks,
        links=builder.links,
    )


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    footnote_plugin(parser)
    parser.disable(["footnote_inline"])
    return parser.disable(["code"])


def _unresolved(body: str) -> dict[str, dict[str, str]]:
    """Stand-ins for link definitions kept in other files, so that `[text][label]` still reads as its text.

    A definition in the body itself wins only if it comes first, so stand-ins are given only for undefined labels.
    """
    defined = {" ".join(m.group(1).split()).upper() for m in re.finditer(r"^ {0,3}\[([^\]]+)\]:", body, re.M)}
    labels = (a or b for a, b in _FULL_REFERENCE.findall(body))
    wanted = {" ".join(label.split()).upper() for label in labels if label}
    return {label: {"href": PLACEHOLDER, "title": ""} for label in wanted - defined}


class _Walker:
    """Turns block tokens into blocks, keeping track of lists, quotations and tables."""

    def __init__(self, builder: TextBuilder) -> None:
        self._builder = builder
        self._depth = 0
        self._quoted = 0
        self._leads: list[str] = []
        self._opens_item = False
        self._columns: list[str] = []
        self._cells: list[Pieces] = []
        self._in_head = False
        self._in_cell = False

    def walk(self, tokens: Sequence[Token]) -> None:
        """Add every block of `tokens`."""
        level = 0
        for token in tokens:
            kind = token.type
            if kind == "heading_open":
                level = int(token.tag[1:])
            elif kind == "inline":
                self._inline(token, level)
                level = 0
            elif kind in ("fence", "code_block"):
                self._add(BlockKind.CODE, [(token.content, None)])
            elif kind == "html_block":
                self._html(token.content)
            else:
                self._structure(kind)

    def _structure(self, kind: str) -> None:
        if kind == "list_item_open":
            self._depth += 1
            self._leads.append("")
            self._opens_item = True
        elif kind == "list_item_close":
            self._depth -= 1
            self._leads.pop()
            self._opens_item = False
        elif kind == "blockquote_open":
            self._quoted += 1
        elif kind == "blockquote_close":
            self._quoted -= 1
        elif kind == "thead_open":
            self._in_head, self._columns = True, []
        elif kind == "thead_close":
            self._in_head = False
        elif kind == "tr_open":
            self._cells = []
        elif kind in ("th_open", "td_open"):
            self._in_cell = True
        elif kind in ("th_close", "td_close"):
            self._in_cell = False
        elif kind == "tr_close":
            self._row()
        elif kind == "table_close":
            self._columns = []

    def _inline(self, token: Token, level: int) -> None:
        pieces, strong = _inline_pieces(token.children or [])
        if level:
            self._builder.add(BlockKind.HEADING, pieces, level=level)
        elif self._in_cell:
            self._cells.append(pieces)
        elif not self._depth and len(items := _numbered_lines(token.children or [])) > 1:
            for line in items:
                self._add(BlockKind.ITEM, _inline_pieces(line)[0])
        elif self._depth and self._opens_item:
            self._opens_item = False
            lead = self._lead()
            text = self._add(BlockKind.ITEM, pieces, lead=lead)
            self._leads[-1] = _title_of(text, strong, pieces)
        else:
            self._add(BlockKind.QUOTATION if self._quoted else BlockKind.PARAGRAPH, pieces)

    def _add(self, kind: BlockKind, pieces: Pieces, *, lead: str | None = None) -> str:
        if self._depth and kind is not BlockKind.ITEM:
            level, lead = self._depth, self._lead()
        else:
            level = max(self._depth - 1, 0)
        return self._builder.add(kind, pieces, level=level, lead=lead or "")

    def _lead(self) -> str:
        return next((lead for lead in reversed(self._leads) if lead), "")

    def _row(self) -> None:
        texts = [_plain(cell) for cell in self._cells]
        if self._in_head:
            self._columns = texts
            return
        pieces: Pieces = []
        for number, cell in enumerate(self._cells):
            if not texts[number]:
                continue
            column = self._columns[number] if number < len(self._columns) else ""
            pieces.append(("; " if pieces else "", None))
            if column and number:
                pieces.append((f"{column}: ", None))
            pieces.extend(cell)
        self._builder.add(BlockKind.ROW, pieces, level=self._depth, lead=self._lead())
        self._cells = []

    def _html(self, source: str) -> None:
        for part in _BREAKING.split(source):
            text = _ELEMENT.sub(" ", _CELL.sub(" ", part))
            if text.strip():
                nested = _parser().parseInline(text, {"references": {}})
                pieces, _ = _inline_pieces((nested[0].children or []) if nested else [])
                self._add(BlockKind.PARAGRAPH, pieces)


def _numbered_lines(children: Sequence[Token]) -> list[list[Token]]:
    """The lines of a paragraph, if each is numbered in order (1, 2, 3 …) though not as a Markdown list; else []."""
    lines: list[list[Token]] = [[]]
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            lines.append([])
        else:
            lines[-1].append(token)
    for number, line in enumerate(lines, start=1):
        match = _NUMBERED.match(line[0].content) if line else None
        if match is None or int(match["number"]) != number:
            return []
    return lines


def _inline_pieces(children: Sequence[Token]) -> tuple[Pieces, str]:
    """The text of inline tokens with its links, and the text of an opening strong phrase ("" if none)."""
    pieces: Pieces = []
    strong: list[str] = []
    url: str | None = None
    in_strong = False
    for token in children:
        kind = token.type
        if kind == "link_open":
            url = web_address(str(token.attrGet("href") or ""))
        elif kind == "link_close":
            url = None
        elif kind == "strong_open":
            in_strong = not _plain(pieces)
        elif kind == "strong_close":
            in_strong = False
        else:
            text = _text_of(token)
            pieces.append((text, url))
            if in_strong:
                strong.append(text)
    return pieces, " ".join("".join(strong).split())


def _text_of(token: Token) -> str:
    if token.type in ("text", "code_inline", "text_special"):
        return token.content
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "html_inline" and _BREAKING.match(token.content):
        return " "
    return ""


def _plain(pieces: Pieces) -> str:
    return " ".join("".join(text for text, _ in pieces).split())


def _title_of(text: str, strong: str, pieces: Pieces) -> str:
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
