"""Number and date of an issue, out of its masthead, its front matter and the name of its file."""

from __future__ import annotations

import pytest

from corpus import Document
from corpus.masthead import masthead_date, masthead_number
from corpus.metadata import infer_metadata
from corpus.readers import read_document


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
        ("14 March 2031. Collected by Ada Penrose.", None, "2031-03-14"),
        ("March 2031. A month of rain.", None, None),
        ("14 March 2031 was a day of rain. Ada Penrose collected what fell.", None, None),
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


@pytest.mark.parametrize(
    ("lines", "stem", "title"),
    [
        (("Copper Pour No. 52", "For casters"), "copperpour-052", "Copper Pour No. 52"),
        (("THE DARK SIDE", "No. 143 — Spring 2024 · for members"), "astronomy-club-143", "THE DARK SIDE, No. 143"),
        (("The Ladle", "From the kitchens of the town, September 2019"), "meals-1", "The Ladle, September 2019"),
        (("Gangline", "Letter of the sled dogs · Winter 2021"), "sleds-winter-2021", "Gangline, Winter 2021"),
        (("Hands Up", "For interpreters"), "interpreters-33", "Interpreters 33"),
        (("Hands Up", "For interpreters"), "letter", "Hands Up"),
        (("Dear friends, the river is high.", "It rained."), "river-letter-7", "River letter 7"),
    ],
)
def test_a_first_heading_is_the_title_with_what_tells_the_issue(lines: tuple[str, ...], stem: str, title: str) -> None:
    assert infer_metadata({}, lines, stem, "", heading=lines[0]).title == title


@pytest.mark.parametrize(
    ("heading", "stem", "number", "date"),
    [
        ("Bulletin 2031-05", "bulletin-2031-05", None, "2031-05"),
        ("Fjellmark No 13", "fjellmark-13", 13, None),
        ("Halvane Agency Abroad 1/2032", "abroad-2032-1", 1, "2032"),
        ("Callsheet 61 · calls and jobs", "calls-and-jobs-61", 61, None),
        ("News of the year 2031", "news-of-2031", None, "2031"),
        ("Volume 12, Number 4          August 18, 2031", "filtrate-12-4", 4, "2031-08-18"),
        ("The Wader, Spring 2031", "wader", None, "2031"),
        ("The Wader · Winter 2031/32", "wader", None, "2031"),
    ],
)
def test_a_masthead_gives_number_and_date_in_many_forms(
    heading: str, stem: str, number: int | None, date: str | None
) -> None:
    found = infer_metadata({}, (heading,), stem, "", heading=heading)
    assert (found.issue, found.date) == (number, date)


@pytest.mark.parametrize(
    ("line", "publisher"),
    [
        ("Newsletter of the Merrow Society of Rowing", "Merrow Society of Rowing"),
        ("Merrow Society of Rowing", "Merrow Society of Rowing"),
        ("Change in the Agency", None),
    ],
)
def test_a_body_is_the_publisher_by_its_name_alone(line: str, publisher: str | None) -> None:
    assert infer_metadata({}, ("The Oar 4", line), "oar-4", "").publisher == publisher


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("The Furrow: 22 new varieties", "The Furrow: 22 new varieties"),
        ("The Furrow – April 2031", "The Furrow – April 2031"),
        ("The Furrow | Larkspur Seeds", "The Furrow"),
        ("Larkspur Seeds", "The Furrow"),
    ],
)
def test_the_title_of_a_page_tells_more_than_its_heading_where_it_goes_on(head: str, title: str) -> None:
    page = f"<html><head><title>{head}</title></head><body><h1>The Furrow</h1><p>It rains.</p></body></html>"
    (newsletter,) = read_document(Document("furrow.html", page.encode()))
    assert newsletter.title == title
