"""What the routes share: the assistant, the sites, the limits and the counters of one running server."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, cast

from fastapi import Request

from assistant import Assistant, Settings
from index.passage import Filters, NewsletterInfo
from index.retriever import matching_newsletters
from ui.api.metrics import Metrics
from ui.draining import Drain
from ui.limits import RateLimiter, Workers
from ui.memory import ConversationMemory
from ui.sessions import Sessions, server_secret
from ui.sites import Site, SiteRegistry

NOTHING = Filters(newsletter_ids=frozenset({""}))


class Glance:
    """The index's status, looked at once in `SECONDS` however often probes ask, and beside a running sync."""

    SECONDS = 2.0

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._looked = -self.SECONDS
        self._status: dict[str, Any] = {}

    async def status(self) -> dict[str, Any]:
        """What the index holds and whether it is healthy."""
        if time.monotonic() - self._looked >= self.SECONDS or not self._status:
            self._status = await asyncio.to_thread(self._assistant.status)
            self._looked = time.monotonic()
        return self._status


@dataclass(frozen=True)
class Service:
    """One server's parts; routes get it by `service_of(request)`."""

    assistant: Assistant
    settings: Settings
    sites: SiteRegistry
    sessions: Sessions
    limiter: RateLimiter
    workers: Workers
    maintenance: Workers
    glance: Glance
    metrics: Metrics = field(default_factory=Metrics)
    drain: Drain = field(default_factory=Drain)
    memory: ConversationMemory = field(default_factory=ConversationMemory)

    def within(self, scope: Filters, wanted: Filters) -> Filters:
        """The filters that leave exactly the newsletters that pass both `scope` and `wanted`."""
        if scope == Filters():
            return wanted
        if wanted == Filters():
            return self._or_nothing(scope)
        kept = matching_newsletters(matching_newsletters(self.assistant.newsletters(), scope), wanted)
        return self._or_nothing(Filters(newsletter_ids=frozenset(info.id for info in kept)))

    def scope_of(self, site: Site, tiers: frozenset[str]) -> Filters:
        """What readers of `site` who hold `tiers` may be answered from."""
        scope, closed = site.scope.filters(), site.closed_to(tiers)
        if not closed:
            return scope
        found = self.assistant.newsletters()
        hidden = {info.id for part in closed for info in matching_newsletters(found, part.filters())}
        open_ids = frozenset(info.id for info in matching_newsletters(found, scope) if info.id not in hidden)
        return Filters(newsletter_ids=open_ids) if open_ids else NOTHING

    def visible(self, scope: Filters) -> list[NewsletterInfo]:
        """The newsletters that pass `scope`, newest first."""
        found = matching_newsletters(self.assistant.newsletters(), scope)
        return sorted(found, key=lambda info: (info.date or "", info.issue or 0, info.id), reverse=True)

    @staticmethod
    def _or_nothing(filters: Filters) -> Filters:
        return NOTHING if filters == Filters() else filters


def make_service(assistant: Assistant, settings: Settings) -> Service:
    """The parts for `assistant` as `settings` say."""
    server = settings.server
    return Service(
        assistant=assistant,
        settings=settings,
        sites=SiteRegistry(settings.data_dir / "sites.json"),
        sessions=Sessions(server_secret(settings.data_dir)),
        limiter=RateLimiter(server.limits_storage),
        workers=Workers(server.concurrency, server.queue),
        maintenance=Workers(1, 4),
        glance=Glance(assistant),
    )


def service_of(request: Request) -> Service:
    """The service of the application that handles `request`."""
    return cast(Service, request.app.state.service)
