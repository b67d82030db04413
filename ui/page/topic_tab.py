"""The topics tab: when the newsletters wrote about something, as a plot, and what they said, by date."""

from __future__ import annotations

from urllib.parse import urlencode

import gradio as gr

from assistant import AssistantError
from ui.language import Words
from ui.page.answer_html import error_html, sources_html
from ui.page.plots import bars, by_period
from ui.page.shell import I18N, PRIVATE, Shell, words_of
from ui.render import escape, snippet

MOST_SHOWN = 60


def topic_tab(shell: Shell) -> None:
    """Lay the tab out and tie its events; call it inside the tab."""
    box = gr.Textbox(
        placeholder=I18N("topic_placeholder"),
        label=I18N("topic_label"),
        show_label=False,
        submit_btn=True,
        max_length=200,
        elem_id="na-topic",
        container=False,
    )
    gr.Markdown(I18N("topic_intro"), elem_classes="na-intro")
    listing = gr.HTML("", elem_id="na-topics", apply_default_css=False)

    def show(topic: str | None, request: gr.Request) -> str:
        words, asked = words_of(request), (topic or "").strip()
        if asked and (seconds := shell.turnstile.looking(request)):
            return error_html(words("wait_to_look", seconds=seconds))
        return topic_html(shell, words, asked)

    box.submit(show, [box], [listing], **PRIVATE)


def topic_html(shell: Shell, words: Words, topic: str) -> str:
    """The plot and the quotations for a topic; nothing for an empty one."""
    if not topic.strip():
        return ""
    try:
        found = shell.assistant.mentions(topic)
    except AssistantError as error:
        return error_html(words.error(error))
    short = snippet(topic, 80)
    if not found:
        return f'<p class="na-empty" role="status">{escape(words("topic_none", topic=short))}</p>'
    plot = bars(words, by_period(citation.date for citation in found), label="mentions_over_time")
    said = words.count("topic_found", len(found), topic=short)
    more = f" · {words('more_mentions', shown=MOST_SHOWN)}" if len(found) > MOST_SHOWN else ""
    ask = escape("/?" + urlencode({"q": words("topic_question", topic=short)}))
    cards = sources_html(words, tuple(found[:MOST_SHOWN]), {}, label="sources", say=False)
    return (
        f'{plot}<div class="na-label" role="status">{escape(said)}{escape(more)} '
        f'<a class="na-develop" href="{ask}">{escape(words("topic_ask"))}</a></div><div class="na-answer">{cards}</div>'
    )
