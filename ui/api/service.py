"""What the routes share: the assistant, the sites, the limits and the counters of one running server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from fastapi import Request

from assistant import Assistant, Settings
from index.passage import Filters, NewsletterInfo
from index.retriever import matching_newsletters
from ui.api.metrics import Metrics
from ui.limits import RateLimiter, Workers
from ui.sessions import Sessions, server_secret
from ui.sites import SiteRegistry

NOTHING = Filters(newsletter_ids=frozenset({""}))


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
    metrics: Metrics = field(default_factory=Metrics)

    def within(self, scope: Filters, wanted: Filters) -> Filters:
        """The filters that leave exactly the newsletters that pass both `scope` and `wanted`."""
        if scope == Filters():
            return wanted
        if wanted == Filters():
            return self._or_nothing(scope)
        kept = matching_newsletters(matching_newsletters(self.assistant.newsletters(), scope), wanted)
        return self._or_nothing(Filters(newsletter_ids=frozenset(info.id for info in kept)))

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
    )


def service_of(request: Request) -> Service:
    """The service of the application that handles `request`."""
    return cast(Service, request.app.state.service)
