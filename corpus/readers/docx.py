"""Word documents through python-docx: headings by style, lists, tables and links."""

from __future__ import annotations

import io
import re
from typing import Any

from corpus.builder import TextBuilder
from corpus.documents import Document
from corpus.links import web_address
from corpus.metadata import infer_metadata
from corpus.newsletter import BlockKind, Newsletter
from corpus.readers.assemble import newsletter_from
from corpus.readers.inline import Pieces, is_title, plain, row_pieces

_HEADING_STYLE = re.compile(r"^heading (\d)$", re.I)
_LIST_STYLE = re.compile(r"^list\b(?:.*?(\d))?", re.I)


def read_docx(document: Document) -> list[Newsletter]:
    """The newsletter in a Word file. Raises SourceUnreadable when it is damaged or no Word file."""
    import docx

    try:
        opened = docx.Document(io.BytesIO(document.data))
        builder = TextBuilder()
        for part in opened.iter_inner_content():
            if hasattr(part, "rows"):
                _add_table(builder, part)
            else:
                _add_paragraph(builder, part)
        front = _front(opened.core_properties)
    except Exception as error:
        raise document.unreadable("is no readable Word document: save it again as .docx.") from error
    first = builder.blocks[0] if builder.blocks else None
    if first is not None and first.kind is BlockKind.HEADING and first.level == 1:
        front.setdefault("title", builder.text[first.start : first.end])
    about = infer_metadata(front, builder.first_lines(), document.stem, builder.text, heading=builder.first_heading)
    return [newsletter_from(builder, about, document)]


def _front(properties: Any) -> dict[str, Any]:
    """What the file says of itself; its dates are those of the file, not of the issue, and do not count."""
    known = {"title": properties.title, "language": properties.language}
    return {key: value for key, value in known.items() if value and value != "Word Document"}


def _add_paragraph(builder: TextBuilder, paragraph: Any) -> None:
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    pieces = _pieces(paragraph)
    text = plain(pieces)
    heading, listed = _HEADING_STYLE.match(style), _LIST_STYLE.match(style)
    if style == "Title":
        builder.add(BlockKind.HEADING, pieces, level=1)
    elif heading:
        builder.add(BlockKind.HEADING, pieces, level=min(int(heading[1]), 6))
    elif listed or (paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None):
        builder.add(BlockKind.ITEM, pieces, level=int(listed[1] or 1) - 1 if listed else 0)
    elif text and is_title(text) and all(run.bold for run in paragraph.runs if run.text.strip()):
        builder.add(BlockKind.HEADING, pieces, level=3)
    else:
        kind = BlockKind.QUOTATION if "quote" in style.lower() else BlockKind.PARAGRAPH
        builder.add(kind, pieces)


def _pieces(paragraph: Any) -> Pieces:
    """The visible text of a paragraph with its links; hidden runs stay out."""
    pieces: Pieces = []
    for part in paragraph.iter_inner_content():
        url = web_address(part.url) if hasattr(part, "url") else None
        runs = part.runs if hasattr(part, "runs") else [part]
        pieces.extend((run.text, url) for run in runs if not run.font.hidden)
    return pieces


def _add_table(builder: TextBuilder, table: Any) -> None:
    rows = [[_cell(cell) for cell in row.cells] for row in table.rows]
    columns = [plain(cell) for cell in rows[0]] if len(rows) > 1 else []
    for cells in rows[1:] if columns else rows:
        builder.add(BlockKind.ROW, row_pieces(cells, columns))


def _cell(cell: Any) -> Pieces:
    pieces: Pieces = []
    for paragraph in cell.paragraphs:
        pieces += [*_pieces(paragraph), (" ", None)]
    return pieces
