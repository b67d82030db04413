"""What to ask next: questions from around an answer, and, where nothing was found, what else would find something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from assistant import Answer, Assistant, Status
from assistant.suggestions import answered, nearby
from corpus import Newsletter
from index import NewsletterNotFound
from index.passage import Filters

MOST = 3
NEIGHBOURS = 2  # issues on either side that tell which headings are the series' own


@dataclass(frozen=True, slots=True)
class Offers:
    """Questions that the archive answers; `wider` says that the one asked is answered without its filters."""

    questions: tuple[str, ...] = ()
    wider: bool = False


def offers_for(assistant: Assistant, answer: Answer, filters: Filters) -> Offers:
    """What to offer below `answer`, which was asked under `filters`: questions on what stands around it, all tried."""
    places = answer.citations[:1] or answer.closest[:2]
    candidates = [question for place in places for question in _around(assistant, place.newsletter_id, place.start)]
    inside = replace(filters, newsletter_ids=frozenset(place.newsletter_id for place in places))
    questions = answered(candidates, MOST, answers=partial(assistant.surely_answers, near=inside, filters=filters))
    missing = answer.status is Status.NOT_FOUND and filters != Filters()
    return Offers(tuple(questions), wider=missing and assistant.answers(answer.resolved_question))


def _around(assistant: Assistant, newsletter_id: str, start: int) -> list[str]:
    try:
        return nearby(assistant.newsletter(newsletter_id), start, series=_beside(assistant, newsletter_id))[:MOST]
    except NewsletterNotFound:
        return []


def _beside(assistant: Assistant, newsletter_id: str) -> list[Newsletter]:
    """The issues of the same publisher that came before and after an issue."""
    infos = assistant.newsletters()
    publisher = next((info.publisher for info in infos if info.id == newsletter_id), None)
    dated = sorted((info.date or "", info.id) for info in infos if info.publisher == publisher)
    place = next((at for at, (_, other) in enumerate(dated) if other == newsletter_id), 0)
    around = dated[max(0, place - NEIGHBOURS) : place + NEIGHBOURS + 1]
    return [assistant.newsletter(other) for _, other in around if other != newsletter_id]
