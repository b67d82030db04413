"""One module a format; `reader_for` finds the one for a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.newsletter import Newsletter
from corpus.readers.markdown import read_markdown
from corpus.readers.text import read_text

Reader = Callable[[str, str], Newsletter]

READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".mdown": read_markdown,
    ".txt": read_text,
    ".text": read_text,
}


def reader_for(path: Path) -> Reader | None:
    """The reader for a file by its suffix, or None where there is none."""
    return READERS.get(path.suffix.lower())
