"""Whether a question is of a row: it says the row's label, or as much of it as people say.

The year of a wine or of a contract is left out, and so is the word behind a name that no other row has ("Wexcombe" for
"Wexcombe City"). Where the first cell is only a rank, the second is the label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.tables.rows import Row, label_words, row_of
from index.passage import RetrievedPassage
from index.tokens import distinct_terms

MOST_WORDS_OF_A_NAME = 4
_RANK = re.compile(r"\d{1,3}\.?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CAPITAL = re.compile(r"(?<=\s)[A-Z][\w'’-]*")


def by_name(row: Row) -> Row:
    """The row with its second cell as the label where the first is a rank and the second a name; itself for others."""
    if not row.cells[1:] or not _RANK.fullmatch(row.label):
        return row
    name = row.value(row.cells[0])
    return row if any(c.isdigit() for c in name) or not name.strip() else Row(row.text, name, row.cells[1:])


def label_asked(row: Row, question: str, found: RetrievedPassage) -> frozenset[str]:
    """The words of the row's label that `question` says; none where they leave open which row is meant."""
    asked, label = distinct_terms(question), label_words(row.label)
    if label <= asked:
        return label
    undated = frozenset(word for word in label if not _YEAR.fullmatch(word))
    if undated and undated <= asked:
        return undated
    said = label & asked
    return said if said and _is_short_for(said, row, question, found) else frozenset()


def _is_short_for(said: frozenset[str], row: Row, question: str, found: RetrievedPassage) -> bool:
    """Whether words are of a name, written as one, and stand in no other label of the table."""
    words = row.label.split()
    if len(words) > MOST_WORDS_OF_A_NAME or not all(word[0].isupper() and word.isalpha() for word in words):
        return False
    if not question.islower() and not said <= distinct_terms(" ".join(_CAPITAL.findall(question))):
        return False
    others = (other for other in _table(row, found) if other.label != row.label)
    return not any(said & label_words(other.label) for other in others)


def _table(row: Row, found: RetrievedPassage) -> Sequence[Row]:
    passage = found.passage
    rows = (row_of(passage.sentence(number)) for number in range(len(passage.sentences)))
    named = (by_name(other) for other in rows if other)
    return [other for other in named if other.columns == row.columns]
