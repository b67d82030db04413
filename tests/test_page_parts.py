"""The parts of the chat page that need no browser: filters, conversations, exports, shared answers, insights."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from api_support import settings_in
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant import Answer, Assistant, open_assistant
from assistant.suggestions import nearby, suggest, topics
from corpus import Document, Newsletter
from corpus.readers import read_document
from index.passage import Filters
from ui.api.service import make_service
from ui.cli.conversation import Conversation as Terminal
from ui.feedback import FeedbackLog
from ui.insights import grouped, insights, often_asked
from ui.journal import Journal
from ui.language import languages
from ui.page.citation_html import card, chip
from ui.page.export import KINDS, exported
from ui.page.plots import bars, by_period
from ui.page.running import Running
from ui.page.scope import MOST_RUNS, Scope, issues_of, issues_text, scope_of
from ui.page.shelf import Conversation, Shelf, shelf_of
from ui.page.staging import BadCell, corrections, put, stage_file
from ui.page.turns import Desk, Turn, restored, take_turn
from ui.questions import Asked, QuestionLog
from ui.reading import add_pages
from ui.shared_page import shared_page
from ui.sharing import Sharing
from ui.standing import Standing, compare

QUESTION = "Where was the Silk Road of Innovation forum held?"
ENGLISH = languages()["en"]
PLACE = {"title": "Here", "address": "http://127.0.0.1:7860"}


@pytest.fixture(scope="module")
def answer(shipped: Assistant) -> Answer:
    return shipped.ask(QUESTION)


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


# Shared answers


def test_an_answer_is_opened_from_its_address_by_the_server_that_made_it(answer: Answer) -> None:
    token = Sharing(b"secret").path(answer).removeprefix("/answer/")
    assert Sharing(b"secret").open(token) == replace(answer, timings={})
    assert Sharing(b"another").open(token) is None
    assert len(token) < 4000


def kept_and_restored(shipped: Assistant, folder: Path, kept: Answer, seal: str) -> Turn:
    """The turn that a page shows of what a browser kept as JSON."""
    shelf = shelf_of(json.loads(json.dumps(Shelf().holding([kept], [seal]).to_json())))
    assert shelf.open is not None
    [(answer, sealed)] = shelf.open.sealed
    return restored(Desk(shipped, Sharing(b"secret"), QuestionLog(folder)), ENGLISH, answer, sealed)


def test_an_answer_that_a_browser_kept_can_still_be_shared(shipped: Assistant, answer: Answer, tmp_path: Path) -> None:
    whole = replace(answer, confidence=1)  # which a browser keeps as 1, and Python reads as 1.0
    assert "/answer/" in kept_and_restored(shipped, tmp_path, whole, Sharing(b"secret").seal(whole)).html


@pytest.mark.parametrize("sealed", [True, False], ids=["with another answer's seal", "without a seal"])
def test_an_invented_answer_gets_no_link(shipped: Assistant, answer: Answer, tmp_path: Path, sealed: bool) -> None:
    said = replace(answer.sentences[0], text="The forum was cancelled.", lead="")
    invented = replace(answer, sentences=(said,))
    turn = kept_and_restored(shipped, tmp_path, invented, Sharing(b"secret").seal(answer) if sealed else "")
    assert "The forum was cancelled." in turn.html
    assert "/answer/" not in turn.html
    assert turn.seal == ""


@pytest.mark.parametrize("name", ["number", "issue", "start", "page"])
@pytest.mark.parametrize("value", ['1"><meta http-equiv="refresh">', [], True, 1.5, float("inf")])
def test_an_answer_whose_numbers_are_none_is_not_read(answer: Answer, name: str, value: object) -> None:
    document = answer.to_dict()
    document["citations"][0][name] = value
    with pytest.raises((TypeError, ValueError)):
        Answer.from_dict(document)


def test_no_field_of_a_citation_is_markup(answer: Answer) -> None:
    cited = replace(answer.citations[0], number='1"><meta http-equiv=refresh>', start="0<meta>", title="<meta>")
    page = card(ENGLISH, cited) + chip(ENGLISH, cited)
    document = exported(ENGLISH, Conversation("", "", "", (replace(answer, citations=(cited,)),)), "html", **PLACE)
    assert "<meta http-equiv" not in page + document["text"]
    assert "<meta>" not in page + document["text"]


@pytest.mark.parametrize("token", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAA", "é", "a" * 5000])
def test_an_invented_address_opens_nothing(token: str) -> None:
    assert Sharing(b"secret").open(token) is None


def test_a_citation_is_told_apart_when_it_moved_changed_or_went(shipped: Assistant, answer: Answer) -> None:
    cited = answer.citations[0]
    moved = replace(cited, start=cited.start + 3, end=cited.end + 3)
    assert compare(shipped, cited) == (cited, Standing.HOLDS)
    assert compare(shipped, moved) == (cited, Standing.MOVED)
    assert compare(shipped, replace(cited, quote="Never said."))[1] is Standing.CHANGED
    assert compare(shipped, replace(cited, newsletter_id="gone"))[1] is Standing.GONE


# The pages made on the server


@pytest.fixture(scope="module")
def pages(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    app = FastAPI()
    add_pages(app, make_service(shipped, settings_in(folder / "data", logo=folder / "logo.svg")))
    return TestClient(app)


def test_the_logo_comes_without_the_right_to_run_anything(pages: TestClient) -> None:
    answer = pages.get("/logo")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == "default-src 'none'"


def test_an_issue_opens_in_the_readers_language(pages: TestClient) -> None:
    page = pages.get("/read/china-st-newsletter-2019-04?start=377&end=574", headers={"Accept-Language": "zh-CN"})
    assert '<main id="text" tabindex="-1" lang="en">' in page.text
    assert "就本期提问" in page.text
    assert pages.get("/read/none").status_code == 404


def test_a_shared_answer_whose_issue_is_gone_says_so(shipped: Assistant, answer: Answer) -> None:
    gone = replace(answer, citations=tuple(replace(c, newsletter_id="gone") for c in answer.citations))
    page = shared_page(ENGLISH, shipped, gone, title="Here")
    assert "This issue is no longer in the archive." in page
    assert "The archive has changed since this answer was given" in page


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
    assert suggest(series, 4, answers=lambda question: True) == [
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
    ],
)
def test_a_heading_that_is_no_subject_is_never_suggested(heading: str) -> None:
    assert not any(heading in topic for _, topic in topics(letter(1, heading)))


def test_a_mention_holds_every_word_of_the_topic(shipped: Assistant) -> None:
    found = shipped.mentions("joint laboratories")
    assert found
    assert all("laborator" in citation.quote.lower() and "joint" in citation.quote.lower() for citation in found)


# The editor's side


def test_questions_in_vain_are_grouped_and_the_rest_counted(tmp_path: Path, shipped: Assistant, answer: Answer) -> None:
    log = QuestionLog(tmp_path)
    for _ in range(3):
        log.record(answer, seconds=0.02)
    for question in ("What does a ticket cost?", "How much is a ticket?", "Who painted the hall?"):
        log.record(replace(answer, resolved_question=question, status="not_found", citations=()), seconds=0.04)
    found = insights(log.entries(), [], shipped.newsletters())
    assert (found.asked, found.answered, found.median_ms) == (6, 3, 30)
    assert [group.count for group in found.unanswered] == [2, 1]
    assert found.never_cited == ()
    assert insights(log.entries()[3:], [], shipped.newsletters()).never_cited == tuple(shipped.newsletters())
    assert often_asked(log.entries(), answer.citations[0].newsletter_id) == [QUESTION]


def test_questions_are_counted_by_day_with_the_gaps_and_by_month_over_a_long_time() -> None:
    asked = [Asked(f"2026-{day}T09:00:00+00:00", "?", "answered", (), 20.0) for day in ("05-01", "05-03", "05-03")]
    assert insights(asked, [], []).days == (("2026-05-01", 1), ("2026-05-02", 0), ("2026-05-03", 2))
    later = Asked("2026-11-03T09:00:00+00:00", "?", "answered", (), 40.0)
    assert insights([*asked, later], [], []).latency[::3] == (("2026-05", 20), ("2026-08", 0), ("2026-11", 40))


def test_what_programs_ask_is_not_shown_to_readers_of_an_issue(tmp_path: Path, answer: Answer) -> None:
    log = QuestionLog(tmp_path)
    for _ in range(3):
        log.record(answer, seconds=0.02, channel="site:portal")
    assert often_asked(log.entries(), answer.citations[0].newsletter_id) == []
    assert insights(log.entries(), [], []).channels == (("site:portal", 3),)


def test_what_two_visits_asked_is_not_shown_to_readers_of_an_issue(tmp_path: Path, answer: Answer) -> None:
    log = QuestionLog(tmp_path)
    for _ in range(2):
        log.record(answer, seconds=0.02)
    assert often_asked(log.entries(), answer.citations[0].newsletter_id) == []


def test_what_took_something_from_a_conversation_is_not_shown_to_readers_of_an_issue(
    tmp_path: Path, answer: Answer
) -> None:
    log = QuestionLog(tmp_path)
    for _ in range(3):
        log.record(replace(answer, question="And where was it held?"), seconds=0.02)
    assert often_asked(log.entries(), answer.citations[0].newsletter_id) == []
    assert insights(log.entries(), [], []).asked == 3


def test_asking_again_in_one_visit_is_no_other_asking(shipped: Assistant, tmp_path: Path) -> None:
    log, visit = QuestionLog(tmp_path), Running()
    desk = Desk(shipped, Sharing(b"secret"), log)
    for question in (QUESTION, QUESTION, QUESTION.upper()):
        *_, turn = take_turn(desk, ENGLISH, question, [], Filters(), visit.asks_anew)
        assert turn.answer is not None
    assert [entry.question for entry in log.entries()] == [QUESTION]


def test_every_question_stands_in_exactly_one_group() -> None:
    questions = ["red apple", "green apple", "green pear", "pear", "?"]
    members = [question for group in grouped(questions) for question, _ in group.questions]
    assert sorted(members) == sorted(questions)


def test_a_group_is_named_as_its_questions_write_it() -> None:
    assert [group.subject for group in grouped(["Any football?", "Who plays football?"])] == ["football"]


def test_nothing_is_kept_where_the_settings_say_so(tmp_path: Path, answer: Answer) -> None:
    QuestionLog(tmp_path, keep=False).record(answer, seconds=1)
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_of_readers_stays_within_its_bound(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "feedback.jsonl", most_bytes=1000)
    for number in range(200):
        journal.append({"question": "?" * 20, "number": number})
    kept = [entry["number"] for entry in journal.entries()]
    assert kept == list(range(200 - len(kept), 200))
    assert 20 < len(kept) < 60
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 2000


def test_the_log_is_read_again_only_once_it_has_changed(
    tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, opened = QuestionLog(tmp_path), []
    read_text = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda path, **how: opened.append(path) or read_text(path, **how))
    QuestionLog(tmp_path).record(answer, seconds=1)
    assert [len(log.entries()) for _ in range(3)] == [1, 1, 1]
    assert len(opened) == 1
    QuestionLog(tmp_path).record(answer, seconds=1)  # as another process would
    assert len(log.entries()) == 2


def test_a_judgement_is_cut_to_a_few_kilobytes_and_what_readers_usually_say_is_not(tmp_path: Path) -> None:
    log = FeedbackLog(tmp_path)
    usual = {"question": "谁？", "comment": "“Ok”\n", "quotes": ["论坛\u2028在北京。"] * 3, "newsletters": ["a", "b"]}
    log.append(usual)
    for text in ("x", "字", "\x01", '"', "\ud800", "😀"):
        log.append(
            {
                "question": text * 4000,
                "comment": text * 2000,
                "quotes": [text * 4000] * 20,
                "newsletters": [text * 300] * 20,
            }
        )
    assert log.entries()[0] == usual
    lines = (tmp_path / "feedback.jsonl").read_bytes().split(b"\n")[:-1]
    assert len(lines) == len(log.entries()) == 7
    assert max(map(len, lines)) < 8000
    assert "论坛" in lines[0].decode()


def test_a_damaged_line_of_the_log_is_passed_over(tmp_path: Path, answer: Answer) -> None:
    log = QuestionLog(tmp_path)
    log.record(answer, seconds=1)
    with (tmp_path / "questions.jsonl").open("a") as file:
        file.write("{broken\n[]\n")
    assert [type(entry) for entry in log.entries()] == [Asked]


def test_a_correction_outlives_the_next_sync(tmp_path: Path) -> None:
    (tmp_path / "bees.md").write_text("Nine hives were moved to the orchard on Monday by the keeper.\n")
    staged = [stage_file(tmp_path / "bees.md", 1000)]
    row = ['Bee "Letter"', "12", "2022-09", "The Hive", "en", *staged[0].row[5:]]
    put(tmp_path / "uploads", staged, corrections(staged, [row]))
    with open_assistant(data_dir=tmp_path / "data", corpus=[tmp_path / "uploads"]) as assistant:
        info = assistant.newsletters()[0]
        again = assistant.resync()
    assert (info.title, info.issue, info.date, info.publisher) == ('Bee "Letter"', 12, "2022-09", "The Hive")
    assert again.unchanged == (info.id,)


@pytest.mark.parametrize(("column", "value"), [(1, "twelve"), (2, "September"), (4, "English")])
def test_a_correction_that_cannot_be_used_is_named(tmp_path: Path, column: int, value: str) -> None:
    (tmp_path / "bees.md").write_text("Nine hives were moved to the orchard on Monday by the keeper.\n")
    staged = [stage_file(tmp_path / "bees.md", 1000)]
    row = [value if place == column else cell for place, cell in enumerate(staged[0].row)]
    with pytest.raises(BadCell) as bad:
        corrections(staged, [row])
    assert (bad.value.row, bad.value.value) == (1, value)


# Plots and the terminal


def test_a_plot_counts_every_dated_issue_and_shows_the_gaps() -> None:
    assert by_period(["2019-01-05", "2019-03", None, "2019-03-09"]) == [("2019-01", 1), ("2019-02", 0), ("2019-03", 2)]
    assert by_period(["2019", "2021"]) == [("2019", 1), ("2020", 0), ("2021", 1)]
    assert "<rect" in bars(ENGLISH, [("2019", 1), ("2020", 2)], label="issues_over_time")
    assert bars(ENGLISH, [("2019", 1)], label="issues_over_time") == ""


def test_the_terminal_asks_only_what_passes_its_filter(
    shipped: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = f"/filter since=2020\n{QUESTION}\n/filter\n{QUESTION}\n/sources\n/open 1\n/filter colour=red\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    Terminal(shipped).run()
    said = capsys.readouterr().out
    assert said.index("0 issues are asked") < said.index("don't say") < said.index("1 issue is asked")
    assert "National Convention Center" in said[said.index("1 issue is") :]
    assert "Write the filters as since=…" in said
