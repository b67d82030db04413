"""What came of each question, and the report over them all: pure data that goes to JSON and back."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Metric(BaseModel):
    """A figure with its 95 % interval (None where it has none) and how many questions it is over."""

    model_config = ConfigDict(frozen=True)

    value: float
    low: float | None
    high: float | None
    questions: int


class Outcome(BaseModel):
    """One question, what was answered, and the verdict.

    `answers` is false for a system that only finds passages: nothing is said about its answers then.
    `newsletter_rank` is the place (from 1) of the first passage of the right newsletter among the passages found, 0 if
    none is there and None if the question names no newsletter. What else is None was not asked for.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    answerable: bool
    kind: str | None
    subkind: str | None
    tags: tuple[str, ...] = ()
    archive: str | None = None
    history: tuple[str, ...] = ()
    newsletter: str | None = None
    evidence: str | None = None
    gold: tuple[tuple[str, ...], ...]
    status: str
    answer: str
    citations: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    confidence: float | None
    hit: bool
    first_right: bool
    refused: bool
    words: int
    milliseconds: float
    answers: bool = True
    newsletter_rank: int | None = None
    gold_in_passages: bool | None = None
    evidence_in_passages: bool | None = None
    citation_recall: float | None = None
    citation_precision: float | None = None
    verbatim: bool | None = None

    @property
    def right(self) -> bool:
        """Whether the system did what it should: answered right, or rightly refused.

        One that only finds passages is right when the evidence (or, where the file gives none, the gold) is among them.
        """
        if self.answers:
            return self.hit if self.answerable else self.refused
        found = self.gold_in_passages if self.evidence_in_passages is None else self.evidence_in_passages
        return bool(found)

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        if not self.answers:
            return "found" if self.right else "not found"
        if self.right:
            return "right" if self.answerable else "rightly refused"
        if self.answerable:
            return "wrongly refused" if self.refused else "wrong"
        return "answered without ground"

    @property
    def label(self) -> str:
        """The kind of an answerable question, the subkind of an unanswerable one, or "" where the file says neither."""
        return (self.kind if self.answerable else self.subkind or self.kind) or ""


class Report(BaseModel):
    """The outcomes of a run and the figures over them, over all and by kind of question."""

    model_config = ConfigDict(frozen=True)

    metrics: dict[str, Metric]
    by_kind: dict[str, dict[str, Metric]] = {}
    outcomes: tuple[Outcome, ...]

    def figure(self, name: str) -> Metric | None:
        """The metric `name`, or that of one kind by `name:kind`; None when it was not measured."""
        metric, _, kind = name.partition(":")
        return (self.by_kind.get(kind, {}) if kind else self.metrics).get(metric)

    def changes(self, baseline: Report) -> dict[str, list[str]]:
        """Ids of the questions that got `better` and `worse` than in `baseline`."""
        before = {outcome.id: outcome.right for outcome in baseline.outcomes}
        known = [outcome for outcome in self.outcomes if outcome.id in before]
        return {
            "better": [o.id for o in known if o.right and not before[o.id]],
            "worse": [o.id for o in known if before[o.id] and not o.right],
        }
