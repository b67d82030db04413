"""What was said in a conversation: messages are mappings with a `role` ("user" or "assistant") and a `content`, which may lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Message = Mapping[str, str]
MESSAGE_CHARACTERS = 4000


def content(message: Message) -> str:
    """What a message says, "" where it says nothing."""
    return str(message.get("content") or "")


def begun(message: Message) -> str:
    """The beginning of a message, longer than any answer: whoever calls writes the history, and it is read often."""
    return " ".join(content(message)[:MESSAGE_CHARACTERS].split())


def said_by(role: str, history: Sequence[Message]) -> Iterator[str]:
    """What one side said, the last first."""
    return (content(message) for message in reversed(history) if message.get("role") == role)


def last_said_by(role: str, history: Sequence[Message]) -> str:
    """What one side said last, "" where it said nothing."""
    return next(said_by(role, history), "")
