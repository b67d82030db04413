"""What stands below a heading of one issue is listed when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.asking.wording import Form, form_of

ISSUE = """---
title: Cooper's Letter, issue {number}
issue: {number}
---

## Vacancies

- Stave maker wanted in {town}
- Who repairs the steam kiln of {town}?
- Apprentice hoop driver, two days a week

Do you look for a cooper? Write to us.

## Casks

The oak of this year is dry.
"""


@pytest.fixture(scope="module")
def coopers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    issues = {f"coopers-{n}": ISSUE.format(number=n, town=town) for n, town in ((83, "Lund"), (84, "Brevik"))}
    with archive(tmp_path_factory.mktemp("coopers"), issues) as assistant:
        yield assistant


@pytest.mark.parametrize(
    "asked",
    [
        "List the vacancies in issue 84.",
        "Show me all vacancies from issue #84",
        "What are the vacancies of issue 84?",
        "List the vacancies in Cooper's Letter issue 84.",
    ],
)
def test_the_lines_of_that_section_are_told_in_their_order(coopers: Assistant, asked: str) -> None:
    assert [sentence.text for sentence in coopers.ask(asked).sentences] == [
        "Stave maker wanted in Brevik",
        "Who repairs the steam kiln of Brevik?",
        "Apprentice hoop driver, two days a week",
    ]


def test_a_heading_that_the_issue_lacks_opens_no_section(coopers: Assistant) -> None:
    assert "Stave maker" not in coopers.ask("List the obituaries in issue 84.").text


@pytest.mark.parametrize("asked", ["Show me all vacancies.", "Find all casks", "Give me all hoops", "Get all staves"])
def test_whoever_asks_for_all_wants_a_list(asked: str) -> None:
    assert form_of(asked) is Form.LIST
