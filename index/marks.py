"""What a source looked like when it was read, so that an unchanged one is not read again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from corpus import Document, Source
from corpus.sources import ABOUT_FILE
from index.records import SourceMark

DIGEST_CHARACTERS = 32


def mark_of(source: Source) -> SourceMark:
    """The source as it is now; an address on the web has no size or change time and is always read."""
    try:
        stat = source.path.stat() if source.path else None
    except OSError:
        stat = None
    if stat is None:
        return SourceMark(source.location, source.root, -1, -1)
    changed = max(stat.st_ctime_ns, _about_changed(source))
    return SourceMark(source.location, source.root, stat.st_size, stat.st_mtime_ns, changed)


def _about_changed(source: Source) -> int:
    """When what its folder says of a source changed last; 0 where it says nothing."""
    try:
        return (Path(source.location).parent / ABOUT_FILE).stat().st_ctime_ns
    except OSError:
        return 0


def digest_of(source: Source, document: Document) -> str:
    """A name for the source's bytes and what its folder says of it."""
    digest = hashlib.sha256(document.data)
    if source.path is not None and (about := source.path.parent / ABOUT_FILE).is_file():
        digest.update(about.read_bytes())
    return digest.hexdigest()[:DIGEST_CHARACTERS]


def same_times(old: SourceMark, new: SourceMark) -> bool:
    """Whether a file's size and times are as they were."""
    return (old.size, old.modified, old.changed, old.root) == (new.size, new.modified, new.changed, new.root)


def same_bytes(old: SourceMark, new: SourceMark) -> bool:
    """Whether a source holds what it held."""
    return old.digest == new.digest and bool(new.digest)


def is_under(path: str, root: str) -> bool:
    """Whether `path` is `root` or in it."""
    return path == root or path.startswith(root.rstrip("/") + "/")
