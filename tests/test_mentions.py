"""Questions that seek mentions: what they are taken to seek, and the dated lines that answer them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant, Status
from assistant.asking.mentioned import sought_mention
from assistant.question import Form, parse_question


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Which issues mention the bell tower?", "the bell tower"),
        ("Which newsletter mentions goats?", "goats"),
        ("Which of the newsletters talk about lead pipes?", "lead pipes"),
        ("Which issues of The Beacon mention the word gorse?", "gorse"),
        ("List all the issues that mention gorse", "gorse"),
        ("Do any of the newsletters mention lead pipes?", "lead pipes"),
        ("In which issue was the flood reported?", "the flood"),
        ("In which newsletters does Ada Penrose appear?", "Ada Penrose"),
        ("Is there anything on goats in the newsletters?", "goats"),
        ("Do you have anything about the choir?", "the choir"),
        ("Is the bell tower mentioned in any of the issues?", "the bell tower"),
        ("Which newsletters mention goats in 2019?", "goats"),
        ("Are there any newsletters about goats?", "goats"),
        ("Do you have a newsletter about the choir?", "the choir"),
        ("Have you got newsletters that mention lead pipes?", "lead pipes"),
        ("When was the newsletter about the flood published?", "the flood"),
        ("On what date did the edition that covers the fair come out?", "the fair"),
    ],
)
def test_the_subject_is_what_is_left_without_the_frame(question: str, subject: str) -> None:
    assert sought_mention(question) == subject


@pytest.mark.parametrize(
    "question",
    [
        "Which issues mention it?",
        "Is there anything on that?",
        "Was there anything of note in the news?",
        "Is there any news on when the bridge opens?",
        "Which issues were discussed at the meeting?",
        "Which issues did the report cover?",
        "Which newsletter was the first to mention goats?",
        "Which edition of the annual report closed in 2016?",
        "Which village mentions goats in its arms?",
        "Is there a laboratory in Bangkok?",
        "Which issues mention the?",
        "Are there any issues about the licence?",
        "When was the book about the flood published?",
    ],
)
def test_a_question_without_such_a_subject_seeks_no_mention(question: str) -> None:
    assert sought_mention(question) == ""
    assert parse_question(question).form is not Form.MENTIONS


@pytest.mark.parametrize("piece", ["which issues of ", "anything on ", "is there anything ", "the issues in ", "was "])
def test_a_long_question_is_read_through_quickly(piece: str) -> None:
    assert len(sought_mention(("In which issue was " + piece * 400)[:2000])) <= 2000


def test_a_subject_of_its_own_needs_no_history() -> None:
    history = [{"role": "user", "content": "Who rang the bells?"}, {"role": "assistant", "content": "Ada Penrose."}]
    parsed = parse_question("Which issues mention goats?", history=history)
    assert (parsed.form, parsed.subject, parsed.resolved) == (Form.MENTIONS, "goats", "Which issues mention goats?")


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over nine issues; all but the last speak of goats, and of bridges the last alone."""
    told = {
        f"2031-{month:02d}": f"## Goats\n\nGoats. They ate {month} hats.\n\nA farmer counted {month} goats on the common today.\n"
        for month in range(1, 9)
    }
    told["2032-01"] = "## The stone bridge\n\nIt was closed to all carts on Monday morning.\n"
    issues = {month: f"---\ntitle: Valley\ndate: {month}-05\n---\n\n{text}" for month, text in told.items()}
    with archive(tmp_path_factory.mktemp("valley"), issues) as assistant:
        yield assistant


def test_mentions_are_one_whole_sentence_an_issue_the_newest_first(valley: Assistant) -> None:
    answer = valley.ask("Which issues mention goats?")
    assert [citation.date for citation in answer.citations] == [f"2031-{month:02d}-05" for month in range(8, 2, -1)]
    assert answer.sentences[0].text == "A farmer counted 8 goats on the common today."
    assert answer.sentences[0].lead == "Valley, 2031-08-05: "


def test_mentions_are_sought_in_the_time_that_is_named(valley: Assistant) -> None:
    answer = valley.ask("Which issues mention goats in February 2031?")
    assert [citation.date for citation in answer.citations] == ["2031-02-05"]


def test_what_stands_under_a_heading_is_about_it(valley: Assistant) -> None:
    answer = valley.ask("Do any of the newsletters mention the stone bridge?")
    assert [citation.quote for citation in answer.citations] == ["It was closed to all carts on Monday morning."]


def test_what_nothing_mentions_is_not_found(valley: Assistant) -> None:
    assert valley.ask("Which newsletters mention quantum computing?").status is Status.NOT_FOUND
