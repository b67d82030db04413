"""The conversations a browser keeps: plain data in and out of Gradio's BrowserState, bounded in number and length.

What comes back from a browser may be old, damaged or made up: an answer that cannot be read is left out, and its
quotations are compared with the archive before they are shown (`turns.restored`).

Several tabs share one browser's store. `Shelf.merged` joins what two of them know, the later version of a conversation
first and nothing lost: it gives the same from either side, so tabs that tell each other what they saved agree.
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
MOST_SEAL = 40
MOST_CHARACTERS = 120_000
MOST_AROUND = 10_000  # of what stands beside the conversations
MOST_REMOVED = 100
MOST_CITED = 100  # by the sentences of one answer


@dataclass(frozen=True, slots=True)
class Conversation:
    """Answered questions under a title, and when it was last changed (ISO 8601, UTC).

    `seals` has for each answer what the server gave with it (`Sharing.seal`), "" where there is none.
    """

    id: str
    title: str
    at: str
    answers: tuple[Answer, ...] = ()
    seals: tuple[str, ...] = ()

    @property
    def sealed(self) -> list[tuple[Answer, str]]:
        """Each answer with its seal."""
        seals = (*self.seals, *[""] * len(self.answers))
        return list(zip(self.answers, seals, strict=False))


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every conversation kept, the latest first, and the id of the one that is open ("" for a new one).

    `removed` are ids deleted in any tab; `stale` says that another tab went on with the open conversation.
    """

    conversations: tuple[Conversation, ...] = ()
    current: str = ""
    removed: tuple[str, ...] = ()
    stale: bool = False

    @property
    def open(self) -> Conversation | None:
        """The conversation that is open, once something was answered in it."""
        return next((kept for kept in self.conversations if kept.id == self.current), None)

    def holding(self, answers: Sequence[Answer], seals: Sequence[str] = (), *, now: datetime | None = None) -> Shelf:
        """The shelf with `answers` as the open conversation, moved to the front; as a new one if it is stale."""
        if not answers:
            return self
        at = _now(now)
        known = None if self.stale else self.open
        known = known or Conversation(_new_id(), answers[0].question[:MOST_TITLE], at)
        told = tuple(replace(answer, timings={}, dropped=()) for answer in answers[-MOST_ANSWERS:])
        proofs = tuple(seals[-MOST_ANSWERS:]) or ("",) * len(told)
        if (told, proofs) == (known.answers, known.seals):
            return self
        held = replace(known, at=at, answers=told, seals=proofs)
        others = (kept for kept in self.conversations if kept.id != held.id)
        return Shelf((held, *others)[:MOST_CONVERSATIONS], held.id, self.removed)

    def merged(self, other: Shelf) -> Shelf:
        """The shelf with what another tab kept; the open conversation stays open, under a new id if the two differ."""
        removed = tuple(dict.fromkeys((*other.removed, *self.removed)))[:MOST_REMOVED]
        latest = {kept.id: kept for kept in self.conversations}
        for kept in other.conversations:
            latest[kept.id] = max(kept, latest.get(kept.id, kept), key=_version)
        current, stale, mine = self.current, self.stale, self.open
        theirs = latest.get(current)
        if mine and theirs and theirs.answers != mine.answers:
            stale = theirs.answers[: len(mine.answers)] == mine.answers
            if not stale:
                current = _new_id()
                latest[current] = replace(mine, id=current)
        left = sorted((kept for kept in latest.values() if kept.id not in removed), key=_version, reverse=True)
        return Shelf(tuple(left[:MOST_CONVERSATIONS]), current, removed, stale)

    def opening(self, conversation_id: str) -> Shelf:
        """The shelf with another conversation open; a new one for an id that is not kept."""
        known = {kept.id for kept in self.conversations}
        return replace(self, current=conversation_id if conversation_id in known else "", stale=False)

    def renamed(self, title: str, *, now: datetime | None = None) -> Shelf:
        """The shelf with another title for the open conversation; an empty one changes nothing."""
        title, known = " ".join(title.split())[:MOST_TITLE], self.open
        if not title or known is None or title == known.title:
            return self
        named = replace(known, title=title, at=_now(now))
        others = (kept for kept in self.conversations if kept.id != named.id)
        return replace(self, conversations=(named, *others))

    def without_open(self) -> Shelf:
        """The shelf without the open conversation, and a new one open."""
        left = tuple(kept for kept in self.conversations if kept.id != self.current)
        return Shelf(left, "", (self.current, *self.removed)[:MOST_REMOVED] if self.current else self.removed)

    def to_json(self) -> dict[str, Any]:
        """The shelf as JSON-ready data for the browser; the oldest are left out past `MOST_CHARACTERS`.

        The browser sends it back whenever the page is opened, so it has to stay well under the largest request.
        """
        conversations: list[dict[str, Any]] = []
        left = MOST_CHARACTERS
        for k in self.conversations:
            answers = [{**_document(answer), "seal": seal} for answer, seal in k.sealed]
            document = {"id": k.id, "title": k.title, "at": k.at, "answers": answers}
            left -= len(json.dumps(document))
            if left < 0:
                break
            conversations.append(document)
        return {
            "version": 1,
            "current": self.current,
            "conversations": conversations,
            "removed": list(self.removed),
        }


def shelf_of(data: Any) -> Shelf:
    """The shelf that `to_json` gave, as far as `data` can be read; an empty one for more than that gives."""
    if not isinstance(data, dict) or not isinstance(data.get("conversations"), list):
        return Shelf()
    if len(json.dumps(data)) > MOST_CHARACTERS + MOST_AROUND:
        return Shelf()
    found = [_conversation(item) for item in data["conversations"][:MOST_CONVERSATIONS]]
    listed = data.get("removed")
    removed = tuple(str(gone)[:40] for gone in listed[:MOST_REMOVED]) if isinstance(listed, list) else ()
    return Shelf(tuple(kept for kept in found if kept), removed=removed).opening(str(data.get("current", "")))


def _conversation(data: Any) -> Conversation | None:
    try:
        found = [(_answer(item), _seal(item)) for item in data["answers"][:MOST_ANSWERS]]
        answers = tuple(answer for answer, _ in found if answer)
        seals = tuple(seal for answer, seal in found if answer)
        return Conversation(str(data["id"])[:40], str(data["title"])[:MOST_TITLE], str(data["at"])[:40], answers, seals)
    except (KeyError, TypeError):
        return None


def _answer(data: Any) -> Answer | None:
    try:
        answer = Answer.from_dict(data)
        return answer if sum(len(sentence.citations) for sentence in answer.sentences) <= MOST_CITED else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _seal(data: Any) -> str:
    return str(data.get("seal", ""))[:MOST_SEAL] if isinstance(data, dict) else ""


def _document(answer: Answer) -> dict[str, Any]:
    document = replace(answer, timings={}, dropped=()).to_dict()
    del document["text"]
    return document


def _now(now: datetime | None) -> str:
    return (now or datetime.now(UTC)).isoformat(timespec="milliseconds")


def _new_id() -> str:
    return secrets.token_hex(6)


def _version(kept: Conversation) -> tuple[str, int, str, str]:
    """What the later of two versions of a conversation is told by."""
    return kept.at, len(kept.answers), kept.title, kept.id
