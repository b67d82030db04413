"""The row in which the greater or the smaller of two named columns is asked for ("more contributors, 2021 or 2022?")."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.evidence import Evidence, Reading
from assistant.question import ParsedQuestion
from assistant.tables.cell_asked import accounted
from assistant.tables.extreme_asked import in_several_issues
from assistant.tables.extremes import place_of_extreme
from assistant.tables.rows import Row, cells_named, column_words, label_words, row_of
from index.tokens import distinct_terms

_MORE = re.compile(r"\b(?:more|higher|greater|larger|bigger)\b", re.I)
_FEWER = re.compile(r"\b(?:fewer|less|lower|smaller)\b", re.I)
_EITHER = re.compile(r"\b(?:or|than)\b", re.I)
_HOW_MUCH = re.compile(r"\bhow (?:many|much)\b|\bby what\b", re.I)


def compared_columns(question: ParsedQuestion, reading: Reading) -> list[Evidence]:
    """The row that the question is of, with the greater or the smaller of its two named cells marked; none where figures
    cannot be compared, or where several issues tell of the row and differ.
    """
    text = question.resolved
    asks = bool(_MORE.search(text)) is not bool(_FEWER.search(text)) and _EITHER.search(text) is not None
    if not (question.asks_by_itself and asks) or _HOW_MUCH.search(text):
        return []
    for piece in reading.ranked:
        row = row_of(piece.text)
        marked = _marked(question, row, piece, reading) if row else None
        if marked:
            return [] if in_several_issues(row, piece, reading) else [replace(piece, marked=marked)]
    return []


def _marked(question: ParsedQuestion, row: Row, piece: Evidence, reading: Reading) -> tuple[int, int] | None:
    said = question.resolved.casefold()
    named = [cell for cell in cells_named(row, question.resolved) if cell.column.casefold() in said]
    asked, label = distinct_terms(_FEWER.sub(" ", _MORE.sub(" ", question.resolved))), label_words(row.label)
    if len(named) != 2 or not label or not label <= asked:
        return None
    left = asked - label - column_words(named[0].column) - column_words(named[1].column)
    if not accounted(left, question, row, piece.found, reading.passages):
        return None
    place = place_of_extreme([row.value(cell) for cell in named], highest=bool(_MORE.search(question.resolved)))
    return None if place is None else (named[place].start, named[place].end)
