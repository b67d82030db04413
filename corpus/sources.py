"""Where newsletters come from: files, folders, Maildirs and web addresses, found in a stable order, read one by one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from corpus.dates import parse_date
from corpus.documents import Document, Reading, is_about_a_project
from corpus.errors import SourceNotFound, SourceUnreadable
from corpus.fetching import FetchLimits, fetch
from corpus.links import web_address
from corpus.newsletter import Newsletter
from corpus.readers import HEAD_BYTES, known_suffixes, looks_like_newsletters, read_parts
from corpus.readers.mail import read_mail

Location = str | Path
_ADDRESS = re.compile(r"^(https?):/{1,2}(?=[^/])", re.I)
_MAILDIR = ("cur", "new")
_ISO_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_OTHER_KINDS = frozenset(
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".svg",
        ".ico",
        ".bmp",
        ".tiff",
        ".mp3",
        ".mp4",
        ".mov",
        ".avi",
        ".wav",
        ".css",
        ".js",
        ".ts",
        ".json",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
        ".csv",
        ".tsv",
        ".xls",
        ".xlsx",
        ".ppt",
        ".pptx",
        ".py",
        ".rb",
        ".sh",
        ".exe",
        ".dll",
        ".so",
        ".woff",
        ".woff2",
        ".ttf",
        ".otf",
        ".db",
        ".sqlite3",
        ".lock",
        ".log",
        ".msf",
    ]
)
ABOUT_FILE = "newsletter.toml"
MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: a file (`path`) or a web address (`path` is None).

    `location` is the path or address as text; `root` is what it was found under (itself, or the folder named).
    """

    location: str
    path: Path | None
    root: str


def find_sources(locations: Location | Iterable[Location]) -> list[Source]:
    """The newsletter files and addresses at `locations` (files, folders walked down, URLs), each once, sorted.

    Licences, read-me files, hidden files and formats without a reader (told by suffix, else by the first bytes) are
    passed over in folders; in a Maildir every message is a source. Raises SourceNotFound for a path that does not exist and a folder without newsletters.
    """
    named = [locations] if isinstance(locations, (str, Path)) else list(locations)
    found: dict[str, Source] = {}
    for location in named:
        address = _ADDRESS.sub(r"\1://", str(location))
        if _ADDRESS.match(address):
            found.setdefault(address, Source(address, None, address))
        else:
            for source in _sources_at(Path(location).expanduser()):
                found.setdefault(source.location, source)
    return sorted(found.values(), key=lambda source: source.location)


def load_source(source: Source, *, limits: FetchLimits | None = None) -> Document:
    """The bytes of one source. Raises SourceUnreadable, naming it and what to do.

    `limits` bound what is fetched from a web address (size, time, whether private addresses are allowed).
    """
    if source.path is None:
        return fetch(source.location, limits or FetchLimits())
    return Document(source.location, _bytes_of(source.path))


def read_loaded(source: Source, document: Document) -> Reading:
    """What the loaded bytes of a source hold. Raises SourceUnreadable when nothing of them can be read."""
    if source.path is None:
        return read_parts(document)
    in_maildir = source.path.parent.name in _MAILDIR and _is_maildir(source.path.parent.parent)
    reading = Reading(tuple(read_mail(document))) if in_maildir else read_parts(document)
    about = _about_folder(source.path.parent)
    if not about:
        return reading
    return replace(reading, newsletters=tuple(_completed(newsletter, about) for newsletter in reading.newsletters))


def read_source(source: Source, *, limits: FetchLimits | None = None) -> list[Newsletter]:
    """The newsletters in one source. Raises SourceUnreadable when any part of it cannot be read."""
    reading = read_loaded(source, load_source(source, limits=limits))
    if reading.failed:
        raise reading.failed[0]
    return list(reading.newsletters)


def read_newsletters(*locations: Location | Iterable[Location]) -> list[Newsletter]:
    """Every newsletter at the places given (files, folders, URLs, or lists of them), in the order of their locations.

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
                f"{path} holds no newsletters: name a folder with {', '.join(known_suffixes())} files."
            )
        yield from (Source(str(file), file, str(path)) for file in files)
    elif path.is_file():
        yield Source(str(path), path, str(path))
    elif path.exists():
        raise SourceNotFound(f"{path} is neither a file nor a folder: name one of those.")
    else:
        raise SourceNotFound(f"{path} does not exist: check the path.")


def _is_newsletter_file(file: Path, root: Path) -> bool:
    inside = file.relative_to(root).parts
    if not file.is_file() or any(part.startswith(".") for part in inside):
        return False
    if file.parent.name in _MAILDIR and _is_maildir(file.parent.parent):
        return True
    suffix = file.suffix.lower()
    if suffix in _OTHER_KINDS or is_about_a_project(file.name):
        return False
    if suffix in known_suffixes() and suffix != ".xml":
        return True
    try:
        with file.open("rb") as opened:
            return looks_like_newsletters(file.name, opened.read(HEAD_BYTES))
    except OSError:
        return False


def _is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in ("cur", "new", "tmp"))


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceUnreadable(f"{path} is larger than {MAX_BYTES // 1_000_000} MB: split it.")
        return path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(f"{path} cannot be read ({error.strerror}): check its permissions.") from error


def _about_folder(folder: Path) -> dict[str, str]:
    """What `newsletter.toml` says of a folder's newsletters (title, issue, date, publisher, language, url); {} without.

    Raises SourceUnreadable, naming the file, where it is no TOML and where its date is none.
    """
    file = folder / ABOUT_FILE
    if not file.is_file():
        return {}
    try:
        loaded = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceUnreadable(f"{file} cannot be read ({error}): correct it or remove it.") from error
    about = {key: said for key, value in loaded.items() if (said := _said(value))}
    if "date" in about:
        about["date"] = _date_said(file, about["date"])
    return about


def _said(value: object) -> str:
    """A value of `newsletter.toml` as text; "" for a kind of value that says nothing of a newsletter."""
    return str(value).strip() if isinstance(value, (str, int, date)) and not isinstance(value, bool) else ""


def _date_said(file: Path, text: str) -> str:
    """The date that `text` says as ISO 8601, partial where it is. Raises SourceUnreadable, naming `file`."""
    found = text if _is_iso_date(text) else parse_date(text)
    if found is None:
        raise SourceUnreadable(
            f"{file} gives the date {text!r}, which is none: write it as 2019, 2019-05 or 2019-05-03."
        )
    return found


def _is_iso_date(text: str) -> bool:
    try:
        return bool(_ISO_DATE.fullmatch(text) and date.fromisoformat(f"{text}-01-01"[:10]))
    except ValueError:
        return False


def _completed(newsletter: Newsletter, about: dict[str, str]) -> Newsletter:
    """`newsletter` with what its folder says; `title` and `url` may hold {issue}, {date}, {year}, {month}, {day}, {id}."""
    year, month, day = [*(newsletter.date or "").split("-"), "", "", ""][:3]
    values = {"issue": newsletter.issue or "", "date": newsletter.date or "", "id": newsletter.id}
    values |= {"title": newsletter.title, "year": year, "month": month, "day": day}

    def filled(key: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda m: str(values.get(m[1], m[0])), about.get(key, ""))

    issue = about.get("issue", "")
    return replace(
        newsletter,
        title=filled("title") or newsletter.title,
        issue=int(issue) if issue.isascii() and issue.isdigit() else newsletter.issue,
        date=about.get("date") or newsletter.date,
        publisher=about.get("publisher") or newsletter.publisher,
        language=about.get("language") or newsletter.language,
        url=newsletter.url or web_address(filled("url")),
    )
