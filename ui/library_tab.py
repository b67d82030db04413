"""The library tab: every issue, newest first and paged, and a search by words and meaning."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant import Assistant, AssistantError
from index import NewsletterInfo
from ui.answer_html import error_html
from ui.library_html import issues_html, results_html

PAGE = 50
FOUND = 12


def library_tab(assistant: Assistant, page: gr.Blocks) -> None:
    """Lay the tab out and tie its events; call it inside the tab."""
    first = gr.State(0)
    box = gr.Textbox(
        placeholder="Search the archive by words or meaning …",
        label="Search the archive",
        show_label=False,
        submit_btn="Search",
        elem_id="na-search",
        container=False,
    )
    listing = gr.HTML(elem_id="na-library")
    with gr.Row(elem_id="na-pages"):
        newer = gr.Button("Newer", size="sm", visible=False)
        older = gr.Button("Older", size="sm", visible=False)

    def show(start: int, query: str | None) -> tuple[Any, ...]:
        newest = _newest(assistant)
        query = query or ""
        if query.strip():
            return start, _search(assistant, query), gr.update(visible=False), gr.update(visible=False)
        start = max(0, min(start, (len(newest) - 1) // PAGE * PAGE))
        shown = issues_html(newest[start : start + PAGE], first=start, total=len(newest))
        more = start + PAGE < len(newest)
        return start, shown, gr.update(visible=start > 0), gr.update(visible=more)

    outputs = [first, listing, newer, older]
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    page.load(show, [first, box], outputs, **private)
    box.submit(show, [first, box], outputs, **private)
    box.change(lambda start, text: show(start, text) if not text else _same(), [first, box], outputs, **private)
    newer.click(lambda start, text: show(start - PAGE, text), [first, box], outputs, **private)
    older.click(lambda start, text: show(start + PAGE, text), [first, box], outputs, **private)


def _same() -> tuple[Any, ...]:
    return gr.skip(), gr.skip(), gr.skip(), gr.skip()


def _newest(assistant: Assistant) -> list[NewsletterInfo]:
    return sorted(assistant.newsletters(), key=lambda info: (info.date or "", info.id), reverse=True)


def _search(assistant: Assistant, query: str) -> str:
    try:
        return results_html(query, assistant.search(query, limit=FOUND))
    except AssistantError as error:
        return error_html(str(error))
