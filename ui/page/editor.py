"""Who may see the editor's tabs: whoever shows the admin key, or carries the cookie a browser got for it."""

from __future__ import annotations

import secrets
import time

import gradio as gr

from assistant import Settings
from ui.administrator import is_admin

GUESS_SECONDS = 0.5
# The browser gets the door's cookie first: Gradio's upload asks for it.
SIGN_IN = """async (key) => {
  const headers = { Authorization: `Bearer ${key}` };
  if (key) await fetch("/api/v1/admin/session", { method: "POST", headers }).catch(() => null);
}"""


class NotEditor(Exception):
    """The editor's part of the page was asked for without the key."""


def is_editor(request: gr.Request, settings: Settings) -> bool:
    """Whether the browser carries the editor's cookie."""
    return request.request is not None and is_admin(request.request, settings)


def key_fits(key: str, settings: Settings) -> bool:
    """Whether `key` is the admin key; a wrong one takes its time, so that guessing is slow."""
    known = settings.server.admin_key
    if known is not None and known.get_secret_value():
        if secrets.compare_digest(key.strip().encode(), known.get_secret_value().encode()):
            return True
        time.sleep(GUESS_SECONDS)
    return False


def shows_tabs(request: gr.Request, settings: Settings) -> bool:
    """Whether the editor's tabs are offered: on one's own machine, at an address with `?editor`, and to the editor."""
    server = settings.server
    own = server.public_url is None and server.host in ("127.0.0.1", "::1", "localhost")
    return own or "editor" in request.query_params or is_editor(request, settings)


def require(editor: bool) -> None:
    """Raise NotEditor unless `editor` is true; every handler of the editor's tabs calls it first."""
    if not editor:
        raise NotEditor
