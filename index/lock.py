"""One process owns an index directory: embedded Chroma is damaged by two writers (chroma issues 6975 and 7090)."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.errors import IndexBusy, IndexNotWritable

LOCK_NAME = "owner.lock"


class DirectoryLock:
    """Holds `data_dir` for this process until `release`; the operating system frees it if the process dies."""

    def __init__(self, data_dir: Path) -> None:
        """Create the folder and take it. Raises IndexBusy, naming the owner, or IndexNotWritable."""
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = open(data_dir / LOCK_NAME, "a+", encoding="utf-8", opener=_private)  # noqa: SIM115
        except OSError as error:
            raise IndexNotWritable(
                f"The index directory {data_dir} cannot be written ({error.strerror}): "
                "choose another with --data-dir or NEWSLETTER_ASSISTANT_DATA_DIR."
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = self._owner()
            self._file.close()
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise IndexNotWritable(
                    f"The index directory {data_dir} cannot be locked ({error.strerror})."
                ) from error
            raise IndexBusy(
                f"The index in {data_dir} is in use by {owner}: stop it, choose another --data-dir, "
                "or run a Chroma server and set NEWSLETTER_ASSISTANT_STORE__URL."
            ) from error
        _write_owner(self._file, {})

    def _owner(self) -> str:
        self._file.seek(0)
        try:
            about = json.loads(self._file.read())
            return f"process {about['pid']} ({about['command']})"
        except (ValueError, KeyError, TypeError):
            return "another process"

    def release(self) -> None:
        """Give the directory free; doing it twice is harmless."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class ServedAt:
    """Where the server listens that owns an index directory, and the key that lets this machine's user sync there."""

    url: str
    key: str


def announce(data_dir: Path, server: ServedAt) -> None:
    """Write into the lock file, which only this user may read, where the owner of `data_dir` takes syncs."""
    with (data_dir / LOCK_NAME).open("r+", encoding="utf-8") as file:
        _write_owner(file, {"url": server.url, "key": server.key})


def served_at(data_dir: Path) -> ServedAt | None:
    """Where the owner of `data_dir` takes syncs; None when it is no server."""
    try:
        about = json.loads((data_dir / LOCK_NAME).read_text(encoding="utf-8"))
        return ServedAt(str(about["url"]), str(about["key"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write_owner(file: IO[str], more: dict[str, str]) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps({"pid": os.getpid(), "command": " ".join(sys.argv)[:200], **more}))
    file.flush()


def _private(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor
