"""Ask newsletters: question in, answer with citations that were checked out."""

# Asking
from assistant.answer import Answer, Citation, Sentence, SentenceKind, Status
from assistant.engine import Assistant

# Errors
from assistant.errors import AssistantError, ModelServerError, QuestionFileError, QuestionRejected, SettingsError
from assistant.events import CitationEvent, DoneEvent, Event, SentenceEvent, StatusEvent

# Settings
from assistant.loading import load_settings
from assistant.opening import open_assistant
from assistant.settings import Settings

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "CitationEvent",
    "DoneEvent",
    "Event",
    "ModelServerError",
    "QuestionFileError",
    "QuestionRejected",
    "Sentence",
    "SentenceEvent",
    "SentenceKind",
    "Settings",
    "SettingsError",
    "Status",
    "StatusEvent",
    "load_settings",
    "open_assistant",
]
