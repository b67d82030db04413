"""Files and folders that are followed: the index is made equal to them whenever something under them changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from ui.errors import UiError

if TYPE_CHECKING:
    from assistant import Assistant
    from index import SyncReport

JOIN_SECONDS = 5.0


def followed(paths: Sequence[str]) -> list[str]:
    """Those of `paths` that can be followed; raises UiError when none can."""
    local = [path for path in paths if "://" not in path]
    if not local:
        raise UiError("There is nothing to watch: --watch follows files and folders, not web addresses.")
    return local


def at_every_change(
    paths: Sequence[str],
    sync: Callable[[], SyncReport],
    stop: Event,
    *,
    done: Callable[[SyncReport], None],
    failed: Callable[[str], None],
) -> None:
    """Call `sync` whenever something under `paths` changes, until `stop` is set; a sync that fails is told, no end."""
    from watchfiles import watch

    from corpus import CorpusError
    from index import IndexingError

    for _ in watch(*paths, stop_event=stop, raise_interrupt=False):
        try:
            done(sync())
        except (CorpusError, IndexingError) as error:
            failed(str(error))


@contextmanager
def kept_level(assistant: Assistant, paths: Sequence[str], tell: Callable[[str], None]) -> Iterator[None]:
    """`assistant`'s index made equal to `paths`, now and at every change of them; what changed and what failed is told.

    Raises CorpusError when a path is missing or holds no newsletters.
    """
    local, stop = followed(paths), Event()

    def sync() -> SyncReport:
        return assistant.sync(paths, stop=stop.is_set)

    def done(report: SyncReport) -> None:
        tell(report.summary())
        for failure in report.failed:
            tell(f"error: {failure.reason}")

    done(sync())
    follower = Thread(
        target=at_every_change,
        args=(local, sync, stop),
        kwargs={"done": done, "failed": lambda reason: tell(f"error: {reason}")},
        name="watch",
        daemon=True,
    )
    follower.start()
    try:
        yield
    finally:
        stop.set()
        follower.join(JOIN_SECONDS)
