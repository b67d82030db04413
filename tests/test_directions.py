"""A question for one end of a scale is not answered by what stands at the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from archive_support import archive

from assistant import Assistant
from assistant.doubts.direction import directed, speaks_of_the_end, speaks_only_of_the_other_end
from assistant.evidence import Evidence, Reading
from assistant.question import parse_question
from assistant.tables.extremes import extreme_cell, extreme_row
from assistant.tables.rows import Row, row_of
from index.passage import NewsletterInfo, Passage, RetrievedPassage


def reading(*ranked: tuple[str, float]) -> Reading:
    info = NewsletterInfo("one", "one", None, None, None, None, None, (), 1)
    nothing = np.zeros(1, dtype=np.float32)
    pieces = [
        Evidence(
            RetrievedPassage(
                Passage(f"one@1:{n}", "one", 0, len(text), text, "", (), ((0, len(text)),)),
                info,
                0,
                0,
                0,
                nothing,
                nothing,
            ),
            0,
            share,
        )
        for n, (text, share) in enumerate(ranked)
    ]
    return Reading(tuple(p.found for p in pieces), tuple(pieces), tuple(share for _, share in ranked), 0.95)


def read_so(asked: str, *ranked: tuple[str, float]) -> tuple[str, float]:
    """The sentence that goes first, and how sure the answer is."""
    found = directed(parse_question(asked), reading(*ranked), threshold=0.4, doubt=0.5)
    return found.ranked[0].text, found.confidence


MOST, FEWEST = "The talk on bees drew the most people.", "The talk on slugs drew the fewest, eleven."


def test_what_speaks_of_the_asked_end_goes_first_where_it_is_nearly_as_likely() -> None:
    assert read_so("Which talk drew the fewest people?", (MOST, 0.6), (FEWEST, 0.3)) == (FEWEST, 0.95)
    assert read_so("Which talk drew the most people?", (MOST, 0.6), (FEWEST, 0.3)) == (MOST, 0.95)


def test_what_speaks_only_of_the_other_end_is_doubted_and_not_refused() -> None:
    first, confidence = read_so("Which talk drew the fewest people?", (MOST, 0.9), (FEWEST, 0.05))
    assert first == MOST
    assert 0.4 <= confidence < 0.5


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("Which ward had the lowest rate?", "Ward 6 did best."),
        ("Which is the cheapest seat?", "The dearest seats are in row A."),
        ("Who is the youngest member?", "The oldest member is 94."),
        ("Which talk is the hardest to give?", "Slides are easy to make."),
        ("Which talk is the easiest to give?", "The one on slugs is difficult."),
        ("Which is the most popular walk?", "The least popular walk is to the mill."),
        ("Which is the least expensive seat?", "Row A is more expensive."),
        ("Which boat is the slowest?", "The Maren has become faster."),
        ("Which net is the lightest?", "The heaviest net is of hemp."),
        ("When does the last ferry leave?", "On Sundays the first ferry leaves at nine."),
        ("When does the ferry season begin?", "The ferry season ends on 3 October."),
        ("When did the baths close?", "The baths opened in 1911."),
        ("What time does school start?", "School finishes at a quarter past three."),
    ],
)
def test_either_end_of_a_scale_is_known_from_the_other(asked: str, text: str) -> None:
    assert speaks_only_of_the_other_end(text, asked)
    assert not speaks_of_the_end(text, asked)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("At most how many may come in?", "At least two must stay outside, and fewest on Monday."),
        ("Which ward had the lowest rate?", "It was highest in ward 6 and lowest in ward 2."),
        ("What did the club do last year?", "The first team won."),
        ("Which is the cheapest seat?", "Most members came by train."),
        ("Which is the most expensive seat?", "Row A is dearer and row B is cheap."),
        ("Which talk is the hardest to give?", "The one on slugs is less easy."),
        ("Which talk is the hardest to give?", "The one on slugs is not easy."),
        ("Which is the least expensive seat?", "Row C, where most members sit, is cheap."),
        ("Which boat is the fastest?", "It has a light sail and slow oars."),
        ("Which boat is the slowest?", "The Maren is faster on the river than the Lund."),
        ("How easy is it to give a talk?", "It is difficult."),
        ("Which was the oldest, and which the youngest?", "The youngest is six."),
    ],
)
def test_limits_times_and_both_ends_together_have_no_other_end(asked: str, text: str) -> None:
    assert not speaks_only_of_the_other_end(text, asked)


@pytest.mark.parametrize("piece", ["less easy ", "more ", "faster and ", "most of ", "easier a b c d "])
def test_a_long_text_is_searched_quickly(piece: str) -> None:
    text = (piece * 1000)[:2000]
    assert not speaks_only_of_the_other_end(text, "Which is the deepest lock?")
    speaks_only_of_the_other_end(text, "Which is the hardest to open, and the slowest?")


def test_another_form_of_the_asked_end_is_speaking_of_it() -> None:
    assert speaks_of_the_end("The one on slugs is difficult.", "Which talk is the hardest to give?")
    assert speaks_of_the_end("Row C is cheaper.", "Which is the least expensive seat?")


def rows(*texts: str) -> list[Row]:
    return [row for text in texts if (row := row_of(text))]


TEAMS = rows("Gulls; Points: 19", "Foxes; Points: 7", "Lynx; Points: 1,204", "Total; Points: 1,230")


def test_the_extreme_row_of_a_table_is_told_by_its_figures_but_for_totals() -> None:
    highest, lowest = (extreme_row(TEAMS, "Points", f"Which team has the {end} points?") for end in ("most", "fewest"))
    assert highest is not None
    assert lowest is not None
    assert (highest.label, lowest.label) == ("Lynx", "Foxes")


@pytest.mark.parametrize(
    "other", ["Owls; Points: none", "Owls; Points: 5 km", "Owls; Points: 7", "Owls; Points: 7 (5)", "Owls; Goals: 4"]
)
def test_figures_that_cannot_be_compared_have_no_extreme(other: str) -> None:
    assert extreme_row([*TEAMS, *rows(other)], "Points", "Which team has the fewest points?") is None


def test_the_extreme_cell_of_a_row_is_asked_for_by_year() -> None:
    (loans,) = rows("Loans; 2019: 61,200; 2020: 8,950; 2021: 74,900")
    for end, column in (("most", "2021"), ("fewest", "2020")):
        cell = extreme_cell(loans, f"Which year had the {end} loans?")
        assert cell is not None
        assert cell.column == column
    assert extreme_cell(loans, "Which year had the most visitors?") is None
    assert extreme_cell(loans, "How many loans were there?") is None


LEAGUE = """---
title: Net and Line, autumn 2023
date: 2023-10-02
publisher: Tarrow Netball League
---

# Net and Line

Umpires are asked to bring their own whistles.

## The table after nine matches

| Team | Matches | Points |
|---|---|---|
| Harbour Ladies | 9 | 31 |
| Mill Lane | 9 | 12 |
| St Agnes | 9 | 4 |
| Collingdale | 9 | 22 |

Next year there will be two divisions.
"""


@pytest.fixture(scope="module")
def league(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("league"), {"net-and-line": LEAGUE}) as assistant:
        yield assistant


@pytest.mark.parametrize(("end", "team"), [("fewest", "St Agnes"), ("most", "Harbour Ladies")])
def test_the_row_that_is_highest_or_lowest_answers_for_its_table(league: Assistant, end: str, team: str) -> None:
    (said,) = league.ask(f"Which team has the {end} points?").sentences
    assert said.text.startswith(team)


YEAR = """# Dairy letter 7

Milk is collected at six.

| | Spring 2031 | Autumn 2030 |
|---|---|---|
| Bad debts | 52 | 47 |
"""
LATER = """# Dairy letter 8

Bad debts were lowest this summer, in the season that has just ended, when they came to 39.
"""
LAST = """# Dairy letter 9

The churns have been painted.

| | Autumn 2032 | Spring 2032 |
|---|---|---|
| Bad debts | 41 | 44 |
"""


def test_a_row_does_not_displace_the_sentence_that_tells_the_extreme_itself(tmp_path: Path) -> None:
    with archive(tmp_path, {"dairy-7": YEAR, "dairy-8": LATER}) as assistant:
        assert "lowest this summer" in assistant.ask("In which season were bad debts lowest?").sentences[0].text


@pytest.mark.parametrize(("issues", "is_sure"), [({"7": YEAR}, True), ({"7": YEAR, "9": LAST}, False)])
def test_one_of_several_issues_tables_does_not_surely_tell_the_extreme(
    tmp_path: Path, issues: dict[str, str], is_sure: bool
) -> None:
    with archive(tmp_path, issues) as assistant:
        answer = assistant.ask("In which season were bad debts lowest?")
    assert (bool(answer.sentences) and not answer.note) is is_sure


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("When will the bridge open?", "The bridge will be ready by the end of 2041."),
        ("When will the bridge open?", "The bridge is closed until 3 May."),
        ("When does the sale start?", "The sale is put off until 3 May."),
        ("When is the library open?", "The library closes at six."),
        ("When did the Open Workshop end its talks?", "Talks ended in May, at the opening of the fair."),
        ("What does the club close with?", "The evening starts with a song."),
    ],
)
def test_a_time_that_is_named_by_an_end_and_a_question_for_neither_are_left_alone(asked: str, text: str) -> None:
    assert not speaks_only_of_the_other_end(text, asked)


PLAYS, ENDS = "The play is on 4 May at two.", "The play ends at 3.45 pm."


def test_a_beginning_is_no_sure_answer_to_when_something_ends() -> None:
    first, confidence = read_so("When does the play end?", (PLAYS, 0.9), ("Bring a coat.", 0.05))
    assert first == PLAYS
    assert 0.4 <= confidence < 0.5
    assert read_so("When does the play end?", (PLAYS, 0.6), (ENDS, 0.3)) == (ENDS, 0.95)
    assert read_so("When is the play?", (PLAYS, 0.9), (ENDS, 0.05)) == (PLAYS, 0.95)


@pytest.mark.parametrize("hours", ["9 to 5", "9am–5pm", "9.30 - 16.30", "10 a.m. to 4 p.m."])
def test_hours_tell_when_something_begins_and_when_it_ends(hours: str) -> None:
    text = f"The library: Tuesday, {hours}."
    assert not speaks_only_of_the_other_end(text, "When does the library open?")
    assert read_so("When does the library close?", (text, 0.9), ("Bring a coat.", 0.05)) == (text, 0.95)


def test_what_gives_no_time_does_not_go_first_where_a_time_is_asked_for() -> None:
    assert read_so("When does the play start?", (ENDS, 0.6), ("It started with a song.", 0.3))[0] == ENDS
