"""What the index holds and what a search returns: pure data, no vectors are computed here."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole blocks inside one section of one newsletter, about 100 to 170 tokens.

    `text == newsletter.text[start:end]`. `header` is context (newsletter, date, headings, item title) that is
    embedded and searched with the text and never quoted. `sentences` are spans in the newsletter's text,
    in order, inside [start, end).
    """

    id: str
    newsletter_id: str
    start: int
    end: int
    text: str
    header: str
    heading_path: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]

    @property
    def section(self) -> str:
        """The headings it stands under as one line, or ""."""
        return " › ".join(self.heading_path)

    def sentence(self, number: int) -> str:
        """The text of sentence `number` (from 0)."""
        start, end = self.sentences[number]
        return self.text[start - self.start : end - self.start]

    def is_one_paragraph(self, first: int, last: int) -> bool:
        """Whether no blank line stands between sentence `first` and the later sentence `last`."""
        return "\n\n" not in self.text[self.sentences[first][1] - self.start : self.sentences[last][0] - self.start]


@dataclass(frozen=True, slots=True)
class NewsletterInfo:
    """What is known about an indexed newsletter without its text."""

    id: str
    title: str
    issue: int | None
    date: str | None
    publisher: str | None
    language: str | None
    url: str | None
    sources: tuple[str, ...]
    passages: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which newsletters may answer. Empty means all.

    `since` and `until` are ISO dates, possibly partial, both inclusive ("2019" as `until` means its last day).
    """

    newsletter_ids: frozenset[str] = frozenset()
    issues: frozenset[int] = frozenset()
    publishers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: str | None = None
    until: str | None = None

    def allowed(self, ids: frozenset[str]) -> frozenset[str]:
        """The newsletters of `ids` that may answer, as far as they are named."""
        return ids & self.newsletter_ids if self.newsletter_ids else ids


@dataclass(frozen=True, slots=True, eq=False)
class RetrievedPassage:
    """A passage found for a query.

    `score` is the fused score (higher is better). `dense` is the cosine of query and passage, `keyword` the
    BM25 score, `sentence_scores` the cosine of the query with each sentence (pooled from the passage's own
    encoder pass), one a sentence of `passage.sentences`.
    """

    passage: Passage
    newsletter: NewsletterInfo
    score: float
    dense: float
    keyword: float
    sentence_scores: Vectors
    sentence_vectors: Vectors = field(repr=False)

    @property
    def place(self) -> dict[str, str | int | None]:
        """Where the passage stands, JSON-ready: the newsletter it is from, its section, and `text[start:end]` there."""
        info, passage = self.newsletter, self.passage
        return {
            "newsletter_id": info.id,
            "title": info.title,
            "issue": info.issue,
            "date": info.date,
            "url": info.url,
            "section": passage.section,
            "start": passage.start,
            "end": passage.end,
        }
