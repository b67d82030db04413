"""Readers' judgements of answers: appended to one local file, and turned into a question file."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer

FILE_NAME = "feedback.jsonl"


class FeedbackLog:
    """The judgements kept in a data directory, one JSON line each."""

    def __init__(self, data_dir: Path) -> None:
        """The log in `data_dir`; the file is created by the first judgement."""
        self._path = data_dir / FILE_NAME
        self._writing = threading.Lock()

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
        with self._writing, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def entries(self) -> list[dict[str, Any]]:
        """Every judgement, oldest first."""
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines() if line]

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
