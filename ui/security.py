"""The door: which host names, origins, sizes and speeds are let in, and which headers every answer carries.

`Door` is one ASGI middleware that stands outside everything, Gradio included, and holds seven rules:
requests for a host name that is not ours get 421 (DNS rebinding); a page of another origin reaches the
widget's routes only, and only when a site allows it; what Gradio's page does not need is closed; bodies are
read under a size and a time limit before any route sees them; no `Access-Control-*` header leaves but the
door's own (Gradio's layer reflects any origin, gradio issue 10276); every answer carries the security
headers; a server that stops takes no new questions. tests/test_security_door.py proves each.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import Settings
from corpus.readers import known_suffixes
from ui.addresses import without_hearsay
from ui.administrator import is_admin, require_admin, weigh_key
from ui.draining import Drain
from ui.limits import RateLimiter
from ui.policy import frame_policy, policy_headers
from ui.problems import Problem
from ui.sites import SiteError, SiteRegistry
from ui.surface import PREFIX, is_open, is_upload, uploaded_names

log = logging.getLogger(__name__)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
WIDGET_ROUTES = (
    *("/api/v1/ask", "/api/v1/feedback", "/api/v1/sites/", "/api/v1/newsletters", "/api/v1/search"),
    "/api/v1/conversations/",
)
PUBLIC_FILES = ("/widget.js",)
ALLOWED_HEADERS = "authorization, content-type, x-site"
GUARDED = ("/api/", "/v1/", "/mcp", PREFIX)
UPLOAD = "/api/v1/admin/newsletters"
ANY_HOST = ("/healthz", "/readyz")
READING = ("GET", "HEAD", "OPTIONS")


class Door:
    """Middleware that lets in what may come in; put it on last, so that it stands outermost."""

    def __init__(
        self, app: ASGIApp, settings: Settings, sites: SiteRegistry, drain: Drain, limiter: RateLimiter
    ) -> None:
        self._app = app
        self._limiter = limiter
        self._all_settings = settings
        self._settings = settings.server
        self._sites = sites
        self._drain = drain
        self._hosts = allowed_hosts(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        scope = without_hearsay(scope, self._settings.trusted_proxies)
        headers = Headers(scope=scope)
        cors = self._cors(scope["path"], headers)
        policy = policy_headers(scope["path"], self._frames(scope["path"]), secure=self._is_secure())
        send = _answering(send, cors, policy)
        problem = self._refusal(scope, headers, cors)
        if problem is not None:
            await _refuse(problem, scope, receive, send)
        elif _is_preflight(scope, headers):
            await _send_empty(send)
        else:
            with self._drain.counted(scope["path"]):
                await self._admit(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers, cors: Mapping[str, str]) -> Problem | None:
        path, host = scope["path"], headers.get("host", "")
        if path not in ANY_HOST and not self._answers_for(headers):
            return Problem(421, f"This server does not answer for {_named(host)}; add it to SERVER__ALLOWED_HOSTS.")
        if scope["type"] == "websocket" or not is_open(path):
            return Problem(404, "There is nothing here.")
        origin = headers.get("origin")
        reading = scope["method"] in READING and not path.startswith(GUARDED)
        if origin is None:
            if reading or not _is_cross_site(headers):
                return self._drain.refusal(path)
            return Problem(403, "Pages of other sites may not ask here.")
        if reading or self.is_own(origin, host) or "access-control-allow-origin" in cors:
            return self._drain.refusal(path)
        return Problem(403, f"Pages of {_named(origin)} may not ask here; add the origin to a site (`sites add`).")

    def _answers_for(self, headers: Headers) -> bool:
        """Whether the host names that the request gives are ours; a proxy's word was believed before."""
        names = [headers.get("host", ""), *headers.getlist("x-forwarded-host")]
        return all(host_allowed(name, self._hosts) for name in names)

    def _is_secure(self) -> bool:
        return (self._settings.public_url or "").startswith("https://")

    def _cors(self, path: str, headers: Headers) -> dict[str, str]:
        """The CORS headers of the answer: those of the site that the request names, or none."""
        if path in PUBLIC_FILES:
            return {"access-control-allow-origin": "*"}
        origin = headers.get("origin")
        if origin is None or not path.startswith(WIDGET_ROUTES):
            return {}
        if self.is_own(origin, headers.get("host", "")) or not self._site_allows(path, headers, origin):
            return {"vary": "Origin"}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "GET, POST, DELETE",
            "access-control-allow-headers": ALLOWED_HEADERS,
            "access-control-expose-headers": "retry-after",
            "access-control-max-age": "600",
            "vary": "Origin",
        }

    def _site_allows(self, path: str, headers: Headers, origin: str) -> bool:
        """Whether the site that path or header names allows `origin`; for a preflight without one, any."""
        try:
            if path.startswith("/api/v1/sites/"):
                site = self._sites.get(path.split("/")[4])
            elif "x-site" in headers:
                site = self._sites.get(headers["x-site"])
            else:
                return "access-control-request-method" in headers and self._sites.allowing(origin)
        except SiteError:
            log.exception("the sites cannot be read; no other origin is answered")
            return False
        return site is not None and site.allows(origin)

    def is_own(self, origin: str, host: str) -> bool:
        """Whether `origin` is this server's own, by the name it was asked for or its public address."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        if parts.scheme not in ("http", "https"):
            return False
        public = urlsplit(self._settings.public_url) if self._settings.public_url else None
        return parts.netloc.lower() in {host.lower(), public.netloc.lower() if public else host.lower()}

    def _frames(self, path: str) -> str:
        try:
            return frame_policy(path, self._sites)
        except SiteError:
            return "'none'"

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "x-site" not in Headers(scope=scope) or not scope["path"].startswith(WIDGET_ROUTES):
            await weigh_key(HTTPConnection(scope), self._all_settings, self._limiter)
        try:
            if scope["method"] not in READING:
                receive = await self._read(scope, receive)
            elif is_upload(scope["path"]):
                require_admin(HTTPConnection(scope), self._all_settings)
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive) -> Receive:
        """The body, read within its limits; only the holder of the admin key may send a newsletter's file."""
        path, connection = scope["path"], HTTPConnection(scope)
        upload = is_upload(path)
        if upload:
            require_admin(connection, self._all_settings)
        large = upload or (path.startswith(UPLOAD) and is_admin(connection, self._all_settings))
        most = self._settings.max_upload_bytes if large else self._settings.max_request_bytes
        messages = await _messages(receive, Headers(scope=scope), most, self._settings.request_timeout)
        if upload:
            _check_files(b"".join(message.get("body", b"") for message in messages))
        messages.reverse()

        async def replay() -> Message:
            return messages.pop() if messages else await receive()

        return replay


def _check_files(body: bytes) -> None:
    """A 422 problem when a file in the multipart body is no newsletter's by its name."""
    names = uploaded_names(body)
    if not names or body.lower().count(b"filename") != len(names):
        raise Problem(422, "The body must be multipart/form-data with named files.")
    for name in names:
        if not name.lower().endswith(known_suffixes()):
            raise Problem(422, f"{_named(name)} is no newsletter file; these are: {', '.join(known_suffixes())}.")


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """The host names answered to: loopback, the public address, the address listened on, and those set."""
    server = settings.server
    names = set(LOOPBACK) | {name.lower() for name in server.allowed_hosts}
    if server.public_url:
        names.add(urlsplit(server.public_url).hostname or "")
    if server.host not in ("0.0.0.0", "::", ""):
        names.add(server.host.lower())
    return frozenset(names - {""})


def host_allowed(header: str, hosts: frozenset[str]) -> bool:
    """Whether the Host header names one of `hosts`; `*.example.org` in `hosts` stands for any subdomain."""
    try:
        name = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if "*" in hosts or name in hosts:
        return True
    return any(host.startswith("*.") and name.endswith(host[1:]) for host in hosts)


def _is_cross_site(headers: Headers) -> bool:
    """Whether a browser says that a page of another site sent this; navigations carry no such power here."""
    return headers.get("sec-fetch-site") in ("cross-site", "same-site")


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "OPTIONS"
        and "origin" in headers
        and "access-control-request-method" in headers
    )


def _named(text: str) -> str:
    """`text` from a header, cut and safe to print."""
    return repr(text[:100])


def _answering(send: Send, cors: Mapping[str, str], policy: Mapping[str, str]) -> Send:
    """`send`, with the door's headers in place of what the application set for other origins."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            for name in [name for name in headers if name.lower().startswith("access-control-")]:
                if name in headers:
                    del headers[name]
            for name, value in cors.items():
                if name == "vary":
                    headers.add_vary_header(value)
                else:
                    headers[name] = value
            for name, value in policy.items():
                headers.setdefault(name, value)
            message = {**message, "headers": headers.raw}
        await send(message)

    return answer


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "origin or host not allowed"})
        return
    await problem.response()(scope, receive, send)


async def _send_empty(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _messages(receive: Receive, headers: Headers, most: int, seconds: float) -> list[Message]:
    """The messages of the body, read within `most` bytes and `seconds`; a 413 or 408 problem."""
    declared = headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > most:
        raise Problem(413, f"The request has {declared} bytes; at most {most} are accepted.")
    messages: list[Message] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                messages.append(message)
                size += len(message.get("body", b""))
                if size > most:
                    raise Problem(413, f"The request has more than the {most} bytes that are accepted.")
                if message["type"] != "http.request" or not message.get("more_body", False):
                    break
    except TimeoutError:
        raise Problem(408, f"The request did not arrive within {seconds:g} s.") from None
    return messages
