"""Questions of how a thing stands now: what a later issue says goes before what an earlier one said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_support import archive

from assistant import Answer, Assistant
from assistant.asking.order import asks_of_now

ISSUES = {
    "mill-1": "---\ntitle: Mill letter\nissue: 1\ndate: 2033-02-01\n---\n\n## Swing bridge\n\nThe swing bridge is closed since the "
    "storm in January.\n\n## Ferry\n\nThe new ferry will not start on 3 May. Its engine failed the test in the canal. "
    "New date: 20 June 2033.",
    "mill-2": "---\ntitle: Mill letter\nissue: 2\ndate: 2033-09-01\n---\n\n## Swing bridge\n\nThe swing bridge carries carts once more, and "
    "the toll is four pence.\n\n## Bakery\n\nThe bakery in the lower lane sells rye bread on Saturdays.",
}


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Two issues of one letter, of which the later one overtakes the earlier."""
    with archive(tmp_path_factory.mktemp("mill"), ISSUES) as assistant:
        yield assistant


def issues(answer: Answer) -> list[int | None]:
    return [citation.issue for citation in answer.citations]


def test_what_is_asked_of_now_is_told_by_the_newer_issue_first_and_dated(mill: Assistant) -> None:
    answer = mill.ask("Is the swing bridge still closed?")
    assert issues(answer)[:2] == [2, 1]
    assert answer.sentences[0].lead == "Mill letter, issue 2, 2033-09-01: "


def test_what_an_older_issue_said_answers_alone_where_no_newer_one_speaks_of_it(mill: Assistant) -> None:
    assert set(issues(mill.ask("When will the new ferry start?"))) == {1}


def test_a_newer_issue_that_has_the_words_on_something_else_is_not_put_first(tmp_path: Path) -> None:
    said = {
        "quay-1": "---\ntitle: Quay letter\nissue: 1\ndate: 2034-02-01\n---\n\n## Plans\n\nThe new observatory is to open in autumn "
        "2037.\n\n## Kiosk\n\nThe kiosk at the quay sells soup.",
        "quay-2": "---\ntitle: Quay letter\nissue: 2\ndate: 2034-06-01\n---\n\n## Park\n\nThe new swings in the park open on 7 June "
        "with games.\n\n## Walks\n\nA walk along the dyke leaves at nine.",
    }
    with archive(tmp_path, said) as quay:
        assert issues(quay.ask("When will the new observatory open?"))[:1] == [1]


def test_a_date_that_is_taken_back_comes_with_the_new_one(mill: Assistant) -> None:
    quotes = [citation.quote for citation in mill.ask("When does the new ferry start?").citations]
    assert "New date: 20 June 2033." in quotes[:2]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Is the bridge still shut?", True),
        ("When will the bridge open?", True),
        ("Has the bridge been finished yet?", True),
        ("Who still uses the bridge?", False),
        ("Is the bridge of stone?", False),
    ],
)
def test_a_question_asks_of_now_by_its_words(text: str, asks: bool) -> None:
    assert asks_of_now(text) is asks
