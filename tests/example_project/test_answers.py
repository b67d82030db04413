"""The answers that readers of our newsletters must get."""

import pytest

from assistant.evaluation import assert_answers, assert_refuses


@pytest.mark.newsletter_questions("questions.jsonl")
def test_the_answer_is_right(newsletter_assistant, newsletter_question):
    assert_answers(newsletter_assistant, newsletter_question)


def test_single_questions_need_no_file(newsletter_assistant):
    assert_answers(newsletter_assistant, "Who put in the new water pump?", gold="Ingrid Solberg")
    assert_refuses(newsletter_assistant, "Who won the football world cup?")
