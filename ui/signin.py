"""Sign-in to the pages of this server, where the settings ask for it: by password, or by a proxy that knows who asks.

`SignIn` says who a request's reader is; `Gate` keeps everybody else from the chat page, shared answers and issue pages.
The API, the widget and the pages that portals frame have doors of their own (`ui/api/access.py`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import Settings
from ui.addresses import is_trusted
from ui.administrator import is_admin
from ui.problems import Problem
from ui.sessions import is_to_come, server_secret
from ui.users import Users

COOKIE = "newsletter-reader"
LIFETIME = 12 * 3600
LOGIN = "/login"
_OPEN = ("/api/", "/v1/", "/embed/", "/sites/", "/ui/")
_OPEN_PAGES = (LOGIN, "/logout", "/logo", "/mcp", "/healthz", "/readyz", "/metrics", "/widget.js")


class SignIn:
    """Who is signed in, as the settings say: nobody has to be, by password, or by the proxy's header."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        server = settings.server
        self._settings = settings
        self._way = server.sign_in
        self._header = server.user_header
        self._proxies = server.trusted_proxies
        self._clock = clock
        self.users = Users(server.users_file or settings.data_dir / "users.txt")

    @property
    def required(self) -> bool:
        """Whether readers have to sign in."""
        return self._way != "off"

    @property
    def by_password(self) -> bool:
        """Whether they do it here, with a password."""
        return self._way == "password"

    def guest(self, connection: HTTPConnection) -> str | None:
        """The name of whoever may open this server's pages: a reader who is signed in, or the editor; else None."""
        return self.reader(connection) or ("editor" if is_admin(connection, self._settings) else None)

    def reader(self, connection: HTTPConnection) -> str | None:
        """The name of the reader who is signed in, or None."""
        if self._way == "proxy":
            peer = connection.client.host if connection.client else ""
            told = connection.headers.getlist(self._header)
            return told[0].strip() or None if len(told) == 1 and is_trusted(peer, self._proxies) else None
        return self._named(connection.cookies.get(COOKIE, "")) if self.by_password else None

    def cookie_for(self, name: str) -> str:
        """The cookie's value for a user who has shown their password."""
        claim = f"{_encode(name.encode())}.{int(self._clock()) + LIFETIME}"
        return f"{claim}.{self._signature(self.users.hash_of(name) or '', claim)}"

    def _named(self, cookie: str) -> str | None:
        claim, _, signature = cookie.rpartition(".")
        encoded, _, expires = claim.partition(".")
        try:
            name = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        except (ValueError, binascii.Error):
            return None
        if not (signature.isascii() and is_to_come(expires, self._clock())):
            return None
        kept = self.users.hash_of(name)
        return name if kept and hmac.compare_digest(self._signature(kept, claim), signature) else None

    def _signature(self, kept: str, claim: str) -> str:
        """Made with what is kept of the user's password, so that a new password and a removed user end the visit."""
        key = hmac.digest(server_secret(self._settings.data_dir), b"reader " + kept.encode(), hashlib.sha256)
        return _encode(hmac.digest(key, claim.encode(), hashlib.sha256))


class Gate:
    """Middleware that lets only readers who are signed in, and the holder of the admin key, to this server's pages."""

    def __init__(self, app: ASGIApp, sign_in: SignIn, opens: Callable[[HTTPConnection], bool]) -> None:
        self._app = app
        self._sign_in = sign_in
        self._opens = opens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_open(scope["path"]) or self._admits(HTTPConnection(scope)):
            await self._app(scope, receive, send)
            return
        await self._refusal(HTTPConnection(scope))(scope, receive, _unkept(send))

    def _admits(self, connection: HTTPConnection) -> bool:
        reading = connection.scope["path"].startswith("/read/")
        return self._sign_in.guest(connection) is not None or (reading and self._opens(connection))

    def _refusal(self, connection: HTTPConnection) -> ASGIApp:
        wants_page = "text/html" in connection.headers.get("accept", "") and connection.scope["method"] == "GET"
        if wants_page:
            query = f"?{connection.url.query}" if connection.url.query else ""
            return RedirectResponse(f"{LOGIN}?next={quote(connection.url.path + query, safe='')}", status_code=303)
        return Problem(401, "Sign in first, at /login.").response()


def _is_open(path: str) -> bool:
    return path in _OPEN_PAGES or path.startswith(_OPEN)


def _unkept(send: Send) -> Send:
    """`send`, with an answer that no cache keeps."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message["headers"])["cache-control"] = "no-store"
        await send(message)

    return answer


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
