"""Short dated lists: what is new in an issue or a month, and how a subject developed."""

from __future__ import annotations

from assistant.evidence import Evidence, Reading
from assistant.order import Order
from assistant.question import Form, ParsedQuestion
from index.dates import age
from index.passage import Filters, RetrievedPassage
from index.retriever import Retriever, matching_newsletters

DIGEST_ITEMS = 6
DEVELOPMENT_ITEMS = 6
DEVELOPMENT_DEPTH = 30
LEAST_COSINE = 0.35
LEAST_WORDS = 6


def digest_evidence(question: ParsedQuestion, reading: Reading, retriever: Retriever) -> list[Evidence]:
    """The list's lines: first sentences of an issue's sections, or a subject's best sentence in each issue by date.

    Empty when the question names no issue or date that is indexed, or nothing is near the subject.
    """
    if question.form is Form.DIGEST:
        return _opening_sentences(question, retriever)
    return _by_date(question, retriever)


def _opening_sentences(question: ParsedQuestion, retriever: Retriever) -> list[Evidence]:
    snapshot = retriever.snapshot
    found = matching_newsletters(snapshot.newsletters.values(), question.filters)
    if question.preferred is not None:
        found = matching_newsletters(found, question.preferred)
    elif question.filters == Filters() or (question.order is Order.LATEST and not question.filters.issues):
        found = [max(found, key=age)] if found else []
    kept = {info.id for info in found}
    lines: list[Evidence] = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for number, passage in enumerate(snapshot.passages):
        place = (passage.newsletter_id, passage.heading_path)
        if passage.newsletter_id not in kept or place in seen:
            continue
        first = next(
            (i for i in range(len(passage.sentences)) if len(passage.sentence(i).split()) >= LEAST_WORDS), None
        )
        if first is not None:
            seen.add(place)
            lines.append(Evidence(retriever.passage(number), first, 0.0))
    return lines[:DIGEST_ITEMS]


def _by_date(question: ParsedQuestion, retriever: Retriever) -> list[Evidence]:
    found = retriever.search(
        question.resolved, limit=DEVELOPMENT_DEPTH, filters=question.filters, prefer=question.preferred
    )
    best: dict[str, Evidence] = {}
    for passage in found:
        place, score = _best_sentence(passage)
        known = best.get(passage.newsletter.id)
        if score >= LEAST_COSINE and (known is None or score > known.score):
            best[passage.newsletter.id] = Evidence(passage, place, score)
    strongest = sorted(best.values(), key=lambda piece: -piece.score)[:DEVELOPMENT_ITEMS]
    return sorted(strongest, key=lambda piece: age(piece.found.newsletter))


def _best_sentence(found: RetrievedPassage) -> tuple[int, float]:
    place = int(found.sentence_scores.argmax()) if len(found.sentence_scores) else 0
    return place, float(found.sentence_scores[place]) if len(found.sentence_scores) else 0.0
