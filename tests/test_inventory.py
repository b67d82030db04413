"""Questions about the archive itself are answered from what is known of its issues, each line a quotation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_support import archive
from model_support import ModelScript

from assistant import Answer, Assistant, Status
from assistant.question import Form
from ui.language import languages
from ui.page.answer_html import answer_html

ISSUES = {
    "beacon-1": "---\ntitle: 'The Beacon: spring 2031'\ndate: 2031-03-06\nissue: 6\npublisher: Oxmere Press\n---\n\n"
    "# The Beacon\n\nThe monthly letter of the shore · 6 March 2031\n\n## Ferry\n\nThe ferry sails twice a day from now on.",
    "beacon-2": "---\ntitle: 'The Beacon: summer 2031'\ndate: 2031-07-03\nissue: 7\npublisher: Oxmere Press\n---\n\n"
    "# The Beacon\n\nThe monthly letter of the shore · 3 July 2031\n\n## Fog\n\nThe fog horn is silent for the whole summer.",
    "hill-17": "---\ntitle: Hill Farm Matters 17\ndate: 2029-06-20\nissue: 17\n---\n\nThe price of hay has risen by a tenth.",
    "hill-18": "---\ntitle: Hill Farm Matters 18\ndate: 2029-07-18\nissue: 18\n---\n\nTwo goats were born in the great storm.",
    "moor": "---\ntitle: Moor notes\n---\n\nNobody knows when the old moor notes were written down.",
}
JULY_MASTHEAD = "The monthly letter of the shore · 3 July 2031"


@pytest.fixture(scope="module")
def shore(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over five issues of three publications, one of them without a date."""
    with archive(tmp_path_factory.mktemp("shore"), ISSUES) as assistant:
        yield assistant


def told(answer: Answer) -> list[str]:
    return [sentence.lead for sentence in answer.sentences]


def test_newsletters_are_counted_and_the_newest_is_quoted(shore: Assistant) -> None:
    answer = shore.ask("How many newsletters do you have?")
    assert told(answer) == [
        "The archive holds 5 newsletters of 3 publications, from 2029-06-20 to 2031-07-03 (1 without a date). "
        "The newest: The Beacon: summer 2031, issue 7, 2031-07-03: "
    ]
    assert [citation.quote for citation in answer.citations] == [JULY_MASTHEAD]
    assert answer.confidence >= 0.9
    assert not answer.note


def test_publications_are_listed_by_their_newest_issues(shore: Assistant) -> None:
    leads = told(shore.ask("Which publications do you have?"))
    assert len(leads) == 3
    assert leads[0].endswith("The Beacon: summer 2031, issue 7, 2031-07-03, 2 issues: ")
    assert leads[1:] == ["Hill Farm Matters 18, 2029-07-18, 2 issues: ", "Moor notes, 1 issue: "]


def test_an_issue_without_a_date_is_neither_newest_nor_oldest(shore: Assistant) -> None:
    oldest = "Hill Farm Matters 17, 2029-06-20: "
    assert told(shore.ask("What is the oldest issue you have?"))[0].endswith(oldest)
    assert told(shore.ask("How far back does the archive go?"))[0].endswith(f"The oldest: {oldest}")


@pytest.mark.parametrize(
    "question",
    [
        "When was issue 7 of The Beacon published?",
        "When was the summer issue of The Beacon published?",
        "When was The Beacon of July 2031 published?",
        "What is the date of The Beacon No. 7?",
    ],
)
def test_when_an_issue_came_out_is_its_date_and_masthead(shore: Assistant, question: str) -> None:
    answer = shore.ask(question)
    assert answer.text == f"The Beacon: summer 2031, issue 7, 2031-07-03: {JULY_MASTHEAD}"


def test_a_publication_may_be_named_without_what_it_is(tmp_path: Path) -> None:
    issues = {
        f"{n}": f"---\ntitle: 'Oxmere Shore Newsletter #{n}'\nissue: {n}\ndate: 2031-0{n}-01\n---\n\nThe ferry carried {n} goats."
        for n in (3, 4)
    }
    with archive(tmp_path, issues) as assistant:
        assert told(assistant.ask("When was Oxmere Shore newsletter #4 published?")) == [
            "Oxmere Shore Newsletter #4, 2031-04-01: "
        ]


def test_what_is_known_of_a_publication_is_told(shore: Assistant) -> None:
    assert "published by Oxmere Press" in shore.ask("Who publishes The Beacon?").text
    assert shore.ask("How often is The Beacon published?").text.endswith(JULY_MASTHEAD)
    assert shore.ask("How often is Hill Farm Matters published?").status is Status.NOT_FOUND


def test_what_is_held_of_a_publication_or_a_time_is_listed(shore: Assistant) -> None:
    leads = told(shore.ask("Do you have Hill Farm Matters?"))
    assert leads[0].startswith("The archive holds 2 issues of Hill Farm Matters, from 2029-06-20 to 2029-07-18: ")
    assert len(leads) == 2
    assert told(shore.ask("Do you have anything from 2031?"))[0].startswith("The archive holds 2 newsletters from 2031")


@pytest.mark.parametrize(
    "question",
    [
        "Do you have anything from 1987?",
        "When was issue 99 of The Beacon published?",
        "Do you have issue 3 of The Beacon?",
    ],
)
def test_what_the_archive_does_not_hold_is_not_found(shore: Assistant, question: str) -> None:
    answer = shore.ask(question)
    assert answer.status is Status.NOT_FOUND
    assert not answer.closest


def test_newsletters_of_a_time_are_counted(shore: Assistant) -> None:
    leads = told(shore.ask("How many newsletters from 2029 do you have?"))
    assert leads[0].startswith("The archive holds 2 newsletters from 2029, from 2029-06-20 to 2029-07-18. The newest: ")


def test_an_issue_is_found_by_its_number_alone(shore: Assistant) -> None:
    leads = told(shore.ask("Do you have issue 18?"))
    assert len(leads) == 1
    assert leads[0].endswith("Hill Farm Matters 18, 2029-07-18: ")


@pytest.mark.parametrize(
    "question",
    [
        "Who publishes the standard?",
        "How many issues of trust are there?",
        "When was Lantern 2 released?",
        "When did Hill Farm Matters 99 come out?",
        "Do you have goats?",
    ],
)
def test_a_name_that_is_no_publications_makes_a_plain_question(shore: Assistant, question: str) -> None:
    assert shore.parse(question).form is not Form.CATALOGUE


@pytest.mark.parametrize(
    "question", ["Which newsletter is that from?", "When was that published?", "What issue was that in?"]
)
def test_the_issues_that_the_last_answer_quotes_are_named(shore: Assistant, question: str) -> None:
    history = [
        {"role": "user", "content": "What was born in the great storm?"},
        {"role": "assistant", "content": "Two goats were born in the great storm."},
    ]
    answer = shore.ask(question, history=history)
    assert answer.text == "Hill Farm Matters 18, 2029-07-18: Two goats were born in the great storm."
    assert answer.resolved_question == question


def test_what_an_asker_calls_a_publication_is_told_without_marks(shore: Assistant) -> None:
    leads = told(shore.ask("How many issues of [Hill Farm](//matters) do you have?"))
    assert all("[" not in lead and "//" not in lead for lead in leads)


def test_one_question_of_the_archive_beside_another_is_answered_beside_it(shore: Assistant) -> None:
    answer = shore.ask("How many newsletters do you have? Which animals were born in the great storm?")
    assert answer.sentences[0].lead.startswith("The archive holds 5 newsletters")
    assert answer.sentences[-1].text == "Two goats were born in the great storm."


def test_with_a_model_nothing_is_asked_of_it_for_the_archive(assistant: Assistant, script: ModelScript) -> None:
    history = [
        {"role": "user", "content": "Who spoke about IP protection?"},
        {"role": "assistant", "content": "Gurry."},
    ]
    assert assistant.ask("How many newsletters do you have?", history=history).status is Status.ANSWERED
    assert not script.asked


def test_issues_without_a_name_are_of_the_only_publication_that_has_one(tmp_path: Path) -> None:
    titles = {1: "Issue 1", 2: "Issue 2", 3: "Lantern Weekly 3", 4: "Lantern Weekly 4"}
    issues = {
        f"{n}": f"---\ntitle: {title}\nissue: {n}\n---\n\nThe lantern burned for {n} nights in the harbour."
        for n, title in titles.items()
    }
    with archive(tmp_path, issues) as assistant:
        assert told(assistant.ask("How many issues of Lantern Weekly do you have?"))[0].startswith(
            "The archive holds 4 issues of Lantern Weekly."
        )
        assert told(assistant.ask("How many newsletters do you have?"))[0].startswith(
            "The archive holds 4 newsletters."
        )
        assert told(assistant.ask("What is the oldest issue?"))[0].endswith("Issue 1: ")
        assert told(assistant.ask("What is the newest issue?"))[0].endswith("Lantern Weekly 4: ")


def test_the_page_shows_what_is_known_of_the_archive_before_the_line_that_it_quotes(shore: Assistant) -> None:
    html = answer_html(languages()["en"], shore.ask("How many newsletters do you have?"))
    assert f"The archive holds {len(shore.newsletters())} newsletters" in html
