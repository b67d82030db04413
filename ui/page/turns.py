"""A conversation on the chat page: its turns, what the assistant is told of them, and what the page shows."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
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
from index.passage import Filters
from ui.errors import exit_code
from ui.language import Words
from ui.page.answer_html import answer_html, error_html, question_html, stopped_html, waiting_html
from ui.page.offers import Offers, offers_for
from ui.questions import QuestionLog
from ui.sharing import Sharing
from ui.standing import compare_all

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and, once it is there, its answer; `html` is what the page shows of it so far.

    `underway` is true while more may come. `seal` shows that the engine gave this answer ("" where it did not).
    """

    question: str
    html: str = ""
    answer: Answer | None = None
    underway: bool = False
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What answering on the page needs beside the reader's words."""

    assistant: Assistant
    sharing: Sharing
    questions: QuestionLog


def messages(words: Words, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The turns as Gradio's chat takes them."""
    shown = []
    for turn in turns:
        shown.append({"role": "user", "content": question_html(words, turn.question)})
        if turn.html:
            shown.append({"role": "assistant", "content": turn.html})
    return shown


def answered(turns: Sequence[Turn]) -> list[Answer]:
    """The answers given so far."""
    return [turn.answer for turn in turns if turn.answer is not None]


def seals(turns: Sequence[Turn]) -> list[str]:
    """The seals of the answers given so far, in their order."""
    return [turn.seal for turn in turns if turn.answer is not None]


def history(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The answered turns as the assistant takes them."""
    told = []
    for turn in turns:
        if turn.answer is not None:
            told.append({"role": "user", "content": turn.question})
            told.append({"role": "assistant", "content": turn.answer.text})
    return told


def take_turn(
    desk: Desk,
    words: Words,
    question: str,
    turns: Sequence[Turn],
    filters: Filters,
    asks_anew: Callable[[str], bool] = lambda question: True,
) -> Iterator[Turn]:
    """The new turn again and again as its answer grows; errors end it as a message to the reader.

    `turns` are what the question may lean on: none for one that is asked by itself. Only what `asks_anew` is kept in the
    question log, so that asking again is no second reader.
    """
    turn = Turn(question)
    if not question.strip():
        yield replace(turn, html=error_html(words("question_empty")))
        return
    started = time.perf_counter()
    try:
        draft = _Draft(words, question)
        for event in desk.assistant.stream(question, history=history(turns), filters=filters):
            turn = draft.after(event, desk)
            yield turn
        if turn.answer is not None:
            if asks_anew(turn.answer.resolved_question):
                desk.questions.record(turn.answer, seconds=time.perf_counter() - started)
            offers = offers_for(desk.assistant, turn.answer, filters)
            if offers != Offers():
                yield _with_offers(desk, words, turn, offers)
    except Exception as error:
        if exit_code(error) is None:
            log.exception("a question on the chat page failed")
            yield replace(turn, html=error_html(words("broken")))
        else:
            yield replace(turn, html=error_html(words.error(error)))


def restored(desk: Desk, words: Words, answer: Answer, seal: str = "") -> Turn:
    """The turn of an answer given earlier, its quotations compared with the archive as it is now.

    The browser that kept it may have made it up: it can be shared only where `seal` shows that the engine gave it.
    """
    ours = desk.sharing.gave(answer, seal)
    now, standings = compare_all(desk.assistant, answer)
    html = answer_html(words, now, link=desk.sharing.path(answer) if ours else "", standings=standings)
    return Turn(answer.question, html, answer, seal=seal if ours else "")


def settled(words: Words, turns: Sequence[Turn]) -> list[Turn]:
    """The turns once nothing more comes: what stands of one that was underway stays, and that it was stopped is said."""
    if not turns or not turns[-1].underway:
        return list(turns)
    last = turns[-1]
    html = last.html if last.answer is not None else stopped_html(words, last.html)
    return [*turns[:-1], replace(last, html=html, underway=False)]


def _with_offers(desk: Desk, words: Words, turn: Turn, offers: Offers) -> Turn:
    assert turn.answer is not None
    return replace(turn, html=answer_html(words, turn.answer, offers=offers, link=desk.sharing.path(turn.answer)))


@dataclass(slots=True)
class _Draft:
    """An answer in the making."""

    words: Words
    question: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()

    def after(self, event: Event, desk: Desk) -> Turn:
        """The turn once `event` has happened."""
        match event:
            case DoneEvent(answer):
                html = answer_html(self.words, answer, link=desk.sharing.path(answer))
                return Turn(self.question, html, answer, seal=desk.sharing.seal(answer))
            case StatusEvent(text) if not self.sentences:
                return Turn(self.question, waiting_html(self._doing(text, desk)))
            case StatusEvent():
                pass
            case SentenceEvent(sentence):
                self.sentences += (sentence,)
            case CitationEvent(citation):
                self.citations += (citation,)
        partial = Answer(self.question, self.question, Status.ANSWERED, self.sentences, self.citations)
        return Turn(self.question, answer_html(self.words, partial, finished=False))

    def _doing(self, text: str, desk: Desk) -> str:
        """The engine's word for what it is doing, in the reader's language."""
        if text.startswith("Searching"):
            return self.words.count("searching", len(desk.assistant.newsletters()))
        return self.words("writing")
