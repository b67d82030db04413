"""Chroma's client, embedded or of a server, and what its errors mean for a person."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import chromadb
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from httpx import HTTPStatusError, TransportError

from index.errors import IndexDamaged, IndexingError, IndexNotWritable, StoreUnreachable
from index.settings import StoreSettings

KEY_HEADER = "x-chroma-token"


def connect(data_dir: Path, settings: StoreSettings) -> Any:
    """A client of the server that `settings` names, else of the database in `data_dir`."""
    quiet = ChromaSettings(anonymized_telemetry=False)
    if settings.url is None:
        return chromadb.PersistentClient(path=str(data_dir / "chroma"), settings=quiet)
    parts = address(settings.url)
    return chromadb.HttpClient(
        host=str(parts.hostname),
        port=parts.port or (443 if parts.scheme == "https" else 8000),
        ssl=parts.scheme == "https",
        headers={KEY_HEADER: settings.key.get_secret_value()} if settings.key is not None else None,
        tenant=settings.tenant,
        database=settings.database,
        settings=quiet,
    )


def address(url: str) -> SplitResult:
    """The parts of a Chroma server's address. Raises StoreUnreachable when it is none, rather than ask another server."""
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    raise StoreUnreachable(
        f"{url.rpartition('@')[2]!r} is not the address of a Chroma server: "
        "write STORE__URL as http://HOST:PORT or https://HOST:PORT."
    )


def drop_half_opened() -> None:
    """Forget embedded databases that could not be opened: Chroma would give them to the next who asks."""
    SharedSystemClient.clear_system_cache()


def is_of_store(error: Exception) -> bool:
    """Whether an error comes from Chroma, its server or the system below it."""
    if isinstance(error, IndexingError):
        return False
    return isinstance(error, ChromaError | OSError | TransportError) or _status(error) is not None


def of_directory(error: Exception, folder: str) -> IndexingError:
    """What an error of the embedded database in `folder` means for the person."""
    return _not_writable(error, folder) or IndexDamaged(
        f"The index at {folder} is damaged ({error.__class__.__name__}): run `newsletter-assistant repair`."
    )


def of_server(error: Exception, url: str) -> IndexingError:
    """What an error of the Chroma server at `url`, or of a door before it, means for the person."""
    status = _status(error)
    if status in (401, 403):
        return StoreUnreachable(f"The Chroma server at {url} refuses the key: check STORE__KEY.")
    if status == 404:
        if re.match(r"(Tenant|Database)\b", str(error)):
            return StoreUnreachable(
                f"The Chroma server at {url} has no such tenant or database: check STORE__TENANT and STORE__DATABASE."
            )
        return StoreUnreachable(
            f"The Chroma server at {url} no longer has what was read (another process has replaced it, or the address "
            "is not Chroma's): run this again, or check STORE__URL."
        )
    if status in (429, 502, 503, 504):
        return StoreUnreachable(f"The Chroma server at {url} is too busy (status {status}): try again later.")
    if status is None:
        return StoreUnreachable(f"The Chroma server at {url} does not answer: start it or check STORE__URL.")
    return _not_writable(error, url) or IndexDamaged(
        f"The Chroma server at {url} fails ({error.__class__.__name__}): look at its log."
    )


def _status(error: BaseException | None) -> int | None:
    """The HTTP status that an error stands for; Chroma drops the answer of a door, which stays its context."""
    while error is not None:
        if isinstance(error, ChromaError):
            return error.code()
        if isinstance(error, HTTPStatusError):
            return error.response.status_code
        error = error.__cause__ or error.__context__
    return None


def _not_writable(error: Exception, location: str) -> IndexNotWritable | None:
    """A disk that is full or may not be written, told by the words of SQLite and the system: Chroma has no types."""
    said = str(error).lower()
    if any(
        words in said
        for words in ("disk is full", "no space left", "(code: 13)", "quota", "disk i/o error", "file too large")
    ):
        return IndexNotWritable(
            f"The index at {location} cannot grow (the disk is full or failing): free space and sync again; "
            "what was committed is kept."
        )
    if any(words in said for words in ("readonly", "read-only", "unable to open database", "permission denied")):
        return IndexNotWritable(
            f"The index at {location} cannot be written: check its permissions, or choose another --data-dir."
        )
    return None
