"""Which issue of which publication is meant, in an archive of several, and what is not there to be asked of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_support import archive

from assistant import Assistant, Status

ISSUES = {
    "heron-41": "# The Heron Post 41\n\nMarsh Trust · Spring 2030\n\n## Warden\n\nThe warden of the marsh, Ida Brook, counted 212 herons in the reeds.",
    "heron-44": "# The Heron Post 44\n\nMarsh Trust · Winter 2030/31\n\n## Warden\n\nThe warden of the marsh, Tom Alder, counted 95 herons in the snow.",
    "mill-7": "---\ntitle: Mill Lane Bulletin\nissue: 7\ndate: 2030-04-02\n---\n\n# Mill Lane Bulletin\n\n## School\n\n"
    "The school on Mill Lane has a new head, Ruth Penn.\n\nA fault is tracked as issue #1234 of the wheel software.",
    "mill-8": "---\ntitle: Mill Lane Bulletin\nissue: 8\ndate: 2030-05-07\n---\n\n# Mill Lane Bulletin\n\n## School\n\n"
    "The school on Mill Lane has closed its kitchen, and Ann Reed cooks at home.",
    "bank-q1": "# Vale Savings Bank\n\n## Letter to shareholders, first quarter 2030\n\n*Published 27 April 2030.*\n\n"
    "Deposits fell by two percent, and Carl Stone retires from the board.",
    "bank-q2": "# Vale Savings Bank\n\n## Letter to shareholders, second quarter 2030\n\n*Published 26 July 2030.*\n\n"
    "Deposits rose by three percent, and Edna Gale joins the board.",
}


@pytest.fixture(scope="module")
def vale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over two issues of each of three publications, of which one alone says its numbers beside the text."""
    with archive(tmp_path_factory.mktemp("vale"), ISSUES) as assistant:
        yield assistant


def meant(assistant: Assistant, question: str) -> set[str]:
    return {Path(name).stem for name in assistant.parse(question).filters.newsletter_ids}


@pytest.mark.parametrize(
    "question",
    [
        "In issue 99 of The Heron Post, who counted the herons?",
        "In issue 99 of the Mill Lane Bulletin, who is the new head of the school?",
        "Who is the new head of the school in Mill Lane Bulletin 99?",
        "In issue 41 of the Mill Lane Bulletin, who is the new head of the school?",
        "In the May 1995 issue of The Heron Post, who counted the herons?",
        "In newsletter #300, who counted the herons?",
        "Who is the new head of the school, according to newsletter 300?",
        "In issue 55, who is the new head of the school?",
        "According to the Daily Herald, who is the new head of the school?",
        "In issue 7 of the Daily Herald, who is the new head of the school?",
    ],
)
def test_an_issue_that_the_archive_does_not_have_answers_nothing(vale: Assistant, question: str) -> None:
    assert vale.ask(question).status is Status.NOT_FOUND
    assert meant(vale, question) == {""} or vale.parse(question).filters.issues


@pytest.mark.parametrize(
    "question",
    [
        "Where is issue #1234 of the wheel software tracked?",
        "In issue 4711, what went wrong with the wheel?",
        "What did issue 99 of Bitcoin Core break?",
        "In issue 1234, what is the fault?",
        "Who leads edition 3 of the course?",
        "Who counted 212 herons?",
        "Who retired from Vale Savings Bank in 2030?",
        "Who is head of the school on Mill Lane?",
    ],
)
def test_other_things_that_are_numbered_or_dated_are_no_newsletters(vale: Assistant, question: str) -> None:
    assert not meant(vale, question)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("In issue 41 of The Heron Post, who counted the herons?", {"heron-41"}),
        ("In No. 44 of The Heron Post, who counted the herons?", {"heron-44"}),
        ("In The Heron Post No. 44, who counted the herons?", {"heron-44"}),
        ("In The Heron Post 41, who counted the herons?", {"heron-41"}),
        ("Who counted the herons in The Heron Post's spring issue?", {"heron-41"}),
        ("In the Winter 2030/31 issue of The Heron Post, who counted?", {"heron-44"}),
        ("Who counted the herons in The Heron Post of spring 2030?", {"heron-41"}),
        ("In the April 2030 issue of the Mill Lane Bulletin, who is head?", {"mill-7"}),
        ("Who cooks at home in the Mill Lane Bulletin (May 2030)?", {"mill-8"}),
        ("Who cooks at home in Mill Lane Bulletin 8/2030?", {"mill-8"}),
        ("In the first quarter 2030 letter of Vale Savings Bank, who retires?", {"bank-q1"}),
        ("What did Vale Savings Bank say in its second quarter 2030 letter?", {"bank-q2"}),
    ],
)
def test_a_publications_issue_is_known_by_its_number_or_date_wherever_that_stands(
    vale: Assistant, question: str, told: set[str]
) -> None:
    assert meant(vale, question) == told


def test_each_question_of_a_message_is_asked_of_the_issue_that_it_names(vale: Assistant) -> None:
    asked = vale.parse(
        "In The Heron Post 41, who counted the herons? And what does Mill Lane Bulletin 8 say of the school?"
    )
    assert [{Path(name).stem for name in part.filters.newsletter_ids} for part in asked.parts] == [
        {"heron-41"},
        {"mill-8"},
    ]


@pytest.mark.parametrize(
    "words", ["issue ", "issue 9 ", "of the issue ", "The Heron Post ", "The Heron Post 9, ", "winter "]
)
def test_a_long_row_of_words_that_name_issues_is_read_in_a_moment(vale: Assistant, words: str) -> None:
    assert vale.parse((words * 2000)[:2000]).asked


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("In issue 41 of The Heron Post, who counted the herons?", "Who counted the herons?"),
        ("In The Heron Post 41, who counted the herons?", "Who counted the herons?"),
        ("The Heron Post 41: who counted the herons?", "Who counted the herons?"),
        ("Who counted the herons in The Heron Post's spring issue?", "Who counted the herons?"),
        ("Who counted the herons (Heron Post 41)?", "Who counted the herons?"),
        ("According to the Mill Lane Bulletin, who cooks at home?", "Who cooks at home?"),
        ("In the first quarter 2030 letter of Vale Savings Bank, who retires?", "Who retires?"),
        ("In issue 8, who cooks at home?", "Who cooks at home?"),
        ("What does the Mill Lane Bulletin say about herons?", "What does the Mill Lane Bulletin say about herons?"),
        ("In The Heron Post 41, who?", "In The Heron Post 41, who?"),
    ],
)
def test_what_became_a_filter_is_not_searched_for_again(vale: Assistant, question: str, matter: str) -> None:
    parsed = vale.parse(question)
    assert (parsed.resolved, parsed.shown) == (matter, question)
    assert vale.ask(question).resolved_question == question
