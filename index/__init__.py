"""Newsletters in, ranked passages out."""

# Opening and syncing
# Errors
from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexingError,
    IndexNotWritable,
    ModelUnavailable,
    NewsletterNotFound,
    RebuildNeeded,
)
from index.library import Library, LibraryStatus
from index.passage import Filters, NewsletterInfo, Passage, RetrievedPassage

# Searching
from index.retriever import Retriever
from index.settings import EmbeddingSettings, StoreSettings
from index.snapshot import Snapshot
from index.sync import FailedSource, SyncProgress, SyncReport

__all__ = [
    "EmbeddingSettings",
    "FailedSource",
    "Filters",
    "IndexBusy",
    "IndexDamaged",
    "IndexNotWritable",
    "IndexingError",
    "Library",
    "LibraryStatus",
    "ModelUnavailable",
    "NewsletterInfo",
    "NewsletterNotFound",
    "Passage",
    "RebuildNeeded",
    "RetrievedPassage",
    "Retriever",
    "Snapshot",
    "StoreSettings",
    "SyncProgress",
    "SyncReport",
]
