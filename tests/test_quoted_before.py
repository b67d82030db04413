"""A follow-up is asked of the newsletters that were quoted last, before others are believed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.answer import NOT_FOUND, SAYING_NOTHING
from assistant.issues.publications import Publications
from assistant.question import parse_question
from assistant.readings.quoted_before import asked_within, nearest, newsletters_quoted
from index.passage import Filters

TOWER = "Restoration of the water tower has cost $187,000, of which the Friends paid a third."
ISSUES = {
    "garden-1": "# The Lintel Garden Letter 1\n\nThe palm house is whole again after the storm of January.\n\n"
    "The mending took nine weeks and its cost was $4,100.\n",
    "garden-2": "# The Lintel Garden Letter 2\n\nThe seedlings are doing well in House 4.\n",
    "bank-1": f"# Calder Bank Report 1\n\n{TOWER}\n\nThe cost of mending the roof of the bank was $870,000.\n",
    "bank-2": "# Calder Bank Report 2\n\nThe dividend goes up to 26 cents.\n",
}
PALMS = "The palm house is whole again after the storm of January."


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("letters"), ISSUES) as assistant:
        yield assistant


def told(*answers: str) -> list[dict[str, str]]:
    """A conversation with these answers."""
    return [
        turn
        for said in answers
        for turn in ({"role": "user", "content": "And?"}, {"role": "assistant", "content": said})
    ]


def test_the_newsletter_that_was_quoted_last_is_known_by_its_words(letters: Assistant) -> None:
    snapshot = letters.snapshot()
    assert newsletters_quoted(told(TOWER, PALMS), snapshot) == ("garden-1",)
    assert newsletters_quoted(told(f"Report 1, 3 July 2019: {TOWER} {PALMS}", *SAYING_NOTHING), snapshot) == (
        "bank-1",
        "garden-1",
    )
    assert newsletters_quoted(told("Calder Bank Report 2, 7 May: The dividend goes up to 26 cents."), snapshot) == (
        "bank-2",
    )


@pytest.mark.parametrize("answer", ["It was mended, I believe, in spring.", NOT_FOUND, "", "Yes."])
def test_an_answer_in_other_words_was_quoted_from_no_newsletter(letters: Assistant, answer: str) -> None:
    assert newsletters_quoted(told(answer), letters.snapshot()) == ()


def test_the_issues_of_one_publication_are_near_each_other(letters: Assistant) -> None:
    near = nearest("garden-1", Publications(letters.snapshot()))
    assert near == [frozenset({"garden-1"}), frozenset({"garden-1", "garden-2"})]


def test_a_question_is_asked_of_no_newsletter_that_was_excluded() -> None:
    parsed = parse_question("What did the mending cost?", filters=Filters(newsletter_ids=frozenset({"bank-1"})))
    assert asked_within(parsed, frozenset({"garden-1"})) is None
    within = asked_within(parsed, frozenset({"garden-1", "bank-1"}))
    assert within is not None
    assert within.filters.newsletter_ids == {"bank-1"}


def test_a_follow_up_that_another_newsletter_would_answer_is_answered_by_the_one_quoted_last(
    letters: Assistant,
) -> None:
    history = [{"role": "user", "content": "What happened to the palm house?"}, {"role": "assistant", "content": PALMS}]
    answer = letters.ask("How much did the mending cost?", history)
    assert "$4,100" in answer.text
    assert answer.citations[0].newsletter_id == "garden-1"
