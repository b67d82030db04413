"""Errors of the assistant package, safe to show to a person.

AssistantError
├── QuestionRejected     an empty, overlong or unusable question
├── QuestionFileError    a question file that does not follow its schema (names file and line)
├── ModelServerError     the language model server failed or is not configured
└── SettingsError        a setting cannot be used (names the variable or file and the value)
"""

from __future__ import annotations

from corpus.errors import SaidError


class AssistantError(SaidError):
    """Base of every error that asking raises; its text names what, where and the remedy."""


class QuestionRejected(AssistantError):
    """The question is empty, too long or holds nothing to look for."""


class QuestionFileError(AssistantError):
    """A question file does not follow its schema."""


class ModelServerError(AssistantError):
    """The language model server failed, or is not configured.

    `temporary` says whether another try may help.
    """

    temporary: bool = False


class SettingsError(AssistantError):
    """A setting, or the file it stands in, cannot be used."""
