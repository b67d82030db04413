"""The filters of the Ask tab: a folded form, and a chip for each filter in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant import Assistant
from index.retriever import matching_newsletters
from ui.language import Words
from ui.page.scope import Scope, date_of, issues_of, issues_text, scope_of
from ui.page.shell import I18N, PRIVATE, Shell, data_of, query_of, words_of
from ui.render import escape, snippet

ADDRESS = """
const tell = () => { const chips = element.querySelector("[data-query]"); if (chips) window.naAddress?.(chips.dataset.query); };
watch("value", tell);
"""


@dataclass(frozen=True)
class ScopeBar:
    """The components of the filters; `scope` holds the Scope in force, None until the page's address was read."""

    scope: gr.State
    chips: gr.HTML
    fields: list[Any]

    @property
    def outputs(self) -> list[Any]:
        """What a change of the filters changes, in the order of `shown`."""
        return [self.scope, self.chips, *self.fields]


def scope_bar(shell: Shell) -> ScopeBar:
    """Lay out the filters and tie their events."""
    scope = gr.State(None)
    chips = gr.HTML("", elem_id="na-chips", apply_default_css=False, js_on_load=ADDRESS)
    with gr.Accordion(I18N("filters"), open=False, elem_id="na-filters"):
        gr.Markdown(I18N("filters_hint"))
        with gr.Row():
            publishers = gr.Dropdown([], label=I18N("publisher"), multiselect=True, min_width=220)
            languages = gr.Dropdown([], label=I18N("language"), multiselect=True, min_width=140)
        with gr.Row():
            since = gr.Textbox(label=I18N("since"), placeholder="2019-04", min_width=140)
            until = gr.Textbox(label=I18N("until"), placeholder="2020", min_width=140)
            issues = gr.Textbox(label=I18N("issue_numbers"), placeholder="12, 15-18", min_width=140)
    bar = ScopeBar(scope, chips, [publishers, languages, since, until, issues])
    _tie(shell, bar)
    return bar


def shown(words: Words, assistant: Assistant, scope: Scope) -> list[Any]:
    """The values of `[scope, chips, *fields]` for a scope."""
    fields = [
        gr.update(value=list(scope.publishers)),
        gr.update(value=list(scope.languages)),
        scope.since or "",
        scope.until or "",
        issues_text(scope.issues),
    ]
    return [scope, chips_html(words, assistant, scope), *fields]


def chips_html(words: Words, assistant: Assistant, scope: Scope) -> str:
    """A removable chip for each filter, and how many issues pass."""
    query = escape(scope.query())
    if scope == Scope():
        return f'<div class="na-chips" data-query="{query}" hidden></div>'
    infos = assistant.newsletters()
    titles = {info.id: info.title for info in infos}
    named = [
        *(("newsletter", value, titles.get(value, value)) for value in scope.newsletters),
        *(("publisher", value, value) for value in scope.publishers),
        *(("language", value, value) for value in scope.languages),
        *((("issue", "", words("chip_issue", value=issues_text(scope.issues))),) if scope.issues else ()),
        *((("since", "", words("chip_since", value=words.date(scope.since))),) if scope.since else ()),
        *((("until", "", words("chip_until", value=words.date(scope.until))),) if scope.until else ()),
    ]
    chips = "".join(_chip(words, kind, value, label) for kind, value, label in named)
    passing = len(matching_newsletters(infos, scope.filters()))
    said = words.count("filtered_to", passing) if passing else words("filtered_none")
    clear = (
        f'<button type="button" class="na-clear" data-kind="all">{escape(words("clear_filters"))}</button>'
        if len(named) > 1
        else ""
    )
    return (
        f'<div class="na-chips" data-query="{query}" role="group" aria-label="{escape(words("filters"))}">'
        f'{chips}<span class="na-passing" role="status">{escape(said)}</span>{clear}</div>'
    )


def _chip(words: Words, kind: str, value: str, label: str) -> str:
    remove = escape(words("remove_filter", value=label))
    return (
        f'<button type="button" class="na-filter" data-kind="{kind}" data-value="{escape(value)}" '
        f'aria-label="{remove}" title="{remove}">{escape(snippet(label, 48))}<span aria-hidden="true"> ×</span></button>'
    )


def in_force(scope: Scope | None, request: gr.Request) -> Scope:
    """The filters in force; until the page's address was read, those that stand in it."""
    return scope_of(query_of(request)) if scope is None else scope


def arrived(assistant: Assistant, request: gr.Request) -> list[Any]:
    """The values of `ScopeBar.outputs` for the page's address."""
    infos = assistant.newsletters()
    scope, chips, publishers, languages, *rest = shown(words_of(request), assistant, scope_of(query_of(request)))
    known = sorted({info.publisher for info in infos if info.publisher})
    spoken = sorted({info.language for info in infos if info.language})
    publishers |= {"choices": known, "visible": len(known) > 1}
    languages |= {"choices": spoken, "visible": len(spoken) > 1}
    return [scope, chips, publishers, languages, *rest]


def _tie(shell: Shell, bar: ScopeBar) -> None:
    assistant = shell.assistant

    def typed(
        old: Scope | None,
        publishers: list[str],
        languages: list[str],
        since: str,
        until: str,
        issues: str,
        request: gr.Request,
    ) -> list[Any]:
        words = words_of(request)
        for date in (since, until):
            if date.strip() and date_of(date) is None:
                gr.Warning(words("bad_date", value=date))
        numbers = issues_of(issues)
        if numbers is None:
            gr.Warning(words("bad_issues", value=issues))
        now = in_force(old, request)
        new = Scope(tuple(publishers), tuple(languages), numbers or (), now.newsletters, date_of(since), date_of(until))
        if new == now:  # leaving a field for the button that clears them all must not bring them back
            return [gr.skip(), gr.skip()]
        return [new, chips_html(words, assistant, new)]

    def pressed(scope: Scope | None, event: gr.EventData, request: gr.Request) -> list[Any]:
        return shown(words_of(request), assistant, changed(in_force(scope, request), data_of(event)))

    shell.bridge.input(pressed, [bar.scope], bar.outputs, **PRIVATE)
    told = {"inputs": [bar.scope, *bar.fields], "outputs": [bar.scope, bar.chips], **PRIVATE}
    for dropdown in bar.fields[:2]:
        dropdown.input(typed, **told)
    for box in bar.fields[2:]:
        gr.on([box.submit, box.blur], typed, **told)


def changed(scope: Scope, data: dict[str, Any]) -> Scope:
    """The scope after a chip was removed, or an issue or period was chosen somewhere on the page."""
    kind, value = str(data.get("kind", "")), str(data.get("value", ""))
    match kind:
        case "all":
            return Scope()
        case "only":
            return Scope(newsletters=(value,))
        case "period":
            return Scope(since=date_of(value), until=date_of(value))
        case _:
            return scope.without(kind, value)
