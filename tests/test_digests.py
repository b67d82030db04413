"""Digests of issues and months: which issues they tell of, and how their lines are spread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_support import archive

from assistant import Answer, Assistant, Status
from assistant.question import Form

DATES = {"alder": "2031-05", "birch": "2031-06-02", "cedar": "2031-06-20", "elm": "2031", "fir": "2031-09-01"}
MATTERS = {
    "alder": ["otters", "herons"],
    "birch": ["beetles", "moths", "wasps", "ants", "crickets", "hornets", "spiders"],
    "cedar": ["voles", "shrews"],
    "elm": ["pike", "perch"],
    "fir": ["owls"],
}


@pytest.fixture(scope="module")
def wood(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over five numbered issues, one with many sections, one dated by its month and one by its year."""
    issues = {}
    for number, (name, date) in enumerate(DATES.items(), start=1):
        sections = "\n\n".join(f"## On {m}\n\nAt the pond the {m} were counted by hand." for m in MATTERS[name])
        issues[name] = f"---\ntitle: Wood letter\nissue: {number}\ndate: {date}\n---\n\n{sections}"
    with archive(tmp_path_factory.mktemp("wood"), issues) as assistant:
        yield assistant


def names(answer: Answer) -> list[str]:
    return [Path(citation.newsletter_id).stem for citation in answer.citations]


def test_an_issue_that_is_not_indexed_is_not_answered_with_another(wood: Assistant) -> None:
    assert wood.ask("What is in issue 99?").status is Status.NOT_FOUND
    assert names(wood.ask("What is in issue 3?")) == ["cedar", "cedar"]
    assert names(wood.ask("What is in the latest issue?")) == ["fir"]


@pytest.mark.parametrize(
    "asked", ["What was in the previous issue?", "What was in the issue before last of the Wood letter?"]
)
def test_the_previous_issue_is_the_last_but_one(wood: Assistant, asked: str) -> None:
    assert names(wood.ask(asked)) == ["cedar", "cedar"]


def test_a_months_digest_is_spread_over_its_issues(wood: Assistant) -> None:
    assert names(wood.ask("What happened in June 2031?")) == ["birch"] * 4 + ["cedar"] * 2


def test_an_issue_whose_date_may_lie_elsewhere_is_not_in_the_month(wood: Assistant) -> None:
    assert names(wood.ask("What is in the May 2031 newsletter?")) == ["alder", "alder"]
    assert wood.ask("What is in the July 2031 newsletter?").status is Status.NOT_FOUND
    assert set(names(wood.ask("What is new in 2031?"))) == set(DATES)


def test_what_is_no_sentence_comes_behind_what_is_one(tmp_path: Path) -> None:
    text = "# Pond\n\nLetter of the friends of the old pond\n\nThe frogs came back in the first week of March.\n\n"
    text += (
        "## Levels\n\n- level at the upper sluice was 12\n\n## Fish\n\nThree hundred young carp were let into the pond."
    )
    with archive(tmp_path, {"pond": text}) as assistant:
        told = [citation.quote for citation in assistant.ask("What is in the latest issue?").citations]
    assert told == [
        "The frogs came back in the first week of March.",
        "Three hundred young carp were let into the pond.",
        "level at the upper sluice was 12",
    ]


def test_what_happened_to_a_matter_is_read_as_other_questions_are(wood: Assistant) -> None:
    assert wood.parse("What happened to the wasps in June 2031?").form is Form.FACT
    assert names(wood.ask("What happened to the wasps after May 2031?")) == ["birch"]


def test_a_period_holds_nothing_of_a_matter_that_is_told_outside_it(wood: Assistant) -> None:
    assert "birch" not in names(wood.ask("What happened to the wasps before June 2031?"))


def test_a_matter_that_is_the_name_of_issues_asks_for_their_digest(wood: Assistant) -> None:
    assert set(names(wood.ask("What happened in the Wood letter before June 2031?"))) == {"alder"}


WELCOME = "Welcome to issue {number} of the kelp letter, your monthly news of the shore."
KELP = "---\ntitle: Kelp letter\nissue: {number}\n---\n\n{welcome}{more}\n\n{sections}"


def kelp(number: int, more: str = "", sections: str = "") -> str:
    return KELP.format(number=number, welcome=WELCOME.format(number=number), more=more, sections=sections)


def test_what_opens_issue_after_issue_is_no_news_of_one(tmp_path: Path) -> None:
    issues = {f"kelp-{n}": kelp(n, sections="## Crabs\n\nThe crabs came ashore in great number.") for n in (1, 2)}
    issues["kelp-3"] = kelp(
        3, " The storm of last week broke the old pier.", "## Seals\n\nTwo seals were born below the lighthouse."
    )
    with archive(tmp_path, issues) as assistant:
        told = [sentence.text for sentence in assistant.ask("What is new in issue 3?").sentences]
    assert told == ["The storm of last week broke the old pier.", "Two seals were born below the lighthouse."]


def test_an_issue_of_nothing_else_is_told_by_its_opening(tmp_path: Path) -> None:
    with archive(tmp_path, {f"kelp-{n}": kelp(n) for n in (1, 2, 3)}) as assistant:
        assert [sentence.text for sentence in assistant.ask("What is new in issue 3?").sentences] == [
            WELCOME.format(number=3)
        ]
