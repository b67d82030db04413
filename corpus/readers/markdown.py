"""Markdown newsletters, parsed by markdown-it-py (CommonMark with tables, footnotes and strikethrough)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from corpus.builder import TextBuilder
from corpus.documents import Document
from corpus.metadata import infer_metadata
from corpus.newsletter import BlockKind, Newsletter
from corpus.readers.assemble import newsletter_from
from corpus.readers.html import HtmlWalker, drop_hidden
from corpus.readers.inline import Pieces, inline_pieces, is_title, lead_of, plain, row_pieces
from corpus.readers.lines import one_run
from corpus.templates import split_front_matter, strip_templates

_FULL_REFERENCE = re.compile(r"\]\s?\[([^\[\]]+)\]|\[([^\[\]]+)\]\[\]")
_SPACED_REFERENCE = re.compile(r"(?<=[\w.)`])\]\s{1,10}\[([^\[\]]*\w[^\[\]]*)\]")
_DEFINITION = re.compile(r"^ {0,3}\[([^\[\]]+)\]:", re.M)
_NUMBERED = re.compile(r"(?P<number>\d{1,2})[.)、]?\s+\S")
_BULLET_LINE = re.compile(r"^[ \t]*[-*] \S", re.M)
_PROSE_FENCES = frozenset({"", "markdown", "md", "text", "txt"})
_DEEPEST_HEADING = 6
PLACEHOLDER = "#unresolved"


def read_markdown(document: Document) -> list[Newsletter]:
    """The newsletter written in Markdown."""
    front, body = split_front_matter(document.text())
    body = drop_hidden(strip_templates(body, front))
    builder = TextBuilder()
    MarkdownWalker(builder).read(body)
    about = infer_metadata(front, builder.first_lines(), document.stem, builder.text, heading=builder.first_heading)
    return [newsletter_from(builder, about, document)]


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    footnote_plugin(parser)
    return parser.disable(["footnote_inline", "code"])


def _defined(body: str) -> set[str]:
    return {_label(match[1]) for match in _DEFINITION.finditer(body)}


def _label(text: str) -> str:
    return " ".join(text.split()).upper()


def _join_references(body: str, defined: set[str]) -> str:
    """`[text] [label]`, which kramdown takes for one reference, as `[text][label]`."""

    def joined(match: re.Match[str]) -> str:
        known = _label(match[1]) in defined or "#" in match[1]
        return f"][{match[1]}]" if known else match[0]

    return _SPACED_REFERENCE.sub(joined, body)


def _unresolved(body: str, defined: set[str]) -> dict[str, dict[str, str]]:
    """Stand-ins for link definitions kept in other files, so that `[text][label]` still reads as its text.

    A definition in the body itself wins only if it comes first, so stand-ins are given only for undefined labels.
    """
    labels = (a or b for a, b in _FULL_REFERENCE.findall(body))
    wanted = {_label(label) for label in labels if label}
    return {label: {"href": PLACEHOLDER, "title": ""} for label in wanted - defined}


class MarkdownWalker:
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
        self._heading = 1

    def read(self, body: str) -> None:
        """Add every block of the Markdown `body`."""
        defined = _defined(body)
        body = _join_references(body, defined)
        self._walk(_parser().parse(body, {"references": _unresolved(body, defined)}))

    def _walk(self, tokens: Sequence[Token]) -> None:
        level = 0
        for token in tokens:
            kind = token.type
            if kind == "heading_open":
                level = self._heading = int(token.tag[1:])
            elif kind == "inline":
                self._inline(token, level)
                level = 0
            elif kind in ("fence", "code_block"):
                self._code(token)
            elif kind == "html_block":
                HtmlWalker(self._builder, inline=_markdown_pieces, runs=one_run).read(token.content)
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
        elif kind in ("blockquote_open", "blockquote_close"):
            self._quoted += 1 if kind == "blockquote_open" else -1
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

    def _inline(self, token: Token, level: int) -> None:
        children = token.children or []
        pieces, strong = inline_pieces(children)
        if level:
            self._builder.add(BlockKind.HEADING, pieces, level=level)
        elif self._in_cell:
            self._cells.append(pieces)
        elif self._depth and self._opens_item:
            self._opens_item = False
            text = self._add(BlockKind.ITEM, pieces, lead=self._lead())
            self._leads[-1] = lead_of(text, strong, pieces)
        elif not self._depth and not self._quoted and strong == plain(pieces) and is_title(strong):
            self._builder.add(BlockKind.HEADING, pieces, level=min(self._heading + 1, _DEEPEST_HEADING))
        else:
            self._lines(children, pieces)

    def _lines(self, children: Sequence[Token], pieces: Pieces) -> None:
        """A paragraph, unless its lines are a numbered list or a table that Markdown does not know as such."""
        lines = _split_lines(children)
        if len(lines) > 1 and not self._depth and _numbered(lines):
            for line in lines:
                self._add(BlockKind.ITEM, inline_pieces(line)[0])
        elif len(lines) > 1 and all(_piped(line) for line in lines):
            self._loose_table([inline_pieces(line)[0] for line in lines])
        else:
            self._add(BlockKind.QUOTATION if self._quoted else BlockKind.PARAGRAPH, pieces)

    def _loose_table(self, lines: Sequence[Pieces]) -> None:
        rows: list[list[Pieces]] = [
            [[(cell.strip(), None)] for cell in plain(line).strip("| ").split("|")] for line in lines
        ]
        columns = [plain(cell) for cell in rows[0]]
        for row in rows[1:]:
            self._builder.add(BlockKind.ROW, row_pieces(row, columns), level=self._depth, lead=self._lead())

    def _code(self, token: Token) -> None:
        if token.info.strip().lower() in _PROSE_FENCES and _BULLET_LINE.search(token.content):
            nested = MarkdownWalker(self._builder)
            nested._depth, nested._leads = self._depth, list(self._leads)
            nested.read(token.content)
        else:
            self._add(BlockKind.CODE, [(token.content, None)])

    def _add(self, kind: BlockKind, pieces: Pieces, *, lead: str | None = None) -> str:
        if self._depth and kind is not BlockKind.ITEM:
            level, lead = self._depth, self._lead()
        else:
            level = max(self._depth - 1, 0)
        return self._builder.add(kind, pieces, level=level, lead=lead or "")

    def _lead(self) -> str:
        return next((lead for lead in reversed(self._leads) if lead), "")

    def _row(self) -> None:
        if self._in_head:
            self._columns = [plain(cell) for cell in self._cells]
        else:
            row = row_pieces(self._cells, self._columns)
            self._builder.add(BlockKind.ROW, row, level=self._depth, lead=self._lead())


def _markdown_pieces(text: str) -> Pieces:
    """The pieces of Markdown that stands inside an HTML block."""
    if not text.strip():
        return [(text, None)]
    tokens = _parser().parseInline(text, {"references": {}})
    before = " " if text[0].isspace() else ""
    after = " " if text[-1].isspace() else ""
    return [(before, None), *inline_pieces(tokens[0].children or [])[0], (after, None)]


def _split_lines(children: Sequence[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            lines.append([])
        else:
            lines[-1].append(token)
    return lines


def _numbered(lines: Sequence[Sequence[Token]]) -> bool:
    """Whether the lines are numbered in order (1, 2, 3 …) though not as a Markdown list."""
    for number, line in enumerate(lines, start=1):
        match = _NUMBERED.match(line[0].content) if line else None
        if match is None or int(match["number"]) != number:
            return False
    return True


def _piped(line: Sequence[Token]) -> bool:
    return bool(line) and line[0].content.startswith("|") and line[-1].content.rstrip().endswith("|")
