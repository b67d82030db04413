"""Who holds the admin key: a Bearer token, or the cookie that a browser got for it.

The cookie is for the pages of this server: HttpOnly, SameSite=Strict, good for `LIFETIME` seconds, signed with a key
made of the server's secret and the admin key, so that changing the admin key ends it.

A key can be guessed wherever an answer depends on it. `weigh_key` counts the wrong ones once a request, for the door;
past `RATE` no key of that address is looked at until it has waited, right or wrong: what needs none goes on.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

from starlette.requests import HTTPConnection

from assistant import Settings
from ui.addresses import client_address, counted_as, is_local
from ui.limits import RateLimiter, too_many
from ui.problems import Problem
from ui.sessions import is_to_come, server_secret

COOKIE = "newsletter-admin"
LIFETIME = 8 * 3600
RATE = "10/minute"
_WAIT = "newsletter_assistant.key_wait"  # in the scope: the seconds that keys of this address are not looked at
_OWN = ("/api/v1/admin/", "/gradio_api/upload")  # what even the machine itself needs the key for


def bearer(connection: HTTPConnection) -> str:
    """The Bearer token of the request, or ""."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def is_admin(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the request carries the configured admin key, or the cookie for it."""
    key = _key(settings)
    if not key:
        return False
    if _WAIT not in connection.scope and _is_key(bearer(connection), key):
        return True
    return _cookie_is_good(connection.cookies.get(COOKIE, ""), key, settings)


def require_admin(connection: HTTPConnection, settings: Settings) -> None:
    """Return for the holder of the admin key; a 401 problem otherwise, a 403 where no key is configured."""
    if not _key(settings):
        raise Problem(
            403, "This needs an admin key and none is configured; set NEWSLETTER_ASSISTANT_SERVER__ADMIN_KEY."
        )
    if not is_admin(connection, settings):
        raise refused(connection, "This needs the admin key as a Bearer token.")


def refused(connection: HTTPConnection, text: str) -> Problem:
    """The 401 problem that says `text`; a 429 where keys of this address are not looked at."""
    wait = connection.scope.get(_WAIT)
    if wait is not None:
        return too_many("wrong keys", RATE, wait)
    return Problem(401, text, headers={"WWW-Authenticate": "Bearer"})


async def weigh_key(connection: HTTPConnection, settings: Settings, limiter: RateLimiter) -> None:
    """Count a wrong admin key, and let none be looked at where too many came from its address.

    Call it where the Bearer token is no session's. What a program on this machine sends where it needs no key (clients
    of OpenAI's API send anything) is not counted.
    """
    key, shown, proxies = _key(settings), bearer(connection), settings.server.trusted_proxies
    if not key or not shown or (is_local(connection, proxies) and not connection.scope["path"].startswith(_OWN)):
        return
    address = counted_as(client_address(connection, proxies)[0])
    ask = limiter.full if _is_key(shown, key) else limiter.counted
    wait = await ask(RATE, "admin key", address)
    if wait is not None:
        connection.scope[_WAIT] = wait


def _is_key(shown: str, key: str) -> bool:
    return secrets.compare_digest(shown.encode(), key.encode())


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
