"""Newsletters on their way in: read, shown with what was understood of them, corrected, put with the uploads, indexed.

A correction is written beside the file, as the `newsletter.toml` that every folder of newsletters may have, so that a
later sync reads the file as the editor left it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus import Document, Newsletter, SourceUnreadable
from corpus.fetching import FetchLimits, fetch
from corpus.readers import read_document
from corpus.sources import ABOUT_FILE
from ui.page.scope import date_of
from ui.sites import write_private

EDITABLE = ("title", "issue", "date", "publisher", "language")
COLUMNS = (*EDITABLE, "sections", "words", "source")
_UNSAFE = re.compile(r"[^\w.-]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class Staged:
    """A file or page that was read: its name, its bytes, and the newsletters in it."""

    name: str
    data: bytes
    url: str | None
    newsletters: tuple[Newsletter, ...]

    @property
    def row(self) -> list[str]:
        """What was understood, in the order of `COLUMNS`. Of a source of several, what they have in common."""
        first, several = self.newsletters[0], len(self.newsletters) > 1
        titles = f"{first.title} … {self.newsletters[-1].title}" if several else first.title
        return [
            titles,
            "" if several or first.issue is None else str(first.issue),
            "" if several else first.date or "",
            first.publisher or "",
            first.language or "",
            str(sum(len(newsletter.sections) for newsletter in self.newsletters)),
            str(sum(len(newsletter.text.split()) for newsletter in self.newsletters)),
            f"{self.name} ({len(self.newsletters)})" if several else self.name,
        ]


@dataclass(frozen=True, slots=True)
class BadCell(Exception):
    """A correction that cannot be used: where it stands, what it is, and the key of what to write instead."""

    row: int
    column: str
    value: str
    hint: str


def stage_file(path: Path, limit: int) -> Staged:
    """The newsletters in an uploaded file. Raises CorpusError."""
    data = path.read_bytes()
    if len(data) > limit:
        raise SourceUnreadable("is larger than {most} MB: split it.", about=path.name, most=limit // 1_000_000)
    return _staged(Document(path.name, data))


def stage_url(url: str, limit: int) -> Staged:
    """The newsletters at a public address. Raises CorpusError."""
    return _staged(fetch(url.strip(), FetchLimits(max_bytes=limit)))


def _staged(document: Document) -> Staged:
    newsletters = tuple(read_document(document))
    if not newsletters:
        raise SourceUnreadable("holds no newsletter: choose another file.", about=document.name)
    return Staged(document.name, document.data, document.url, newsletters)


def corrections(staged: Sequence[Staged], rows: Sequence[Sequence[object]]) -> list[dict[str, str]]:
    """What the editor changed in each row. Raises BadCell for what cannot be used."""
    changes = []
    for place, (source, row) in enumerate(zip(staged, rows, strict=False), start=1):
        told = dict(zip(COLUMNS, (_text(value) for value in row), strict=False))
        known = dict(zip(COLUMNS, source.row, strict=True))
        usable = EDITABLE if len(source.newsletters) == 1 else ("publisher", "language")
        changed = {name: told[name] for name in usable if told.get(name) and told[name] != known[name]}
        _check(place, changed)
        changes.append(changed)
    return changes


def _check(place: int, changed: dict[str, str]) -> None:
    if "date" in changed and date_of(changed["date"]) is None:
        raise BadCell(place, "date", changed["date"], "date_hint")
    if "issue" in changed and not (changed["issue"].isascii() and changed["issue"].isdigit()):
        raise BadCell(place, "issue", changed["issue"], "issues_hint")
    if "language" in changed and not _LANGUAGE.fullmatch(changed["language"]):
        raise BadCell(place, "language", changed["language"], "language_hint")


def put(folder: Path, staged: Sequence[Staged], changes: Sequence[dict[str, str]]) -> None:
    """Write each source into a folder of its own under `folder`, with its corrections beside it."""
    for source, changed in zip(staged, changes, strict=True):
        name = _UNSAFE.sub("-", PurePosixPath(source.name).name).strip("-.")[-120:] or "newsletter.txt"
        place = folder / PurePosixPath(name).stem
        place.mkdir(parents=True, exist_ok=True)
        about = {**changed, **({"url": source.url} if source.url and len(source.newsletters) == 1 else {})}
        lines = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in about.items())
        write_private(place / ABOUT_FILE, lines.encode())
        write_private(place / name, source.data)


def _text(value: object) -> str:
    text = "" if value is None else str(value).strip()
    return "" if text == "nan" else text
