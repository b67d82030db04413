"""Who publishes and who edits the newsletter, in an archive of one whose publisher is not known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant, Status
from assistant.question import Form

LOCK = (
    "---\ntitle: Lock Letter {n}\nissue: {n}\ndate: 2031-0{n}-01\n---\n\n## Notices\n\nAlder & Sons are the publishers of this map.\n\n"
    "Jane Reed wrote the guide to the text editor of the harbour office.\n\n## Imprint\n\n{imprint}\n"
)


@pytest.fixture(scope="module")
def told_in_print(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over two issues that say who edits and publishes them."""
    imprints = {
        1: "This bulletin is produced by the lock keepers.\n\nThe newsletter is compiled by Ada Brook.",
        2: "This bulletin is produced by the harbour's friends.\n\nThe newsletter is compiled by Tom Weir.",
    }
    issues = {f"lock-{n}": LOCK.format(n=n, imprint=imprint) for n, imprint in imprints.items()}
    with archive(tmp_path_factory.mktemp("printed"), issues) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over two issues that speak of other publishers and editors only."""
    issues = {f"lock-{n}": LOCK.format(n=n, imprint="The lock is open all day.") for n in (1, 2)}
    with archive(tmp_path_factory.mktemp("untold"), issues) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "Who publishes this newsletter?",
            "Lock Letter 2, 2031-02-01: This bulletin is produced by the harbour's friends.",
        ),
        ("Who edits your newsletter?", "Lock Letter 2, 2031-02-01: The newsletter is compiled by Tom Weir."),
        ("Who is the editor of this bulletin?", "Lock Letter 2, 2031-02-01: The newsletter is compiled by Tom Weir."),
    ],
)
def test_who_makes_the_newsletter_is_what_its_newest_issue_says(
    told_in_print: Assistant, question: str, said: str
) -> None:
    assert told_in_print.ask(question).text == said


@pytest.mark.parametrize(
    "question",
    ["Who publishes this newsletter?", "Who edits this newsletter?", "Which authors write for this newsletter?"],
)
def test_who_makes_something_else_does_not_make_the_newsletter(untold: Assistant, question: str) -> None:
    assert untold.ask(question).status is Status.NOT_FOUND


def test_who_publishes_something_else_is_a_plain_question(told_in_print: Assistant) -> None:
    assert told_in_print.parse("Who published the map?").form is not Form.CATALOGUE
    assert told_in_print.parse("Who edits the harbour map?").form is not Form.CATALOGUE
