"""What a portal's owner pastes to embed the chat, and what the portal's Content-Security-Policy must allow for it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ui.render import escape

WIDGET = Path(__file__).parent / "widget" / "dist" / "widget.js"


@dataclass(frozen=True, slots=True)
class Snippet:
    """The line of a portal's pages, the policy they need, and the page to frame for portals that allow no script."""

    script: str
    policy: str
    frame: str
    address: str


def snippet_for(site_id: str, title: str | None, server: str) -> Snippet:
    """The snippet of a site, from the server at the address `server`."""
    base = server.rstrip("/")
    return Snippet(
        script=(
            f'<script src="{base}/widget.js" data-site="{site_id}" integrity="{integrity()}" '
            'crossorigin="anonymous" defer></script>'
        ),
        policy=f"script-src {base}; connect-src {base}",
        frame=f'<iframe src="{base}/embed/{site_id}" title="{escape(title or "Newsletter chat")}"></iframe>',
        address=f"{base}/embed/{site_id}",
    )


@cache
def widget() -> tuple[bytes, str]:
    """The built widget and its entity tag."""
    content = WIDGET.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:16]}"'


@cache
def integrity() -> str:
    """The widget's Subresource Integrity value."""
    return "sha384-" + base64.b64encode(hashlib.sha384(widget()[0]).digest()).decode()
