"""An assertion for test suites: the question is answered right, or rightly refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evaluation.runner import judge

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.evaluation.questions import Question


def assert_answers(assistant: Assistant, question: Question) -> None:
    """Raise AssertionError, showing question, answer and citations, unless the assistant did what it should."""
    outcome = judge(assistant, question)
    if outcome.right and outcome.verbatim is not False:
        return
    wanted = " and ".join(" or ".join(group) for group in question.gold) or "no answer (the newsletters don't say)"
    raise AssertionError(
        f"\nquestion:  {outcome.question}\nwanted:    {wanted}\nanswered:  {outcome.answer} ({outcome.status})\n"
        f"citations: {', '.join(outcome.citations) or 'none'}\n"
    )
