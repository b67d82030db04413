"""The row of a table that answers surely: its label is what is asked of, and one of its columns is named.

"How many visitors were there in 2023?" beside "Visitors; 2022: 61,300; 2023: 74,800": a row has no verb and a column's figure
stands away from what it counts, so that the readers, made for sentences, think little of it. Every word of the question must
be accounted for by the row or by where it stands, for a row of other visitors is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.evidence import Evidence, Reading
from assistant.question import Expects, ParsedQuestion
from assistant.tables.columns_asked import cells_sought, words_of
from assistant.tables.labels import by_name, label_asked
from assistant.tables.rows import Cell, Row, cells_named, column_words, row_of
from index.dates import age
from index.passage import RetrievedPassage
from index.tokens import distinct_terms, terms

_COMPARES = re.compile(r"\bthan\b|\bdifference\b|\bcompared\b", re.I)
_SHARE_ASKED = re.compile(r"\bper ?cent(?:age)?\b|\bshare\b|\bproportion\b", re.I)
_SHARE = re.compile(r"%|per ?cent|share|proportion", re.I)
_NAME = re.compile(r"(?<=\s)[A-Z][\w'’-]*")
# Words that stand before the number of a row whose own column's head the corpus readers leave out
_COUNTED = frozenset(
    terms(
        "week day month quarter year season round match matchday game lap leg stage session term class group place no"
    )
)
# Words that say no more than that a figure is asked for, or that there was so much of it
_OF_FIGURES = frozenset(
    terms(
        "many much number figure total amount percent percentage per cent share proportion rate value price cost count level"
        " fewer less higher lower difference compared year quarter month season there"
        " record report register reach see saw carry welcome host employ stand come"
        " play score make made contain cost pay fee charge worth",
        keep_stop_words=True,
    )
)


def cells_asked(question: ParsedQuestion, reading: Reading, *, surely_answered: bool, most: int) -> list[Evidence]:
    """The rows, at most `most`, that hold what is asked, likeliest first; none where another sentence answers already.

    `surely_answered` says whether the reader trusts the best sentence; it stays where it names the column itself.
    """
    if not _asks_for_a_cell(question):
        return []
    rows = (_with_cells_marked(question, piece, reading.passages) for piece in reading.ranked)
    found = [row for row in rows if row]
    if surely_answered and found and _best_answers_rather(question, found[0], reading):
        return []
    return _in_order(found)[:most]


def _in_order(found: list[Evidence]) -> list[Evidence]:
    """The rows as they are ranked; those of one label that say no year ("this week", "Points") from the newest issue on."""
    labels = {piece.text.partition("; ")[0] for piece in found}
    dated = any(c.isdigit() for piece in found for column in _columns(piece) for c in column)
    if len(labels) > 1 or dated:
        return found
    return sorted(found, key=lambda piece: age(piece.found.newsletter), reverse=True)


def _columns(piece: Evidence) -> tuple[str, ...]:
    row = row_of(piece.text)
    return row.columns if row else ()


def _asks_for_a_cell(question: ParsedQuestion) -> bool:
    return question.asks_as_it_stands and question.expects in (Expects.NUMBER, Expects.THING)


def _with_cells_marked(
    question: ParsedQuestion, piece: Evidence, passages: Sequence[RetrievedPassage]
) -> Evidence | None:
    row = row_of(piece.text)
    if row is None:
        return None
    cells = _told(question, row, piece, passages) or _told(question, by_name(row), piece, passages)
    return replace(piece, marked=(cells[0].start, cells[-1].end)) if cells else None


def _told(
    question: ParsedQuestion, row: Row, piece: Evidence, passages: Sequence[RetrievedPassage]
) -> tuple[Cell, ...]:
    """The cells that are asked for; none where the row is not of what is asked, whole, and of nothing else."""
    cells, label = cells_sought(row, question.resolved), label_asked(row, question.resolved, piece.found)
    if not label or (_COMPARES.search(question.resolved) and len(cells) < 2):
        return ()
    if _SHARE_ASKED.search(question.resolved) and not _SHARE.search(row.text + piece.found.passage.section):
        return ()
    left = distinct_terms(question.resolved) - label - words_of(cells) - _head_of(row.label, question.resolved)
    return cells if accounted(left, question, row, piece.found, passages) else ()


def _head_of(label: str, question: str) -> frozenset[str]:
    """What a label that is only a number counts, by the words before it in the question: "week", "match day"."""
    before = (
        re.search(rf"((?:[^\W\d_]{{1,20}} )?[^\W\d_]{{1,20}}) {label}(?!\w|[.,]\d)", question)
        if label.isdecimal()
        else None
    )
    return _COUNTED & distinct_terms(before[1]) if before else frozenset()


def accounted(
    words: frozenset[str],
    question: ParsedQuestion,
    row: Row,
    found: RetrievedPassage,
    passages: Sequence[RetrievedPassage],
) -> bool:
    """Whether words of the question that a row itself does not hold are told by where it stands; figures never are."""
    left = words - _OF_FIGURES
    figures = {word for word in left if any(c.isdigit() for c in word)}
    names = distinct_terms(" ".join(_NAME.findall(question.resolved)))
    return not figures and left - names <= _around(row, found) and left <= _around(row, found) | known(found, passages)


def _around(row: Row, found: RetrievedPassage) -> frozenset[str]:
    """The words of the row's table, of the headings above it and of its newsletter's name."""
    return distinct_terms(" ".join((row.label, *row.columns, found.passage.header, found.newsletter.publisher or "")))


def known(found: RetrievedPassage, passages: Sequence[RetrievedPassage]) -> frozenset[str]:
    """The words of what is at hand of the row's newsletter."""
    same = (other for other in passages if other.newsletter.id == found.newsletter.id)
    return frozenset().union(*(distinct_terms(other.passage.text) for other in same))


def _best_answers_rather(question: ParsedQuestion, piece: Evidence, reading: Reading) -> bool:
    """Whether a best sentence that is no older speaks of a column that the question names whole, or the row has no such column; another
    row of the same table, which is not asked of, does not."""
    row, best = row_of(piece.text), reading.ranked[0]
    other = row_of(best.text)
    if row and other and row.columns == other.columns and not label_asked(other, question.resolved, best.found):
        return False
    named = cells_named(row, question.resolved) if row else ()
    if piece.place == best.place or (named and age(piece.found.newsletter) > age(best.found.newsletter)):
        return False
    said = set(terms(best.text, keep_stop_words=True))
    return not named or any(column_words(cell.column) <= said for cell in named)
