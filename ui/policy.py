"""The security headers of each kind of page: strict for ours, as strict as it can run for Gradio's.

Gradio's page needs inline scripts and styles and evaluates its templates, so it alone gets a policy that
allows them, still confined to this server. Everything else may load only from this server, and nothing
inline. A route that sets its own Content-Security-Policy keeps it.
"""

from __future__ import annotations

from ui.sites import SiteRegistry

EMBED = "/embed/"
_API = ("/api/", "/v1/", "/mcp", "/healthz", "/readyz", "/metrics", "/openapi.json", "/widget.js")
_OWN_PAGES = ("/read/", EMBED, "/ui/", "/sites/", "/login", "/logout")
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'"
_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
_GRADIO = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; "
    "connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; object-src 'none'; frame-src 'self'; base-uri 'self'; form-action 'self'"
)


def frame_policy(path: str, sites: SiteRegistry) -> str:
    """Who may frame `path`: our chat page an issue, the site's origins its own page, nobody the rest."""
    if path.startswith("/read/"):
        return "'self'"
    if not path.startswith(EMBED):
        return "'none'"
    site = sites.get(path.removeprefix(EMBED))
    return " ".join(site.origins) if site is not None and site.origins else "'none'"


def policy_headers(path: str, frames: str, *, secure: bool = False) -> dict[str, str]:
    """The security headers of an answer for `path` that `frames` may frame; `secure` where readers come by TLS."""
    content = _NOTHING if path.startswith(_API) else _STRICT if path.startswith(_OWN_PAGES) else _GRADIO
    headers = {
        "content-security-policy": f"{content}; frame-ancestors {frames}",
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "cross-origin" if path == "/widget.js" else "same-origin",
    }
    if secure:
        headers["strict-transport-security"] = "max-age=31536000"
    if frames == "'none'":
        headers["x-frame-options"] = "DENY"
    return headers
