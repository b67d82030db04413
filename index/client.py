"""Chroma's client, embedded or of a server, and what its errors mean for a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from httpx import TransportError

from index.errors import IndexDamaged, IndexingError, IndexNotWritable, StoreUnreachable
from index.settings import StoreSettings

KEY_HEADER = "x-chroma-token"


def connect(data_dir: Path, settings: StoreSettings) -> Any:
    """A client of the server that `settings` names, else of the database in `data_dir`."""
    quiet = ChromaSettings(anonymized_telemetry=False)
    if settings.url is None:
        return chromadb.PersistentClient(path=str(data_dir / "chroma"), settings=quiet)
    parts = urlsplit(settings.url)
    return chromadb.HttpClient(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or (443 if parts.scheme == "https" else 8000),
        ssl=parts.scheme == "https",
        headers={KEY_HEADER: settings.key.get_secret_value()} if settings.key is not None else None,
        tenant=settings.tenant,
        database=settings.database,
        settings=quiet,
    )


def drop_half_opened() -> None:
    """Forget embedded databases that could not be opened: Chroma would give them to the next who asks."""
    SharedSystemClient.clear_system_cache()


def translated(error: Exception, location: str) -> IndexingError:
    """What an error of Chroma or the system means for the person, by its words: Chroma has no types for these."""
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
    if any(words in said for words in ("unauthorized", "forbidden", "401", "403")):
        return StoreUnreachable(f"The Chroma server at {location} refuses the key: check STORE__KEY.")
    if "tenant" in said or ("database" in said and "not found" in said):
        return StoreUnreachable(
            f"The Chroma server at {location} has no such tenant or database: check STORE__TENANT and STORE__DATABASE."
        )
    if isinstance(error, (TransportError, ConnectionError)) or "could not connect" in said:
        return StoreUnreachable(f"The Chroma server at {location} does not answer: start it or check STORE__URL.")
    return IndexDamaged(
        f"The index at {location} is damaged ({error.__class__.__name__}): run `newsletter-assistant repair`."
    )
