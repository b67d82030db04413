"""Opening an assistant: settings, index and newsletters in one call."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from assistant.engine import Assistant
from assistant.loading import load_settings
from assistant.settings import Settings
from index import Library


def open_assistant(
    settings: Settings | None = None,
    *,
    data_dir: str | Path | None = None,
    corpus: Iterable[str | Path] | None = None,
) -> Assistant:
    """An assistant over the index in `data_dir`, brought level with the newsletters in `corpus` if given.

    What is not given comes from `settings`, and those from the environment. Raises SettingsError when one of those
    cannot be used, IndexingError when the index cannot be opened and CorpusError when a path of `corpus` is missing or
    holds no newsletters.
    """
    settings = settings or load_settings()
    if data_dir is not None:
        settings = settings.model_copy(update={"data_dir": Path(data_dir)})
    library = Library.open(settings.data_dir, embedding=settings.embedding, store=settings.store)
    assistant = Assistant(library, settings)
    if corpus is not None:
        try:
            assistant.sync(corpus)
        except BaseException:
            assistant.close()
            raise
    return assistant
