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

    `newsletter_rank` is the place (from 1) of the right newsletter among the passages found, 0 if it is not there
    and None if the question names none.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    answerable: bool
    kind: str | None
    subkind: str | None
    gold: tuple[tuple[str, ...], ...]
    status: str
    answer: str
    citations: tuple[str, ...]
    confidence: float
    hit: bool
    first_right: bool
    refused: bool
    words: int
    milliseconds: float
    newsletter_rank: int | None = None
    gold_in_passages: bool | None = None
    citation_recall: float | None = None
    citation_precision: float | None = None
    verbatim: bool | None = None

    @property
    def right(self) -> bool:
        """Whether the assistant did what it should: answered right, or rightly refused."""
        return self.hit if self.answerable else self.refused


class Report(BaseModel):
    """The outcomes of a run and the figures over them."""

    model_config = ConfigDict(frozen=True)

    metrics: dict[str, Metric]
    outcomes: tuple[Outcome, ...]

    def changes(self, baseline: Report) -> dict[str, list[str]]:
        """Ids of the questions that got `better` and `worse` than in `baseline`."""
        before = {outcome.id: outcome.right for outcome in baseline.outcomes}
        known = [outcome for outcome in self.outcomes if outcome.id in before]
        return {
            "better": [o.id for o in known if o.right and not before[o.id]],
            "worse": [o.id for o in known if before[o.id] and not o.right],
        }
