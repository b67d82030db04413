"""Errors of the corpus package, safe to show to a person.

CorpusError
├── SourceNotFound       a path that does not exist, or a folder without newsletters
└── SourceUnreadable     a file that cannot be read as a newsletter
"""

from __future__ import annotations


class SaidError(Exception):
    """An error whose sentence can be said in another language: the sentence, and `values` for the places in it.

    `about` is what the sentence is about (a file, an address), said before it in every language.
    """

    def __init__(self, sentence: str = "", *, about: str = "", **values: object) -> None:
        said = sentence.format(**values) if values else sentence
        super().__init__(f"{about} {said}" if about else said)
        self.sentence, self.about, self.values = sentence, about, values


class CorpusError(SaidError):
    """Base of every error that reading newsletters raises; its text names what, where and the remedy."""


class SourceNotFound(CorpusError):
    """A path does not exist, or holds no newsletters."""


class SourceUnreadable(CorpusError):
    """A file exists but cannot be read as a newsletter (binary, wrong encoding, empty, damaged)."""
