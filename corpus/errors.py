"""Errors of the corpus package, safe to show to a person.

CorpusError
├── SourceNotFound       a path that does not exist, or a folder without newsletters
└── SourceUnreadable     a file that cannot be read as a newsletter
"""

from __future__ import annotations


class CorpusError(Exception):
    """Base of every error that reading newsletters raises; its text names what, where and the remedy."""


class SourceNotFound(CorpusError):
    """A path does not exist, or holds no newsletters."""


class SourceUnreadable(CorpusError):
    """A file exists but cannot be read as a newsletter (binary, wrong encoding, empty, damaged)."""
