"""The side bar: the conversations this browser keeps, to open, rename, delete and export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.language import Words
from ui.page.arrival import Turns
from ui.page.ask_tab import AskTab, idle
from ui.page.export import KINDS, exported
from ui.page.running import Running
from ui.page.shelf import MOST_CHARACTERS, Shelf, shelf_of
from ui.page.shell import I18N, PRIVATE, Shell, data_of, words_of
from ui.page.turns import answered, messages, restored, seals
from ui.render import escape

SAVE = "(document) => { if (document) window.naSave(document); }"
MOST_SHOWN = 6 * MOST_CHARACTERS  # of HTML; what a browser keeps of an engine's answers makes less
TELL = "(kept) => window.naTell?.(kept)"  # what this tab keeps, told to the browser's other tabs


@dataclass(frozen=True)
class SideBar:
    """The components of the side bar; `kept` lives in the browser, `shelf` is what was read from it."""

    kept: gr.BrowserState
    shelf: gr.State
    listing: gr.HTML
    title: gr.Textbox
    new: gr.Button
    delete: gr.Button
    exports: dict[str, gr.Button]
    document: gr.JSON
    manage: gr.Column

    @property
    def outputs(self) -> list[Any]:
        """What a change of the shelf changes, in the order of `shown`."""
        return [self.kept, self.shelf, self.listing, self.title, self.manage]


def side_bar() -> SideBar:
    """Lay the side bar out; `tie` ties its events once the Ask tab is there."""
    kept = gr.BrowserState({}, storage_key="newsletter-assistant", secret="kept in this browser only")
    with gr.Sidebar(label=I18N("conversations"), open=False, width=300, elem_id="na-side"):
        gr.Markdown(I18N("conversations"), elem_classes="na-side-title")
        new = gr.Button(I18N("new_conversation"), elem_id="na-new", size="sm")
        listing = gr.HTML("", elem_id="na-shelf", apply_default_css=False)
        with gr.Column(visible=False, elem_id="na-manage") as manage:
            title = gr.Textbox(label=I18N("rename"), max_length=80, elem_id="na-title")
            gr.Markdown(I18N("export"), elem_classes="na-side-label")
            with gr.Row():
                exports = {
                    kind: gr.Button(I18N(f"export_{kind}"), size="sm", min_width=70, elem_id=f"na-export-{kind}")
                    for kind in KINDS
                }
            delete = gr.Button(I18N("delete"), size="sm", elem_id="na-delete")
        gr.Markdown(I18N("conversations_hint"), elem_classes="na-side-hint")
        document = gr.JSON(visible=False)
    return SideBar(kept, gr.State(Shelf()), listing, title, new, delete, exports, document, manage)


def shown(words: Words, shelf: Shelf) -> list[Any]:
    """The values of `SideBar.outputs`."""
    title = shelf.open.title if shelf.open else ""
    return [shelf.to_json(), shelf, listing_html(words, shelf), title, gr.update(visible=shelf.open is not None)]


def listing_html(words: Words, shelf: Shelf) -> str:
    """A button for each conversation, the open one marked."""
    if not shelf.conversations:
        return f'<p class="na-empty">{escape(words("no_conversations"))}</p>'
    rows = "".join(
        f'<li><button type="button" class="na-kept" data-id="{escape(kept.id)}"'
        f"{' aria-current=true' if kept.id == shelf.current else ''}>{escape(kept.title)}"
        f'<span class="na-facts">{escape(words.date(kept.at))}</span></button></li>'
        for kept in shelf.conversations
    )
    return f'<ul class="na-shelf">{rows}</ul>'


def turns_of(shell: Shell, words: Words, shelf: Shelf) -> Turns:
    """The turns of the open conversation, as the archive is now; those past `MOST_SHOWN` characters are left out."""
    turns, left = [], MOST_SHOWN
    for answer, seal in shelf.open.sealed if shelf.open else ():
        turn = restored(shell.desk, words, answer, seal)
        left -= len(turn.html)
        if left < 0:
            break
        turns.append(turn)
    return turns


def tie(shell: Shell, side: SideBar, tab: AskTab) -> None:
    """Tie the side bar to the conversation of the Ask tab."""

    def keep(kept: Any, shelf: Shelf, turns: Turns, request: gr.Request) -> list[Any]:
        return shown(words_of(request), shelf.merged(shelf_of(kept)).holding(answered(turns), seals(turns)))

    def join(shelf: Shelf, event: gr.EventData, request: gr.Request) -> list[Any]:
        """Take up what another tab of this browser kept; what only this tab has is kept again."""
        theirs = shelf_of(data_of(event))
        merged = shelf.merged(theirs)
        same = (merged.conversations, merged.removed) == (theirs.conversations, theirs.removed)
        kept, *rest = shown(words_of(request), merged)
        still_open = merged.current == shelf.current  # the title may be being edited
        return [gr.skip() if same else kept, *rest[:2], *([gr.skip(), gr.skip()] if still_open else rest[2:])]

    def left(shelf: Shelf, turns: Turns, running: Running) -> Shelf:
        """The shelf with what was answered, once nothing more is drawn of the conversation that is left."""
        running.abandon()
        return shelf.holding(answered(turns), seals(turns))

    def show(words: Words, shelf: Shelf) -> list[Any]:
        turns = turns_of(shell, words, shelf)
        return [*shown(words, shelf), idle(), messages(words, turns), turns]

    def choose(shelf: Shelf, turns: Turns, running: Running, event: gr.EventData, request: gr.Request) -> list[Any]:
        chosen = str(data_of(event).get("id", ""))
        return show(words_of(request), left(shelf, turns, running).opening(chosen))

    def begin(shelf: Shelf, turns: Turns, running: Running, request: gr.Request) -> list[Any]:
        return show(words_of(request), left(shelf, turns, running).opening(""))

    def drop(shelf: Shelf, running: Running, request: gr.Request) -> list[Any]:
        running.abandon()
        return show(words_of(request), shelf.without_open())

    def rename(shelf: Shelf, title: str, request: gr.Request) -> list[Any]:
        return shown(words_of(request), shelf.renamed(title))

    both = [*side.outputs, *tab.outputs]
    tab.answered.change(keep, [side.kept, side.shelf, tab.turns], side.outputs, **PRIVATE)
    side.kept.change(None, [side.kept], None, js=TELL)
    shell.bridge.apply(join, [side.shelf], side.outputs, **PRIVATE)
    shell.bridge.select(choose, [side.shelf, tab.turns, tab.running], both, **PRIVATE)
    side.new.click(begin, [side.shelf, tab.turns, tab.running], both, **PRIVATE)
    side.delete.click(drop, [side.shelf, tab.running], both, **PRIVATE)
    gr.on([side.title.submit, side.title.blur], rename, [side.shelf, side.title], side.outputs, **PRIVATE)
    for kind, button in side.exports.items():
        button.click(_exporter(shell, kind), [side.shelf], [side.document], **PRIVATE).then(
            None, [side.document], None, js=SAVE
        )


def kept_shelf(data: Any, *, fresh: bool) -> Shelf:
    """The shelf a browser kept, with a new conversation open if `fresh`."""
    shelf = shelf_of(data)
    return shelf.opening("") if fresh else shelf


def _exporter(shell: Shell, kind: str) -> Any:
    def export(shelf: Shelf, request: gr.Request) -> dict[str, str] | None:
        if shelf.open is None:
            return None
        server = shell.settings.server
        address = server.public_url or str(request.headers.get("origin", ""))
        return exported(words_of(request), shelf.open, kind, title=server.title, address=address)

    return export
