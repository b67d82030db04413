"""The row or the cell of a table that is highest or lowest, computed only where every figure beside it can be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.tables.rows import Cell, Row, column_words, label_words, row_of, span_named
from index.tokens import terms

_HIGHEST = re.compile(r"\b(?:most|highest|largest|biggest|greatest|dearest|costliest)\b(?<!at most)", re.I)
_LOWEST = re.compile(r"\b(?:least|fewest|lowest|smallest|cheapest)\b(?<!at least)", re.I)
_ASKS_WHEN = re.compile(
    r"\b(?:which|what|in which|in what) (?:year|quarter|month|season|week|spring|summer|winter)\b", re.I
)
_FIGURE = re.compile(
    r"(?P<before>[^\d\s+–-]{0,3})\s?(?P<sign>[+–-]?)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(?P<after>%|[^\W\d]{0,12})"
)
_OF_ALL = re.compile(r"(?:total|sum|all|overall|together|average|mean|altogether)\b", re.I)
LEAST_FIGURES = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, written before or behind it."""

    number: float
    unit: str


def asks_for_extreme(question: str) -> bool:
    """Whether `question` asks for the highest or for the lowest, and not for both."""
    return bool(_HIGHEST.search(question)) is not bool(_LOWEST.search(question))


def says_extreme(text: str, question: str) -> bool:
    """Whether a sentence says, in some word, the same of highest and lowest as `question` asks for."""
    wanted = _HIGHEST if _HIGHEST.search(question) else _LOWEST
    return asks_for_extreme(question) and wanted.search(text) is not None


def extreme_row(rows: Sequence[Row], column: str, question: str) -> Row | None:
    """The row whose figure under `column` is the extreme that is asked for; rows of totals do not count.

    None where two are, where a figure cannot be compared with the others, or where no extreme is asked for.
    """
    counted = [row for row in rows if not _OF_ALL.match(row.label)]
    values = [row.value(cell) for row in counted for cell in row.cells if cell.column == column]
    place = _extreme(values, question) if len(values) == len(counted) else None
    return None if place is None else counted[place]


def extreme_cell(row: Row, question: str) -> Cell | None:
    """The cell of the year, the quarter or the like in which what `question` names was highest or lowest; None as above."""
    if not _ASKS_WHEN.search(question) or not asks_for_extreme(question):
        return None
    if not label_words(row.label) <= set(terms(question)) or not all(_is_time(column) for column in row.columns):
        return None
    place = _extreme([row.value(cell) for cell in row.cells], question)
    return None if place is None else row.cells[place]


def without_extreme(question: str) -> str:
    """The question without the words that ask for the highest or the lowest."""
    return _LOWEST.sub(" ", _HIGHEST.sub(" ", question))


def cell_span(text: str, question: str, *, is_time: bool) -> tuple[int, int] | None:
    """Where the cell that `question` asks for stands in the row `text`: the extreme one where a time is asked for, else
    from the first to the last that are named. None for what is no row.
    """
    row = row_of(text)
    if row is None or not is_time:
        return span_named(text, question)
    cell = extreme_cell(row, question)
    return (cell.start, cell.end) if cell else None


def _is_time(column: str) -> bool:
    return any(any(c.isdigit() for c in word) for word in column_words(column))


def _extreme(values: Sequence[str], question: str) -> int | None:
    if not asks_for_extreme(question):
        return None
    return place_of_extreme(values, highest=_HIGHEST.search(question) is not None)


def place_of_extreme(values: Sequence[str], *, highest: bool) -> int | None:
    """Where the one extreme stands among comparable figures; None where they are not, or where two are."""
    figures = [_figure(value) for value in values]
    known = [figure for figure in figures if figure is not None]
    if len(known) < max(LEAST_FIGURES, len(values)) or len({figure.unit for figure in known}) > 1:
        return None
    numbers = [figure.number for figure in known]
    wanted = max(numbers) if highest else min(numbers)
    return numbers.index(wanted) if numbers.count(wanted) == 1 else None


def _figure(value: str) -> Figure | None:
    match = _FIGURE.fullmatch(value.strip())
    if match is None:
        return None
    number = float(match["number"].replace(",", ""))
    return Figure(
        -number if match["sign"] in ("–", "-") and match["sign"] else number, match["before"] + match["after"]
    )
