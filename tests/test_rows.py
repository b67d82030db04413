"""A table's row answers what is asked of its label and of one of its columns, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Assistant
from assistant.tables.rows import cells_named, label_words, row_of

LIBRARY = """---
title: Shelf Life 12
date: 2022-02-03
publisher: Tarrow Town Library
---

# Shelf Life

The reading room has new lamps, and Mrs Oduya has mended the clock.

## The year in figures

| | 2020 | 2021 |
|---|---|---|
| Loans | 61,200 | 74,900 |
| Loans of sheet music | 310 | 402 |
| Volunteers | 17 | 24 |
| Books lost (estimated) | 140 | 96 |

## Fees

| Card | Adults | Pensioners |
|---|---|---|
| Yearly card | £12 | £7 |
| Day card | £2 | £1 |
"""
ORCHARD = """---
title: The Windfall, spring 2022
date: 2022-04-02
publisher: Orchard Society of Penhollow
---

# The Windfall

Grafting begins on 9 April. Bring a sharp knife and a friend. In 2021 the society planted nothing, because of the frost.
"""
CELLAR = """---
title: Letter of the Hollin Cellars
date: 2022-05-05
publisher: Hollin Cellars
---

# Letter of the Hollin Cellars

## New ciders

| Cider | Apple | Alcohol | Price per bottle |
|---|---|---|---|
| Red Hollin 2019 | Foxwhelp | 6.5 % | £4.20 |
| Grey Hollin 2020 | Kingston Black | 7 % | £5.10 |

## Skittles league

| Place | Team | Games | Points |
|---|---|---|---|
| 1 | Barrow Bridge | 12 | 31 |
| 2 | Barrow Mill | 12 | 27 |
| 3 | Stanton Mill | 11 | 20 |
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(
        tmp_path_factory.mktemp("town"), {"shelf-life-12": LIBRARY, "windfall": ORCHARD, "cellars": CELLAR}
    ) as assistant:
        yield assistant


def marked(answer: Answer) -> list[tuple[str, str]]:
    """What is quoted, each with the part of it that is marked."""
    return [
        (citation.quote, citation.quote[slice(*citation.highlight)] if citation.highlight else "")
        for citation in answer.citations
    ]


@pytest.mark.parametrize(
    ("asked", "row", "cell"),
    [
        ("How many volunteers were there in 2020?", "Volunteers; 2020: 17; 2021: 24", "17"),
        ("How many loans did the Tarrow Town Library have in 2021?", "Loans; 2020: 61,200; 2021: 74,900", "74,900"),
        ("How many books were lost in 2021?", "Books lost (estimated); 2020: 140; 2021: 96", "96"),
        (
            "How many loans of sheet music were there in 2020?",
            "Loans of sheet music; 2020: 310; 2021: 402",
            "310",
        ),
        ("How much is a day card for pensioners?", "Day card; Adults: £2; Pensioners: £1", "£1"),
    ],
)
def test_a_row_answers_surely_by_the_cell_that_is_asked_for(town: Assistant, asked: str, row: str, cell: str) -> None:
    answer = town.ask(asked)
    assert marked(answer)[0] == (row, cell)
    assert not answer.note


@pytest.mark.parametrize(
    ("asked", "label", "cell"),
    [
        ("How much alcohol does the Red Hollin have?", "Red Hollin 2019", "6.5 %"),
        ("What is the price of the Red Hollin?", "Red Hollin 2019", "£4.20"),
        ("How much is the Grey Hollin?", "Grey Hollin 2020", "£5.10"),
        ("How much does the Grey Hollin cost?", "Grey Hollin 2020", "£5.10"),
        ("How much is a yearly card?", "Yearly card", "£12; Pensioners: £7"),
        ("How many points does Barrow Mill have?", "2", "27"),
        ("How many games has Stanton played?", "3", "11"),
    ],
)
def test_a_row_is_known_by_as_much_of_its_label_and_of_its_column_as_people_say(
    town: Assistant, asked: str, label: str, cell: str
) -> None:
    (row, part), *_ = marked(town.ask(asked))
    assert (row.partition("; ")[0], part) == (label, cell)


@pytest.mark.parametrize(
    "asked",
    [
        "How much alcohol does the Red Hollin 2018 have?",
        "How much sugar does the Red Hollin have?",
        "How many bottles of the Red Hollin were made?",
        "How many points does Barrow have?",
        "How many games has Stanton lost?",
    ],
)
def test_another_year_a_name_of_two_rows_or_what_no_column_tells_is_no_sure_answer(town: Assistant, asked: str) -> None:
    answer = town.ask(asked)
    assert answer.note or not answer.sentences


def test_two_columns_compared_are_marked_from_one_to_the_other(town: Assistant) -> None:
    answer = town.ask("How many fewer volunteers were there in 2020 than in 2021?")
    assert marked(answer) == [("Volunteers; 2020: 17; 2021: 24", "17; 2021: 24")]


@pytest.mark.parametrize(
    "asked",
    [
        "How many volunteers were there in 2019?",
        "How many volunteers from Norway were there in 2020?",
        "How many volunteers were dismissed in 2020?",
        "How many apprentices were there in 2020?",
        "How many more volunteers were there in 2020 than in 2018?",
        "What share of volunteers was there in 2020?",
    ],
)
def test_a_row_of_something_else_or_without_the_column_is_no_sure_answer(town: Assistant, asked: str) -> None:
    answer = town.ask(asked)
    assert answer.note or not answer.sentences


def test_a_sentence_is_no_row() -> None:
    assert row_of("The hall is cold; bring a coat.") is None
    assert row_of("Opening hours: Monday to Friday; Saturday: closed") is None


def test_what_stands_behind_a_semicolon_belongs_to_its_cell() -> None:
    row = row_of("Ants (c. 300); Per day: 1 kg; Cost: nothing; a hedge")
    assert row is not None
    assert [row.value(cell) for cell in row.cells] == ["1 kg", "nothing; a hedge"]


def test_units_are_no_part_of_what_a_row_is_of() -> None:
    assert label_words("Water (litres)") == label_words("Water") == label_words("Water 5 mg")


@given(st.text(alphabet="ab1;:() ,", max_size=60), st.text(max_size=30))
def test_the_cells_of_a_row_stand_in_its_text_in_order(text: str, question: str) -> None:
    row = row_of(text)
    if row is not None:
        places = [place for cell in row.cells for place in (cell.start, cell.end)]
        assert places == sorted(places)
        assert places[-1] == len(text)
        assert set(cells_named(row, question)) <= set(row.cells)
