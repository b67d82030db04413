"""The routes that show what is in the index: its newsletters, one of them whole, a search."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from corpus import Newsletter
from index.dates import PartialDate
from index.errors import NewsletterNotFound
from index.passage import RetrievedPassage
from ui.api.access import identify, limit_reader
from ui.api.models import FilterBody, Name
from ui.api.service import service_of

router = APIRouter(prefix="/api/v1", tags=["newsletters"])


@router.get("/newsletters")
async def newsletters(
    request: Request,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int | None, Query(ge=1, le=10_000, description="All of them without it.")] = None,
) -> list[dict[str, Any]]:
    """The newsletters that can be asked, newest first."""
    service = service_of(request)
    reader = identify(request, service)
    found = await service.workers.call(lambda: service.visible(reader.scope))
    end = None if limit is None else offset + limit
    return [asdict(info) for info in found[offset:end]]


@router.get("/newsletters/{newsletter_id}")
async def newsletter(newsletter_id: str, request: Request) -> dict[str, Any]:
    """One newsletter with its text and sections; every offset counts Unicode code points of `text`."""
    service = service_of(request)
    reader = identify(request, service)
    if newsletter_id not in {info.id for info in service.visible(reader.scope)}:
        raise NewsletterNotFound(f"There is no newsletter {newsletter_id[:100]!r}; /api/v1/newsletters lists them.")
    return _whole(await service.workers.call(lambda: service.assistant.newsletter(newsletter_id)))


@router.get("/search")
async def search(
    request: Request,
    query: Annotated[str, Query(alias="q", min_length=1, max_length=2000, examples=["release candidate"])],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    since: PartialDate | None = None,
    until: PartialDate | None = None,
    publisher: Annotated[list[Name] | None, Query(max_length=100)] = None,
    language: Annotated[list[Name] | None, Query(max_length=100)] = None,
    issue: Annotated[list[int] | None, Query(max_length=1000)] = None,
) -> list[dict[str, Any]]:
    """The passages that match best, each with where it stands."""
    service = service_of(request)
    reader = identify(request, service)
    await limit_reader(reader, service)
    wanted = FilterBody(
        since=since, until=until, publishers=publisher or [], languages=language or [], issues=issue or []
    ).filters()
    filters = service.within(reader.scope, wanted)
    found = await service.workers.call(
        lambda: service.assistant.search(query, limit=limit, filters=filters), reader.share
    )
    return [passage_dict(item) for item in found]


def passage_dict(found: RetrievedPassage) -> dict[str, Any]:
    """A found passage as JSON-ready data, without its vectors."""
    return {**found.place, "text": found.passage.text, "score": round(found.score, 6)}


def _whole(newsletter: Newsletter) -> dict[str, Any]:
    return {
        "id": newsletter.id,
        "title": newsletter.title,
        "issue": newsletter.issue,
        "date": newsletter.date,
        "publisher": newsletter.publisher,
        "language": newsletter.language,
        "url": newsletter.url,
        "text": newsletter.text,
        "sections": [asdict(section) for section in newsletter.sections],
    }
