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

from ui.identity import Identity
from ui.sites import Site, SiteRegistry, write_private

LIFETIME = 3600
_LONGEST_MOMENT = 12  # digits
READING = "reading"  # stands where a session has its origin, and is none


@dataclass(frozen=True, slots=True)
class Session:
    """One reader's visit: its random name, and where it is good."""

    id: str
    site_id: str
    origin: str
    expires: int
    tiers: frozenset[str] = frozenset()
    collections: frozenset[str] | None = None


class Sessions:
    """Makes and checks session tokens with the server's `secret`."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def issue(self, site: Site, origin: str, identity: Identity | None = None) -> str:
        """A new token for a page of `origin` that embeds `site`, good for `LIFETIME` seconds.

        A reader whom the portal names keeps one name over sessions, so that limits hold for them.
        """
        known = identity or Identity()
        claims = {
            "sid": f"reader {known.subject}" if known.subject else secrets.token_urlsafe(12),
            "jti": secrets.token_urlsafe(9),
            "tiers": sorted(known.tiers),
            "site": site.id,
            "origin": origin.lower(),
            "exp": int(self._clock()) + LIFETIME,
            **({} if known.collections is None else {"collections": sorted(known.collections)}),
        }
        payload = _encode(json.dumps(claims, separators=(",", ":")).encode())
        return f"{payload}.{self._sign(site, payload)}"

    def reading_pass(self, site: Site, identity: Identity) -> str:
        """What opens, in the address of a reader page, what `identity` may see of `site`; good as long as a session."""
        return f"{site.id}~{self.issue(site, READING, identity)}"

    def check_pass(self, text: str, sites: SiteRegistry) -> tuple[Site, Session] | None:
        """The site and the session that a reading pass stands for, or None when it is not good."""
        site_id, _, token = text.partition("~")
        site = sites.get(site_id)
        session = self.check(token, site, READING) if site else None
        return (site, session) if site and session else None

    def check(self, token: str, site: Site, origin: str) -> Session | None:
        """The session of `token`, or None when it is forged, expired, or for another site or origin."""
        payload, _, signature = token.partition(".")
        if not token.isascii() or not hmac.compare_digest(self._sign(site, payload), signature):
            return None
        try:
            claims = json.loads(_decode(payload))
            told = claims.get("collections")
            session = Session(
                claims["sid"],
                claims["site"],
                claims["origin"],
                claims["exp"],
                frozenset(claims["tiers"]),
                None if told is None else frozenset(told),
            )
        except (ValueError, KeyError, TypeError, binascii.Error):
            return None
        good = session.site_id == site.id and session.origin == origin.lower() and session.expires > self._clock()
        return session if good else None

    def _sign(self, site: Site, payload: str) -> str:
        key = hmac.digest(self._secret, site.key.encode(), hashlib.sha256)
        return _encode(hmac.digest(key, payload.encode("utf-8", "replace"), hashlib.sha256))


def is_to_come(moment: str, now: float) -> bool:
    """Whether `moment`, as a cookie gives it, is a time in seconds after `now`."""
    return len(moment) <= _LONGEST_MOMENT and moment.isascii() and moment.isdigit() and int(moment) > now


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
