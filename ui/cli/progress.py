"""Progress of a sync on stderr, with rate and time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ui.cli.context import err

if TYPE_CHECKING:
    from index import SyncProgress


@contextmanager
def sync_progress() -> Iterator[Callable[[SyncProgress], None]]:
    """A function to report a sync's progress to; the bar goes away when the work is done."""
    columns = (
        TextColumn("Reading newsletters"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:,.0f} passages a second"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err(), transient=True) as bar:
        task = bar.add_task("sync", total=None, rate=0.0)

        def report(progress: SyncProgress) -> None:
            bar.update(task, total=progress.total, completed=progress.done, rate=progress.rate)

        yield report
