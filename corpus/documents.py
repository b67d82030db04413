"""A document to read: its bytes, where they come from, and its text where it is text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.errors import SourceUnreadable
from corpus.newsletter import Newsletter

_ABOUT_A_PROJECT = re.compile(r"^(?:licen[cs]e|readme|copying|notice|contributing|changelog)\b", re.I)
MAX_TEXT_BYTES = 20_000_000
_LONGEST_SPACE = " " * 400
_LONG_SPACE = re.compile(r"(?<![ \t])[ \t]{400,}")  # the patterns of readers take a square of it in time
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes to read as newsletters. `location` is where they are (a path, an address, `archive.zip!/member`)."""

    location: str
    data: bytes
    url: str | None = None

    @property
    def name(self) -> str:
        """The last part of the location."""
        return PurePosixPath(self.location.replace("\\", "/").split("?")[0].rstrip("/")).name

    @property
    def suffix(self) -> str:
        """The name's suffix in lower case, with its dot."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """The name without suffix, safe in a URL path."""
        return safe_id(PurePosixPath(self.name).stem)

    def text(self, encoding: str | None = None) -> str:
        """The decoded bytes (in `encoding`, if known, else by byte-order mark, else UTF-8).

        Raises SourceUnreadable for bytes that are no text or in another encoding.
        """
        if len(self.data) > MAX_TEXT_BYTES:
            raise self.unreadable("holds more than {most} MB of text: split it.", most=MAX_TEXT_BYTES // 1_000_000)
        encoding = next((name for bom, name in _BOMS if self.data.startswith(bom)), encoding or "utf-8")
        if encoding == "utf-8" and b"\x00" in self.data:
            raise self.unreadable("is a binary file, not text: give a newsletter as text or Markdown.")
        try:
            return _LONG_SPACE.sub(_LONGEST_SPACE, self.data.decode(encoding))
        except UnicodeDecodeError as error:
            raise self.unreadable(
                "is not {encoding} text (byte {byte}): convert it, for example with `iconv -f latin1 -t utf-8 {name}`.",
                encoding=encoding.upper(),
                byte=error.start,
                name=self.name,
            ) from error
        except LookupError as error:
            raise self.unreadable(
                "names an unknown encoding, {encoding}: convert it to UTF-8.", encoding=encoding
            ) from error

    def unreadable(self, what: str, **values: object) -> SourceUnreadable:
        """The error to raise about this document; `what` is the sentence behind its location."""
        return SourceUnreadable(what, about=self.location, **values)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document gave: its newsletters, and the reasons why parts of it (members, messages) could not be read."""

    newsletters: tuple[Newsletter, ...]
    failed: tuple[SourceUnreadable, ...] = ()


def is_about_a_project(name: str) -> bool:
    """Whether a file's name says that it is a licence, a read-me or the like and no newsletter."""
    return bool(_ABOUT_A_PROJECT.match(name))


def safe_id(text: str) -> str:
    """`text` as an id that is safe in a URL path."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.")[:200].rstrip("-.") or "newsletter"
