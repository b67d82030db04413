"""The page that shows the owner of a site how its widget looks, and what to paste: for admins and this machine only."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from ui.administrator import require_admin
from ui.api.operations import may_look
from ui.api.portal import SiteId
from ui.api.service import service_of
from ui.problems import Problem
from ui.render import escape
from ui.sites import Site
from ui.snippet import Snippet, snippet_for

router = APIRouter(include_in_schema=False)


@router.get("/sites/{site_id}/preview", response_class=HTMLResponse)
async def preview(site_id: SiteId, request: Request) -> HTMLResponse:
    """The widget as the site's record configures it, and its snippet."""
    service = service_of(request)
    if not may_look(request, service):
        require_admin(request, service.settings)
    site = service.sites.get(site_id)
    if site is None:
        raise Problem(404, "There is no such site; `newsletter-assistant sites list` shows those there are.")
    server = service.settings.server.public_url or str(request.base_url)
    return HTMLResponse(preview_page(site, snippet_for(site.id, site.look.title, server)), headers=_HEADERS)


_HEADERS = {"Cache-Control": "no-store"}


def preview_page(site: Site, snippet: Snippet) -> str:
    """The page, with the widget in place as a portal would have it."""
    title = f"Preview of {site.id}"
    allowed = "".join(f"<li>{escape(origin)}</li>" for origin in site.origins)
    where = (
        f"<p>Answers pages of</p><ul>{allowed}</ul>"
        if allowed
        else '<p class="warning">This site has no origin yet, so its widget answers nobody, here neither. Add one: '
        f"<code>newsletter-assistant sites add {site.id} --origin https://portal.example.org</code></p>"
    )
    return (
        f'<!doctype html><html lang="{escape(site.look.language or "en")}"><head><meta charset="utf-8">'
        f'<title>{escape(title)}</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/reader.css">'
        f'<script src="/widget.js" data-site="{site.id}" defer></script></head>'
        f'<body><main class="shared"><h1>{escape(title)}</h1>{where}'
        "<p>The chat stands in the corner, as the site's record makes it look. What the page's own "
        "<code>data-</code> attributes add is not shown here.</p>"
        f"{_part('Paste into the pages of the portal', snippet.script)}"
        f"{_part('Its Content-Security-Policy must allow', snippet.policy)}"
        f"{_part('Where no script is allowed, frame the chat', snippet.frame)}"
        "</main></body></html>"
    )


def _part(heading: str, code: str) -> str:
    return f'<h2>{escape(heading)}</h2><pre tabindex="0">{escape(code)}</pre>'
