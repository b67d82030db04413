"""Readers' judgements of answers: appended to one local file of bounded size, and turned into a question file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from ui.journal import Journal

FILE_NAME = "feedback.jsonl"


class FeedbackLog:
    """The judgements kept in a data directory, one JSON line each."""

    def __init__(self, data_dir: Path) -> None:
        """The log in `data_dir`; the file is created by the first judgement."""
        self._journal = Journal(data_dir / FILE_NAME)

    def append(self, entry: dict[str, Any]) -> None:
        """Append a judgement that came as data."""
        self._journal.append(entry)

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
        self._journal.append(entry)

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
