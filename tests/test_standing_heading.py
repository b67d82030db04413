"""What many issues have under one heading is asked of the newest of them, where no issue is named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant, Status

BIRDS = {1: "heron", 2: "coot", 3: "grebe", 4: "teal"}
ISSUES = {
    f"pond-{n}": f"---\ntitle: Pond Letter {n}\nissue: {n}\ndate: 2031-0{n}-01\n---\n\n## Bird of the month\n\n"
    f"This month's bird of the month is the {bird}, seen from the weir.\n\n## Notes\n\nThe lock was open for {n} days."
    for n, bird in BIRDS.items()
} | {
    "pond-5": "---\ntitle: Pond Letter 5\nissue: 5\ndate: 2031-05-01\n---\n\n## Fish of the year\n\nThe carp was chosen."
}


@pytest.fixture(scope="module")
def pond(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over five issues, four of them with the same heading."""
    with archive(tmp_path_factory.mktemp("pond"), ISSUES) as assistant:
        yield assistant


def test_the_newest_issues_with_the_heading_are_told_the_newest_first(pond: Assistant) -> None:
    answer = pond.ask("What is the bird of the month?")
    assert answer.status is Status.ANSWERED
    assert [sentence.lead for sentence in answer.sentences] == [
        "Pond Letter 4, 2031-04-01: ",
        "Pond Letter 3, 2031-03-01: ",
        "Pond Letter 2, 2031-02-01: ",
    ]
    assert answer.sentences[0].text == "This month's bird of the month is the teal, seen from the weir."


@pytest.mark.parametrize(
    "question",
    [
        "What is the fish of the year?",
        "What was the bird of the month in January 2031?",
        "In issue 2, what is the bird of the month?",
    ],
)
def test_another_question_is_not_answered_by_the_newest_sections(pond: Assistant, question: str) -> None:
    assert not any(sentence.lead.startswith("Pond Letter 4") for sentence in pond.ask(question).sentences)
