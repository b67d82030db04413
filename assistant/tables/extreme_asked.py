"""The row of a table that a question for the highest or the lowest asks for ("Which team has the fewest points?")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.asking.order import Order
from assistant.doubts.trust import doubted
from assistant.evidence import Evidence, Reading
from assistant.question import Expects, ParsedQuestion
from assistant.tables.cell_asked import accounted
from assistant.tables.extremes import asks_for_extreme, extreme_cell, extreme_row, says_extreme, without_extreme
from assistant.tables.rows import Row, cells_named, column_words, label_words, row_of
from index.passage import Passage
from index.tokens import distinct_terms

LOOKED_AT = 3
_SOUGHT = re.compile(r"\b(?:which|what) (?P<sought>[\w'’-]+)", re.I)


def extreme_asked(
    question: ParsedQuestion, reading: Reading, *, trusted: bool, passages: Sequence[Passage]
) -> list[Evidence]:
    """The row that is highest or lowest in what the question names, by the table of one of the best sentences.

    None where the best sentence itself tells the extreme, nor where several issues tell of the row, for none holds them all.
    Where the best sentence is `trusted`, its table need not tell the question's other words. `passages` are all there are, to
    tell whether the whole table is at hand; empty where it is not, or where its figures cannot be compared.
    """
    if not question.asks_as_it_stands or question.expects is Expects.YES_NO or not asks_for_extreme(question.resolved):
        return []
    if _is_told(question, reading):
        return []
    for place, piece in enumerate(reading.ranked[:1] if trusted else reading.ranked):
        row = row_of(piece.text)
        found = _time_in_row(question, row, piece, reading) if row else None
        if row and not found and place < LOOKED_AT:
            found = _row_of_table(question, row, piece, reading, passages, trusted=trusted)
        if found:
            return [] if in_several_issues(row_of(found.text), found, reading) else [found]
    return []


def doubted_among_issues(question: ParsedQuestion, reading: Reading, *, threshold: float, doubt: float) -> Reading:
    """The reading, doubted where an extreme is asked for and the best sentence is a row that other issues have, too."""
    if not reading.ranked or question.order is not Order.ANY or not asks_for_extreme(question.resolved):
        return reading
    first = reading.ranked[0]
    if not in_several_issues(row_of(first.text), first, reading):
        return reading
    return doubted(reading, threshold=threshold, doubt=doubt)


def in_several_issues(row: Row | None, piece: Evidence, reading: Reading) -> bool:
    """Whether another issue at hand has a row of the same label."""
    if row is None:
        return False
    others = (found.passage for found in reading.passages if found.newsletter.id != piece.found.newsletter.id)
    sentences = (passage.sentence(number) for passage in others for number in range(len(passage.sentences)))
    alike = (other for text in sentences if (other := row_of(text)))
    return any(label_words(other.label) == label_words(row.label) for other in alike)


def _is_told(question: ParsedQuestion, reading: Reading) -> bool:
    """Whether the best sentence is no row, and says the superlative that is asked for of what is asked."""
    best = reading.ranked[0].text if reading.ranked else ""
    asked = distinct_terms(without_extreme(question.resolved)) - _sought(question)
    return says_extreme(best, question.resolved) and row_of(best) is None and asked <= distinct_terms(best)


def _sought(question: ParsedQuestion) -> frozenset[str]:
    sought = _SOUGHT.search(question.resolved)
    return distinct_terms(sought["sought"]) if sought else frozenset()


def _time_in_row(question: ParsedQuestion, row: Row, piece: Evidence, reading: Reading) -> Evidence | None:
    if extreme_cell(row, question.resolved) is None:
        return None
    left = distinct_terms(without_extreme(question.resolved)) - label_words(row.label)
    return piece if accounted(left, question, row, piece.found, reading.passages) else None


def _row_of_table(
    question: ParsedQuestion,
    row: Row,
    piece: Evidence,
    reading: Reading,
    passages: Sequence[Passage],
    *,
    trusted: bool,
) -> Evidence | None:
    named = cells_named(row, without_extreme(question.resolved))
    if len(named) != 1:
        return None
    told = column_words(named[0].column) | _sought(question)
    left = distinct_terms(without_extreme(question.resolved)) - told
    if not (trusted or accounted(left, question, row, piece.found, reading.passages)):
        return None
    table = _table(piece, row)
    if not _is_whole(piece.found.passage, table, passages):
        return None
    extreme = extreme_row(list(table.values()), named[0].column, question.resolved)
    number = next((number for number, other in table.items() if other is extreme), None)
    return None if number is None else Evidence(piece.found, number, piece.score)


def _table(piece: Evidence, row: Row) -> dict[int, Row]:
    """The rows of the same columns around a row, by the number of their sentence."""
    passage = piece.found.passage
    table = {piece.sentence: row}
    for step in (-1, 1):
        number = piece.sentence + step
        while 0 <= number < len(passage.sentences):
            other = row_of(passage.sentence(number))
            if other is None or other.columns != row.columns:
                break
            table[number] = other
            number += step
    return dict(sorted(table.items()))


def _is_whole(passage: Passage, table: dict[int, Row], passages: Sequence[Passage]) -> bool:
    """Whether no passage goes on with a table that reaches to this one's beginning or end."""
    begins, ends = 0 in table, len(passage.sentences) - 1 in table
    if not (begins or ends):
        return True
    columns = next(iter(table.values())).columns
    beside = (other for other in passages if other.newsletter_id == passage.newsletter_id and other.id != passage.id)
    for other in beside:
        follows, precedes = 0 <= other.start - passage.end <= 2, 0 <= passage.start - other.end <= 2
        edge = other.sentence(0) if follows else other.sentence(len(other.sentences) - 1)
        next_row = row_of(edge) if (ends and follows) or (begins and precedes) else None
        if next_row is not None and next_row.columns == columns:
            return False
    return True
