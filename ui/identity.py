"""Who a portal says its reader is: a short-lived JWT (HS256) signed with the site's key.

Claims: `sub`, a pseudonym of at most 128 characters; `site`, the site's id; `exp`, at most `LONGEST` seconds ahead;
`tiers`, the names of the site's tiers that the reader may see. docs/widget.md shows how to make one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

from ui.sites import Site

LONGEST = 900


@dataclass(frozen=True, slots=True)
class Identity:
    """A reader as the portal names them, and the tiers they may see."""

    subject: str = ""
    tiers: frozenset[str] = frozenset()


def read_identity(token: str, site: Site, now: float | None = None) -> Identity | None:
    """The identity in `token`, or None when it is forged, over, too long-lived, or for another site."""
    head, _, rest = token.partition(".")
    body, _, signature = rest.partition(".")
    expected = _encode(hmac.digest(site.key.encode(), f"{head}.{body}".encode("utf-8", "replace"), hashlib.sha256))
    if not token.isascii() or not hmac.compare_digest(expected, signature):
        return None
    try:
        algorithm, claims = json.loads(_decode(head))["alg"], json.loads(_decode(body))
        subject, tiers, expires = claims["sub"], claims.get("tiers", []), claims["exp"]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return None
    moment = time.time() if now is None else now
    good = (
        algorithm == "HS256"
        and claims.get("site") == site.id
        and _is_name(subject)
        and isinstance(tiers, list)
        and all(_is_name(tier) for tier in tiers)
        and isinstance(expires, (int, float))
        and moment < expires <= moment + LONGEST
    )
    return Identity(subject, frozenset(tiers)) if good else None


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 128


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
