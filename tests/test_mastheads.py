"""Number and date of an issue, out of its masthead, its front matter and the name of its file."""

from __future__ import annotations

import pytest

from corpus.masthead import masthead_date, masthead_number
from corpus.metadata import infer_metadata


@pytest.mark.parametrize(
    ("line", "number", "date"),
    [
        ("The monthly for everyone who keeps bees on flat roofs in the town · 1 March 2031", None, "2031-03-01"),
        ("The monthly bulletin of the Council of Port Selwyn · Number 17 · February 2031", 17, "2031-02"),
        ("Number 17 of the letter that every rower of the valley gets for nothing, July 2031", 17, "2031-07"),
        (
            "A monthly note on the tea trade for brokers and their friends May 2031 · written by A. Bell",
            None,
            "2031-05",
        ),
        ("No. 31 — Week of 4 July 2031 Notices for all who sail. Compiled in Ransmoor.", 31, None),
        (
            "VALLEY DIGEST — No. 31 Week of 4 July 2031 Notices for all who sail. Compiled in Ransmoor.",
            31,
            "2031-07-04",
        ),
        ("What happened on the lists of the village. January 2031. Written by Ada Penrose.", None, "2031-01"),
        ("The bridge was closed by the council of the town on the evening of Friday, 4 May 2031.", None, None),
        ("The bridge – closed by the council in May 2031 – was opened again to everyone today.", None, None),
        ("Number 10 of the old street was sold to its tenant by the council in May 2031.", None, None),
        ("The archive of the town – which was begun by Ada Penrose in 1931 – has a new roof", None, None),
    ],
)
def test_a_long_line_of_a_masthead_is_told_from_a_sentence(line: str, number: int | None, date: str | None) -> None:
    assert (masthead_number([line]), masthead_date([line])) == (number, date)


def test_only_the_first_lines_are_a_masthead() -> None:
    line = "The monthly bulletin of the Council of Port Selwyn · Number 17 · February 2031"
    assert masthead_number(["a", "b", "c", "d", line]) is None


@pytest.mark.parametrize("word", ["issue", "The issue no.", "Vol. 3, no", "Bulletin #", "No."])
def test_the_white_space_of_a_drawing_is_read_through_once(word: str) -> None:
    found = infer_metadata({}, (word + "\n" * 20_000 + "x", word + "\n \n17"), "letter", "")
    assert found.issue == 17


@pytest.mark.parametrize(
    ("front", "number", "date"),
    [
        ({"issue": "2/2031"}, 2, "2031"),
        ({"edition": "5/2031"}, 5, "2031"),
        ({"edition": "Bulletin 5/2031"}, 5, "2031"),
        ({"issue": "March 2031"}, None, "2031-03"),
        ({"issue": "2031-03"}, None, "2031"),
        ({"edition": 12}, 12, None),
        ({"issue": "2/2031", "date": "2031-05-04"}, 2, "2031-05-04"),
    ],
)
def test_a_number_may_stand_with_its_year(front: dict[str, object], number: int | None, date: str | None) -> None:
    found = infer_metadata(front, (), "letter", "")
    assert (found.issue, found.date) == (number, date)


def test_the_month_of_a_masthead_makes_the_year_of_a_file_name_exact() -> None:
    finer = infer_metadata({}, ("Notes from the valley", "March 2031 · press office"), "valley-notes-2031-03", "")
    of_another_year = infer_metadata({}, ("Notes from the valley", "Begun in March 1931"), "valley-notes-2031-03", "")
    assert (finer.date, of_another_year.date) == ("2031-03", "2031")
