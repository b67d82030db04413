"""The row that is found by what stands in it: "How severe is CSD-2022-173?", "Which package was fixed in 1.2.8?".

A row's label or one of its values is named, and the column that is asked for or, by "which", its label answers. As in
cell_asked.py every word of the question must be accounted for by the row or by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence import Evidence, Reading
from assistant.question import Expects, ParsedQuestion
from assistant.tables.cell_asked import accounted, known
from assistant.tables.rows import Cell, Row, cells_named, column_words, label_words, row_of
from index.passage import RetrievedPassage
from index.tokens import STOP_WORDS, distinct_terms

LOOKED_AT, LEAST_ALIKE = 3, 5  # sentences, letters
_ANSWERED = frozenset([Expects.THING, Expects.VERSION, Expects.YES_NO, Expects.MANNER, Expects.PERSON])
_SOUGHT = re.compile(r"\b(?:which|what) (?P<sought>[^\W\d_][\w'’-]*)", re.I)
_OF_DEGREE = re.compile(r"^how (?!(?:were|does|could|will|would|should|many|much)\b)(?P<degree>[a-z]{4,30})\b", re.I)
_YES_OR_NO = re.compile(r"(?:yes|no)\b", re.I)
_VERSION_ASKED = frozenset(distinct_terms("version release"))
_VERSION = re.compile(r"v?\d+(?:\.\d+)+", re.I)
_Span = tuple[int, int]


def rows_by_value(question: ParsedQuestion, reading: Reading, *, surely_answered: bool, most: int) -> list[Evidence]:
    """The rows, at most `most`, in which what is asked of stands beside what is asked for, likeliest first.

    None where none of the best sentences is one, or where the reader trusts a best sentence that is none.
    """
    if not question.asks_by_itself or question.expects not in _ANSWERED or not reading.ranked:
        return []
    if question.expects is Expects.MANNER and not _OF_DEGREE.match(question.resolved):
        return []
    near = reading.ranked[: 1 if surely_answered else LOOKED_AT]
    if not any(_marked(question, piece, reading.passages) for piece in near):
        return []
    found = ((piece, _marked(question, piece, reading.passages)) for piece in reading.ranked)
    return [replace(piece, marked=span) for piece, span in found if span][:most]


def _marked(question: ParsedQuestion, piece: Evidence, passages: Sequence[RetrievedPassage]) -> _Span | None:
    """The part of a row that answers; None for what is no row, or not of what is asked."""
    row = row_of(piece.text)
    if row is None:
        return None
    asked = distinct_terms(question.resolved)
    label = label_words(row.label)
    is_of_label = bool(label) and label <= asked
    keys = [cell for cell in row.cells if _is_key(row.value(cell), asked)]
    named = [cell for cell in _named(row, question) if cell not in keys]
    if not (is_of_label or keys) or len(named) > 1:
        return None
    of_keys = frozenset[str]().union(*(distinct_terms(row.value(key)) | column_words(key.column) for key in keys))
    left = asked - of_keys - (label if is_of_label else frozenset())
    if named:
        degree = _OF_DEGREE.match(question.resolved)
        left -= column_words(named[0].column) | distinct_terms(degree["degree"] if degree else "")
        return _value_asked(question, row, named[0], left, piece, passages)
    return None if is_of_label else _label_asked(question, row, left, piece, passages)


def _named(row: Row, question: ParsedQuestion) -> tuple[Cell, ...]:
    """The cells whose column is named; by "how urgent" one of urgency."""
    degree = _OF_DEGREE.match(question.resolved)
    if not degree:
        return cells_named(row, question.resolved)
    begins = degree["degree"][: max(LEAST_ALIKE, len(degree["degree"]) - 1)].casefold()
    return tuple(cell for cell in row.cells if cell.column.casefold().startswith(begins))


def _is_key(value: str, asked: frozenset[str]) -> bool:
    words = distinct_terms(value)
    return bool(words - STOP_WORDS) and words <= asked


def _value_asked(
    question: ParsedQuestion,
    row: Row,
    cell: Cell,
    left: frozenset[str],
    piece: Evidence,
    passages: Sequence[RetrievedPassage],
) -> _Span | None:
    value = row.value(cell)
    if question.expects is Expects.YES_NO and not _YES_OR_NO.match(value):
        return None
    if _VERSION.search(value):
        left -= _VERSION_ASKED
    return (cell.start, cell.end) if accounted(left, question, row, piece.found, passages) else None


def _label_asked(
    question: ParsedQuestion, row: Row, left: frozenset[str], piece: Evidence, passages: Sequence[RetrievedPassage]
) -> _Span | None:
    """The label, where "which" asks for a kind of thing that its newsletter speaks of."""
    sought = _SOUGHT.search(question.resolved)
    kind = distinct_terms(sought["sought"]) if sought else frozenset[str]()
    if not kind or not kind <= known(piece.found, passages) or not any(c.isalpha() for c in row.label):
        return None
    return (0, len(row.label)) if accounted(left - kind, question, row, piece.found, passages) else None
