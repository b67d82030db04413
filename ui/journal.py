"""A file of JSON lines that grows to a bound: past it the file is put aside as `NAME.old.jsonl`, over the one before."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MOST_BYTES = 5_000_000
_WRITING = threading.Lock()
Stamp = tuple[tuple[int, int, int], ...]


class Journal:
    """Entries in `path` and in the file put aside before it; both together hold at most twice `most_bytes`."""

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._path = path
        self._most_bytes = most_bytes

    def append(self, entry: dict[str, Any]) -> None:
        """Write one entry as the last line; the file is created by the first."""
        line = (json.dumps(entry, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        with _WRITING:
            if self._path.exists() and self._path.stat().st_size + len(line) > self._most_bytes:
                self._path.replace(self._older)
            with self._path.open("ab") as file:
                file.write(line)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every entry, oldest first; damaged lines are passed over."""
        for path in (self._older, self._path):
            if not path.exists():
                continue
            for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    yield entry

    @property
    def stamp(self) -> Stamp:
        """What changes whenever an entry is written, by whichever process: the files' times and sizes."""
        return tuple(_stamp(path) for path in (self._older, self._path))

    @property
    def _older(self) -> Path:
        return self._path.with_suffix(".old.jsonl")


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0, 0
    return status.st_ino, status.st_mtime_ns, status.st_size
