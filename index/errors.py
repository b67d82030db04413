"""Errors of the index package, safe to show to a person.

IndexingError
├── IndexBusy             another process owns the data directory, or changes the shared store
├── IndexDamaged          the store cannot be opened or contradicts itself
├── IndexNotWritable      the data directory cannot be created or written
├── ModelUnavailable      the embedding model is missing or is not the published one
├── NewsletterNotFound    no newsletter with that id
├── RebuildNeeded         the vectors come from another model or chunker
├── StoreUnreachable      the Chroma server does not answer, or its address is none
└── SyncStopped           a sync was stopped by the person; what is committed stays
"""

from __future__ import annotations


class IndexingError(Exception):
    """Base of every error that indexing and searching raises; its text names what, where and the remedy."""


class IndexBusy(IndexingError):
    """Another process owns the data directory, or changes the index on a shared server."""


class IndexDamaged(IndexingError):
    """The store cannot be opened, or contradicts itself; `repair` rebuilds it."""


class IndexNotWritable(IndexingError):
    """The data directory cannot be created or written."""


class ModelUnavailable(IndexingError):
    """The embedding model is missing, or its weights are not the published ones."""


class NewsletterNotFound(IndexingError):
    """No newsletter with that id is in the index."""


class RebuildNeeded(IndexingError):
    """The stored vectors come from another model or chunker; `sync --rebuild` makes them anew."""


class StoreUnreachable(IndexingError):
    """The Chroma server does not answer, or its address is none."""


class SyncStopped(IndexingError):
    """A sync was stopped by the person; the next one goes on from there."""
