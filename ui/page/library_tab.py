"""The library tab: every issue, newest first and paged, with a plot of their months, and a search."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError
from index import NewsletterInfo
from ui.language import Words
from ui.page.answer_html import error_html
from ui.page.library_html import issues_html, results_html
from ui.page.plots import bars, by_period
from ui.page.shell import I18N, PRIVATE, Shell, words_of

PAGE = 50
FOUND = 12
TITLES = 20


def library_tab(shell: Shell, page: gr.Blocks, tab: gr.Tab) -> None:
    """Lay the tab out and tie its events; call it inside the tab."""
    assistant = shell.assistant
    first, visit = gr.State(0), gr.State({})  # the visit's own object, which counts what was looked for
    box = gr.Textbox(
        placeholder=I18N("search_placeholder"),
        label=I18N("search_archive"),
        show_label=False,
        submit_btn=True,
        elem_id="na-search",
        container=False,
    )
    listing = gr.HTML("", elem_id="na-library", apply_default_css=False)
    with gr.Row(elem_id="na-pages"):
        newer = gr.Button(I18N("newer"), size="sm", visible=False)
        older = gr.Button(I18N("older"), size="sm", visible=False)

    def show(start: int, query: str | None, request: gr.Request) -> tuple[Any, ...]:
        words = words_of(request)
        newest = newest_first(assistant)
        if query and query.strip():
            seconds = shell.turnstile.looking(request)
            wait = error_html(words("wait_to_look", seconds=seconds)) if seconds else ""
            found = wait or _search(assistant, words, newest, query)
            return start, found, gr.update(visible=False), gr.update(visible=False)
        start = max(0, min(start, (len(newest) - 1) // PAGE * PAGE))
        plot = bars(words, by_period(info.date for info in newest), label="issues_over_time") if not start else ""
        shown = plot + issues_html(words, newest[start : start + PAGE], first=start, total=len(newest))
        more = start + PAGE < len(newest)
        return start, shown, gr.update(visible=start > 0), gr.update(visible=more)

    def emptied(start: int, query: str | None, request: gr.Request) -> tuple[Any, ...]:
        return show(start, query, request) if not query else (gr.skip(), gr.skip(), gr.skip(), gr.skip())

    def forward(start: int, query: str | None, request: gr.Request) -> tuple[Any, ...]:
        return show(start + PAGE, query, request)

    def back(start: int, query: str | None, request: gr.Request) -> tuple[Any, ...]:
        return show(start - PAGE, query, request)

    def opened(visit: dict[str, int], start: int, query: str | None, request: gr.Request) -> tuple[Any, ...]:
        """The issues as the archive is now, unless the reader searched, or was quicker and does."""
        searches = visit.get("searches", 0)
        newest = show(start, "", request)
        return (gr.skip(),) * 4 if query or visit.get("searches", 0) > searches else newest

    def search(visit: dict[str, int], start: int, query: str | None, request: gr.Request) -> tuple[Any, ...]:
        visit["searches"] = visit.get("searches", 0) + 1
        return show(start, query, request)

    outputs = [first, listing, newer, older]
    told: dict[str, Any] = {"inputs": [first, box], "outputs": outputs, **PRIVATE}
    gr.on([page.load, tab.select], opened, [visit, first, box], outputs, **PRIVATE)
    box.submit(search, [visit, first, box], outputs, **PRIVATE)
    box.change(emptied, **told)
    newer.click(back, **told)
    older.click(forward, **told)


def newest_first(assistant: Assistant) -> list[NewsletterInfo]:
    """Every issue, the newest first."""
    return sorted(assistant.newsletters(), key=lambda info: (info.date or "", info.issue or 0, info.id), reverse=True)


def _search(assistant: Assistant, words: Words, newest: list[NewsletterInfo], query: str) -> str:
    wanted = query.casefold().split()
    titled = [info for info in newest if all(word in info.title.casefold() for word in wanted)][:TITLES]
    try:
        return results_html(words, query, titled, assistant.search(query, limit=FOUND))
    except AssistantError as error:
        return error_html(words.error(error))
