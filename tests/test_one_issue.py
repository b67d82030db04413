"""The issue at an end of the archive, as a question names it, and what is asked of it alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_support import archive

from assistant import Assistant, Status
from assistant.question import Form

ISSUES = {
    f"pond-{number}": f"---\ntitle: 'Pond Letter {number}'\nissue: {number}\ndate: 2031-0{number}-01\n---\n\n## Jobs\n\n"
    f"{hirer} is hiring a keeper for the lock.\n\n## Birds\n\nThe reeds held {birds} herons this month, said the warden."
    for number, hirer, birds in ((1, "Alder Mill", 12), (2, "Brook Farm", 31), (3, "Cotter Weir", 57))
}
MOOR = {
    f"moor-{day}": f"---\ntitle: 'Moor Post {day}'\nissue: {day}\ndate: 2029-04-0{day}\n---\n\n## Peat\n\n"
    f"Peat was cut on {day * 3} acres of the moor."
    for day in (4, 5)
}


@pytest.fixture(scope="module")
def pond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over three issues of one publication, and two older ones of another."""
    with archive(tmp_path_factory.mktemp("pond"), ISSUES | MOOR) as assistant:
        yield assistant


def meant(assistant: Assistant, question: str) -> set[str]:
    return {Path(name).stem for name in assistant.parse(question).filters.newsletter_ids}


@pytest.mark.parametrize(
    ("question", "issue"),
    [
        ("What is the oldest newsletter about?", "moor-4"),
        ("What is the newest newsletter about?", "pond-3"),
        ("What does the first newsletter say?", "moor-4"),
        ("Tell me about the latest issue.", "pond-3"),
        ("What was in the issue before last?", "pond-2"),
        ("What is the last but one newsletter about?", "pond-2"),
        ("What is the oldest issue of the Pond Letter about?", "pond-1"),
    ],
)
def test_what_an_issue_at_an_end_is_about_is_its_digest(pond: Assistant, question: str, issue: str) -> None:
    assert pond.parse(question).form is Form.DIGEST
    answer = pond.ask(question)
    assert {Path(citation.newsletter_id).stem for citation in answer.citations} == {issue}


@pytest.mark.parametrize(
    ("question", "issue", "matter"),
    [
        ("Who is hiring in the latest issue?", "pond-3", "Who is hiring?"),
        ("In the newest newsletter, who is hiring?", "pond-3", "Who is hiring?"),
        ("Who is hiring in the first issue of the Pond Letter?", "pond-1", "Who is hiring?"),
        ("In the last issue you have, who is hiring?", "pond-3", "Who is hiring?"),
        ("Where was peat cut in the newest edition of the Moor Post?", "moor-5", "Where was peat cut?"),
    ],
)
def test_what_is_asked_of_the_issue_at_an_end_is_searched_there_alone(
    pond: Assistant, question: str, issue: str, matter: str
) -> None:
    assert meant(pond, question) == {issue}
    assert pond.parse(question).resolved == matter
    assert pond.parse(question).shown == question


def test_the_latest_issue_alone_answers(pond: Assistant) -> None:
    answer = pond.ask("Who is hiring in the latest issue?")
    assert answer.status is Status.ANSWERED
    assert {Path(citation.newsletter_id).stem for citation in answer.citations} == {"pond-3"}


@pytest.mark.parametrize(
    "question",
    [
        "Who is hiring in the latest issue of the magazine?",
        "Who reported the latest issue?",
        "What was the first issue raised at the meeting?",
        "What was said of the first issue that was found in the lock?",
        "Who is hiring in the latest issue of 2031?",
        "What was the first newsletter's price?",
    ],
)
def test_an_issue_of_something_else_is_no_newsletter(pond: Assistant, question: str) -> None:
    assert not meant(pond, question)


def test_without_dates_and_numbers_there_is_no_latest_issue(tmp_path: Path) -> None:
    issues = {
        name: f"# The {name} letter\n\nThe {name} has been painted green by the warden." for name in ("boat", "weir")
    }
    with archive(tmp_path, issues) as assistant:
        assert not meant(assistant, "What was painted in the latest issue?")


@pytest.mark.parametrize("piece", ["in the latest issue ", "the issue before ", "of the ", "the latest "])
def test_a_long_question_is_read_quickly(pond: Assistant, piece: str) -> None:
    assert pond.parse(("Who is hiring " + piece * 200)[:2000]).form is not Form.CATALOGUE
