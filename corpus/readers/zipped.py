"""Zip archives opened with bounds: how many members, how much they unpack to, and how far they are nested.

Members are read into memory and never written to disk, so that a name such as `../../x` reaches nothing.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from corpus.documents import Document
from corpus.errors import SourceUnreadable

MAX_MEMBERS = 20_000
MAX_BYTES = 500_000_000
MAX_MEMBER_BYTES = 100_000_000
MAX_RATIO = 200
RATIO_FROM_BYTES = 2_000_000
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    UnicodeError,
)


class ZipMembers:
    """The files of a zip archive, by name. Raises SourceUnreadable for damaged, locked or oversized ones."""

    def __init__(self, document: Document) -> None:
        self._document = document
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(document.data))
        except _DAMAGED as error:
            raise document.unreadable("is a damaged zip file: make it again.") from error
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise document.unreadable("holds more than {most} files: split it.", most=MAX_MEMBERS)
        self._left = MAX_BYTES
        if any(map(_is_bomb, self._zip.infolist())) or sum(i.file_size for i in self._zip.infolist()) > MAX_BYTES:
            raise self._too_large()

    def names(self) -> list[str]:
        """The names of all files in the archive's order; folders and what systems add for themselves stay out."""
        return [
            info.filename
            for info in self._zip.infolist()
            if not info.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in _parts(info.filename))
        ]

    def read(self, name: str) -> bytes:
        """One file's bytes, never more than the bounds allow whatever its header says."""
        try:
            with self._zip.open(name) as member:
                data = member.read(min(MAX_MEMBER_BYTES, self._left) + 1)
        except KeyError as error:
            raise self._document.unreadable("lacks its part {name}: make it again.", name=name) from error
        except _DAMAGED as error:
            raise self._document.unreadable(
                "cannot be unpacked at {name}: make it again, unlocked.", name=name
            ) from error
        self._left -= len(data)
        if len(data) > MAX_MEMBER_BYTES or self._left < 0:
            raise self._too_large()
        return data

    def _too_large(self) -> SourceUnreadable:
        return self._document.unreadable("unpacks to more than is allowed: split it.")

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo


def members(document: Document, opened: ZipMembers) -> Iterator[Document]:
    """Every file of the archive as a document whose location names the archive, too."""
    for name in opened.names():
        yield Document(f"{document.location}!/{name}", opened.read(name))


def _is_bomb(info: zipfile.ZipInfo) -> bool:
    """Whether a member says of itself that it unpacks to far more than text does (Fifield, USENIX WOOT 2019)."""
    return info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1)


def _parts(name: str) -> tuple[str, ...]:
    return PurePosixPath(name.replace("\\", "/")).parts
