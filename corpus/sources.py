"""Where newsletters come from: files and folders, found in a stable order and read one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import SourceNotFound, SourceUnreadable
from corpus.newsletter import Newsletter
from corpus.readers import READERS, reader_for

Location = str | Path
_NOT_NEWSLETTERS = re.compile(r"^(?:licen[cs]e|readme|copying|notice|contributing|changelog)\b", re.I)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and the path it was found under (itself, or the folder that was named)."""

    path: Path
    root: str

    @property
    def location(self) -> str:
        """Where it is, as text."""
        return str(self.path)


def find_sources(locations: Location | Iterable[Location]) -> list[Source]:
    """The newsletter files at `locations` (files, or folders walked down), each once, sorted by path.

    Licences, read-me files, hidden files and formats without a reader are passed over in folders. Raises
    SourceNotFound for a path that does not exist and for a folder without newsletters.
    """
    named = [locations] if isinstance(locations, (str, Path)) else list(locations)
    found: dict[Path, Source] = {}
    for location in named:
        for source in _sources_at(Path(location).expanduser()):
            found.setdefault(source.path, source)
    return sorted(found.values(), key=lambda source: str(source.path))


def read_source(source: Source) -> list[Newsletter]:
    """The newsletters in one source. Raises SourceUnreadable, naming the file and what to do."""
    reader = reader_for(source.path)
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise SourceUnreadable(f"{source.path} has no known newsletter format: give one of {known}.")
    newsletter = reader(_decoded(source.path), _safe_id(source.path.stem))
    if not newsletter.text.strip():
        raise SourceUnreadable(f"{source.path} holds no text: remove it or put a newsletter into it.")
    return [replace(newsletter, source=str(source.path))]


def read_newsletters(*locations: Location | Iterable[Location]) -> list[Newsletter]:
    """Every newsletter at the paths given (files, folders, or lists of them), in the order of their paths.

    Raises SourceNotFound and SourceUnreadable as `find_sources` and `read_source` do.
    """
    return [newsletter for source in find_sources(_flat(locations)) for newsletter in read_source(source)]


def shipped_newsletters() -> Path:
    """The folder of newsletters that ship with the program."""
    return Path(__file__).parent / "newsletters"


def _flat(locations: Iterable[Location | Iterable[Location]]) -> Iterator[Location]:
    for location in locations:
        if isinstance(location, (str, Path)):
            yield location
        else:
            yield from location


def _sources_at(path: Path) -> Iterator[Source]:
    path = path.resolve()
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if _is_newsletter_file(file, path)]
        if not files:
            raise SourceNotFound(
                f"{path} holds no newsletters: name a folder with {', '.join(sorted(READERS))} files."
            )
        yield from (Source(file, str(path)) for file in files)
    elif path.exists():
        yield Source(path, str(path))
    else:
        raise SourceNotFound(f"{path} does not exist: check the path.")


def _is_newsletter_file(file: Path, root: Path) -> bool:
    inside = file.relative_to(root).parts
    return (
        file.is_file()
        and file.suffix.lower() in READERS
        and not any(part.startswith(".") for part in inside)
        and not _NOT_NEWSLETTERS.match(file.name)
    )


def _decoded(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceUnreadable(f"{path} is larger than {MAX_BYTES // 1_000_000} MB: split it.")
        data = path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    if not data.strip():
        raise SourceUnreadable(f"{path} is empty: remove it or put a newsletter into it.")
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    if encoding == "utf-8" and b"\x00" in data:
        raise SourceUnreadable(f"{path} is a binary file, not text: give a newsletter as text or Markdown.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceUnreadable(
            f"{path} is not UTF-8 text (byte {error.start}): convert it, for example with "
            f"`iconv -f latin1 -t utf-8 {path.name}`."
        ) from error


def _safe_id(stem: str) -> str:
    """The file's stem as an id that is safe in a URL path."""
    cleaned = re.sub(r"[^\w.-]+", "-", stem).strip("-.")
    return cleaned or "newsletter"
