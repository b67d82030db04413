"""The greater or the smaller of two columns that a question names is told by the row that it is of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.headings.below import SURE

ISSUE = """# Reading room letter

The lamps have been cleaned by Mrs Oduya.

| | 2030 | 2031 |
|---|---|---|
| Loans | 61,200 | 74,900 |
| Volunteers | 24 | 17 |
| Heating | £310 | 402 kWh |
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("room"), {"room": ISSUE}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("asked", "marked"),
    [
        ("In which year were there more volunteers, 2030 or 2031?", "24"),
        ("In which year were there fewer volunteers, 2030 or 2031?", "17"),
        ("Were there more loans in 2030 than in 2031?", "74,900"),
    ],
)
def test_the_greater_or_the_smaller_of_two_named_columns_is_marked(room: Assistant, asked: str, marked: str) -> None:
    answer = room.ask(asked)
    (citation,) = answer.citations
    assert citation.highlight is not None
    assert citation.quote[slice(*citation.highlight)] == marked
    assert not answer.note


@pytest.mark.parametrize(
    "asked",
    [
        "In which year were there more volunteers, 2030 or 2029?",
        "In which year were there more volunteers from Norway, 2030 or 2031?",
        "Was the heating higher in 2030 or 2031?",
    ],
)
def test_a_column_that_is_not_there_or_figures_of_two_kinds_are_not_compared(room: Assistant, asked: str) -> None:
    assert room.ask(asked).confidence != SURE
