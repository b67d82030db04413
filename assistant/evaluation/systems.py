"""What is evaluated: anything that takes a question of a question file and gives a `Reply`.

The kit judges replies and knows nothing of who made them, so that pipelines are compared by the same rules in the same
run. `AssistantSystem` is this program; `assistant.evaluation.llama.QueryEngineSystem` any LlamaIndex query engine.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.answer import Answer, Status
from assistant.evaluation.questions import Question

if TYPE_CHECKING:
    from assistant.engine import Assistant

PASSAGES = 10
RETRIEVED = "retrieved"


@dataclass(frozen=True, slots=True)
class Found:
    """A passage found for the question: its text, its newsletter's id where known, and where it starts there."""

    text: str
    newsletter: str | None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Cited:
    """A quotation that an answer cites; `place` says where it stands, for a person."""

    quote: str
    place: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer; `citations` index the reply's citations from 0."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system made of one question.

    `status` is "answered", "not_found" or "unclear", or "retrieved" for a system that finds passages and writes no
    answer. `confidence` is the probability (0 to 1) that the question is answered, None where the system has none.
    `verbatim` says whether every citation was its newsletter's own text, None where nothing is known about it.
    """

    status: str
    text: str
    passages: tuple[Found, ...]
    milliseconds: float
    sentences: tuple[Said, ...] = ()
    citations: tuple[Cited, ...] = ()
    confidence: float | None = None
    verbatim: bool | None = None


@runtime_checkable
class System(Protocol):
    """Anything that answers questions."""

    def reply(self, question: Question) -> Reply:
        """What the system makes of `question`."""
        ...


class AssistantSystem:
    """An `Assistant` as a system to evaluate."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def reply(self, question: Question) -> Reply:
        """The assistant's answer, and the ten passages that it finds for the question."""
        started = time.perf_counter()
        answer = self._assistant.ask(question.question, history=question.messages)
        milliseconds = (time.perf_counter() - started) * 1000
        found = self._assistant.search(question.question, history=question.messages, limit=PASSAGES)
        at = {citation.number: index for index, citation in enumerate(answer.citations)}
        return Reply(
            status=answer.status.value,
            text=answer.text,
            passages=tuple(Found(p.passage.text, p.newsletter.id, p.passage.start) for p in found),
            milliseconds=milliseconds,
            sentences=tuple(Said(s.text, tuple(at[n] for n in s.citations if n in at)) for s in answer.sentences),
            citations=tuple(Cited(c.quote, f"{c.newsletter_id}:{c.start}-{c.end}") for c in answer.citations),
            confidence=answer.confidence,
            verbatim=self._verbatim(answer),
        )

    def _verbatim(self, answer: Answer) -> bool | None:
        """Whether every citation's quotation is the newsletter's own text at its place; None without citations."""
        cited = [*answer.citations, *answer.closest]
        if not cited:
            return None
        return all(self._assistant.newsletter(c.newsletter_id).text[c.start : c.end] == c.quote for c in cited)


def refused(reply: Reply) -> bool:
    """Whether the system declined to answer."""
    return reply.status not in (Status.ANSWERED.value, RETRIEVED)
