"""Where an error becomes an exit code and one line for a person: nowhere else.

Errors of the lower packages carry their own sentence (what, where, the remedy); everything else is a fault
of the program and keeps its trace.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Exit(IntEnum):
    """Exit codes of the command line."""

    ANSWERED = 0
    ERROR = 1
    USAGE = 2
    NOT_FOUND = 3


class UiError(Exception):
    """Base of the errors that the ways in raise themselves; its text names what, where and the remedy."""


class NothingIndexed(UiError):
    """A question was put to an empty index."""


class AddressInUse(UiError):
    """The server cannot listen where it was told to."""


class InputUnreadable(UiError):
    """A file named on the command line (a history, say) cannot be read as what it should be."""


class OutputUnwritable(UiError):
    """A file that the command line was told to write cannot be written."""


def unusable(path: Path, what: str, error: OSError) -> str:
    """The sentence on a file of the data directory that cannot be `what` ("read", "written")."""
    return f"{path} cannot be {what} ({error.strerror}): check its permissions, or choose another --data-dir."


def exit_code(error: BaseException) -> Exit | None:
    """The exit code for an error that is safe to show to a person; None for a fault of the program."""
    from assistant.errors import AssistantError
    from corpus.errors import CorpusError
    from index.errors import IndexingError, NewsletterNotFound

    if isinstance(error, NewsletterNotFound):
        return Exit.NOT_FOUND
    if isinstance(error, (UiError, AssistantError, CorpusError, IndexingError)):
        return Exit.ERROR
    return None


def message(error: BaseException) -> str:
    """The error as one line."""
    return " ".join(str(error).split())
