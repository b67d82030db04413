"""A table's row answers what is asked of one of its values, and what is asked of a row that bears only a number."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant

FLEET = """# Harbour fleet letter

The harbour office lists its boats for repair here. Orders are written by Oda Brandt.

## Repairs

| Order | Boat | Urgency | Paid | Yard |
|---|---|---|---|---|
| HR-2031-07 | Petrel | urgent | no | Maren 4.2.1 |
| HR-2031-08 | Gannet | routine | yes | Solvik |
| HR-2031-09 | Kittiwake | minor | no | Tarn |

## Traffic

| Week | Boats in | Boats out | Share of sail |
|---|---|---|---|
| 31 | 88 | 84 | 5 % |
| 32 | 102 | 97 | 13 % |
"""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("fleet"), {"fleet": FLEET}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("asked", "label", "marked"),
    [
        ("How urgent is HR-2031-08?", "HR-2031-08", "routine"),
        ("Was HR-2031-09 paid?", "HR-2031-09", "no"),
        ("Which boat is routine?", "HR-2031-08", "Gannet"),
        ("Which order is minor?", "HR-2031-09", "HR-2031-09"),
        ("Which yard has the Kittiwake?", "HR-2031-09", "Tarn"),
        ("How many boats in were there in week 32?", "32", "102"),
        ("What was the share of sail in week 31?", "31", "5 %"),
    ],
)
def test_a_value_or_a_numbered_row_leads_to_the_cell_beside_it(
    fleet: Assistant, asked: str, label: str, marked: str
) -> None:
    answer = fleet.ask(asked)
    first = answer.citations[0]
    assert first.quote.split("; ")[0] == label
    assert first.highlight is not None
    assert first.quote[slice(*first.highlight)] == marked
    assert not answer.note


@pytest.mark.parametrize(
    "asked",
    [
        "How urgent is HR-2031-17?",
        "Was HR-2031-09 paid by Norway?",
        "Which yard has the Albatross?",
        "How many boats in were there in week 33?",
        "How many boats in were there in bus 32?",
    ],
)
def test_what_no_row_has_or_accounts_for_is_no_sure_answer(fleet: Assistant, asked: str) -> None:
    answer = fleet.ask(asked)
    assert answer.note or not answer.sentences
