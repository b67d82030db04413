"""Which cells of a row a question asks for, where it need not say the heading of the column as it stands there.

A heading of several words is asked for by its main one ("price" of "Price per bottle"), and "how much is" asks for money,
whatever its column is called.
"""

from __future__ import annotations

import re

from assistant.tables.rows import Cell, Row, cells_named, column_words
from index.tokens import terms

_PREPOSITION = re.compile(r" (?:per|of|in|at|for|to|by|with|on|from|an?) ")
_PRICE_ASKED = re.compile(
    r"\bhow much (?:is|are|was|were|(?:does|do|did|will|would) (?!\w+ have\b).{1,80} cost)\b"
    r"|\b(?:price|cost|fee|charge|fare)s? (?:of|for)\b|\bwhat (?:does|do|did|will) .{1,80} cost\b",
    re.I,
)
_MONEY = re.compile(
    r"[€$£¥₹] ?\d|\b\d[\d.,]{0,12} ?(?:€|(?:eur|euros?|pounds?|dollars?|francs?|yuan|gbp|usd|chf)\b)", re.I
)


def cells_sought(row: Row, question: str) -> tuple[Cell, ...]:
    """The cells that `question` asks for: of the columns that it names, whole or by their main word, else those of money."""
    return cells_named(row, question) or _by_main_word(row, question) or _of_money(row, question)


def _by_main_word(row: Row, question: str) -> tuple[Cell, ...]:
    """The cell of the one column whose main word is asked for; none where two have it, or where a figure tells it apart."""
    asked = set(terms(question))
    found = tuple(cell for cell in row.cells if _main_word(cell.column) in asked)
    return found if len(found) == 1 and not any(c.isdigit() for c in found[0].column) else ()


def _main_word(column: str) -> str | None:
    return next(reversed(terms(_PREPOSITION.split(column)[0])), None)


def _of_money(row: Row, question: str) -> tuple[Cell, ...]:
    return tuple(cell for cell in row.cells if _MONEY.match(row.value(cell))) if _PRICE_ASKED.search(question) else ()


def words_of(cells: tuple[Cell, ...]) -> frozenset[str]:
    """The words of the columns of the cells."""
    return frozenset().union(*(column_words(cell.column) for cell in cells))
