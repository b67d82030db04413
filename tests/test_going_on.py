"""Questions of the last answer itself: whether it is sure, where it stands, and what follows there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Answer, Assistant, Status
from assistant.answer import NOT_FOUND
from assistant.question import Form

ISSUES = {
    "mill-4": "---\ntitle: The Mill Race 4\ndate: 2031-05-02\n---\n\n## The wheel\n\nThe new water wheel was made by Odo Fenn. "
    "It weighs nine tonnes. Oak was brought from Tarn by barge. The old wheel is in the garden. Children climb on it. "
    "Paint. \n\n## The kiosk\n\nTea costs two pounds.",
    "mill-5": "---\ntitle: The Mill Race 5\ndate: 2031-06-06\n---\n\n## Rye\n\nThe rye was sown late because of the floods.",
}
ASKED = "Who made the new water wheel?"


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over two issues of one newsletter."""
    with archive(tmp_path_factory.mktemp("mill"), ISSUES) as assistant:
        yield assistant


def talk(assistant: Assistant, *questions: str) -> Answer:
    """The answer to the last of several questions."""
    history: list[dict[str, str]] = []
    for question in questions:
        answer = assistant.ask(question, history=history)
        history += [{"role": "user", "content": question}, {"role": "assistant", "content": answer.text}]
    return answer


@pytest.mark.parametrize("doubts", [["you sure?"], ["Who says so?"], ["Which newsletter?"], ["Really?", "source?"]])
def test_a_doubt_is_told_the_answer_again_with_its_issue_and_date(mill: Assistant, doubts: list[str]) -> None:
    answer = talk(mill, ASKED, *doubts)
    assert answer.sentences[0].lead == "The Mill Race 4, 2031-05-02: "
    assert answer.citations[0].quote == "The new water wheel was made by Odo Fenn."


@pytest.mark.parametrize(
    "more", ["Tell me more", "go on", "what else?", "tell me more about it please", "Any more details?"]
)
def test_more_is_what_follows_the_quoted_sentences(mill: Assistant, more: str) -> None:
    answer = talk(mill, ASKED, more)
    assert [citation.quote for citation in answer.citations] == [
        "It weighs nine tonnes.",
        "Oak was brought from Tarn by barge.",
        "The old wheel is in the garden.",
    ]
    assert answer.sentences[0].lead == "The Mill Race 4, 2031-05-02: "


def test_more_of_more_goes_on_until_the_section_ends(mill: Assistant) -> None:
    answer = talk(mill, ASKED, "more", "go on")
    assert answer.citations[0].quote == "Children climb on it."
    assert talk(mill, ASKED, "more", "go on", "go on").status is Status.NOT_FOUND


@pytest.mark.parametrize("asked", ["Tell me more", "Who says so?", "Which newsletter?"])
def test_of_what_was_not_answered_nothing_is_told_again(mill: Assistant, asked: str) -> None:
    assert talk(mill, "Who won the football cup in Peru?", asked).status is Status.NOT_FOUND


def test_of_an_answer_in_other_words_nothing_follows(mill: Assistant) -> None:
    told = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": "Fenn built the wheel."}]
    assert mill.parse("Tell me more", history=told).form is not Form.CATALOGUE
    refused = [{"role": "user", "content": ASKED}, {"role": "assistant", "content": NOT_FOUND}]
    assert mill.parse("Tell me more", history=refused).form is not Form.CATALOGUE


def test_who_asks_more_of_a_named_thing_asks_of_that(mill: Assistant) -> None:
    assert talk(mill, ASKED, "Tell me more about the tea").resolved_question.startswith("Tell me more about the tea")
