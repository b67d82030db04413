"""The HTTP API: `install` adds every route and the door to an application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any

from fastapi import FastAPI, Request, Response

from assistant import Assistant, Settings
from ui.api import admin, ask, conversations, library, operations, portal, preview, unknown
from ui.api.service import Service, make_service
from ui.problems import Problem, install_handlers, log
from ui.security import Door
from ui.signin import Gate
from ui.sites import SiteError

__all__ = ["install"]


def install(app: FastAPI, assistant: Assistant, settings: Settings) -> Service:
    """What the routes share, once they, the error documents and the door are in `app`; Gradio is mounted after."""
    from ui import login_page, openai_api
    from ui.reading import has_pass

    app.state.service = service = make_service(assistant, settings)
    install_handlers(app)
    app.add_exception_handler(SiteError, _sites_unreadable)
    for module in (ask, conversations, library, operations, portal, preview, admin, openai_api):
        app.include_router(module.router)
    if service.sign_in.required:
        app.include_router(login_page.router)
        opens = partial(has_pass, service=service)
        app.add_middleware(Gate, sign_in=service.sign_in, opens=opens)
    app.add_middleware(Door, settings=settings, sites=service.sites, drain=service.drain, limiter=service.limiter)
    if find_spec("mcp") is not None:
        from ui.mcp import mount

        mount(app, service)
    unknown.install(app)
    _on_shutdown(app, service.workers.close, service.maintenance.close)
    return service


async def _sites_unreadable(_: Request, error: Exception) -> Response:
    log.error("%s", error)
    return Problem(503, "The list of sites cannot be read; the server's log says why.").response()


def _on_shutdown(app: FastAPI, *closers: Any) -> None:
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(owner: FastAPI) -> AsyncIterator[Any]:
        async with inner(owner) as state:
            yield state
        for close in closers:
            close()

    app.router.lifespan_context = lifespan
