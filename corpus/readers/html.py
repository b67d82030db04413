"""HTML to blocks, by what a reader sees of it; parsed by BeautifulSoup.

`HtmlWalker` adds the blocks of any HTML to a builder and serves web pages, mails, feeds, e-books and HTML inside
Markdown.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from html import unescape

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup

from corpus.boilerplate import is_boilerplate
from corpus.builder import TextBuilder
from corpus.links import web_address
from corpus.newsletter import BlockKind
from corpus.readers.furniture import drop_furniture
from corpus.readers.hidden import drop_hidden
from corpus.readers.inline import LINE_END, Pieces, is_title, lead_of, lines_of, plain, row_pieces, trimmed
from corpus.readers.lines import Run, runs_of, with_label, without_bullet
from corpus.readers.tables import is_data_table, is_head_row
from corpus.readers.tags import BLOCKS, HEADINGS, events, is_large

__all__ = ["HtmlWalker", "drop_hidden", "soup_of"]


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

    `inline` reads the text between tags (for Markdown in HTML blocks) and `runs` says what the lines of a paragraph
    are; `footers=False` leaves out what mailing services put under every mail and links that are no part of its text.
    """

    def __init__(
        self,
        builder: TextBuilder,
        *,
        inline: Callable[[str], Pieces] = lambda text: [(text, None)],
        runs: Callable[[Sequence[str], Sequence[str]], list[Run]] = runs_of,
        footers: bool = True,
    ) -> None:
        self._builder = builder
        self._inline = inline
        self._runs = runs
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
        if not self._footers:
            drop_furniture(root)
        for element, opens in events(root):
            if not isinstance(element, Tag):
                self._text(str(element))
            elif opens:
                self._open(element)
            else:
                self._close(element)
        self._flush()

    def _text(self, text: str) -> None:
        text = text.replace(LINE_END, " ")
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
        elif name in HEADINGS:
            self._flush()
            self._heading = self._last_heading = HEADINGS[name]
        elif name == "a":
            self._url = web_address(unescape(str(tag.get("href") or "")))
        elif name in ("b", "strong"):
            self._bold += 1
        elif name in BLOCKS and not self._in_cell(name):
            self._flush()
            self._open_block(tag)
        self._large += is_large(tag)

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
        self._large -= is_large(tag)
        if name in HEADINGS:
            self._flush()
            self._heading = 0
        elif name == "a":
            self._url = None
        elif name in ("b", "strong"):
            self._bold -= 1
        elif name in ("td", "th") and self._tables and self._tables[-1]:
            self._cells.append(trimmed(self._pieces))
            self._pieces, self._strong = [], []
        elif name in BLOCKS and not self._in_cell(name):
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
        """One line break ends a line, two in a row a paragraph; in a cell it is a space, in code a new line."""
        self._breaks += 1
        if self._tables and self._tables[-1]:
            self._pieces.append((" ", None))
        elif self._breaks > 1 and not self._pre:
            self._flush()
        else:
            self._pieces.append(("\n" if self._pre else LINE_END, None))
            self._strong.append(LINE_END)

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
        strong, self._strong = "".join(self._strong), []
        self._breaks = 0
        if self._heading or self._pre or self._opens_item:
            self._block(pieces, " ".join(strong.split()))
            return
        lines = lines_of(pieces, strong)
        runs = self._runs([plain(line) for line, _ in lines], [bold for _, bold in lines])
        for run in runs:
            parts, bold = zip(*lines[run.first : run.end], strict=True)
            joined = [piece for part in parts for piece in (*part, (" ", None))]
            self._block(joined, " ".join(bold) if len(runs) == 1 else "", run.kind)

    def _block(self, pieces: Pieces, strong: str, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        """Add one block; `strong` is what is bold of it, `kind` what it is where the page does not say otherwise."""
        text = plain(pieces)
        if not text or (not self._footers and is_boilerplate(text)):
            return
        if self._heading:
            self._builder.add(BlockKind.HEADING, pieces, level=self._heading)
        elif self._opens_item:
            self._opens_item = False
            level, lead = len(self._leads) - 1, self._lead()
            added = self._builder.add(BlockKind.ITEM, with_label(pieces), level=level, lead=lead)
            self._leads[-1] = lead_of(added, strong if added.startswith(strong) else "", pieces)
        elif (kind is BlockKind.HEADING or (strong == text and is_title(text))) and not self._is_inside():
            self._builder.add(BlockKind.HEADING, pieces, level=min(self._last_heading + 1, 6))
        else:
            self._words(pieces, BlockKind.PARAGRAPH if kind is BlockKind.HEADING else kind)

    def _is_inside(self) -> bool:
        """Whether the walk is inside a list, a quotation or code, where bold words are no heading."""
        return bool(self._leads or self._quoted or self._pre)

    def _words(self, pieces: Pieces, kind: BlockKind) -> None:
        """Add words that are neither heading nor item of a list; a bullet makes an item of them."""
        if self._pre or self._quoted:
            kind = BlockKind.CODE if self._pre else BlockKind.QUOTATION
        elif (listed := without_bullet(pieces, kind)) is not None:
            pieces, kind = listed, BlockKind.ITEM
        pieces = pieces if self._pre else with_label(pieces)
        self._builder.add(kind, pieces, level=len(self._leads), lead=self._lead())

    def _lead(self) -> str:
        return next((lead for lead in reversed(self._leads) if lead), "")
