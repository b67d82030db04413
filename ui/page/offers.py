"""What to ask next: questions from around an answer, and, where nothing was found, what else would find something."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant import Answer, Assistant, Status
from assistant.suggestions import answered, nearby
from index import NewsletterNotFound
from index.passage import Filters

MOST = 3


@dataclass(frozen=True, slots=True)
class Offers:
    """Questions that the archive answers; `wider` says that the one asked is answered without its filters."""

    questions: tuple[str, ...] = ()
    wider: bool = False


def offers_for(assistant: Assistant, answer: Answer, filters: Filters) -> Offers:
    """What to offer below `answer`, which was asked under `filters`: questions near a sentence of the issues it is from."""
    places = answer.citations[:1] or answer.closest[:2]
    candidates = [question for place in places for question in _around(assistant, place.newsletter_id, place.start)]
    inside = replace(filters, newsletter_ids=frozenset(place.newsletter_id for place in places))
    questions = answered(candidates, MOST, answers=lambda question: assistant.is_likely(question, filters=inside))
    missing = answer.status is Status.NOT_FOUND and filters != Filters()
    return Offers(tuple(questions), wider=missing and assistant.answers(answer.resolved_question))


def _around(assistant: Assistant, newsletter_id: str, start: int) -> list[str]:
    try:
        return nearby(assistant.newsletter(newsletter_id), start)[:MOST]
    except NewsletterNotFound:
        return []
