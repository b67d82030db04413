"""Whose issues are meant: the publication that a question names, in an archive of several."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from archive_support import archive
from numpy.typing import NDArray

from assistant import Assistant, Status, open_assistant
from assistant.issues.publications import Publications
from assistant.question import Form
from index.keywords import KeywordIndex

ISSUES = {
    "beacon-2031-05": "---\ntitle: 'The Beacon: May 2031'\ndate: 2031-05-06\n---\n\n"
    "# The Beacon\n\n## Ferry\n\nThe ferry to Oxmere sails twice a day from now on.\n\n## Lamp\n\nThe old lamp was sold to a museum in the capital.",
    "beacon-2031-06": "---\ntitle: 'The Beacon: June 2031'\ndate: 2031-06-03\n---\n\n"
    "# The Beacon\n\n## Ferry\n\nThe ferry to Oxmere was painted in a bright orange.\n\n## Fog\n\nThe fog horn is silent for the whole of the summer.",
    "hill-17": "---\ndate: 2031-06-20\nissue: 17\n---\n\n# HILL FARM MATTERS\n\nThe price of hay has risen by a tenth since the spring.\n\n"
    "A beacon was lit on the hill for the harvest supper.",
    "hill-18": "---\ndate: 2031-07-18\nissue: 18\n---\n\n# HILL FARM MATTERS\n\nTwo goats were born in the night of the great storm.",
    "almanac": "---\ntitle: Almanac\npublisher: Oxmere Weather Office\ndate: 2031\n---\n\nThe year begins with a week of very hard frost.",
}


@pytest.fixture(scope="module")
def shore(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over issues of three publications."""
    with archive(tmp_path_factory.mktemp("shore"), ISSUES) as assistant:
        yield assistant


def issues(assistant: Assistant, question: str) -> list[str]:
    return [Path(citation.newsletter_id).stem for citation in assistant.ask(question).citations]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is in the June 2031 issue of The Beacon?", ["beacon-2031-06"] * 2),
        ("What is in The Beacon of June 2031?", ["beacon-2031-06"] * 2),
        ("Summarise the latest issue of The Beacon", ["beacon-2031-06"] * 2),
        ("Summarise the latest issue of Hill Farm Matters.", ["hill-18"]),
        ("what is in the latest issue of hill farm matters", ["hill-18"]),
        ("What's in issue 17 of Hill Farm Matters?", ["hill-17"]),
        ("Summarise Hill Farm Matters 17", ["hill-17"]),
        ("What is new in Hill Farm Matters No. 18?", ["hill-18"]),
        ("Summarise Hill Farm Matters", ["hill-18"]),
        ("What's new in The Beacon?", ["beacon-2031-06"] * 2),
        ("Give me a summary of The Beacon, please", ["beacon-2031-06"] * 2),
        ("What did The Beacon say in its May 2031 issue?", ["beacon-2031-05"] * 2),
        ("What was new in The Beacon in May 2031?", ["beacon-2031-05"] * 2),
        ("What's the latest news?", ["hill-18"]),
        ("Any news?", ["hill-18"]),
    ],
)
def test_a_digest_is_of_the_publication_that_is_named(shore: Assistant, question: str, told: list[str]) -> None:
    assert issues(shore, question) == told


@pytest.mark.parametrize(
    "question",
    [
        "What is in the May 2029 issue of The Beacon?",
        "What is in issue 18 of The Beacon?",
        "What is in issue 99 of Hill Farm Matters?",
        "What is in Hill Farm Matters of May 2031?",
    ],
)
def test_an_issue_that_a_publication_does_not_have_is_not_made_up_from_others(shore: Assistant, question: str) -> None:
    assert shore.ask(question).status is Status.NOT_FOUND


def test_a_number_behind_a_publications_name_is_its_issue(shore: Assistant) -> None:
    asked = shore.parse("Who lit the fire in Hill Farm Matters 17?").filters
    assert ({Path(name).stem for name in asked.newsletter_ids}, asked.issues) == ({"hill-17"}, {17})
    assert shore.parse("Who sold 12 goats to Hill Farm Matters 2031?").filters.issues == frozenset()


def test_a_publication_that_is_asked_what_it_says_answers_alone(shore: Assistant) -> None:
    hill, beacon = shore.parse("What does Hill Farm Matters say about the ferry?"), shore.parse("Who lit a beacon?")
    assert {Path(name).stem for name in hill.filters.newsletter_ids} == {"hill-17", "hill-18"}
    assert not beacon.filters.newsletter_ids


@pytest.mark.parametrize(
    "text",
    ["a beacon was lit", "the beacon on the hill", "Hill farm in May", "What matters on a farm?", "the Almanacs"],
)
def test_common_words_and_parts_of_names_name_no_publication(shore: Assistant, text: str) -> None:
    assert Publications(shore.snapshot()).named(text) == []


def test_a_name_said_again_is_weighed_once(shore: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[str] = []
    holders = KeywordIndex.holders

    def counted(index: KeywordIndex, term: str) -> NDArray[np.bool_]:
        weighed.append(term)
        return holders(index, term)

    monkeypatch.setattr(KeywordIndex, "holders", counted)
    assert len(Publications(shore.snapshot()).named("Did the " + "Beacon " * 200)) == 200
    assert weighed == ["beacon"]


def test_a_name_of_all_issues_leaves_nothing_out(tmp_path: Path) -> None:
    for number in (1, 2):
        text = f"---\ntitle: The Beacon {number}\nissue: {number}\n---\n\nThe lamp was lit on day {number} of the year."
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    with open_assistant(data_dir=tmp_path / "index", corpus=[tmp_path]) as assistant:
        assert not assistant.parse("What is in the latest issue of The Beacon?").filters.newsletter_ids


def test_a_digest_of_an_issue_is_followed_by_one_of_another(shore: Assistant) -> None:
    asked = [
        {"role": "user", "content": "Summarise Hill Farm Matters 17"},
        {"role": "assistant", "content": "Hay is dear."},
    ]
    told = shore.ask("And issue 18?", history=asked)
    assert [Path(citation.newsletter_id).stem for citation in told.citations] == ["hill-18"]
    asked[0]["content"] = "Summarise The Beacon"
    assert shore.parse("And the May 2031 issue?", history=asked).resolved == "Summarise The Beacon, the May 2031 issue"


def test_what_a_publication_says_of_a_matter_or_is_asks_for_no_digest(shore: Assistant) -> None:
    assert shore.parse("What does The Beacon say about the ferry?").form is Form.FACT
    assert shore.parse("What is The Beacon?").form is Form.FACT
