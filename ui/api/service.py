"""What the routes share: the assistant, the sites, the limits and the counters of one running server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from fastapi import Request

from assistant import Assistant, Settings
from assistant.limited import LimitedAssistant
from index.passage import Filters, NewsletterInfo
from index.retriever import matching_newsletters
from ui.api.metrics import Metrics
from ui.draining import Drain
from ui.identity import Identity
from ui.limits import RateLimiter
from ui.memory import ConversationMemory
from ui.questions import QuestionLog
from ui.sessions import Session, Sessions, server_secret
from ui.signin import SignIn
from ui.sites import Site, SiteRegistry
from ui.tiers import ClosedToAll, closed_ids
from ui.workers import Workers


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
    questions: QuestionLog
    sign_in: SignIn
    metrics: Metrics = field(default_factory=Metrics)
    drain: Drain = field(default_factory=Drain)
    memory: ConversationMemory = field(default_factory=ConversationMemory)

    def within(self, scope: Filters, wanted: Filters) -> Filters:
        """The filters that leave exactly the newsletters that pass both `scope` and `wanted`."""
        return within(self.assistant, scope, wanted)

    def scope_of(self, site: Site, identity: Identity | Session | None = None) -> Filters:
        """What a reader of `site` may be answered from: its scope, without what is kept for tiers not held."""
        known = identity or Identity()
        scope = site.scope.filters()
        found = self.assistant.newsletters()
        closed = closed_ids(found, self.sites.all(), site, known.tiers)
        if not closed and known.collections is None:
            return scope
        kept = [info for info in matching_newsletters(found, scope) if info.id not in closed]
        if known.collections is not None:
            parts = [site.collections[name].filters() for name in known.collections if name in site.collections]
            inside = {info.id for part in parts for info in matching_newsletters(kept, part)}
            kept = [info for info in kept if info.id in inside]
        return _exactly(kept)

    def open_scope(self) -> Filters:
        """What everybody may see: all but what a site keeps for a tier."""
        return _exactly(self.public.newsletters()) if self.closed.ids() else Filters()

    @cached_property
    def closed(self) -> ClosedToAll:
        """What everybody without a tier is kept from."""
        return ClosedToAll(self.assistant, self.sites)

    @cached_property
    def public(self) -> LimitedAssistant:
        """The assistant of the chat page and of readers without a tier: it does not know what is kept for tiers."""
        return LimitedAssistant(self.assistant, self.closed.ids)

    def visible(self, scope: Filters) -> list[NewsletterInfo]:
        """The newsletters that pass `scope`, newest first."""
        found = matching_newsletters(self.assistant.newsletters(), scope)
        return sorted(found, key=lambda info: (info.date or "", info.issue or 0, info.id), reverse=True)


def within(assistant: Assistant, scope: Filters, wanted: Filters) -> Filters:
    """The filters that leave exactly the newsletters of `assistant` that pass both `scope` and `wanted`."""
    if scope == Filters():
        return wanted
    if wanted == Filters():
        return scope
    return _exactly(matching_newsletters(matching_newsletters(assistant.newsletters(), scope), wanted))


def _exactly(newsletters: Iterable[NewsletterInfo]) -> Filters:
    """The filters that leave these newsletters, and nothing where there is none."""
    return Filters(newsletter_ids=frozenset(info.id for info in newsletters) or frozenset({""}))


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
        questions=QuestionLog(settings.data_dir, keep=server.keep_questions),
        sign_in=SignIn(settings),
    )


def service_of(request: Request) -> Service:
    """The service of the application that handles `request`."""
    return cast(Service, request.app.state.service)
