"""Assertions for test suites: a question is answered right, or rightly refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.evaluation.questions import Question
from assistant.evaluation.reporting import wanted
from assistant.evaluation.runner import judge

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine

    from assistant.engine import Assistant
    from assistant.evaluation.systems import System


def assert_answers(
    asked: Assistant | BaseQueryEngine | System,
    question: Question | str,
    *,
    gold: str | Sequence[str | Sequence[str]] = (),
) -> None:
    """Raise AssertionError, showing question, answer and citations, unless `asked` did what it should.

    A `Question` says itself what is right (refusing, for an unanswerable one). With a plain text, `gold` is what the
    answer must hold: one text, or several, each a text or its alternatives.
    """
    if isinstance(question, str):
        groups = [[gold]] if isinstance(gold, str) else [[g] if isinstance(g, str) else list(g) for g in gold]
        question = Question(id="question", question=question, answerable=True, gold=tuple(map(tuple, groups)))
    outcome = judge(asked, question)
    if outcome.right and outcome.verbatim is not False:
        return
    why = outcome.verdict if not outcome.right else "a citation is not the newsletter's own text"
    raise AssertionError(
        f"{why}\nquestion:  {outcome.question}\nwanted:    {wanted(outcome)}\n"
        f"answered:  {outcome.answer} ({outcome.status})\ncitations: {', '.join(outcome.citations) or 'none'}"
    )


def assert_refuses(asked: Assistant | BaseQueryEngine | System, question: str) -> None:
    """Raise AssertionError unless `asked` says that the newsletters don't say."""
    assert_answers(asked, Question(id="question", question=question, answerable=False))
