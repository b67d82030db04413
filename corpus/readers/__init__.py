"""One module a format, found by suffix, else by what the bytes look like.

A third party adds a format by an entry point of the group `newsletter_assistant.readers` that names a `Format`:

    [project.entry-points."newsletter_assistant.readers"]
    org = "my_package.org_mode:FORMAT"

A reader's parser is imported when its first document is read, never before.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points

from corpus.documents import Document, Reading
from corpus.newsletter import Newsletter

Reader = Callable[[Document], list[Newsletter] | Reading]
ENTRY_POINTS = "newsletter_assistant.readers"


@dataclass(frozen=True, slots=True)
class Format:
    """A newsletter format: its suffixes (lower case, with the dot), its reader, and a look at the first bytes.

    `read` returns the newsletters of a document and raises SourceUnreadable; one that holds many may return a
    `Reading`, which has the reasons of those it could not read, too. As text, "module:function" is imported when it
    is first needed.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader | str
    sniff: Callable[[bytes], bool] = lambda head: False

    def reader(self) -> Reader:
        """The reading function."""
        if not isinstance(self.read, str):
            return self.read
        module, _, function = self.read.partition(":")
        found: Reader = getattr(importlib.import_module(module), function)
        return found


def _starts(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(starts)


def _is_mail(head: bytes) -> bool:
    lines = head.split(b"\n\n")[0].split(b"\r\n\r\n")[0].lower().splitlines()
    return any(line.startswith(b"from:") for line in lines) and any(
        line.startswith((b"date:", b"subject:", b"received:")) for line in lines
    )


def _holds(mark: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(b"PK\x03\x04") and mark in head


BUILT_IN = (
    Format("Markdown", (".md", ".markdown", ".mdown"), "corpus.readers.markdown:read_markdown"),
    Format("plain text", (".txt", ".text"), "corpus.readers.text:read_text"),
    Format("PDF", (".pdf",), "corpus.readers.pdf:read_pdf", _starts(b"%pdf-")),
    Format("EPUB", (".epub",), "corpus.readers.epub:read_epub", _holds(b"application/epub+zip")),
    Format("Word", (".docx",), "corpus.readers.docx:read_docx", _holds(b"word/")),
    Format("zip", (".zip",), "corpus.readers.archive:read_zip", lambda head: head.startswith(b"PK\x03\x04")),
    Format("feed", (".rss", ".atom", ".xml"), "corpus.readers.feed:read_feed", _starts(b"<?xml", b"<rss", b"<feed")),
    Format(
        "web page", (".html", ".htm", ".xhtml"), "corpus.readers.web:read_html", _starts(b"<!doctype html", b"<html")
    ),
    Format("mailbox", (".mbox", ".mbx"), "corpus.readers.mail:read_mbox", lambda head: head.startswith(b"From ")),
    Format("mail", (".eml",), "corpus.readers.mail:read_mail", _is_mail),
)
HEAD_BYTES = 4096
_PACKED = (b"%PDF-", b"PK\x03\x04")
_TEXTUAL = frozenset({"Markdown", "plain text", "feed", "web page", "mailbox", "mail"})


@lru_cache(maxsize=1)
def formats() -> tuple[Format, ...]:
    """Every format that can be read; those of third parties come first, so that they can replace ours."""
    added = [point.load() for point in entry_points(group=ENTRY_POINTS)]
    return (*(entry for entry in added if isinstance(entry, Format)), *BUILT_IN)


def known_suffixes() -> tuple[str, ...]:
    """The suffixes of all formats, sorted."""
    return tuple(sorted({suffix for entry in formats() for suffix in entry.suffixes}))


def format_of(document: Document) -> Format | None:
    """The format of a document by its suffix, else by its first bytes; None if it is not known.

    A text's suffix counts for nothing before the first bytes of a PDF or zip archive.
    """
    head = document.data[:HEAD_BYTES]
    by_suffix = next((entry for entry in formats() if document.suffix in entry.suffixes), None)
    if by_suffix and not (head.startswith(_PACKED) and by_suffix.name in _TEXTUAL):
        return by_suffix
    return next((entry for entry in formats() if entry.sniff(head)), None)


def looks_like_newsletters(name: str, head: bytes) -> bool:
    """Whether a file found in a folder is worth reading, by its name and first bytes."""
    document = Document(name, head)
    entry = format_of(document)
    if entry is None or (entry.name == "zip" and document.suffix not in entry.suffixes):
        return False
    return document.suffix != ".xml" or any(mark in head.lower() for mark in (b"<rss", b"<feed", b"<rdf"))


def read_parts(document: Document) -> Reading:
    """What a document holds. Raises SourceUnreadable, naming it and what to do, when nothing of it can be read."""
    if not document.data.strip():
        raise document.unreadable("is empty: remove it or put a newsletter into it.")
    entry = format_of(document)
    if entry is None:
        raise document.unreadable(
            "has no known newsletter format: give one of {known}.", known=", ".join(known_suffixes())
        )
    try:
        found = entry.reader()(document)
    except RecursionError as error:
        raise document.unreadable("is nested too deeply: save it again in another format.") from error
    return found if isinstance(found, Reading) else Reading(tuple(found))


def read_document(document: Document) -> list[Newsletter]:
    """The newsletters in a document. Raises SourceUnreadable, naming it and what to do, when a part cannot be read."""
    reading = read_parts(document)
    if reading.failed:
        raise reading.failed[0]
    return list(reading.newsletters)
