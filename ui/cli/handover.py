"""Hands a sync to the server that owns the index, because only one process may write to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from index import FailedSource, IndexBusy, SyncReport
from index.lock import ServedAt, served_at

SYNC_PATH = "/api/v1/admin/sync"


def owner_of(data_dir: Path) -> ServedAt | None:
    """The server that owns the index and takes syncs, or None."""
    return served_at(data_dir)


def hand_over(server: ServedAt, locations: Sequence[str], *, dry_run: bool, rebuild: bool) -> SyncReport:
    """The report of a sync that the server does. Raises IndexBusy when it refuses or does not answer."""
    body = {"paths": [_absolute(location) for location in locations], "dry_run": dry_run, "rebuild": rebuild}
    try:
        answer = httpx.post(
            server.url + SYNC_PATH, json=body, headers={"Authorization": f"Bearer {server.key}"}, timeout=None
        )
    except httpx.TransportError as error:
        raise IndexBusy(
            f"The server at {server.url} owns the index and does not answer: stop it and sync again."
        ) from error
    if answer.status_code != httpx.codes.OK:
        raise IndexBusy(f"The server at {server.url} owns the index and refuses the sync: {_reason(answer)}")
    report = answer.json()
    failed = tuple(FailedSource(**failure) for failure in report.pop("failed"))
    return SyncReport(**{name: tuple(ids) for name, ids in report.items()}, failed=failed)


def synced(here: Callable[[], SyncReport], data_dir: Path, there: Callable[[ServedAt], SyncReport]) -> SyncReport:
    """The report of a sync done here, or by the server that owns the index."""
    try:
        return here()
    except IndexBusy:
        server = owner_of(data_dir)
        if server is None:
            raise
        return there(server)


def _absolute(location: str) -> str:
    return location if "://" in location else str(Path(location).expanduser().resolve())


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
