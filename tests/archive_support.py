"""An assistant over a few newsletters of a test's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from assistant import Assistant, open_assistant


@contextmanager
def archive(folder: Path, issues: Mapping[str, str]) -> Iterator[Assistant]:
    """An assistant over `issues`, Markdown by file name without ending, written into `folder` and indexed beside them."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for name, text in issues.items():
        (corpus / f"{name}.md").write_text(text, encoding="utf-8")
    with open_assistant(data_dir=folder / "index", corpus=[corpus]) as assistant:
        yield assistant
