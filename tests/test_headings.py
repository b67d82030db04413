"""A question that names a heading or an item's title finds what stands below it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from archive_support import archive
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.headings.below import SURE
from index.headings import LEAST_LETTERS, LEAST_WORDS, MOST_PASSAGES, MOST_WORDS, HeadingIndex, words_of
from index.passage import Passage

FIRST = """# Music school letter, May

The school has rules, and in the new hall there are new rules for all. In this letter: what worked, what did not.

## Rules for the new hall

Spikes of cellos go into the rubber cups. Whoever leaves last tells the porter.

## What did not work

The experiment with lessons at seven in the morning has been stopped. Nobody came but the teacher.

## Coming up

The choir sings on Sunday.
"""
SECOND = """# Music school letter, June

What the new hall needs is work on the rules, says the board, and what did work was the bar.

## Courses and outings

- Long Division: the puzzle opera of class 8b, sung in the gym. A term of work went into it.
- The outing to the bell foundry is full. Courses on bells and outings to towers are asked for.

## Coming up

The courses in the hall end on Friday, and the outings begin.
"""
THIRD = """# Music school letter, July

## Can I Eat This?

The wardens ask that apples only go into the practice rooms, and no soup.

## Singers: how they did it

The chorus learned forty pages in a week, a page before each breakfast.

## Programmes

- **Whose Is It?**, for families, puts thirteen lost gloves to music.
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over three letters whose headings are made of common words."""
    with archive(tmp_path_factory.mktemp("school"), {"may": FIRST, "june": SECOND, "july": THIRD}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("What does the newsletter say about “Rules for the new hall”?", "Spikes of cellos"),
        ("what did not work", "The experiment with lessons"),
        ("Courses and outings?", "Long Division"),
        ("tell me about LONG DIVISION", "Long Division"),
    ],
)
def test_what_stands_below_a_heading_is_found_by_it(school: Assistant, question: str, beginning: str) -> None:
    assert school.search(question)[0].passage.text.startswith(beginning)


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("What is Can I Eat This?", "The wardens ask"),
        ("Singers: how they did it", "The chorus learned"),
        ("What is Whose Is It?", "Whose Is It"),
    ],
)
def test_a_pronoun_in_a_heading_points_back_to_nothing(school: Assistant, question: str, beginning: str) -> None:
    assert not school.parse(question).is_unclear
    assert school.ask(question).status != "unclear"
    assert school.search(question)[0].passage.text.startswith(beginning)


@pytest.mark.parametrize("question", ["What is this?", "Eat it?", "How did they do it?"])
def test_a_pronoun_outside_a_heading_still_does(school: Assistant, question: str) -> None:
    assert school.ask(question).status == "unclear"


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What does the newsletter say about “Rules for the new hall”?", "Spikes of cellos go into the rubber cups."),
        (
            "What does the newsletter say about “What did not work”?",
            "The experiment with lessons at seven in the morning",
        ),
        ("Courses and outings", "Long Division: the puzzle opera"),
        ("Tell me about Long Division", "Long Division: the puzzle opera"),
        ("what is courses and outings about?", "Long Division: the puzzle opera"),
    ],
)
def test_a_question_that_is_a_heading_is_answered_by_what_stands_below_it(
    school: Assistant, question: str, quoted: str
) -> None:
    answer = school.ask(question)
    assert answer.citations[0].quote.startswith(quoted)
    assert answer.confidence >= SURE
    assert school.answers(question)


def test_a_heading_of_two_issues_is_answered_from_both_the_newest_first(school: Assistant) -> None:
    assert {citation.newsletter_id for citation in school.ask("Coming up").citations} == {"may", "june"}


def under(heading: str, number: int = 0) -> Passage:
    return Passage(f"{number}:0", str(number), 0, 12, "It was said.", f"Letter | {heading}", (heading,), ((0, 12),))


def test_a_heading_of_every_issue_names_none_of_them() -> None:
    passages = [under("Release schedule", number) for number in range(MOST_PASSAGES + 1)]
    assert list(HeadingIndex(passages).named("What about the release schedule?")) == []
    assert [found for _, found in HeadingIndex(passages[:3]).named("the Release Schedule")] == [[0, 1, 2]]


def test_a_heading_names_only_the_issues_that_are_asked() -> None:
    passages = [under("Release schedule", number) for number in range(MOST_PASSAGES + 1)]
    allowed = np.arange(len(passages)) == 5
    assert [found for _, found in HeadingIndex(passages).named("release schedule", allowed)] == [[5]]


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_heading_is_found_in_any_question_that_holds_it(heading: str, question: str) -> None:
    found = [numbers for _, numbers in HeadingIndex([under(heading)]).named(f"{question} {heading} {question}")]
    words = words_of(heading)
    assert found or not LEAST_WORDS <= len(words) <= MOST_WORDS or sum(map(len, words)) < LEAST_LETTERS
