"""A conversation on the chat page: its turns, what the assistant is told of them, and what the page shows."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant import (
    Answer,
    Assistant,
    Citation,
    CitationEvent,
    DoneEvent,
    Event,
    Sentence,
    SentenceEvent,
    Status,
    StatusEvent,
)
from ui.answer_html import answer_html, error_html, question_html, waiting_html
from ui.errors import exit_code, message

log = logging.getLogger(__name__)
BROKEN = "Something went wrong here; the server's log says what. Please try again."


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and, once it is there, its answer; `html` is what the page shows of it so far."""

    question: str
    html: str = ""
    answer: Answer | None = None


def messages(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The turns as Gradio's chat takes them."""
    shown = []
    for turn in turns:
        shown.append({"role": "user", "content": question_html(turn.question)})
        if turn.html:
            shown.append({"role": "assistant", "content": turn.html})
    return shown


def history(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The answered turns as the assistant takes them."""
    told = []
    for turn in turns:
        if turn.answer is not None:
            told.append({"role": "user", "content": turn.question})
            told.append({"role": "assistant", "content": turn.answer.text})
    return told


def take_turn(assistant: Assistant, question: str, turns: Sequence[Turn]) -> Iterator[Turn]:
    """The new turn again and again as its answer grows; errors end it as a message to the reader."""
    turn = Turn(question)
    try:
        draft = _Draft(question)
        for event in assistant.stream(question, history=history(turns)):
            turn = draft.after(event)
            yield turn
    except Exception as error:
        if exit_code(error) is None:
            log.exception("a question on the chat page failed")
            yield replace(turn, html=error_html(BROKEN))
        else:
            yield replace(turn, html=error_html(message(error)))


@dataclass(slots=True)
class _Draft:
    """An answer in the making."""

    question: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()

    def after(self, event: Event) -> Turn:
        """The turn once `event` has happened."""
        match event:
            case DoneEvent(answer):
                return Turn(self.question, answer_html(answer), answer)
            case StatusEvent(text):
                return Turn(self.question, waiting_html(text))
            case SentenceEvent(sentence):
                self.sentences += (sentence,)
            case CitationEvent(citation):
                self.citations += (citation,)
        partial = Answer(self.question, self.question, Status.ANSWERED, self.sentences, self.citations)
        return Turn(self.question, answer_html(partial, finished=False))
