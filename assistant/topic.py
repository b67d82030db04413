"""Where a topic is mentioned: the sentences that hold all its words, by date."""

from __future__ import annotations

from assistant.answer import Citation
from assistant.evidence import Evidence
from assistant.writers.extractive import cite
from index.passage import Filters, Passage
from index.retriever import Retriever, matching_newsletters
from index.tokens import terms

MOST_PASSAGES = 3000


def mentions(topic: str, retriever: Retriever, filters: Filters | None = None) -> list[Citation]:
    """Every sentence that mentions `topic`, the newest issue first, numbered from 1.

    A sentence mentions a topic when it has the stems of all the topic's words. Of very common topics the
    `MOST_PASSAGES` passages that fit best are read.
    """
    wanted = frozenset(terms(topic))
    if not wanted:
        return []
    snapshot = retriever.snapshot
    allowed = {info.id for info in matching_newsletters(snapshot.newsletters.values(), filters or Filters())}
    scores = snapshot.keywords.scores(topic)
    best = [int(number) for number in (-scores).argsort(kind="stable")[:MOST_PASSAGES] if scores[number] > 0]
    found = [
        Evidence(retriever.passage(number), place, 1.0)
        for number in sorted(best)
        if snapshot.passages[number].newsletter_id in allowed
        for place in _places(snapshot.passages[number], wanted)
    ]
    found.sort(key=lambda piece: piece.found.newsletter.date or "", reverse=True)
    return [cite(piece, number) for number, piece in enumerate(found, start=1)]


def _places(passage: Passage, wanted: frozenset[str]) -> list[int]:
    if not wanted <= frozenset(terms(passage.text)):
        return []
    return [place for place in range(len(passage.sentences)) if wanted <= frozenset(terms(passage.sentence(place)))]
