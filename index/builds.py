"""Which build of an index answers.

A rebuild fills collections of its own beside those that answer; one write to the pointer swaps them. The pointer is the
metadata of the collection that bears the setting's name, where the revision stands, too, by which servers that share a
store see each other's syncs. The first build ("") lives in that collection itself, later ones in `NAME-build-BUILD`.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

_NO_EMBEDDING: dict[str, Any] = {"embedding_function": None}


class Builds:
    """The builds of one index in a Chroma client."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name
        client.get_or_create_collection(name, **_NO_EMBEDDING)

    def current(self) -> str:
        """The build that answers."""
        return str(self._pointer().get("build", ""))

    def revision(self) -> str:
        """A name for the committed state, new after every sync."""
        return str(self._pointer().get("revision", ""))

    def note_change(self) -> str:
        """Say that the committed state is new; gives its name."""
        return self._point(self.current())

    def switch(self, build: str) -> None:
        """Let `build` answer from now on: one write, which either happened or did not."""
        self._point(build)

    def collections(self, build: str) -> tuple[Any, Any]:
        """The build's collections of newsletters and of passages, made where they are missing."""
        name = self._collection(build)
        newsletters = self._client.get_or_create_collection(name, **_NO_EMBEDDING)
        options = {**_NO_EMBEDDING, "configuration": {"hnsw": {"space": "cosine"}}}
        return newsletters, self._client.get_or_create_collection(f"{name}-passages", **options)

    def drop_others(self, *kept: str) -> None:
        """Delete every build but those named; the first one's newsletters are emptied, since the pointer is there."""
        wanted = {self._collection(build) for build in kept}
        wanted |= {f"{name}-passages" for name in wanted}
        for name in [collection.name for collection in self._client.list_collections()]:
            if name.startswith(f"{self._name}-build-") and name not in wanted:
                self._client.delete_collection(name)
        if "" not in kept:
            first, passages = self.collections("")
            while ids := first.get(limit=500, include=[])["ids"]:
                first.delete(ids=ids)
            self._client.delete_collection(passages.name)

    def _collection(self, build: str) -> str:
        return f"{self._name}-build-{build}" if build else self._name

    def _pointer(self) -> dict[str, Any]:
        return dict(self._client.get_collection(self._name, **_NO_EMBEDDING).metadata or {})

    def _point(self, build: str) -> str:
        revision = uuid.uuid4().hex
        pointer = self._client.get_collection(self._name, **_NO_EMBEDDING)
        pointer.modify(metadata={"revision": revision, "build": build})
        return revision


def build_for(fingerprint: str, current: str) -> str:
    """The name of the build that a rebuild with `fingerprint` fills while `current` answers; the same every time."""
    name = hashlib.sha256(fingerprint.encode()).hexdigest()[:8]
    return name if name != current else f"{name}-again"
