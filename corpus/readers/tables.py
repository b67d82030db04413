"""Which tables of a page hold data, and which of their rows are heads: by what their cells hold and how they look.

Newsletters are laid out in tables, too: a table is data where each cell is one short block. Programs that write mail set
heads as ordinary cells in bold or on a ground of their own, and put a paragraph into every cell.
"""

from __future__ import annotations

import re

from bs4 import Tag

_CELLS_LOOKED_AT = 60
_PARTS_LOOKED_AT = 20
_CELL_CHARACTERS = 300
_BLOCK_CELL_CHARACTERS = 120
_HEAD_CHARACTERS = 60
_STRUCTURED = ["h1", "h2", "h3", "h4", "ul", "ol"]
_PARTS = re.compile(r"^(?:p|div)$")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_FILL = re.compile(r"background(?:-color)?\s*:\s*([^;]+)", re.I)
_NO_FILL = frozenset(["", "none", "transparent", "inherit", "initial", "white", "#fff", "#ffffff"])


def is_data_table(table: Tag) -> bool:
    """Whether a table holds data, not the page's layout: heads, or several short cells a row and nothing nested."""
    if table.get("role") == "presentation" or table.find("table") is not None:
        return False
    if table.find("th") is not None:
        return True
    rows = table.find_all("tr", limit=_CELLS_LOOKED_AT)
    widths = [len(_cells(row)) for row in rows]
    return len(widths) > 1 and min(widths) > 1 and all(map(_is_value, table.find_all("td", limit=_CELLS_LOOKED_AT)))


def is_head_row(row: Tag) -> bool:
    """Whether a row names the columns: all its cells are heads, bold, or on a ground that no other row has."""
    cells = _cells(row)
    if cells and all(cell.name == "th" for cell in cells):
        return True
    table = row.find_parent("table")
    others = [other for other in table.find_all("tr", limit=_CELLS_LOOKED_AT) if other is not row] if table else []
    if not others or not _could_be_heads(cells):
        return False
    if row.find_parent("thead") is not None:
        return True
    bold = _is_bold(row) and not any(_is_bold(other) for other in others)
    fill = _fill(row)
    return bold or (bool(fill) and fill not in {_fill(other) for other in others})


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def _is_value(cell: Tag) -> bool:
    """Whether a cell holds one short block: words alone, or one paragraph around them that is no prose."""
    if cell.find(_STRUCTURED) is not None or (length := len(" ".join(cell.get_text().split()))) > _CELL_CHARACTERS:
        return False
    parts = [part for part in cell.find_all(_PARTS, limit=_PARTS_LOOKED_AT) if _holds_words(part)]
    return len(parts) <= 1 and (not parts or length <= _BLOCK_CELL_CHARACTERS)


def _holds_words(part: Tag) -> bool:
    """Whether words stand in a part of a cell itself, and not in a part inside it."""
    return part.find(_PARTS) is None and bool(part.get_text().strip())


def _could_be_heads(cells: list[Tag]) -> bool:
    """Whether the cells are short words, at least two; the corner may be empty."""
    texts = [" ".join(cell.get_text().split()) for cell in cells]
    named = [text for text in texts if any(character.isalpha() for character in text)]
    return len(named) > 1 and all(texts[1:]) and max(map(len, texts)) <= _HEAD_CHARACTERS


def _is_bold(row: Tag) -> bool:
    """Whether all words of a row are bold, cell by cell or by the row's own style."""
    cells = [cell for cell in _cells(row) if cell.get_text().strip()]
    return bool(cells) and (_has_bold_style(row) or all(map(_is_bold_cell, cells)))


def _is_bold_cell(cell: Tag) -> bool:
    bold = (
        [cell]
        if _has_bold_style(cell)
        else cell.find_all(lambda tag: tag.name in ("b", "strong", "th") or _has_bold_style(tag))
    )
    inside = {id(text) for tag in bold for text in tag.find_all(string=True)}
    return cell.name == "th" or all(id(text) in inside for text in cell.find_all(string=True) if text.strip())


def _has_bold_style(tag: Tag) -> bool:
    return bool(_BOLD_STYLE.search(str(tag.get("style") or "")))


def _fill(row: Tag) -> str:
    """The colour behind a row, by its own style or its cells', which must all have it; "" without one."""
    fills = {_own_fill(cell) or _own_fill(row) for cell in _cells(row)}
    return fills.pop() if len(fills) == 1 else ""


def _own_fill(tag: Tag) -> str:
    match = _FILL.search(str(tag.get("style") or ""))
    fill = str(tag.get("bgcolor") or (match[1] if match else "")).strip().lower()
    return "" if fill in _NO_FILL else fill
