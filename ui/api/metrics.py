"""The counters that /metrics shows, in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """One server's counters, apart from any other server's in the same process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        name = "newsletter_assistant"
        self.questions = Counter(
            f"{name}_questions", "Questions by how they ended.", ["status"], registry=self._registry
        )
        self.seconds = Histogram(
            f"{name}_answer_seconds",
            "Seconds from question to answer.",
            registry=self._registry,
            buckets=_SECONDS,
        )
        self.sentences = Counter(f"{name}_sentences", "Sentences shown, by kind.", ["kind"], registry=self._registry)
        self.dropped = Counter(
            f"{name}_dropped_sentences",
            "Sentences of a language model that failed the check, by reason and what became of them.",
            ["reason", "outcome"],
            registry=self._registry,
        )
        self.feedback = Counter(f"{name}_feedback", "Feedback received.", ["rating"], registry=self._registry)
        self.newsletters = Gauge(f"{name}_newsletters", "Newsletters in the index.", registry=self._registry)
        self.waiting = Gauge(f"{name}_waiting", "Questions waiting for a place.", registry=self._registry)

        self.busy = Gauge(f"{name}_busy", "Questions being answered or waiting.", registry=self._registry)

    def render(self) -> bytes:
        """Every counter in Prometheus' text format."""
        return generate_latest(self._registry)
