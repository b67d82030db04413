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

## In brief

- A cooper's plane of {town} was sold

## Call for staves

- Oak is sought in {town}

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
        'What is in the "Vacancies" section of issue 84?',
        "What vacancies are in issue 84?",
        "Which vacancies were there in issue 84?",
        "List the vacancy items in issue 84",
    ],
)
def test_the_lines_of_that_section_are_told_in_their_order(coopers: Assistant, asked: str) -> None:
    assert [sentence.text for sentence in coopers.ask(asked).sentences] == [
        "Stave maker wanted in Brevik",
        "Who repairs the steam kiln of Brevik?",
        "Apprentice hoop driver, two days a week",
    ]


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("List the items in brief in issue 84", "A cooper's plane of Brevik was sold"),
        ('What is in the "In brief" section of issue 84?', "A cooper's plane of Brevik was sold"),
        ("List the calls for staves in issue 84", "Oak is sought in Brevik"),
    ],
)
def test_a_heading_is_found_with_items_and_in_the_other_number(coopers: Assistant, asked: str, line: str) -> None:
    assert [sentence.text for sentence in coopers.ask(asked).sentences] == [line]


@pytest.mark.parametrize(
    "asked", ["What is issue 84 about?", "What does issue 84 talk about?", "What does issue 84 cover?"]
)
def test_what_an_issue_is_about_is_told_by_its_sections(coopers: Assistant, asked: str) -> None:
    assert coopers.ask(asked).text == coopers.ask("What is new in issue 84?").text


def test_what_somebody_says_in_an_issue_is_not_what_the_issue_is_about() -> None:
    assert form_of("What does Anna talk about in issue 84?") is Form.FACT
    assert form_of("What is the latest safety issue about?") is Form.FACT


def test_a_heading_that_the_issue_lacks_opens_no_section(coopers: Assistant) -> None:
    assert "Stave maker" not in coopers.ask("List the obituaries in issue 84.").text


@pytest.mark.parametrize("asked", ["Show me all vacancies.", "Find all casks", "Give me all hoops", "Get all staves"])
def test_whoever_asks_for_all_wants_a_list(asked: str) -> None:
    assert form_of(asked) is Form.LIST
