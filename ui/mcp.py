"""The assistant as an MCP server: the tools `ask`, `search` and `read_newsletter`, over stdio and at /mcp.

Needs the extra `mcp`. Over HTTP the door has checked host and origin before, and each request is admitted
as the API's are; the server keeps no state between requests, so any replica can answer.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mcp.server.fastmcp import Context, FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant import Answer, Assistant, AssistantError, Settings
from index.dates import PartialDate
from index.errors import IndexingError
from index.passage import Filters
from index.retriever import matching_newsletters
from ui.api.access import identify, limit_reader
from ui.api.library import passage_dict
from ui.api.service import Service, within
from ui.openai_api import annotated, extension
from ui.problems import Problem
from ui.questions import MCP
from ui.workers import Workers

MOST_CHARACTERS = 20_000
Asking = Context[Any, Any, Any]
_READER_SCOPE = "newsletter_assistant.scope"
_READ_ONLY = ToolAnnotations(readOnlyHint=True, openWorldHint=False)


def _untold(answer: Answer, seconds: float) -> None:
    """Tell nobody of an answer."""


def make_server(assistant: Assistant, workers: Workers, told: Callable[[Answer, float], None] = _untold) -> FastMCP:
    """An MCP server over `assistant`, whose calls run in `workers`, each in the scope of who asks over HTTP.

    `told` hears of every answer and the seconds it took.
    """
    server = FastMCP(
        "newsletter-assistant",
        instructions="Answers questions about a newsletter archive with verbatim, cited quotations.",
        stateless_http=True,
        json_response=True,
        log_level="WARNING",
    )

    async def run(work: Any) -> Any:
        try:
            return await workers.call(work)
        except (AssistantError, IndexingError, Problem) as error:
            raise ToolError(str(error)) from None

    @server.tool(annotations=_READ_ONLY)
    async def ask(
        context: Asking, question: str, since: PartialDate | None = None, until: PartialDate | None = None
    ) -> dict[str, Any]:
        """The newsletters' answer to a question, in their own words with citations, or that they do not say.

        `since` and `until` are ISO dates, possibly partial (2019-04).
        """
        filters = within(assistant, _scope(context), Filters(since=since, until=until))
        started = time.perf_counter()
        answer = await run(lambda: assistant.ask(question, filters=filters))
        told(answer, time.perf_counter() - started)
        return {"text": annotated(answer), **extension(answer)}

    @server.tool(annotations=_READ_ONLY)
    async def search(context: Asking, query: str, limit: int = 5) -> dict[str, Any]:
        """The passages of the newsletters that match a query best (at most 50)."""
        scope = _scope(context)
        found = await run(lambda: assistant.search(query, limit=min(max(limit, 1), 50), filters=scope))
        return {"passages": [passage_dict(item) for item in found]}

    @server.tool(annotations=_READ_ONLY)
    async def read_newsletter(
        context: Asking,
        newsletter_id: str,
        start: int = 0,
        end: int | None = None,
    ) -> dict[str, Any]:
        """A newsletter's text from `start` to `end` (code points; at most 20 000 at once)."""
        if newsletter_id not in {info.id for info in matching_newsletters(assistant.newsletters(), _scope(context))}:
            raise ToolError(f"There is no newsletter {newsletter_id[:100]!r}; `search` and `ask` name those there are.")
        newsletter = await run(lambda: assistant.newsletter(newsletter_id))
        first = max(0, start)
        last = min(
            len(newsletter.text),
            first + MOST_CHARACTERS,
            len(newsletter.text) if end is None else max(0, end),
        )
        return {
            "id": newsletter.id,
            "title": newsletter.title,
            "date": newsletter.date,
            "characters": len(newsletter.text),
            "start": first,
            "text": newsletter.text[first:last],
        }

    return server


def _scope(context: Asking) -> Filters:
    """What the asking client may see; over stdio, the machine's own command line, all."""
    request = context.request_context.request
    return Filters() if request is None else request.scope[_READER_SCOPE]


class Endpoint:
    """The ASGI application at /mcp: admits a request, then hands it to the server that runs."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._manager: StreamableHTTPSessionManager | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            reader = identify(Request(scope), self._service)
            await limit_reader(reader, self._service)
            scope = {**scope, _READER_SCOPE: reader.scope}
            if self._manager is None:
                raise Problem(503, "The server is starting or stopping.", headers={"Retry-After": "2"})
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)

    def _told(self, answer: Answer, seconds: float) -> None:
        self._service.questions.record(answer, seconds=seconds, channel=MCP)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve while this is open."""
        server = make_server(self._service.assistant, self._service.workers, self._told)
        self._manager = StreamableHTTPSessionManager(
            server._mcp_server,
            json_response=True,
            stateless=True,
            security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        async with self._manager.run():
            yield
        self._manager = None


def mount(app: FastAPI, service: Service) -> None:
    """Serve MCP's streamable HTTP at /mcp of `app`."""
    endpoint = Endpoint(service)
    app.router.routes.append(Route("/mcp", endpoint, methods=["GET", "POST", "DELETE"], include_in_schema=False))
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(owner: FastAPI) -> AsyncIterator[Any]:
        async with inner(owner) as state, endpoint.running():
            yield state

    app.router.lifespan_context = lifespan


def serve_stdio(assistant: Assistant, settings: Settings) -> None:
    """Serve MCP over stdin and stdout until the client goes."""
    make_server(assistant, Workers(settings.server.concurrency, settings.server.queue)).run("stdio")
