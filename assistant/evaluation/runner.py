"""Asks every question and judges the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from assistant.answer import Answer, Status
from assistant.evaluation.metrics import gold_in, summarise
from assistant.evaluation.outcomes import Outcome, Report
from assistant.evaluation.questions import Question

if TYPE_CHECKING:
    from assistant.engine import Assistant

PASSAGES = 10


def evaluate(
    assistant: Assistant, questions: Sequence[Question], *, progress: Callable[[int, int], None] | None = None
) -> Report:
    """The report of asking every question; `progress` is told how many of how many are done."""
    outcomes = []
    for number, question in enumerate(questions, start=1):
        outcomes.append(judge(assistant, question))
        if progress:
            progress(number, len(questions))
    return Report(metrics=summarise(outcomes), outcomes=tuple(outcomes))


def judge(assistant: Assistant, question: Question) -> Outcome:
    """What came of one question."""
    started = time.perf_counter()
    answer = assistant.ask(question.question, history=question.messages)
    milliseconds = (time.perf_counter() - started) * 1000
    refused = answer.status is not Status.ANSWERED
    found = assistant.search(answer.resolved_question, limit=PASSAGES)
    order = list(dict.fromkeys(passage.newsletter.id for passage in found))
    rank = None
    if question.newsletter is not None:
        rank = order.index(question.newsletter) + 1 if question.newsletter in order else 0
    recall, precision = citation_quality(answer)
    return Outcome(
        id=question.id,
        question=question.question,
        answerable=question.answerable,
        kind=question.kind,
        subkind=question.subkind,
        gold=question.gold,
        status=answer.status.value,
        answer=answer.text,
        citations=tuple(f"{c.newsletter_id}:{c.start}-{c.end}" for c in answer.citations),
        confidence=answer.confidence,
        hit=not refused and gold_in(answer.text, question.gold),
        first_right=not refused and gold_in(answer.sentences[0].text, question.gold),
        refused=refused,
        words=len(answer.text.split()) if not refused else 0,
        milliseconds=milliseconds,
        newsletter_rank=rank,
        gold_in_passages=any(gold_in(p.passage.text, question.gold) for p in found) if question.answerable else None,
        citation_recall=recall,
        citation_precision=precision,
        verbatim=verbatim(assistant, answer),
    )


def citation_quality(answer: Answer) -> tuple[float | None, float | None]:
    """Citation recall and precision (ALCE, arXiv 2305.14627), judged by words instead of a model.

    Recall: the share of sentences whose every word stands in what they cite; precision: the share of citations that
    some sentence needs. None without sentences.
    """
    if not answer.sentences:
        return None, None
    quotes = {citation.number: citation.quote for citation in answer.citations}
    supported = [
        set(s.text.split()) <= set(" ".join(quotes.get(n, "") for n in s.citations).split()) for s in answer.sentences
    ]
    needed = {n for s in answer.sentences for n in s.citations if set(s.text.split()) & set(quotes.get(n, "").split())}
    precision = len(needed) / len(quotes) if quotes else 0.0
    return sum(supported) / len(supported), precision


def verbatim(assistant: Assistant, answer: Answer) -> bool | None:
    """Whether every citation's quotation is the newsletter's own text at its place; None without citations."""
    cited = [*answer.citations, *answer.closest]
    if not cited:
        return None
    return all(assistant.newsletter(c.newsletter_id).text[c.start : c.end] == c.quote for c in cited)
