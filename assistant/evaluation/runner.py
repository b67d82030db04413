"""Asks every question and judges the replies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.evaluation.matching import citation_quality, evidence_in, gold_in, newsletter_rank
from assistant.evaluation.metrics import report_on
from assistant.evaluation.outcomes import Outcome, Report
from assistant.evaluation.questions import Question
from assistant.evaluation.systems import RETRIEVED, AssistantSystem, Reply, System, refused

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine

    from assistant.engine import Assistant


def evaluate(
    asked: Assistant | BaseQueryEngine | System,
    questions: Sequence[Question],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """The report of putting every question to `asked`; `progress` is told how many of how many are done.

    `asked` is an assistant, a LlamaIndex query engine, or anything that replies (see `System`).
    """
    system = as_system(asked)
    outcomes = []
    for number, question in enumerate(questions, start=1):
        outcomes.append(judge(system, question))
        if progress:
            progress(number, len(questions))
    return report_on(outcomes)


def judge(asked: Assistant | BaseQueryEngine | System, question: Question) -> Outcome:
    """What came of one question."""
    return judge_reply(question, as_system(asked).reply(question))


def as_system(asked: Assistant | BaseQueryEngine | System) -> System:
    """`asked` as something that replies."""
    if isinstance(asked, System):
        return asked
    from assistant.engine import Assistant

    if isinstance(asked, Assistant):
        return AssistantSystem(asked)
    from assistant.evaluation.llama import QueryEngineSystem

    return QueryEngineSystem(asked)


def judge_reply(question: Question, reply: Reply) -> Outcome:
    """The verdict on a reply."""
    declined = refused(reply)
    answers = reply.status != RETRIEVED
    answered = answers and not declined
    first = reply.sentences[0].text if reply.sentences else reply.text
    recall, precision = citation_quality(reply)
    of_newsletter = question.answerable and question.newsletter is not None
    return Outcome(
        id=question.id,
        question=question.question,
        answerable=question.answerable,
        kind=question.kind,
        subkind=question.subkind,
        tags=question.tags,
        archive=question.archive,
        history=tuple(f"{turn.role}: {turn.content}" for turn in question.history),
        newsletter=question.newsletter,
        evidence=question.evidence,
        gold=question.gold,
        status=reply.status,
        answer=reply.text,
        citations=tuple(cited.place for cited in reply.citations),
        quotes=tuple(cited.quote for cited in reply.citations),
        confidence=reply.confidence,
        hit=answered and gold_in(reply.text, question.gold),
        first_right=answered and gold_in(first, question.gold),
        refused=declined,
        words=len(reply.text.split()) if answered else 0,
        milliseconds=reply.milliseconds,
        answers=answers,
        newsletter_rank=newsletter_rank(str(question.newsletter), reply.passages) if of_newsletter else None,
        gold_in_passages=any(gold_in(p.text, question.gold) for p in reply.passages) if question.answerable else None,
        evidence_in_passages=evidence_in(question.evidence, reply.passages)
        if question.answerable and question.evidence
        else None,
        citation_recall=recall,
        citation_precision=precision,
        verbatim=reply.verbatim,
    )
