"""Newsletters without dates answer a question that names a year."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.composer import DOUBTFUL
from assistant.readings.undated import without_year

HIVES = """# Beekeepers' letter

## Meetings

- The autumn meeting of the beekeepers was held in the brewery of Tarnby, with ninety guests.
- In 2015 the honey prize went to Astrid Lindqvist.

## Hives

- The association bought forty hives of cedar wood.
"""


@pytest.fixture(scope="module")
def bees(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("bees"), {"bees": HIVES}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("asked", "bare"),
    [
        ("Was the meeting of 2017 in Tarnby?", "Was the meeting in Tarnby?"),
        ("Was the Tarnby meeting 2017 in a brewery?", "Was the Tarnby meeting in a brewery?"),
        ("Who won in 2015?", "Who won?"),
        ("What changed between 2015 and 2017?", "What changed between 2015 and 2017?"),
        ("Did they sell 2017-2 models?", "Did they sell 2017-2 models?"),
    ],
)
def test_one_year_goes_with_the_word_that_ties_it(asked: str, bare: str) -> None:
    assert without_year(asked) == bare


def test_what_gives_no_year_is_doubted(bees: Assistant) -> None:
    answer = bees.ask("Was the autumn meeting 2017 in Tarnby?")
    assert "Tarnby" in answer.text
    assert answer.note == DOUBTFUL


def test_a_year_that_the_newsletters_give_is_not_left_out(bees: Assistant) -> None:
    assert not bees.ask("Was the autumn meeting 2015 in Lund?").sentences


def test_what_gives_another_year_is_no_answer(bees: Assistant) -> None:
    assert not bees.ask("Who won the honey prize in 2019?").sentences


def test_a_year_that_is_itself_the_claim_is_not_left_out(bees: Assistant) -> None:
    assert not bees.ask("Did the association buy forty hives in 2017?").sentences
