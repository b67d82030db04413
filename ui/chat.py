"""The Gradio page: the chat with its sources, and the library.

Gradio holds the layout and the events; what is shown is made by `answer_html` and `library_html`, and the side
panel that opens a source is `static/chat.js`. Each browser tab has its own conversation, a list of turns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant import Assistant, Settings
from ui.conversation import Turn, messages, take_turn
from ui.feedback import FeedbackLog
from ui.library_tab import library_tab
from ui.render import escape

HEAD = (
    '<link rel="stylesheet" href="/ui/chat.css"><link rel="icon" href="/ui/icon.svg">'
    '<script src="/ui/chat.js" defer></script>'
)
ASKING = 8
Turns = list[Turn]


def chat_page(assistant: Assistant, settings: Settings) -> gr.Blocks:
    """The page over `assistant`."""
    with gr.Blocks(title=settings.server.title, analytics_enabled=False, fill_height=True) as page:
        gr.HTML(_heading(assistant, settings), elem_id="na-heading")
        with gr.Tabs(elem_id="na-tabs"):
            with gr.Tab("Ask", id="ask"):
                _ask_tab(assistant, settings, page)
            with gr.Tab("Library", id="library"):
                library_tab(assistant, page)
    page.queue(default_concurrency_limit=ASKING)
    return page


def _heading(assistant: Assistant, settings: Settings) -> str:
    count = len(assistant.newsletters())
    noun = "newsletter" if count == 1 else "newsletters"
    return (
        f"<h1>{escape(settings.server.title)}</h1><p>Answers in the words of {count:,} {noun}, "
        "with the exact place of every quotation.</p>"
    )


def _ask_tab(assistant: Assistant, settings: Settings, page: gr.Blocks) -> None:
    turns = gr.State([])
    chatbot = gr.Chatbot(
        elem_id="na-chat",
        label="Conversation",
        show_label=False,
        height="calc(100dvh - 13.5rem)",
        min_height=260,
        layout="bubble",
        placeholder="<h2>What would you like to know?</h2><p>Ask in your own words, or begin with one of these.</p>",
        examples=_examples(assistant),
        sanitize_html=False,  # every message is made by answer_html, which escapes all text
        latex_delimiters=[],
        buttons=[],
        editable="user",
        group_consecutive_messages=False,
    )
    with gr.Row(elem_id="na-ask", equal_height=False):
        box = gr.Textbox(
            placeholder="Ask the newsletters …",
            label="Your question",
            show_label=False,
            lines=1,
            max_lines=6,
            autofocus=True,
            submit_btn="Ask",
            elem_id="na-question",
            container=False,
            scale=1,
        )
        new = gr.Button("New conversation", elem_id="na-new", scale=0, min_width=150, size="sm")
    _wire(assistant, settings, page, _Parts(turns, chatbot, box, new))


class _Parts:
    """The components that the events tie together."""

    def __init__(self, turns: gr.State, chatbot: gr.Chatbot, box: gr.Textbox, new: gr.Button) -> None:
        self.turns, self.chatbot, self.box, self.new = turns, chatbot, box, new


def _wire(assistant: Assistant, settings: Settings, page: gr.Blocks, parts: _Parts) -> None:
    feedback = FeedbackLog(settings.data_dir)
    outputs = [parts.box, parts.chatbot, parts.turns]
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

    def ask(question: str, turns: Turns) -> Iterator[tuple[Any, Any, Turns]]:
        yield from _answered(assistant, question, turns)

    def example(chosen: gr.SelectData, turns: Turns) -> Iterator[tuple[Any, Any, Turns]]:
        yield from _answered(assistant, chosen.value["text"], turns)

    def retry(turns: Turns) -> Iterator[tuple[Any, Any, Turns]]:
        if turns:
            yield from _answered(assistant, turns[-1].question, turns[:-1])

    def edit(turns: Turns, chosen: gr.EditData) -> Iterator[tuple[Any, Any, Turns]]:
        position = int(chosen.index) // 2
        yield from _answered(assistant, str(chosen.value), turns[:position])

    def like(turns: Turns, judged: gr.LikeData) -> None:
        position = int(judged.index) // 2
        answer = turns[position].answer if position < len(turns) else None
        if answer is not None:
            feedback.record(answer, verdict="good" if judged.liked is True else "bad")

    def afresh() -> tuple[Any, Any, Turns]:
        return gr.update(value="", submit_btn="Ask", stop_btn=False), [], []

    asking = [
        parts.box.submit(ask, [parts.box, parts.turns], outputs, **private),
        parts.chatbot.example_select(example, [parts.turns], outputs, **private),
        parts.chatbot.retry(retry, [parts.turns], outputs, **private),
        parts.chatbot.edit(edit, [parts.turns], outputs, **private),
    ]
    parts.box.stop(_stopped, [parts.turns], outputs, cancels=asking, **private)
    gr.on([parts.new.click, parts.chatbot.clear], afresh, None, outputs, cancels=asking, **private)
    parts.chatbot.like(like, [parts.turns], None, **private)
    page.load(lambda: gr.update(examples=_examples(assistant)), None, [parts.chatbot], **private)


def _answered(assistant: Assistant, question: str, turns: Turns) -> Iterator[tuple[Any, Any, Turns]]:
    """What the page shows while a question is answered."""
    busy = gr.update(value="", submit_btn=False, stop_btn="Stop")
    grown = turns
    for turn in take_turn(assistant, question, turns):
        grown = [*turns, turn]
        yield busy, messages(grown), grown
    yield gr.update(submit_btn="Ask", stop_btn=False), messages(grown), grown


def _stopped(turns: Turns) -> tuple[Any, Any, Turns]:
    return gr.update(submit_btn="Ask", stop_btn=False), messages(turns), turns


def _examples(assistant: Assistant) -> list[dict[str, str]]:
    return [{"text": question} for question in assistant.suggested_questions()]
