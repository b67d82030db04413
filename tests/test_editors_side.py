"""What an editor sees of what readers ask: gaps, days, the log and its bounds, corrections."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Assistant, open_assistant
from index.passage import Filters
from ui.feedback import FeedbackLog
from ui.insights import grouped, insights, often_asked
from ui.journal import Journal
from ui.language import languages
from ui.page.running import Running
from ui.page.staging import BadCell, corrections, put, stage_file
from ui.page.turns import Desk, take_turn
from ui.questions import Asked, QuestionLog
from ui.sharing import Sharing


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
    assert often_asked(log.entries(), answer.citations[0].newsletter_id) == [answer.question]


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
    log, visit, asked = QuestionLog(tmp_path), Running(), "Where was the Silk Road of Innovation forum held?"
    desk = Desk(shipped, Sharing(b"secret"), log)
    for question in (asked, asked, asked.upper()):
        *_, turn = take_turn(desk, languages()["en"], question, [], Filters(), visit.asks_anew)
        assert turn.answer is not None
    assert [entry.question for entry in log.entries()] == [asked]


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
