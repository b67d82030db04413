"""What readers asked: one JSON line a question in the data directory, for the editor's insights.

Kept are the question, whether it was answered, the issues cited and the milliseconds; nothing about who asked. The
file is turned over when it has grown past `MOST_BYTES`, so the two files together bound what is kept.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant import Answer

FILE_NAME = "questions.jsonl"
MOST_BYTES = 5_000_000
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked: when (ISO 8601, UTC), how it ended, the issues cited, milliseconds to answer."""

    at: str
    question: str
    status: str
    newsletters: tuple[str, ...]
    milliseconds: float


class QuestionLog:
    """The questions kept in a data directory; none are where `keep` is false."""

    def __init__(self, data_dir: Path, *, keep: bool = True) -> None:
        self._path = data_dir / FILE_NAME
        self._keep = keep
        self._writing = threading.Lock()

    def record(self, answer: Answer, *, seconds: float, at: datetime | None = None) -> None:
        """Append one question; a disk that cannot be written is logged, the reader still gets the answer."""
        if not self._keep:
            return
        entry = {
            "at": (at or datetime.now(UTC)).isoformat(timespec="seconds"),
            "question": answer.resolved_question,
            "status": str(answer.status),
            "newsletters": sorted({citation.newsletter_id for citation in answer.citations}),
            "ms": round(seconds * 1000, 1),
        }
        try:
            with self._writing:
                self._turn_over()
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        except OSError:
            log.exception("a question could not be kept in %s", self._path)

    def entries(self) -> list[Asked]:
        """Every question kept, oldest first; damaged lines are passed over."""
        return [asked for path in (self._older, self._path) for asked in _read(path)]

    @property
    def _older(self) -> Path:
        return self._path.with_suffix(".old.jsonl")

    def _turn_over(self) -> None:
        if self._path.exists() and self._path.stat().st_size > MOST_BYTES:
            self._path.replace(self._older)


def _read(path: Path) -> Iterator[Asked]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            yield Asked(
                str(entry["at"]),
                str(entry["question"]),
                str(entry["status"]),
                tuple(entry["newsletters"]),
                float(entry["ms"]),
            )
        except (ValueError, KeyError, TypeError):
            continue
