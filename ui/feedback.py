"""Readers' judgements of answers: appended to one local file of bounded size, and turned into a question file.

Each is cut to a few kilobytes, so that a few large ones do not push out all that others said.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from ui.journal import Journal

FILE_NAME = "feedback.jsonl"
# Bytes that parts of one judgement may take
_QUESTION = 1200
_COMMENT = 2500
_QUOTES = 2000
_NEWSLETTERS = 1000


class FeedbackLog:
    """The judgements kept in a data directory, one JSON line each."""

    def __init__(self, data_dir: Path) -> None:
        """The log in `data_dir`; the file is created by the first judgement."""
        self._journal = Journal(data_dir / FILE_NAME)

    def append(self, entry: dict[str, Any]) -> None:
        """Append a judgement that came as data, its texts cut where they are long."""
        self._journal.append(_cut_short(entry))

    def record(
        self, answer: Answer, *, verdict: str, reason: str = "", comment: str = "", at: datetime | None = None
    ) -> None:
        """Append one judgement: `verdict` is "good" or "bad", `reason` a word for why, `comment` the reader's own."""
        entry = {
            "at": (at or datetime.now(UTC)).isoformat(timespec="seconds"),
            "verdict": verdict,
            "question": answer.resolved_question,
            "status": str(answer.status),
            "quotes": [citation.quote for citation in answer.citations],
            **({"reason": reason} if reason else {}),
            **({"comment": comment} if comment else {}),
            "newsletters": [citation.newsletter_id for citation in answer.citations],
        }
        self.append(entry)

    def entries(self) -> list[dict[str, Any]]:
        """Every judgement, oldest first."""
        return list(self._journal.entries())

    def questions(self) -> list[dict[str, Any]]:
        """A question for the evaluation kit for each question judged, by its latest judgement.

        A good answer becomes the gold; of a bad one only the question is kept, as a draft, for an editor to give the gold.
        """
        latest = {entry["question"]: entry for entry in self.entries()}
        return [
            {
                "id": f"feedback-{number}",
                "question": question,
                "answerable": entry["status"] == "answered",
                "gold": [[quote] for quote in entry["quotes"]] if entry["verdict"] == "good" else [],
                **({"draft": True} if entry["verdict"] != "good" else {}),
                **({"newsletter": entry["newsletters"][0]} if entry["newsletters"] else {}),
            }
            for number, (question, entry) in enumerate(latest.items(), start=1)
        ]


def _cut_short(entry: dict[str, Any]) -> dict[str, Any]:
    quotes = entry["quotes"]
    return {
        **entry,
        "question": _beginning(entry["question"], _QUESTION),
        "quotes": [_beginning(quote, _QUOTES // len(quotes)) for quote in quotes],
        "newsletters": _first(entry["newsletters"], _NEWSLETTERS),
        **({"comment": _beginning(entry["comment"], _COMMENT)} if "comment" in entry else {}),
    }


def _beginning(text: str, most: int) -> str:
    """As much of `text` as takes at most `most` bytes in the file."""
    left = most
    for place, character in enumerate(text):
        left -= _bytes(character)
        if left < 0:
            return text[:place]
    return text


def _first(names: Sequence[str], most: int) -> list[str]:
    """The first `names`, whole ones, that take at most `most` bytes in the file."""
    sizes = [sum(map(_bytes, names[: count + 1])) for count in range(len(names))]
    return [name for name, size in zip(names, sizes, strict=True) if size <= most]


def _bytes(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")) - 2
