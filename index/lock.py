"""One process owns an index directory: embedded Chroma is damaged by two writers (chroma issues 6975 and 7090)."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import sys
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
            self._file: IO[str] = (data_dir / LOCK_NAME).open("a+", encoding="utf-8")
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
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"pid": os.getpid(), "command": " ".join(sys.argv)[:200]}))
        self._file.flush()

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
