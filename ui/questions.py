"""What readers asked: one JSON line a question in the data directory, for the editor's insights.

Kept are the question, where it was asked (the page, the API, the portal's site), whether it was answered, the issues
cited, the milliseconds, and whether it stood alone or took something from the conversation; nothing about who asked. A
visit of the page has each question kept once at most (`Running.asks_anew`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant import Answer
from ui.journal import Journal, Stamp

FILE_NAME = "questions.jsonl"
PAGE, API, OPENAI, MCP = "page", "api", "openai", "mcp"
SITE = "site:"  # and the id of the portal's site
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked: when (ISO 8601, UTC), how it ended, the issues cited, milliseconds to answer, where.

    `alone` is true where nothing of the conversation before it is in it.
    """

    at: str
    question: str
    status: str
    newsletters: tuple[str, ...]
    milliseconds: float
    channel: str = PAGE
    alone: bool = False


class QuestionLog:
    """The questions kept in a data directory; none are where `keep` is false."""

    def __init__(self, data_dir: Path, *, keep: bool = True) -> None:
        self._path = data_dir / FILE_NAME
        self._keep = keep
        self._journal = Journal(self._path)
        self._reading = threading.Lock()  # of several that want it, one reads
        self._known: tuple[Stamp, tuple[Asked, ...]] | None = None

    def record(self, answer: Answer, *, seconds: float, channel: str = PAGE, at: datetime | None = None) -> None:
        """Append one question; a disk that cannot be written is logged, the reader still gets the answer."""
        if not self._keep:
            return
        entry = {
            "at": (at or datetime.now(UTC)).isoformat(timespec="seconds"),
            "channel": channel,
            "question": answer.resolved_question,
            "status": str(answer.status),
            "newsletters": sorted({citation.newsletter_id for citation in answer.citations}),
            "ms": round(seconds * 1000, 1),
            "alone": answer.resolved_question == answer.question,
        }
        try:
            self._journal.append(entry)
        except OSError:
            log.exception("a question could not be kept in %s", self._path)

    def entries(self) -> Sequence[Asked]:
        """Every question kept, oldest first; damaged entries are passed over. Files that did not change are not read again."""
        with self._reading:
            stamp = self._journal.stamp  # before reading: what is written meanwhile makes the next call read again
            if self._known is None or self._known[0] != stamp:
                self._known = stamp, tuple(asked for entry in self._journal.entries() if (asked := _read(entry)))
            return self._known[1]


def _read(entry: dict[str, Any]) -> Asked | None:
    try:
        at = datetime.fromisoformat(str(entry["at"])).isoformat(timespec="seconds")
        return Asked(
            at,
            str(entry["question"]),
            str(entry["status"]),
            tuple(entry["newsletters"]),
            float(entry["ms"]),
            str(entry.get("channel", PAGE)),
            entry.get("alone") is True,
        )
    except (ValueError, KeyError, TypeError):
        return None
