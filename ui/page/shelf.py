"""The conversations a browser keeps: plain data in and out of Gradio's BrowserState, bounded in number and length.

What comes back from a browser may be old, damaged or made up: an answer that cannot be read is left out, and its
quotations are compared with the archive before they are shown (`turns.restored`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from assistant import Answer

MOST_CONVERSATIONS = 30
MOST_ANSWERS = 30
MOST_TITLE = 80
MOST_CHARACTERS = 120_000


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answered questions under a title, and when the last was asked (ISO 8601, UTC)."""

    id: str
    title: str
    at: str
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every conversation kept, the latest first, and the id of the one that is open ("" for a new one)."""

    conversations: tuple[Conversation, ...] = ()
    current: str = ""

    @property
    def open(self) -> Conversation | None:
        """The conversation that is open, once something was answered in it."""
        return next((kept for kept in self.conversations if kept.id == self.current), None)

    def holding(self, answers: Sequence[Answer], *, now: datetime | None = None) -> Shelf:
        """The shelf with `answers` as the open conversation, moved to the front."""
        if not answers:
            return self
        at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        known = self.open or Conversation(secrets.token_hex(6), answers[0].question[:MOST_TITLE], at)
        held = replace(known, at=at, answers=tuple(answers)[-MOST_ANSWERS:])
        others = tuple(kept for kept in self.conversations if kept.id != held.id)
        return Shelf((held, *others)[:MOST_CONVERSATIONS], held.id)

    def opening(self, conversation_id: str) -> Shelf:
        """The shelf with another conversation open; a new one for an id that is not kept."""
        known = {kept.id for kept in self.conversations}
        return replace(self, current=conversation_id if conversation_id in known else "")

    def renamed(self, title: str) -> Shelf:
        """The shelf with another title for the open conversation; an empty one changes nothing."""
        title = " ".join(title.split())[:MOST_TITLE]
        if not title or self.open is None:
            return self
        named = tuple(replace(k, title=title) if k.id == self.current else k for k in self.conversations)
        return replace(self, conversations=named)

    def without_open(self) -> Shelf:
        """The shelf without the open conversation, and a new one open."""
        return Shelf(tuple(kept for kept in self.conversations if kept.id != self.current))

    def to_json(self) -> dict[str, Any]:
        """The shelf as JSON-ready data for the browser; the oldest are left out past `MOST_CHARACTERS`.

        The browser sends it back whenever the page is opened, so it has to stay well under the largest request.
        """
        conversations: list[dict[str, Any]] = []
        left = MOST_CHARACTERS
        for k in self.conversations:
            answers = [_document(answer) for answer in k.answers]
            document = {"id": k.id, "title": k.title, "at": k.at, "answers": answers}
            left -= len(json.dumps(document))
            if left < 0:
                break
            conversations.append(document)
        return {"version": 1, "current": self.current, "conversations": conversations}


def shelf_of(data: Any) -> Shelf:
    """The shelf that `to_json` gave, as far as `data` can be read."""
    if not isinstance(data, dict) or not isinstance(data.get("conversations"), list):
        return Shelf()
    found = [_conversation(item) for item in data["conversations"][:MOST_CONVERSATIONS]]
    return Shelf(tuple(kept for kept in found if kept)).opening(str(data.get("current", "")))


def _conversation(data: Any) -> Conversation | None:
    try:
        answers = [_answer(item) for item in data["answers"][:MOST_ANSWERS]]
        kept = tuple(answer for answer in answers if answer)
        return Conversation(str(data["id"])[:40], str(data["title"])[:MOST_TITLE], str(data["at"])[:40], kept)
    except (KeyError, TypeError):
        return None


def _answer(data: Any) -> Answer | None:
    try:
        return Answer.from_dict(data)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _document(answer: Answer) -> dict[str, Any]:
    document = replace(answer, timings={}, dropped=()).to_dict()
    del document["text"]
    return document
