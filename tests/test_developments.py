"""How a matter developed, and what changed between issues: dated lines of the matter itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_support import archive

from assistant import Answer, Assistant, Status
from assistant.asking.order import Order, order_of
from assistant.question import Form

LETTER = "---\ntitle: Reed letter\nissue: {number}\ndate: {date}\n---\n\n# Reed letter\n\n*For friends of the Orrin Marsh Rowing Society*\n\n"
ISSUES = [
    (
        "2031-02-01",
        "## Club\n\nMembership of the society stands at 84. The kitchen was painted in a pale yellow by volunteers.\n\n"
        "## Boathouse\n\nThe boathouse roof leaks above the oars and has to be replaced by autumn.",
    ),
    ("2031-06-01", "## Regatta\n\nThe regatta in May was won by the crew from Lowmere in just under nine minutes."),
    (
        "2031-11-01",
        "## Club\n\nMembership of the society has risen to 112, more than in any year before.\n\n"
        "## Boathouse\n\nThe boathouse roof was replaced in October and cost 9,400 crowns.",
    ),
]


@pytest.fixture(scope="module")
def reeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Three issues of a club's letter, all with its name at the top."""
    issues = {
        f"reed-{number}": LETTER.format(number=number, date=date) + text
        for number, (date, text) in enumerate(ISSUES, start=1)
    }
    with archive(tmp_path_factory.mktemp("reeds"), issues) as assistant:
        yield assistant


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def test_a_development_is_told_by_what_is_said_of_it_and_not_by_mastheads(reeds: Assistant) -> None:
    told = quotes(reeds.ask("How has membership of the rowing society changed?"))
    assert [quote[:10] for quote in told] == ["Membership"] * len(told)
    assert told[-1].startswith("Membership of the society has risen to 112")


def test_what_changed_between_two_issues_is_a_dated_digest_of_both(reeds: Assistant) -> None:
    answer = reeds.ask("What changed between issue 1 and issue 3?")
    assert {citation.issue for citation in answer.citations} == {1, 3}
    assert all(sentence.lead.startswith("Reed letter") for sentence in answer.sentences)


def test_what_changed_at_a_thing_between_two_issues_is_told_of_that_thing(reeds: Assistant) -> None:
    assert reeds.parse("What changed at the boathouse between issue 1 and issue 3?").form is Form.DEVELOPMENT
    told = quotes(reeds.ask("What changed at the boathouse between issue 1 and issue 3?"))
    assert told
    assert all("boathouse" in quote for quote in told)


def test_a_number_that_names_a_thing_is_not_answered_of_another(reeds: Assistant) -> None:
    answer = reeds.ask("What changed at boathouse 14 after January 2031?")
    assert answer.status is Status.NOT_FOUND


def test_what_was_first_planned_asks_for_no_first_issue() -> None:
    assert order_of("How much dearer is the roof than first planned?") is Order.ANY
    assert order_of("When was the roof first mentioned?") is Order.FIRST


def test_a_development_asked_in_full_in_a_conversation_needs_nothing_that_was_said(tmp_path: Path) -> None:
    letters = {
        "letter-7": ("2023-05-02", "Tomatoes were planted in the greenhouse on 28 April."),
        "letter-8": ("2023-08-15", "The greenhouse gave 40 kilograms of tomatoes in July."),
        "letter-9": ("2024-02-01", "The greenhouse roof was repaired by Anna Weber in January."),
    }
    files = {name: f"---\ntitle: {name}\ndate: {date}\n---\n\n{text}\n" for name, (date, text) in letters.items()}
    history = [
        {"role": "user", "content": "Who repaired the greenhouse roof?"},
        {"role": "assistant", "content": letters["letter-9"][1]},
    ]
    with archive(tmp_path, files) as assistant:
        answer = assistant.ask("How did the tomatoes in the greenhouse develop?", history=history)
    assert [sentence.text for sentence in answer.sentences] == [letters["letter-7"][1], letters["letter-8"][1]]
