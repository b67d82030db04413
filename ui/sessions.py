"""Short-lived signed tokens that tie a reader's session to one site and one origin.

A token is `payload.signature`, both base64url; the signature is HMAC-SHA256 with a key made of the
server's secret and the site's own key, so a token dies with its time, with the site's rotation, and on
any other site or origin.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ui.sites import Site, write_private

LIFETIME = 3600


@dataclass(frozen=True, slots=True)
class Session:
    """One reader's visit: its random name, and where it is good."""

    id: str
    site_id: str
    origin: str
    expires: int
    tiers: frozenset[str] = frozenset()


class Sessions:
    """Makes and checks session tokens with the server's `secret`."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, site: Site, origin: str, *, subject: str = "", tiers: frozenset[str] = frozenset()) -> str:
        """A new token for a page of `origin` that embeds `site`, good for `LIFETIME` seconds.

        A reader whom the portal names (`subject`) keeps one name over sessions, so that limits hold for them.
        """
        claims = {
            "sid": f"reader {subject}" if subject else secrets.token_urlsafe(12),
            "tiers": sorted(tiers),
            "site": site.id,
            "origin": origin.lower(),
            "exp": int(self._clock()) + LIFETIME,
        }
        payload = _encode(json.dumps(claims, separators=(",", ":")).encode())
        return f"{payload}.{self._sign(site, payload)}"

    def check(self, token: str, site: Site, origin: str) -> Session | None:
        """The session of `token`, or None when it is forged, expired, or for another site or origin."""
        payload, _, signature = token.partition(".")
        if not token.isascii() or not hmac.compare_digest(self._sign(site, payload), signature):
            return None
        try:
            claims = json.loads(_decode(payload))
            session = Session(
                claims["sid"], claims["site"], claims["origin"], claims["exp"], frozenset(claims["tiers"])
            )
        except (ValueError, KeyError, TypeError, binascii.Error):
            return None
        good = session.site_id == site.id and session.origin == origin.lower() and session.expires > self._clock()
        return session if good else None

    def _sign(self, site: Site, payload: str) -> str:
        key = hmac.digest(self._secret, site.key.encode(), hashlib.sha256)
        return _encode(hmac.digest(key, payload.encode("utf-8", "replace"), hashlib.sha256))


def server_secret(data_dir: Path) -> bytes:
    """The server's signing secret, made on first use in `data_dir/session.key` (the owner's only)."""
    path = data_dir / "session.key"
    if not path.exists():
        write_private(path, secrets.token_hex(32).encode())
    return path.read_bytes()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
