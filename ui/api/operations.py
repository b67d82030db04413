"""The routes for those who run the server: is it alive, is it ready, and what has it done."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from ui.addresses import is_local
from ui.administrator import is_admin, require_admin
from ui.api.metrics import MEDIA_TYPE
from ui.api.service import Service, service_of
from ui.problems import Problem

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """That the process answers."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request) -> dict[str, Any]:
    """That questions can be answered: the index opens and holds newsletters; 503 otherwise."""
    service = service_of(request)
    if service.drain.stopping:
        raise Problem(503, "The server is stopping.", headers={"Retry-After": "5"})
    status = await service.glance.status()
    if not status.get("healthy", True):
        raise Problem(503, "The index is damaged; run `newsletter-assistant repair`.", headers={"Retry-After": "30"})
    if not status["newsletters"]:
        raise Problem(503, "The index is empty; run `newsletter-assistant sync PATH`.", headers={"Retry-After": "30"})
    return {"status": "ready", "newsletters": status["newsletters"]}


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request) -> Response:
    """The counters, for Prometheus: on the machine itself, elsewhere with the admin key."""
    service = service_of(request)
    if not may_look(request, service):
        require_admin(request, service.settings)
    service.metrics.newsletters.set(len(service.assistant.newsletters()))
    service.metrics.waiting.set(service.workers.waiting)
    service.metrics.busy.set(service.workers.busy)
    return Response(service.metrics.render(), headers={"content-type": MEDIA_TYPE})


@router.get("/api/v1/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> dict[str, Any]:
    """The API's description: on the machine itself, elsewhere with the admin key, or by setting."""
    if not may_look(request, service_of(request)):
        require_admin(request, service_of(request).settings)
    document: dict[str, Any] = request.app.openapi()
    return document


def may_look(request: Request, service: Service) -> bool:
    """Whether the request may see what is for those who run the server: by setting, on the machine, or by the key."""
    server = service.settings.server
    return server.public_docs or is_local(request, server.trusted_proxies) or is_admin(request, service.settings)
