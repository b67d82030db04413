"""What `Assistant.stream` yields, in order: status, each sentence with its citation, and the whole answer."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer import Answer, Citation, Sentence


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """What the assistant is doing, for the reader's patience."""

    message: str


@dataclass(frozen=True, slots=True)
class SentenceEvent:
    """The next sentence of the answer; it passed every check."""

    sentence: Sentence


@dataclass(frozen=True, slots=True)
class CitationEvent:
    """A citation that a sentence before it names by number."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class DoneEvent:
    """The whole answer; always the last event."""

    answer: Answer


Event = StatusEvent | SentenceEvent | CitationEvent | DoneEvent
