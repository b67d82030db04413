"""A row of a table as the corpus readers write it, "Visitors; 2022: 61,300; 2023: 74,800": its label and its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.tokens import STOP_WORDS, terms

_BETWEEN, _BEHIND_COLUMN = "; ", ": "
MOST_CHARACTERS = 80
_IN_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_MEASURE = re.compile(r"\b\d[\d.,]{0,12}\s?[^\W\d]{1,3}\b")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the heading of its column, and where its value stands in the row's text."""

    column: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `label` is its first cell, `cells` are the others, in order."""

    text: str
    label: str
    cells: tuple[Cell, ...]

    def value(self, cell: Cell) -> str:
        """What stands in a cell."""
        return self.text[cell.start : cell.end]

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of its columns."""
        return tuple(cell.column for cell in self.cells)


def row_of(text: str) -> Row | None:
    """The row that a sentence is; None where it is none."""
    label, *pieces = text.split(_BETWEEN)
    cells: list[Cell] = []
    at = len(label)
    for piece in pieces:
        start, at = at + len(_BETWEEN), at + len(_BETWEEN) + len(piece)
        column, colon, _ = piece.partition(_BEHIND_COLUMN)
        if colon and column and len(column) <= MOST_CHARACTERS:
            cells.append(Cell(column, start + len(column) + len(_BEHIND_COLUMN), at))
        elif cells:
            cells[-1] = Cell(cells[-1].column, cells[-1].start, at)
        else:
            return None
    is_row = cells and label and len(label) <= MOST_CHARACTERS and _BEHIND_COLUMN not in label
    return Row(text, label, tuple(cells)) if is_row else None


def cells_named(row: Row, question: str) -> tuple[Cell, ...]:
    """The cells whose column `question` names with all its words."""
    asked = set(terms(question, keep_stop_words=True))
    return tuple(cell for cell in row.cells if _is_named(column_words(cell.column), asked))


def span_named(text: str, question: str) -> tuple[int, int] | None:
    """From the first to the last of the cells of the row `text` that `question` names; None for what is no row."""
    row = row_of(text)
    named = cells_named(row, question) if row else ()
    return (named[0].start, named[-1].end) if named else None


def column_words(column: str) -> frozenset[str]:
    """The words of a column's heading, those in brackets (its unit) left out."""
    return frozenset(terms(_IN_BRACKETS.sub(" ", column), keep_stop_words=True))


def label_words(label: str) -> frozenset[str]:
    """What a label is about: its words without what stands in brackets or is a measure ("5 mg")."""
    return frozenset(terms(_MEASURE.sub(" ", _IN_BRACKETS.sub(" ", label))))


def _is_named(column: frozenset[str], asked: set[str]) -> bool:
    return bool(column - STOP_WORDS) and column <= asked
