"""The page put together: heading, side bar and tabs, and what happens when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.limited import LimitedAssistant
from ui.language import languages
from ui.page import conversations
from ui.page.add_tab import add_tab
from ui.page.arrival import Arrival, Turns
from ui.page.ask_tab import AskTab, Shown, answering, ask_tab, greeting, untouched
from ui.page.conversations import SideBar, kept_shelf, side_bar, turns_of
from ui.page.editor import shows_tabs
from ui.page.insights_tab import insights_tab
from ui.page.library_tab import library_tab
from ui.page.running import Running
from ui.page.scope import Scope, unread_dates
from ui.page.scope_bar import arrived, in_force
from ui.page.shell import I18N, PRIVATE, Shell, heading, make_shell, query_of, words_of
from ui.page.template import STYLES
from ui.page.topic_tab import topic_tab
from ui.page.turns import messages
from ui.page.turnstile import Turnstile
from ui.render import escape
from ui.workers import Workers

HEAD = f'{STYLES}<link rel="icon" href="/ui/icon.svg"><script type="module" src="/ui/chat.js"></script>'
ASKING = 8
MOST_EVENTS = 400  # of all visits, that may wait
MOST_VISITS = 1000  # whose conversations the server keeps; it has no more connections than that


def chat_page(assistant: LimitedAssistant, turnstile: Turnstile, workers: Workers) -> gr.Blocks:
    """The page over `assistant`; its editor works on the whole of it. `workers` are the server's own."""
    settings = turnstile.settings
    with gr.Blocks(title=settings.server.title, analytics_enabled=False, fill_height=True) as page:
        side = side_bar()
        shell = make_shell(assistant, turnstile, workers)
        shown = heading(languages()["en"], assistant, settings)  # in place from the start, so that nothing moves
        head = gr.HTML(shown, elem_id="na-heading", apply_default_css=False)
        with gr.Tabs(elem_id="na-tabs"):
            with gr.Tab(I18N("tab_ask"), id="ask"):
                tab = ask_tab(shell)
            with gr.Tab(I18N("tab_library"), id="library") as browsing:
                library_tab(shell, page, browsing)
            with gr.Tab(I18N("tab_topics"), id="topics"):
                topic_tab(shell)
            with gr.Tab(I18N("tab_add"), id="add", visible=False) as adding:
                gate = add_tab(shell, page)
            with gr.Tab(I18N("tab_insights"), id="insights", visible=False) as seeing:
                insights_tab(shell, gate, seeing)
        conversations.tie(shell, side, tab)
        _tie(shell, page, head, side, tab)
        _offer(shell, page, [adding, seeing])
    page.queue(default_concurrency_limit=ASKING, max_size=MOST_EVENTS)
    page.state_session_capacity = MOST_VISITS
    return page


def _offer(shell: Shell, page: gr.Blocks, tabs: list[gr.Tab]) -> None:
    def offered(request: gr.Request) -> list[Any]:
        return [gr.update(visible=shows_tabs(request, shell.settings)) for _ in tabs]

    page.load(offered, None, tabs, **PRIVATE)


def _tie(shell: Shell, page: gr.Blocks, head: gr.HTML, side: SideBar, tab: AskTab) -> None:
    pending = gr.State("")  # the question in the address, which the page's own script soon rewrites

    def opened(request: gr.Request) -> list[Any]:
        """What the address says, and the heading in the reader's language."""
        words = words_of(request)
        for text in unread_dates(query_of(request)):
            gr.Warning(words("bad_date", value=escape(text)))
        return [
            heading(words, shell.assistant, shell.settings),
            *arrived(shell.assistant, request),
            query_of(request).get("q", [""])[0].strip(),
        ]

    def restore(kept: Any, arrival: Arrival, request: gr.Request) -> list[Any]:
        """The conversation that the browser kept, unless a question was asked meanwhile."""
        words = words_of(request)
        shelf = kept_shelf(kept, fresh=bool(query_of(request).get("q")))
        turns = turns_of(shell, words, shelf)
        if not arrival.restores(turns):
            return [gr.skip() for _ in restored]
        return [*conversations.shown(words, shelf)[1:], turns, gr.update(value=messages(words, turns))]

    def arriving(
        asked: str, running: Running, arrival: Arrival, turns: Turns, scope: Scope | None, request: gr.Request
    ) -> Iterator[Shown]:
        """Ask the question in the page's address, if there is one."""
        arrival.drawn()
        if asked and not turns:
            yield from answering(shell, running, request, asked, arrival.asked(turns), in_force(scope, request))
        else:
            yield untouched()

    def greet(request: gr.Request) -> Any:
        return greeting(words_of(request), shell)

    restored = [*side.outputs[1:], tab.turns, tab.chatbot]
    page.load(opened, None, [head, *tab.bar.outputs, pending], **PRIVATE).then(
        restore, [side.kept, tab.arrival], restored, **PRIVATE
    ).then(arriving, [pending, tab.running, tab.arrival, tab.turns, tab.bar.scope], tab.outputs, **PRIVATE).then(
        lambda count, turns: count + len(turns), [tab.answered, tab.turns], [tab.answered], **PRIVATE
    )
    page.load(greet, None, [tab.chatbot], **PRIVATE)  # by itself: it may take long, and touches no conversation
