"""What questions about the archive itself are taken to ask, told by their words alone."""

from __future__ import annotations

import pytest

from assistant.asking.catalogue import Wanted, inquiry_of
from assistant.issues.inventory import period_of
from index.passage import Filters


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many newsletters do you have?", Wanted.COUNT),
        ("How many issues are in the archive?", Wanted.COUNT),
        ("How many issues of The Beacon are there?", Wanted.COUNT),
        ("What is the newest issue in the archive?", Wanted.NEWEST),
        ("What's the earliest newsletter you have?", Wanted.OLDEST),
        ("When was the last issue of The Beacon published?", Wanted.NEWEST),
        ("What's the date of the last newsletter?", Wanted.NEWEST),
        ("What is the latest issue?", Wanted.NEWEST),
        ("Which issue is the first?", Wanted.OLDEST),
        ("Which newsletter is the newest one?", Wanted.NEWEST),
        ("Which publications do you have?", Wanted.PUBLICATIONS),
        ("List all the publications.", Wanted.PUBLICATIONS),
        ("What period does the archive cover?", Wanted.SPAN),
        ("How far back does the archive go?", Wanted.SPAN),
        ("Do you have newsletters from before 2010?", Wanted.ISSUES),
        ("Do you have The Beacon?", Wanted.ISSUES),
        ("Is there anything from May 2008?", Wanted.ISSUES),
        ("When did issue 14 of The Beacon come out?", Wanted.DATE),
        ("What is the date of Hill Farm Matters No. 49?", Wanted.DATE),
        ("Who publishes The Beacon?", Wanted.PUBLISHER),
        ("How often is The Beacon published?", Wanted.FREQUENCY),
    ],
)
def test_what_is_asked_of_the_archive_is_told_from_the_whole_question(question: str, wanted: Wanted) -> None:
    inquiry = inquiry_of(question)
    assert inquiry is not None
    assert inquiry.wanted is wanted


@pytest.mark.parametrize(
    ("question", "name", "number", "season", "dated"),
    [
        ("When was issue 14 of The Beacon published?", "The Beacon", 14, "", ""),
        ("When was The Beacon no. 14 published?", "The Beacon", 14, "", ""),
        ("When was The Beacon of April 2023 published?", "The Beacon", None, "", "of April 2023"),
        ("When was the spring issue of the beacon published?", "beacon", None, "spring", ""),
        ("Is there a 2020 issue of The Beacon?", "The Beacon", None, "", "2020"),
        ("Do you have newsletters from before 2010?", "", None, "", "from before 2010"),
        ("How many newsletters from 2015 do you have?", "", None, "", "from 2015"),
        ("How many newsletters were published in 2015?", "", None, "", "in 2015"),
        ("How many issues since May 2019 are there?", "", None, "", "since May 2019"),
    ],
)
def test_an_issue_is_named_by_publication_number_season_and_date(
    question: str, name: str, number: int | None, season: str, dated: str
) -> None:
    inquiry = inquiry_of(question)
    assert inquiry is not None
    assert (inquiry.name, inquiry.number, inquiry.season, inquiry.dated) == (name, number, season, dated)


@pytest.mark.parametrize(
    "question",
    [
        "What is the newest release of Lantern?",
        "Which issue is the most urgent?",
        "Which issue was the first to be closed?",
        "How many issues were fixed?",
        "How many issues are there?",
        "When was issue #1234 closed?",
        "When was the report released?",
        "When was Tannin 8 released?",
        "What is in the library?",
        "How many publications does the library have?",
        "What period does the grant cover?",
        "Which newsletters mention the ferry?",
        "What is in the latest issue?",
        "What is the latest newsletter about?",
        "Do you have a moment?",
        "Is there a law against it?",
        "Who published the map of the bay?",
    ],
)
def test_other_questions_are_not_asked_of_the_archive(question: str) -> None:
    inquiry = inquiry_of(question)
    assert inquiry is None or inquiry.name


@pytest.mark.parametrize("piece", ["do you have ", "when was the ", "issue 14 of ", "from before 2010 ", "the "])
def test_a_long_question_is_not_read_as_one_of_the_archive(piece: str) -> None:
    assert inquiry_of(("When was " + piece * 400)[:2000]) is None
    assert inquiry_of(("When was " + piece * 40)[:180] + " mended?") is None


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("from 2019", Filters(since="2019-01-01", until="2019-12-31")),
        ("from before 2010", Filters(until="2009-12-31")),
        ("since May 2019", Filters(since="2019-05-01")),
        ("after 2019", Filters(since="2020-01-01")),
        ("from 2019 onwards", Filters(since="2019-01-01")),
        ("between 2018 and 2020", Filters(since="2018-01-01", until="2020-12-31")),
    ],
)
def test_a_period_is_what_its_words_say(words: str, period: Filters) -> None:
    assert period_of(words) == period


def test_when_a_report_was_published_is_not_when_the_newsletter_was() -> None:
    history = [
        {"role": "user", "content": "Which report was on goats?"},
        {"role": "assistant", "content": "The Ox report."},
    ]
    assert inquiry_of("When was that published?", history) is None
    assert inquiry_of("Which newsletter is that from?") is None
