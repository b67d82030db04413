"""A compound is read in one word or in two, as the archive writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.readings.compounds import compounded

LETTER = """# Hamlet letter

## News

- The seed bank in Orrin Lane is open on Tuesdays from 10 am to noon.
- The after-school club meets in the mill.
- The birdwatchers meet at the weir. Anyone may watch a bird.
- Wildlife and the lifeboat are on the stamps.
"""


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over a letter with compounds."""
    with archive(tmp_path_factory.mktemp("hamlet"), {"letter": LETTER}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("When is the seedbank open?", "When is the seed bank open?"),
        ("Where does the afterschool club meet?", "Where does the after school club meet?"),
        ("Where do the bird watchers meet?", "Where do the birdwatchers meet?"),
        ("Where is the wild life boat?", "Where is the wild lifeboat?"),
    ],
)
def test_a_compound_is_written_as_the_archive_has_it(hamlet: Assistant, question: str, read: str) -> None:
    assert compounded(question, hamlet.snapshot()) == read


@pytest.mark.parametrize(
    "question",
    [
        "When is the seed bank open?",
        "Where is the millweir?",
        "Who may watch a bird at the weir?",
        "Is that seed theirs?",
    ],
)
def test_what_stands_so_in_the_archive_or_never_stands_together_is_left(hamlet: Assistant, question: str) -> None:
    assert compounded(question, hamlet.snapshot()) == question


def test_a_question_with_a_compound_is_answered_as_one_with_its_words(hamlet: Assistant) -> None:
    answers = [hamlet.ask(f"When is the {name} open?") for name in ("seed bank", "seedbank")]
    assert answers[0].sentences
    assert [a.sentences[0].text for a in answers] == [answers[0].sentences[0].text] * 2
