"""The Ask tab: the conversation, the question box and the filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from ui.language import Words
from ui.page.answer_html import error_html, waiting_html
from ui.page.arrival import Arrival, Turns
from ui.page.library_html import empty_html
from ui.page.running import Run, Running
from ui.page.scope import Scope
from ui.page.scope_bar import ScopeBar, in_force, scope_bar
from ui.page.shell import I18N, PRIVATE, Shell, data_of, words_of
from ui.page.turns import Turn, answered, messages, settled, take_turn
from ui.problems import Problem
from ui.render import escape

Shown = tuple[Any, Any, Any]
QUESTION_BOX = "na-question"
ANSWERED = "() => { window.naAnswered?.(); return []; }"


@dataclass(frozen=True)
class AskTab:
    """The components that other parts of the page act on."""

    turns: gr.State
    arrival: gr.State
    running: gr.State
    chatbot: gr.Chatbot
    box: gr.Textbox
    bar: ScopeBar
    answered: gr.State

    @property
    def outputs(self) -> list[Any]:
        """What every step of an answer changes."""
        return [self.box, self.chatbot, self.turns]


def ask_tab(shell: Shell) -> AskTab:
    """Lay the tab out and tie its events; call it inside the tab."""
    turns, arrival, running, answered = gr.State([]), gr.State(Arrival()), gr.State(Running()), gr.State(0)
    chatbot = gr.Chatbot(
        elem_id="na-chat",
        label=I18N("conversation"),
        show_label=False,
        height=None,
        autoscroll=False,
        layout="bubble",
        sanitize_html=False,  # every message is made by answer_html, which escapes all text
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        group_consecutive_messages=False,
    )
    bar = scope_bar(shell)
    box = gr.Textbox(
        placeholder=I18N("ask_placeholder"),
        label=I18N("ask_label"),
        show_label=False,
        lines=1,
        max_lines=6,
        autofocus=True,
        submit_btn=True,
        interactive=True,
        elem_id=QUESTION_BOX,
        container=False,
    )
    tab = AskTab(turns, arrival, running, chatbot, box, bar, answered)
    _tie(shell, tab)
    return tab


def greeting(words: Words, shell: Shell) -> Any:
    """What an empty conversation shows."""
    questions = shell.assistant.suggested_questions()
    empty = not shell.assistant.newsletters()
    line = empty_html(words) if empty else escape(words("begin_with" if questions else "begin_alone"))
    placeholder = f'<div class="na-welcome"><h2>{escape(words("what_to_know"))}</h2><p>{line}</p></div>'
    return gr.update(placeholder=placeholder, examples=[{"text": question} for question in questions])


def answering(
    shell: Shell,
    running: Running,
    request: gr.Request,
    question: str,
    turns: Turns,
    scope: Scope,
    *,
    alone: bool = False,
) -> Iterator[Shown]:
    """What the page shows while `question` is answered, step by step; `alone` leaves the conversation out of account."""
    busy, words = gr.update(submit_btn=False, stop_btn=True), words_of(request)
    run = running.begin()
    before = settled(words, turns)
    context = [] if alone else before
    grown = [*before, Turn(question, underway=True)]
    try:
        for turn in _turns(shell, running, run, request, question, context, scope):
            grown = [*before, replace(turn, underway=True)]
            yield busy, messages(words, grown), grown
        if run.abandoned.is_set():
            yield untouched()
            return
        grown = settled(words, grown) if run.stopped.is_set() else [*before, replace(grown[-1], underway=False)]
        yield idle(), messages(words, grown), grown
    finally:
        run.mark_ended()


def _turns(
    shell: Shell, running: Running, run: Run, request: gr.Request, question: str, context: Turns, scope: Scope
) -> Iterator[Turn]:
    """The new turn again and again as its answer grows, or why it is not answered now."""
    words = words_of(request)
    if question.strip() and (seconds := shell.turnstile.asking(request)):
        yield Turn(question, error_html(words("wait_to_ask", seconds=seconds)))
        return
    if shell.workers.waiting:
        yield Turn(question, waiting_html(words("in_line")))

    def work() -> Iterator[Turn]:
        return take_turn(shell.desk, words, question, context, scope.filters(), running.asks_anew)

    try:
        yield from run.until_ended(work, shell.workers)
    except Problem:
        yield Turn(question, error_html(words("crowded")))


def untouched() -> Shown:
    """Nothing new to show."""
    return gr.skip(), gr.skip(), gr.skip()


def idle() -> Any:
    """The question box when nothing is being answered."""
    return gr.update(submit_btn=True, stop_btn=False)


def _tie(shell: Shell, tab: AskTab) -> None:
    inputs = [tab.running, tab.arrival, tab.turns, tab.bar.scope]

    def example(
        chosen: gr.SelectData,
        running: Running,
        arrival: Arrival,
        turns: Turns,
        scope: Scope | None,
        request: gr.Request,
    ) -> Iterator[Shown]:
        question, before = str(chosen.value["text"]), arrival.asked(turns)
        yield from answering(shell, running, request, question, before, in_force(scope, request))

    def pressed(
        running: Running,
        arrival: Arrival,
        turns: Turns,
        scope: Scope | None,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[Shown]:
        """Ask what a button says: in place of turn `at` and what follows it, where it gives one."""
        data, turns = data_of(event), arrival.asked(turns)
        for answer in answered(turns):  # by an earlier visit, perhaps: to ask again is no other asking
            running.asks_anew(answer.resolved_question)
        kept = turns[: max(0, int(data["at"]))] if "at" in data else turns
        asked = str(data.get("question") or (turns[len(kept)].question if len(kept) < len(turns) else ""))
        within = Scope() if data.get("unfiltered") else in_force(scope, request)
        alone = bool(data.get("alone"))
        yield from answering(shell, running, request, asked, kept, within, alone=alone)

    def judged(turns: Turns, event: gr.EventData) -> None:
        data = data_of(event)
        at = int(data.get("at", -1))
        turn = turns[at] if 0 <= at < len(turns) else None
        if turn is not None and turn.answer is not None:
            shell.feedback.record(
                turn.answer,
                verdict="good" if data.get("verdict") == "good" else "bad",
                reason=str(data.get("reason", ""))[:40],
                comment=str(data.get("comment", ""))[:2000],
            )

    asking = [
        tab.chatbot.example_select(example, inputs, tab.outputs, **PRIVATE),
        shell.bridge.submit(pressed, inputs, tab.outputs, trigger_mode="multiple", **PRIVATE),
    ]
    tab.box.stop(Running.stop, [tab.running], None, **PRIVATE)
    for event in asking:
        event.then(None, None, None, js=ANSWERED, **PRIVATE)
        event.then(_count, [tab.answered], [tab.answered], **PRIVATE)
    shell.bridge.like(judged, [tab.turns], None, **PRIVATE)


def _count(answered: int) -> int:
    return answered + 1
