"""Who a portal says its reader is: a short-lived JWT (HS256) signed with the site's key.

Claims: `sub`, a pseudonym of at most 128 characters; `site`, the site's id; `exp`, at most `LONGEST` seconds ahead;
`tiers`, the names of the site's tiers that the reader may see; `collections`, the names of the site's collections
that the reader is confined to (all of the site's scope without it). docs/widget.md shows how to make one.
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
    """A reader as the portal names them, the tiers they may see, and the collections they are confined to."""

    subject: str = ""
    tiers: frozenset[str] = frozenset()
    collections: frozenset[str] | None = None


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
        collections = claims.get("collections")
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return None
    moment = time.time() if now is None else now
    good = (
        algorithm == "HS256"
        and claims.get("site") == site.id
        and _is_name(subject)
        and _are_names(tiers)
        and (collections is None or _are_names(collections))
        and isinstance(expires, (int, float))
        and moment < expires <= moment + LONGEST
    )
    if not good:
        return None
    return Identity(subject, frozenset(tiers), None if collections is None else frozenset(collections))


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_name, value))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 128


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
