"""The routes for those who run the server: is it alive, is it ready, and what has it done."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from ui.api.access import client_address, is_admin, require_admin
from ui.api.metrics import MEDIA_TYPE
from ui.api.service import service_of
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
    status = await service.maintenance.call(service.assistant.status)
    if not status.get("healthy", True):
        raise Problem(503, "The index is damaged; run `newsletter-assistant repair`.", headers={"Retry-After": "30"})
    if not status["newsletters"]:
        raise Problem(503, "The index is empty; run `newsletter-assistant sync PATH`.", headers={"Retry-After": "30"})
    return {"status": "ready", "newsletters": status["newsletters"]}


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request) -> Response:
    """The counters, for Prometheus: on the machine itself, elsewhere with the admin key."""
    service = service_of(request)
    address, direct = client_address(request, service.settings.server.trusted_proxies)
    if not (direct and address in ("127.0.0.1", "::1")) and not is_admin(request, service.settings):
        require_admin(request, service.settings)
    service.metrics.newsletters.set(len(service.assistant.newsletters()))
    service.metrics.waiting.set(service.workers.waiting)
    return Response(service.metrics.render(), headers={"content-type": MEDIA_TYPE})
