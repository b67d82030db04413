"""HTML to blocks, by what a reader sees of it; parsed by BeautifulSoup.

`HtmlWalker` adds the blocks of any HTML to a builder and serves web pages, mails, feeds, e-books and HTML inside
Markdown. It walks the tree without recursion, so that no depth of nesting breaks it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from html import unescape

from bs4 import (
    BeautifulSoup,
    CData,
    MarkupResemblesLocatorWarning,
    Tag,
    XMLParsedAsHTMLWarning,
)
from bs4.element import NavigableString, PageElement, PreformattedString
from bs4.exceptions import ParserRejectedMarkup

from corpus.boilerplate import is_boilerplate
from corpus.builder import TextBuilder
from corpus.links import web_address
from corpus.newsletter import BlockKind
from corpus.readers.hidden import UNSEEN, drop_hidden, is_hidden_style
from corpus.readers.inline import Pieces, is_title, lead_of, plain, row_pieces, trimmed
from corpus.readers.tables import is_data_table, is_head_row

__all__ = ["HtmlWalker", "drop_hidden", "soup_of"]

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LARGE = re.compile(r"font-size\s*:\s*(\d+(?:\.\d+)?)\s*(px|pt|em|rem)", re.I)
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0}
LARGE_PIXELS = 20


def soup_of(source: str) -> BeautifulSoup:
    """The parsed HTML; declarations that the parser cannot make sense of are taken as text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        try:
            return BeautifulSoup(source, "html.parser")
        except ParserRejectedMarkup:
            return BeautifulSoup(source.replace("<!", "&lt;!"), "html.parser")


class HtmlWalker:
    """Adds the visible blocks of HTML to a builder.

    `inline` reads the text between tags (for Markdown in HTML blocks); `footers=False` leaves out what mailing
    services put under every mail.
    """

    def __init__(
        self,
        builder: TextBuilder,
        *,
        inline: Callable[[str], Pieces] = lambda text: [(text, None)],
        footers: bool = True,
    ) -> None:
        self._builder = builder
        self._inline = inline
        self._footers = footers
        self._pieces: Pieces = []
        self._strong: list[str] = []
        self._url: str | None = None
        self._bold = 0
        self._large = 0
        self._heading = 0
        self._last_heading = 1
        self._pre = 0
        self._quoted = 0
        self._breaks = 0
        self._leads: list[str] = []
        self._opens_item = False
        self._tables: list[bool] = []
        self._columns: list[str] = []
        self._cells: list[Pieces] = []
        self._head_row = True

    def read(self, source: str) -> None:
        """Add every block of the HTML `source`."""
        self.walk(soup_of(source))

    def walk(self, root: Tag) -> None:
        """Add every block under `root`."""
        for element, opens in _events(root):
            if not isinstance(element, Tag):
                self._text(str(element))
            elif opens:
                self._open(element)
            else:
                self._close(element)
        self._flush()

    def _text(self, text: str) -> None:
        if text.strip():
            self._breaks = 0
        pieces = [(text, self._url)] if self._pre else [(t, self._url or u) for t, u in self._inline(text)]
        self._pieces.extend(pieces)
        if self._bold or self._large:
            self._strong.extend(text for text, _ in pieces)

    def _open(self, tag: Tag) -> None:
        name = tag.name
        if name == "br":
            self._break()
        elif name in _HEADINGS:
            self._flush()
            self._heading = self._last_heading = _HEADINGS[name]
        elif name == "a":
            self._url = web_address(unescape(str(tag.get("href") or "")))
        elif name in ("b", "strong"):
            self._bold += 1
        elif name in _BLOCKS and not self._in_cell(name):
            self._flush()
            self._open_block(tag)
        self._large += _is_large(tag)

    def _open_block(self, tag: Tag) -> None:
        name = tag.name
        if name in ("li", "dd"):
            self._leads.append("")
            self._opens_item = True
        elif name == "blockquote":
            self._quoted += 1
        elif name == "pre":
            self._pre += 1
        elif name == "table":
            self._tables.append(is_data_table(tag))
            self._columns, self._head_row = [], True
        elif name == "tr":
            self._cells = []

    def _close(self, tag: Tag) -> None:
        name = tag.name
        self._large -= _is_large(tag)
        if name in _HEADINGS:
            self._flush()
            self._heading = 0
        elif name == "a":
            self._url = None
        elif name in ("b", "strong"):
            self._bold -= 1
        elif name in ("td", "th") and self._tables and self._tables[-1]:
            self._cells.append(trimmed(self._pieces))
            self._pieces, self._strong = [], []
        elif name in _BLOCKS and not self._in_cell(name):
            self._flush()
            self._close_block(tag)

    def _close_block(self, tag: Tag) -> None:
        name = tag.name
        if name in ("li", "dd"):
            self._leads.pop()
            self._opens_item = False
        elif name == "blockquote":
            self._quoted -= 1
        elif name == "pre":
            self._pre -= 1
        elif name == "tr" and self._tables and self._tables[-1]:
            self._row(tag)
        elif name == "table":
            self._tables.pop()

    def _in_cell(self, name: str) -> bool:
        """Whether a block element stands inside a cell of a table of data, where it only separates words."""
        inside = (
            bool(self._tables)
            and self._tables[-1]
            and name not in ("table", "tr", "tbody", "thead", "tfoot", "caption")
        )
        if inside:
            self._pieces.append((" ", None))
        return inside

    def _break(self) -> None:
        """One line break is a space, two in a row end a paragraph; in code it is a new line."""
        self._breaks += 1
        if self._breaks > 1 and not self._pre and not (self._tables and self._tables[-1]):
            self._flush()
        else:
            self._pieces.append(("\n" if self._pre else " ", None))

    def _row(self, tag: Tag) -> None:
        cells, self._cells = self._cells, []
        heads = self._head_row and is_head_row(tag)
        self._head_row = False
        if heads:
            self._columns = [plain(cell) for cell in cells]
        else:
            self._builder.add(
                BlockKind.ROW, row_pieces(cells, self._columns), level=len(self._leads), lead=self._lead()
            )

    def _flush(self) -> None:
        pieces, self._pieces = self._pieces, []
        strong, self._strong = " ".join("".join(self._strong).split()), []
        self._breaks = 0
        text = plain(pieces)
        if not text or (not self._footers and is_boilerplate(text)):
            return
        if self._heading:
            self._builder.add(BlockKind.HEADING, pieces, level=self._heading)
        elif self._leads and self._opens_item:
            self._opens_item = False
            level, lead = len(self._leads) - 1, self._lead()
            added = self._builder.add(BlockKind.ITEM, pieces, level=level, lead=lead)
            self._leads[-1] = lead_of(added, strong if added.startswith(strong) else "", pieces)
        elif strong == text and is_title(text) and not (self._leads or self._quoted or self._pre):
            self._builder.add(BlockKind.HEADING, pieces, level=min(self._last_heading + 1, 6))
        else:
            kind = BlockKind.CODE if self._pre else BlockKind.QUOTATION if self._quoted else BlockKind.PARAGRAPH
            self._builder.add(kind, pieces, level=len(self._leads), lead=self._lead())

    def _lead(self) -> str:
        return next((lead for lead in reversed(self._leads) if lead), "")


def _events(root: Tag) -> Iterator[tuple[PageElement, bool]]:
    """Texts and visible elements in document order; an element comes twice, opening and closing."""
    stack: list[tuple[PageElement, bool]] = [(child, True) for child in reversed(root.contents)]
    while stack:
        element, opens = stack.pop()
        if not isinstance(element, Tag):
            if isinstance(element, NavigableString) and (
                not isinstance(element, PreformattedString) or isinstance(element, CData)
            ):
                yield element, True
        elif not opens:
            yield element, False
        elif not _is_unseen(element):
            yield element, True
            stack.append((element, False))
            stack.extend((child, True) for child in reversed(element.contents))


def _is_unseen(tag: Tag) -> bool:
    if tag.name in UNSEEN or tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    return is_hidden_style(str(tag.get("style") or ""))


def _is_large(tag: Tag) -> bool:
    match = _LARGE.search(str(tag.get("style") or ""))
    return bool(match) and float(match[1]) * _PIXELS[match[2].lower()] >= LARGE_PIXELS if match else False
