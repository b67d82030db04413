"""A misspelt name is read as the archive writes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.readings.spelling import respelled
from index.snapshot import Snapshot

LETTER = """# Bell ringers' letter

## Towers

- Marlene Thorsby recast the tenor of Quenbury in bronze. Thorsby will speak on recasting in May.
- The Glockenverein pays for the clappers of Quenbury: it gives 400 crowns.
- KALANT, the ropes' supplier, moved to Ostrava. Grandsire is rung on Sundays, the tenor is linked to quenchel ropes.
- Brevik has a new frame, and so has Brevin.
"""


@pytest.fixture(scope="module")
def ringers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over a letter with names that no list of words has."""
    with archive(tmp_path_factory.mktemp("ringers"), {"letter": LETTER}) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def snapshot(ringers: Assistant) -> Snapshot:
    """What is asked."""
    return ringers.snapshot()


def is_usual(word: str) -> bool:
    """A list of usual words that the letter lacks."""
    return word in {"tower", "throw", "frame", "brave", "optimize", "fresh", "link"}


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("What did Marlene Thorzby recast?", "What did Marlene Thorsby recast?"),
        ("what is thorsby's and thosrby's matter", "what is thorsby's and Thorsby's matter"),
        ("Where did KALLANT move?", "Where did KALANT move?"),
        ("What does the Glokenferein pay for?", "What does the Glockenverein pay for?"),
        ("Is grandsirre rung?", "Is Grandsire rung?"),
        ("What is Quenshel for?", "What is quenchel for?"),
    ],
)
def test_a_misspelt_word_is_read_as_the_archive_writes_it(snapshot: Snapshot, question: str, read: str) -> None:
    assert respelled(question, snapshot, is_usual) == read


@pytest.mark.parametrize(
    "question",
    [
        "What did Marlene Thorsby recast?",
        "What is the freshest of frames?",
        "Who said Brevit has a frame?",
        "Who is Ringler?",
        "Who sells Linkerd?",
        "What do Borsby and Whorsby say?",
        "What is KALANT2, x.thorzby, @thorzby and thorzby/tower?",
        "Wer hat Thorzby gesehen, gehoert, gesprochen, eingeladen und begruesst?",
    ],
    ids=[
        "known",
        "usual but absent",
        "two as near",
        "near to none",
        "a name near a usual word",
        "other first letter",
        "codes",
        "another language",
    ],
)
def test_what_is_no_single_mistake_is_left_as_it_was_asked(snapshot: Snapshot, question: str) -> None:
    assert respelled(question, snapshot, is_usual) == question


def test_an_answer_says_how_a_misspelt_question_was_read(ringers: Assistant) -> None:
    answer = ringers.ask("On what will Thorzby speak?")
    assert "recasting" in answer.text
    assert (answer.question, answer.resolved_question) == (
        "On what will Thorzby speak?",
        "On what will Thorsby speak?",
    )


@pytest.mark.parametrize("question", ["Who recast the tenor of Quenbury?", "Who is the mayor of Torsburg?"])
def test_a_question_without_a_mistake_or_without_an_answer_stays_as_asked(ringers: Assistant, question: str) -> None:
    answer = ringers.ask(question)
    assert answer.resolved_question == question
