"""Who holds the admin key: a Bearer token, or the cookie that a browser got for it.

The cookie is for the pages of this server: HttpOnly, SameSite=Strict, good for `LIFETIME` seconds, signed with a key
made of the server's secret and the admin key, so that changing the admin key ends it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

from starlette.requests import HTTPConnection

from assistant import Settings
from ui.problems import Problem
from ui.sessions import is_to_come, server_secret

COOKIE = "newsletter-admin"
LIFETIME = 8 * 3600


def bearer(connection: HTTPConnection) -> str:
    """The Bearer token of the request, or ""."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def is_admin(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the request carries the configured admin key, or the cookie for it."""
    key = _key(settings)
    if not key:
        return False
    if secrets.compare_digest(bearer(connection).encode(), key.encode()):
        return True
    return _cookie_is_good(connection.cookies.get(COOKIE, ""), key, settings)


def require_admin(connection: HTTPConnection, settings: Settings) -> None:
    """Return for the holder of the admin key; a 401 problem otherwise, a 403 where no key is configured."""
    if not _key(settings):
        raise Problem(
            403, "This needs an admin key and none is configured; set NEWSLETTER_ASSISTANT_SERVER__ADMIN_KEY."
        )
    if not is_admin(connection, settings):
        raise Problem(401, "This needs the admin key as a Bearer token.", headers={"WWW-Authenticate": "Bearer"})


def cookie_for(settings: Settings) -> str:
    """The cookie's value for one who has shown the admin key."""
    expires = str(int(time.time()) + LIFETIME)
    return f"{expires}.{_signature(expires, _key(settings), settings)}"


def _cookie_is_good(cookie: str, key: str, settings: Settings) -> bool:
    expires, _, signature = cookie.partition(".")
    if not (signature.isascii() and is_to_come(expires, time.time())):
        return False
    return hmac.compare_digest(_signature(expires, key, settings), signature)


def _signature(expires: str, key: str, settings: Settings) -> str:
    secret = hmac.digest(server_secret(settings.data_dir), b"admin " + key.encode(), hashlib.sha256)
    return hmac.new(secret, expires.encode(), hashlib.sha256).hexdigest()


def _key(settings: Settings) -> str:
    return settings.server.admin_key.get_secret_value() if settings.server.admin_key else ""
