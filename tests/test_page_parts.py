"""The parts of the chat page that need no browser: filters, exports, suggestions, plots, the terminal."""

from __future__ import annotations

import io
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Assistant
from assistant.suggestions import by_turns, nearby, suggest, topics
from corpus import Document, Newsletter
from corpus.readers import read_document
from index.passage import NewsletterInfo
from ui.cli.conversation import Conversation as Terminal
from ui.language import languages
from ui.page.export import KINDS, exported
from ui.page.plots import bars, by_period
from ui.page.scope import MOST_RUNS, Scope, issues_of, issues_text, scope_of
from ui.page.shelf import Shelf

ENGLISH = languages()["en"]


# Filters


@given(
    st.builds(
        Scope,
        publishers=st.lists(st.text(min_size=1, max_size=20), max_size=3, unique=True).map(tuple),
        languages=st.lists(st.sampled_from(["en", "zh"]), unique=True).map(tuple),
        issues=st.lists(st.integers(0, 999), max_size=8, unique=True).map(lambda found: tuple(sorted(found))),
        newsletters=st.lists(st.text(min_size=1, max_size=20), max_size=3, unique=True).map(tuple),
        since=st.sampled_from([None, "2019", "2019-04", "2019-04-25"]),
        until=st.sampled_from([None, "2020", "2020-12"]),
    )
)
def test_filters_come_out_of_an_address_as_they_went_in(scope: Scope) -> None:
    assert scope_of(parse_qs(scope.query())) == scope


def test_filters_that_cannot_be_read_are_left_out() -> None:
    assert scope_of({"since": ["yesterday"], "until": ["2019-13"], "issue": ["four"]}) == Scope()


@pytest.mark.parametrize("text", ["1-999999 " * 25_000, "1 " * 101, "1" + " " * 5000])
def test_more_issue_numbers_than_anybody_types_are_refused(text: str) -> None:
    assert issues_of(text) is None
    assert scope_of({"issue": [text]}).issues == ()


def test_as_many_issue_numbers_as_are_taken_come_out_of_an_address_again() -> None:
    typed = ",".join(f"{first}-{first + 5}" for first in range(100_000, 100_000 + 10 * MOST_RUNS, 10))
    issues = issues_of(typed)
    assert len(issues) == 6 * MOST_RUNS
    assert scope_of({"issue": [issues_text(issues)]}).issues == issues


def test_issue_numbers_are_read_and_written_as_runs() -> None:
    assert issues_of("12, 15-18") == (12, 15, 16, 17, 18)
    assert issues_text((12, 15, 16, 17, 18)) == "12, 15-18"
    assert issues_of("12 to 15") is None


# Exports


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_has_every_quotation_and_a_link_to_its_place(answer: Answer, kind: str) -> None:
    conversation = Shelf().holding([answer]).open
    assert conversation is not None
    document = exported(ENGLISH, conversation, kind, title="Here", address="http://127.0.0.1:7860")
    assert answer.citations[0].quote in document["text"]
    place = f"start={answer.citations[0].start}"
    assert place in document["text"] or f'"start": {answer.citations[0].start}' in document["text"]


def test_an_export_shows_markup_in_a_question_as_text(answer: Answer) -> None:
    conversation = Shelf().holding([replace(answer, question="<script>alert(1)</script> *x*")]).open
    assert conversation is not None
    html = exported(ENGLISH, conversation, "html", title="Here", address="")["text"]
    markdown = exported(ENGLISH, conversation, "markdown", title="Here", address="")["text"]
    assert "<script" not in html
    assert "\\<script\\>alert(1)" in markdown


# Suggestions and topics


def test_every_suggested_question_is_answered(shipped: Assistant) -> None:
    suggested = shipped.suggested_questions()
    assert len(suggested) >= 3
    assert {shipped.ask(question).status for question in suggested} == {"answered"}


def letter(number: int, *headings: str) -> Newsletter:
    """An issue of a series that has the same first heading every time, and `headings` of its own."""
    parts = [f"## {heading}\n\nA word about it.\n\n" for heading in ("Notable code changes", *headings)]
    return next(iter(read_document(Document(f"week-{number}.md", f"# Weekly {number}\n\n{''.join(parts)}".encode()))))


def test_a_heading_of_every_issue_is_never_suggested() -> None:
    series = [letter(1, "Fee bumping research"), letter(2, "Notes on signing")]
    assert suggest(series, 4, answers=lambda question, issue: True) == [
        "What does the newsletter say about “Fee bumping research”?",
        "What does the newsletter say about “Notes on signing”?",
    ]
    assert nearby(series[0], 0, series=series[1:]) == ["What does the newsletter say about “Fee bumping research”?"]


@pytest.mark.parametrize(
    "heading",
    [
        "Core #23365 for Windows",
        "2021 summary of the year",
        "Moves to release-1.16 soon",
        "Is it ready?",
        "Psychology / Design",
        "Dear friends and neighbours",
        "In brief",
        "Dates for your diary",
        "From the Editor’s Office",
    ],
)
def test_a_heading_that_is_no_subject_is_never_suggested(heading: str) -> None:
    assert not any(heading in topic for _, topic in topics(letter(1, heading)))


def test_questions_are_offered_about_each_publication_in_turn_and_its_newest_issue_first() -> None:
    def issue(publisher: str, date: str) -> NewsletterInfo:
        return NewsletterInfo(f"{publisher}-{date}", publisher, None, date, publisher, "en", None, (), 1)

    infos = [issue("Choir", "2023-01"), issue("Choir", "2023-02"), issue("Farm", "2020-05"), issue("Choir", "2022")]
    assert [info.id for info in by_turns(infos)] == ["Choir-2023-02", "Farm-2020-05", "Choir-2023-01", "Choir-2022"]


def test_a_question_is_offered_only_where_its_own_issue_answers_it() -> None:
    first, second = letter(1, "Fee bumping research"), letter(2, "Notes on signing")
    offered = suggest([first, second], 4, answers=lambda question, issue: issue.id == second.id)
    assert offered == ["What does the newsletter say about “Notes on signing”?"]


def test_a_mention_holds_every_word_of_the_topic(shipped: Assistant) -> None:
    found = shipped.mentions("joint laboratories")
    assert found
    assert all("laborator" in citation.quote.lower() and "joint" in citation.quote.lower() for citation in found)


# Plots and the terminal


def test_a_plot_counts_every_dated_issue_and_shows_the_gaps() -> None:
    assert by_period(["2019-01-05", "2019-03", None, "2019-03-09"]) == [("2019-01", 1), ("2019-02", 0), ("2019-03", 2)]
    assert by_period(["2019", "2021"]) == [("2019", 1), ("2020", 0), ("2021", 1)]
    assert "<rect" in bars(ENGLISH, [("2019", 1), ("2020", 2)], label="issues_over_time")
    assert bars(ENGLISH, [("2019", 1)], label="issues_over_time") == ""


def test_the_terminal_asks_only_what_passes_its_filter(
    shipped: Assistant, answer: Answer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (
        f"/filter since=2020\n{answer.question}\n/filter\n{answer.question}\n/sources\n/open 1\n/filter colour=red\n"
    )
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    Terminal(shipped).run()
    said = capsys.readouterr().out
    assert said.index("0 issues are asked") < said.index("don't say") < said.index("1 issue is asked")
    assert "National Convention Center" in said[said.index("1 issue is") :]
    assert "Write the filters as since=…" in said
