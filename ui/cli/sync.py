"""`sync`: the index made equal to its sources, once or as often as they change."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.context import AsJson, DataDir, command, err, opened, out, print_json, settings_for, wants_json
from ui.errors import Exit

if TYPE_CHECKING:
    from index import SyncReport

Sync = Callable[[], "SyncReport"]


def add_to(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(sync)


@command
def sync(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Files, folders, mailboxes or web addresses of newsletters.", show_default=False),
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="Index the newsletter that ships.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Index everything anew; the old index answers until the new one is whole.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on: sync again whenever a file changes.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Make the index equal to what is in the paths: only what changed is read and embedded.

    While `serve` owns the index, it does the work.
    """
    if not paths and not shipped:
        raise typer.BadParameter("Name a file or folder of newsletters, or --shipped.", param_hint="PATH")
    from corpus import find_sources, passed_over, shipped_newsletters

    wanted = [*(paths or []), *([str(shipped_newsletters())] if shipped else [])]
    find_sources(wanted)  # a wrong path fails before a store is created
    with _interruptible() as stop:
        once = _one_sync(wanted, data_dir, dry_run=dry_run, rebuild=rebuild, stop=stop)
        report = once()
        _show(report, as_json=wants_json(as_json), dry_run=dry_run)
        if said := passed_over(wanted):
            err().print(said, markup=False)
        if watch:
            _watch(wanted, once, stop, as_json=wants_json(as_json), dry_run=dry_run)
    return Exit.ERROR if report.failed and not watch else None


def _one_sync(wanted: Sequence[str], data_dir: Path | None, *, dry_run: bool, rebuild: bool, stop: Event) -> Sync:
    from ui.cli.handover import hand_over, synced
    from ui.cli.progress import sync_progress

    def here() -> SyncReport:
        with opened(data_dir) as assistant, sync_progress() as progress:
            return assistant.sync(wanted, progress=progress, dry_run=dry_run, rebuild=rebuild, stop=stop.is_set)

    def once() -> SyncReport:
        where = settings_for(data_dir).data_dir
        return synced(here, where, lambda server: hand_over(server, wanted, dry_run=dry_run, rebuild=rebuild))

    return once


def _watch(wanted: Sequence[str], once: Sync, stop: Event, *, as_json: bool, dry_run: bool) -> None:
    """Sync whenever something under the paths changes, until interrupted; the index is free in between."""
    from ui.watching import at_every_change, followed

    local = followed(wanted)
    err().print("Watching for changes (Ctrl+C stops).", markup=False)
    at_every_change(
        local,
        once,
        stop,
        done=lambda report: _show(report, as_json=as_json, dry_run=dry_run),
        failed=lambda reason: err().print(f"error: {reason}", markup=False),
    )


@contextmanager
def _interruptible() -> Iterator[Event]:
    """An event that the first Ctrl-C sets, so that what was read is still committed; a second one breaks off."""
    stop = Event()
    before = signal.getsignal(signal.SIGINT)

    def interrupt(*_: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        err().print("Stopping after what was read is stored; press Ctrl+C again to break off.", markup=False)

    try:
        signal.signal(signal.SIGINT, interrupt)
    except ValueError:  # not the main thread: whoever owns it handles signals
        yield stop
        return
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _show(report: SyncReport, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        print_json(report.to_dict())
    else:
        out().print(report.summary(would=dry_run), markup=False)
        for failure in report.failed:
            err().print(f"error: {failure.reason}", markup=False)
    for newsletter_id in report.moved:
        err().print(f"moved: {newsletter_id}", markup=False)
    for newsletter_id, source in report.merged:
        err().print(f"the same issue: {source} is {newsletter_id}", markup=False)
