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
    StoreUnreachable,
    SyncStopped,
)
from index.library import Library
from index.passage import Filters, NewsletterInfo, Passage, RetrievedPassage
from index.report import FailedSource, LibraryStatus, SyncProgress, SyncReport

# Searching
from index.retriever import Retriever
from index.settings import EmbeddingSettings, StoreSettings
from index.snapshot import Snapshot

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
    "StoreUnreachable",
    "SyncProgress",
    "SyncReport",
    "SyncStopped",
]
