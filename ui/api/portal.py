"""The routes a portal needs: the widget's file, a session for one of its pages, and the page to embed in a
frame."""

from __future__ import annotations

import html
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse

from ui import snippet
from ui.addresses import client_address, counted_as
from ui.api.models import SessionBody
from ui.api.service import Service, service_of
from ui.identity import Identity, read_identity
from ui.problems import Problem
from ui.sessions import LIFETIME
from ui.sites import Site

router = APIRouter(tags=["portal"])
SiteId = Annotated[str, PathParameter(max_length=63, examples=["library"])]


@router.get("/widget.js", response_class=Response, responses={200: {"content": {"text/javascript": {}}}})
async def widget(request: Request) -> Response:
    """The widget, one file without dependencies."""
    content, tag = snippet.widget()
    headers = {"Cache-Control": "public, max-age=300", "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/javascript", headers=headers)


@router.post("/api/v1/sites/{site_id}/session")
async def session(
    site_id: SiteId, request: Request, response: Response, body: SessionBody | None = None
) -> dict[str, Any]:
    """A session for a page that embeds the site: token, lifetime in seconds, and what the widget shows."""
    service = service_of(request)
    site = service.sites.get(site_id)
    origin = request.headers.get("origin", "")
    if site is None or not site.origins or not origin:
        raise Problem(403, "No such site answers pages of this origin; the owner adds it with `sites add`.")
    address, _ = client_address(request, service.settings.server.trusted_proxies)
    await service.limiter.check(site.limits.sessions, "sessions", site.id, counted_as(address))
    response.headers["Cache-Control"] = "no-store"
    identity = _identity(body.identity if body else "", site)
    return {
        "token": service.sessions.issue(site, origin, identity),
        "reading_pass": service.sessions.reading_pass(site, identity)
        if identity.tiers or service.sign_in.required
        else "",
        "expires_in": LIFETIME,
        "site": await _look(service, site),
        "max_question_characters": service.settings.answer.max_question_characters,
    }


@router.get("/embed/{site_id}", response_class=HTMLResponse)
async def embed(site_id: SiteId, request: Request) -> HTMLResponse:
    """The chat as a page of its own, for portals that allow frames but no script."""
    site = service_of(request).sites.get(site_id)
    if site is None or not site.origins:
        raise Problem(404, "There is no such site.")
    title = html.escape(site.look.title or "Newsletter assistant")
    page = (
        f'<!doctype html><html lang="{site.look.language or "en"}"><head><meta charset="utf-8">'
        f"<title>{title}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<script src="/widget.js" data-site="{site.id}" data-mode="page" defer></script>'
        "</head><body></body></html>"
    )
    return HTMLResponse(page)


def _identity(token: str, site: Site) -> Identity:
    """Who the portal says asks; nobody in particular without a token, a 401 problem for one that is not good."""
    identity = read_identity(token, site) if token else Identity()
    if identity is None:
        raise Problem(401, "The portal's identity token is not good for this site, or over; sign a new one.")
    return identity


async def _look(service: Service, site: Site) -> dict[str, Any]:
    look = site.look.model_dump(mode="json", exclude_none=True)
    if "suggestions" not in look and not site.scope.model_dump(exclude_defaults=True) and not site.tiers:
        look["suggestions"] = await service.workers.call(service.public.suggested_questions)
    return look
