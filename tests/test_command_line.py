"""The command line as scripts use it: exit codes, one JSON document on stdout, errors in one sentence on stderr."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from corpus import passed_over, shipped_newsletters
from ui.cli import app

ANSWERED, ERROR, USAGE, NOT_FOUND = 0, 1, 2, 3


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("cli"))
    assert run("sync", str(shipped_newsletters()), "--data-dir", folder).exit_code == ANSWERED
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def document(result: Result) -> Any:
    return json.loads(result.stdout)


def test_ask_answers_with_citations_as_one_document(index: str) -> None:
    result = run("ask", "Who spoke about IP protection?", "--json", "--data-dir", index)
    assert result.exit_code == ANSWERED
    answer = document(result)
    assert answer["status"] == "answered"
    assert "Gurry" in answer["citations"][0]["quote"]


def test_ask_says_so_when_the_newsletters_do_not_say(index: str) -> None:
    result = run("ask", "Who won the football world cup?", "--data-dir", index)
    assert result.exit_code == NOT_FOUND
    assert "don't say" in result.stdout


def test_ask_takes_a_history_file(index: str, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    turns = [
        {"role": "user", "content": "Who spoke about IP protection?"},
        {"role": "assistant", "content": "Francis Gurry."},
    ]
    history.write_text(json.dumps(turns), encoding="utf-8")
    result = run("ask", "At which event?", "--history", str(history), "--json", "--data-dir", index)
    assert "IP protection" in document(result)["resolved_question"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/sources", "[1] CHINA"),
        ("/open 1", "Gurry"),
        ("/open 9", "There is no source"),
        ("/history", "1. Who spoke about IP protection?"),
        ("/filter since=2019", "1 issue is asked"),
        ("/new", "A new conversation."),
        ("/what", "/quit leaves"),
    ],
)
def test_a_conversation_is_one_document_whatever_was_commanded(index: str, command: str, said: str) -> None:
    typed = f"Who spoke about IP protection?\n{command}\nWho won the football world cup?\n"
    result = CliRunner().invoke(app, ["chat", "--json", "--data-dir", index], input=typed)
    assert [answer["status"] for answer in document(result)["answers"]] == ["answered", "not_found"]
    assert said in result.stderr


def test_list_names_the_newsletter_with_its_facts(index: str) -> None:
    (entry,) = document(run("list", "--json", "--data-dir", index))
    assert {"id", "title", "issue", "date", "publisher", "language", "url", "sources", "passages"} <= set(entry)
    assert (entry["issue"], entry["date"]) == (4, "2019")


def test_status_is_healthy(index: str) -> None:
    state = document(run("status", "--json", "--data-dir", index))
    assert {"newsletters", "passages", "model", "store", "healthy"} <= set(state)
    assert state["healthy"] is True


def test_show_prints_the_canonical_text(index: str) -> None:
    entry = document(run("list", "--json", "--data-dir", index))[0]
    assert "Silk Road of Innovation" in run("show", entry["id"], "--data-dir", index).stdout


def test_search_gives_passages(index: str) -> None:
    result = run("search", "IP protection", "--json", "--data-dir", index)
    assert result.exit_code == ANSWERED
    assert any("Gurry" in json.dumps(found) for found in document(result))


def test_sync_reports_every_count(index: str) -> None:
    report = document(run("sync", str(shipped_newsletters()), "--json", "--data-dir", index))
    assert set(report) == {"added", "changed", "removed", "unchanged", "failed"}
    assert len(report["unchanged"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["sync", "/nowhere/at/all"], ERROR, "does not exist"),
        (["sync"], USAGE, "PATH"),
        (["show", "no-such-issue"], NOT_FOUND, "list"),
        (["ask", ""], ERROR, "question"),
        (["ask", "x" * 100_000], ERROR, "characters"),
        (["ask"], USAGE, "QUESTION"),
        (["eval", "/nowhere.jsonl"], ERROR, "nowhere.jsonl"),
        (["feedback", "export", "-o", "/nowhere/x.jsonl"], ERROR, "/nowhere/x.jsonl cannot be written"),
    ],
)
def test_wrong_use_is_named_with_its_exit_code(index: str, arguments: list[str], code: int, says: str) -> None:
    result = run(*arguments, "--data-dir", index)
    assert result.exit_code == code
    assert says.lower() in result.stderr.lower()
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments", [["ask", "Who?"], ["search", "roof"], ["list"], ["status"], ["show", "x"], ["questions", "suggest"]]
)
def test_a_command_that_reads_leaves_no_folder_behind_where_there_is_no_index(
    arguments: list[str], tmp_path: Path
) -> None:
    result = run(*arguments, "--data-dir", str(tmp_path / "nope"))
    assert result.exit_code == ERROR
    assert "There is no index in" in result.stderr.replace("\n", " ")
    assert not (tmp_path / "nope").exists()


def test_a_folder_counts_what_is_read_over(tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("# Choir\n\nThey sang.\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("Ours.", encoding="utf-8")
    (tmp_path / "voices.mp3").write_bytes(b"\xff\xfb\x90")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    assert passed_over([tmp_path]) == "passed over: 1 file of no known kind, 1 link leading nowhere"
    assert passed_over([tmp_path / "one.md", "https://example.org/news"]) == ""


def test_a_folder_without_newsletters_changes_nothing(index: str, tmp_path: Path) -> None:
    result = run("sync", str(tmp_path), "--data-dir", index)
    assert result.exit_code == ERROR
    assert tmp_path.name in result.stderr.replace("\n", "")
    assert document(run("status", "--json", "--data-dir", index))["newsletters"] == 1


@pytest.mark.parametrize(
    ("name", "data"), [("empty.md", b""), ("latin.md", b"caf\xe9"), ("binary.txt", b"\x00\x01\x02")]
)
def test_a_file_that_is_no_newsletter_is_named(index: str, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    result = run("sync", str(tmp_path / name), "--json", "--data-dir", index)
    assert result.exit_code == ERROR
    assert document(result)["failed"][0]["source"].endswith(name)
    assert document(run("status", "--json", "--data-dir", index))["newsletters"] == 1


def test_eval_writes_a_report_and_fails_under_a_bound(index: str, tmp_path: Path) -> None:
    questions, page, junit = tmp_path / "questions.jsonl", tmp_path / "report.html", tmp_path / "out.xml"
    records = [
        {"id": "a", "question": "Who spoke about IP protection?", "answerable": True, "gold": [["Gurry"]]},
        {"id": "b", "question": "Who won the football world cup?", "answerable": False},
    ]
    questions.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    options = ["--report", str(page), "--junit", str(junit), "--json", "--data-dir", index]
    result = run("eval", str(questions), *options)
    assert result.exit_code == ANSWERED
    assert document(result)["metrics"]["answer_hit"]["value"] == 1.0
    assert "<html" in page.read_text(encoding="utf-8")
    assert 'src="http' not in page.read_text(encoding="utf-8")
    assert 'tests="2"' in junit.read_text(encoding="utf-8")
    records[0]["gold"] = [["somebody else"]]
    questions.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert run("eval", str(questions), "--fail-under", "answer_hit=0.5", "--data-dir", index).exit_code == ERROR


@pytest.mark.parametrize("line", ['{"id": "a"}', "no json", '{"id": "a", "question": "x", "answerable": true}'])
def test_a_wrong_question_file_is_named_with_its_line(index: str, tmp_path: Path, line: str) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(f'{{"id": "ok", "question": "Who?", "answerable": false}}\n{line}\n', encoding="utf-8")
    result = run("eval", str(questions), "--data-dir", index)
    assert result.exit_code == ERROR
    assert "questions.jsonl" in result.stderr.replace("\n", "")
    assert "2" in result.stderr
