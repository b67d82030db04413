"""The tab to add newsletters: files or an address in, what was understood corrected, indexed with progress; removal."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from corpus import CorpusError
from index import SyncProgress, SyncReport
from ui.errors import exit_code
from ui.language import Words
from ui.page.editor import SIGN_IN, is_editor, key_fits, require
from ui.page.library_tab import newest_first
from ui.page.shell import I18N, PRIVATE, Shell, words_of
from ui.page.staging import COLUMNS, EDITABLE, BadCell, Staged, corrections, put, stage_file, stage_url
from ui.render import escape, snippet

UPLOADS = "uploads"
MOST_CHOICES = 1000
Update = tuple[Any, ...]


@dataclass(frozen=True)
class EditorGate:
    """Whether this visitor is the editor, and what hides until then."""

    editor: gr.State
    opened: gr.Column
    closed: gr.Group


@dataclass(frozen=True)
class _Parts:
    files: gr.File
    url: gr.Textbox
    read: gr.Button
    review: gr.Column
    table: gr.Dataframe
    index: gr.Button
    discard: gr.Button
    status: gr.HTML
    staged: gr.State
    chosen: gr.Dropdown
    remove: gr.Button
    sure: gr.State
    resync: gr.Button


def add_tab(shell: Shell, page: gr.Blocks) -> EditorGate:
    """Lay the tab out and tie its events; call it inside the tab."""
    gate = _gate(shell, page)
    with gate.opened:
        parts = _layout()
    _tie_adding(shell, gate, parts)
    _tie_keeping(shell, page, gate, parts)
    return gate


def _gate(shell: Shell, page: gr.Blocks) -> EditorGate:
    editor = gr.State(False)
    configured = shell.settings.server.admin_key is not None
    with gr.Group(elem_id="na-gate") as closed:
        if configured:
            key = gr.Textbox(label=I18N("key_label"), info=I18N("key_hint"), type="password", elem_id="na-key")
            enter = gr.Button(I18N("key_button"), variant="primary")
        else:
            gr.Markdown(I18N("key_missing"))
    with gr.Column(visible=False) as opened:
        pass
    outputs = [editor, closed, opened]

    def show(allowed: bool) -> Update:
        return allowed, gr.update(visible=not allowed), gr.update(visible=allowed)

    def arrived(request: gr.Request) -> Update:
        return show(is_editor(request, shell.settings))

    def entered(key: str, request: gr.Request) -> Update:
        words = words_of(request)
        if seconds := shell.turnstile.showing_a_key(request):
            gr.Warning(words("wait_to_open", seconds=seconds))
            return show(False)
        allowed = key_fits(key, shell.settings)
        if not allowed:
            gr.Warning(words("key_wrong"))
        return show(allowed)

    page.load(arrived, None, outputs, **PRIVATE)
    if configured:
        gr.on([enter.click, key.submit], None, [key], None, js=SIGN_IN).then(entered, [key], outputs, **PRIVATE)
    return EditorGate(editor, opened, closed)


def _layout() -> _Parts:
    gr.Markdown(I18N("add_intro"))
    with gr.Row():
        files = gr.File(label=I18N("add_files"), file_count="multiple", height=150, elem_id="na-files")
        with gr.Column():
            url = gr.Textbox(label=I18N("add_url"), placeholder="https://", elem_id="na-url")
            read = gr.Button(I18N("add_read"), variant="primary", elem_id="na-read")
    with gr.Column(visible=False, elem_id="na-review") as review:
        table = gr.Dataframe(
            headers=list(COLUMNS),
            column_widths=["200px", "70px", "110px", "150px", "105px", "105px", "80px", "130px"],
            datatype="str",
            type="array",
            interactive=True,
            static_columns=list(range(len(EDITABLE), len(COLUMNS))),
            label=I18N("understood"),
            show_label=True,
            buttons=[],
            wrap=True,
        )
        with gr.Row():
            index = gr.Button(I18N("index_them"), variant="primary", elem_id="na-index")
            discard = gr.Button(I18N("discard"))
    status = gr.HTML("", elem_id="na-adding", apply_default_css=False)
    with gr.Accordion(I18N("remove_label"), open=False):
        chosen = gr.Dropdown([], label=I18N("choose_issue"))
        remove = gr.Button(I18N("remove_button"), variant="stop")
    resync = gr.Button(I18N("resync"), size="sm")
    staged, sure = gr.State([]), gr.State("")
    return _Parts(files, url, read, review, table, index, discard, status, staged, chosen, remove, sure, resync)


def _tie_adding(shell: Shell, gate: EditorGate, parts: _Parts) -> None:
    limit = shell.settings.server.max_upload_bytes

    def read(editor: bool, files: list[str] | None, url: str, request: gr.Request) -> Update:
        require(editor)
        words = words_of(request)
        found, failed = _staged(words, [Path(name) for name in files or ()], url, limit)
        said = "".join(_line(words("unreadable", reason=reason), bad=True) for reason in failed)
        if not found and not failed:
            said = _line(words("nothing_read"), bad=True)
        table = gr.update(value=[one.row for one in found], headers=[words(f"column_{name}") for name in COLUMNS])
        return found, table, gr.update(visible=bool(found)), said

    def index(editor: bool, staged: list[Staged], rows: list[list[Any]], request: gr.Request) -> Iterator[Update]:
        require(editor)
        words = words_of(request)
        try:
            changes = corrections(staged, rows)
        except BadCell as bad:
            column = words(f"column_{bad.column}")
            said = words("bad_cell", row=bad.row, column=column, value=bad.value, hint=words(bad.hint))
            yield gr.skip(), gr.skip(), gr.skip(), _line(said, bad=True), gr.skip(), gr.skip()
            return
        folder = shell.settings.data_dir / UPLOADS
        put(folder, staged, changes)
        for said in _syncing(shell, words, "added", lambda progress: shell.whole.sync([folder], progress=progress)):
            yield gr.skip(), gr.skip(), gr.skip(), said, gr.skip(), gr.skip()
        yield [], None, gr.update(visible=False), gr.skip(), "", gr.update(choices=_choices(shell, words))

    def discard(editor: bool) -> Update:
        require(editor)
        return [], None, gr.update(visible=False), ""

    reviewed = [parts.staged, parts.table, parts.review, parts.status]
    told = {"inputs": [gate.editor, parts.files, parts.url], "outputs": reviewed, **PRIVATE}
    gr.on([parts.read.click, parts.url.submit, parts.files.upload], read, **told)
    parts.discard.click(discard, [gate.editor], [parts.staged, parts.files, parts.review, parts.status], **PRIVATE)
    after = [parts.staged, parts.files, parts.review, parts.status, parts.url, parts.chosen]
    parts.index.click(index, [gate.editor, parts.staged, parts.table], after, **PRIVATE)


def _tie_keeping(shell: Shell, page: gr.Blocks, gate: EditorGate, parts: _Parts) -> None:
    def remove(editor: bool, chosen: str | None, sure: str, request: gr.Request) -> Update:
        require(editor)
        words = words_of(request)
        if not chosen:
            return "", gr.skip(), gr.skip()
        if chosen != sure:
            return chosen, _line(words("remove_confirm")), gr.skip()
        title = next((info.title for info in shell.whole.newsletters() if info.id == chosen), chosen)
        shell.whole.remove(chosen)
        return "", _line(words("removed", title=title)), gr.update(choices=_choices(shell, words), value=None)

    def resync(editor: bool, request: gr.Request) -> Iterator[str]:
        require(editor)
        yield from _syncing(
            shell, words_of(request), "resynced", lambda progress: shell.whole.resync(progress=progress)
        )

    def choices(editor: bool, request: gr.Request) -> Any:
        return gr.update(choices=_choices(shell, words_of(request)) if editor else [])

    inputs = [gate.editor, parts.chosen, parts.sure]
    parts.remove.click(remove, inputs, [parts.sure, parts.status, parts.chosen], **PRIVATE)
    parts.resync.click(resync, [gate.editor], [parts.status], **PRIVATE)
    gate.editor.change(choices, [gate.editor], [parts.chosen], **PRIVATE)


def _staged(words: Words, files: list[Path], url: str, limit: int) -> tuple[list[Staged], list[str]]:
    """What could be read, and why the rest could not."""
    found: list[Staged] = []
    failed: list[str] = []
    for file in files:
        try:
            found.append(stage_file(file, limit))
        except CorpusError as error:
            failed.append(words.error(error).replace(str(file), file.name))
    if url and url.strip():
        try:
            found.append(stage_url(url, limit))
        except CorpusError as error:
            failed.append(words.error(error))
    return found, failed


def _syncing(shell: Shell, words: Words, done: str, work: Any) -> Iterator[str]:
    """How far `work(progress)` is, again and again; then what it did, by the text of key `done`."""
    said: queue.Queue[SyncProgress | SyncReport | Exception] = queue.Queue()

    def run() -> None:
        try:
            said.put(work(said.put))
        except Exception as error:  # noqa: BLE001 -- handed to the waiting handler, which tells the editor
            said.put(error)

    started = time.monotonic()
    threading.Thread(target=run, daemon=True).start()
    while True:
        match said.get():
            case SyncProgress() as at:
                left = round((time.monotonic() - started) / max(at.done, 1) * (at.total - at.done))
                name = at.source.rsplit("/", 1)[-1]
                yield _line(
                    words("indexing", name=name, done=at.done, total=at.total, rate=f"{at.rate:.0f}", left=left)
                )
            case SyncReport() as report:
                counts = {name: len(getattr(report, name)) for name in ("added", "changed", "removed", "unchanged")}
                reasons = [words.error(one.error) if one.error else one.reason for one in report.failed]
                failed = "".join(_line(words("unreadable", reason=reason), bad=True) for reason in reasons)
                yield _line(words(done, failed=len(report.failed), **counts)) + failed
                return
            case Exception() as error:
                yield _line(words.error(error) if exit_code(error) is not None else words("broken"), bad=True)
                return


def _choices(shell: Shell, words: Words) -> list[tuple[str, str]]:
    newest = newest_first(shell.whole)[:MOST_CHOICES]
    return [(snippet(words.issue(info.title, info.issue, info.date), 80), info.id) for info in newest]


def _line(text: str, *, bad: bool = False) -> str:
    kind = ' class="na-error" role="alert"' if bad else ' role="status"'
    return f"<p{kind}>{escape(text)}</p>"
