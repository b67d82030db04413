"""What an index held and from where, noted beside the store, so that `repair` can say what was lost with it."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from index.lock import DirectoryLock
from index.records import Record

INVENTORY = "inventory.json"


def write_inventory(data_dir: Path, records: Mapping[str, Record]) -> None:
    """Note the newsletters of `records` with the places they came from; a disk that is full is no error here."""
    with contextlib.suppress(OSError):
        known = {i: sorted({mark.root for mark in r.marks}) for i, r in records.items()}
        unfinished = data_dir / f"{INVENTORY}.unfinished"
        unfinished.write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        unfinished.replace(data_dir / INVENTORY)


def read_inventory(data_dir: Path) -> dict[str, list[str]]:
    """The newsletters that the index held after its last sync, each with the places it came from; {} if not known."""
    try:
        known = json.loads((data_dir / INVENTORY).read_text(encoding="utf-8"))
        return {str(newsletter_id): [str(root) for root in roots] for newsletter_id, roots in known.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def set_aside(data_dir: Path) -> Path | None:
    """Move a store that cannot be opened out of the way and drop its cache; gives the new place, None if there is none.

    The lock is held meanwhile, so a running owner is never robbed: raises IndexBusy then.
    """
    lock = DirectoryLock(data_dir)
    try:
        shutil.rmtree(data_dir / "cache", ignore_errors=True)
        store = data_dir / "chroma"
        if not store.exists():
            return None
        number = 1
        while (aside := data_dir / f"chroma.damaged-{number}").exists():
            number += 1
        store.rename(aside)
        return aside
    finally:
        lock.release()
