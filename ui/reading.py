"""The pages beside the chat that are made whole on the server: an issue, a shared answer, the logo.

They need no script and get a policy that lets in nothing but this server's own style sheets and scripts.
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.requests import HTTPConnection

from assistant import Answer
from index import NewsletterNotFound
from index.passage import Filters
from ui.administrator import is_admin
from ui.api.access import identify
from ui.api.service import Service
from ui.insights import often_asked
from ui.language import words_for
from ui.problems import Problem
from ui.reader import POLICY, Span, missing_page, reader_page
from ui.sessions import server_secret
from ui.shared_page import broken_page, shared_page
from ui.sharing import PREFIX, Sharing

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
}
LOGOS = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


def add_pages(app: FastAPI, service: Service) -> None:
    """Add the routes of these pages to `app`."""
    settings = service.settings

    @app.get("/read/{newsletter_id:path}", response_class=HTMLResponse, include_in_schema=False)
    def read(newsletter_id: str, request: Request, start: int | None = None, end: int | None = None) -> HTMLResponse:
        """The reader page."""
        words = words_for(request.headers.get("accept-language", ""))
        try:
            newsletter = service.assistant.newsletter(newsletter_id)
        except NewsletterNotFound:
            newsletter = None
        if newsletter is None or not _may_open(newsletter_id, request, service):
            return HTMLResponse(missing_page(newsletter_id, words), status_code=404, headers=HEADERS)
        span = Span(start, end) if start is not None and end is not None else None
        asked = often_asked(service.questions.entries(), newsletter_id)
        return HTMLResponse(reader_page(newsletter, span, words=words, asked=asked), headers=HEADERS)

    @app.get(PREFIX + "{token}", response_class=HTMLResponse, include_in_schema=False)
    def shared(token: str, request: Request) -> HTMLResponse:
        """One answer by itself, its quotations compared with the archive as it is now."""
        words = words_for(request.headers.get("accept-language", ""))
        answer = Sharing(server_secret(settings.data_dir)).open(token)
        if answer is None or not service.closed.ids().isdisjoint(_cited(answer)):
            return HTMLResponse(broken_page(words), status_code=404, headers=HEADERS)
        page = shared_page(words, service.public, answer, title=settings.server.title)
        return HTMLResponse(page, headers=HEADERS)

    @app.get("/logo", include_in_schema=False)
    def logo() -> Response:
        """The picture that the settings name."""
        path = settings.server.logo
        media = LOGOS.get(path.suffix.lower()) if path else None
        if path is None or media is None or not path.is_file():
            return Response(status_code=404)
        return FileResponse(path, media_type=media, headers={"Content-Security-Policy": "default-src 'none'"})


def _may_open(newsletter_id: str, request: Request, service: Service) -> bool:
    """Whether the request may see that newsletter: by the admin key, a site's session, as everybody, or by a pass."""
    if is_admin(request, service.settings):
        return True
    if "x-site" in request.headers:
        return _holds(service, identify(request, service).scope, newsletter_id)
    anybody = not service.sign_in.required or service.sign_in.reader(request) is not None
    if anybody and newsletter_id not in service.closed.ids():
        return True
    known = service.sessions.check_pass(request.query_params.get("pass", ""), service.sites)
    return known is not None and _holds(service, service.scope_of(*known), newsletter_id)


def _holds(service: Service, scope: Filters, newsletter_id: str) -> bool:
    return any(info.id == newsletter_id for info in service.visible(scope))


def has_pass(connection: HTTPConnection, service: Service) -> bool:
    """Whether a reader page is asked for with a good pass, or by a site's session."""
    if service.sessions.check_pass(connection.query_params.get("pass", ""), service.sites):
        return True
    try:
        return "x-site" in connection.headers and identify(connection, service).site is not None
    except Problem:
        return False


def _cited(answer: Answer) -> set[str]:
    return {citation.newsletter_id for citation in (*answer.citations, *answer.closest)}
