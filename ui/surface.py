"""What of Gradio is open: the routes its page needs, and nothing else.

Gradio serves more than a page uses: a public event API, file serving, uploads by anyone, a proxy, an editor. The
door answers 404 for all of it but what is named here; uploads are for the holder of the admin key, of newsletter
files only, and files come only out of Gradio's own cache, never from another folder.
"""

from __future__ import annotations

import os
import posixpath
import re
import tempfile
from pathlib import Path

PREFIX = "/gradio_api/"
UPLOAD = f"{PREFIX}upload"
_FILE = f"{PREFIX}file="
_NEEDED = frozenset(
    f"{PREFIX}{name}"
    for name in ("queue/join", "queue/data", "cancel", "reset", "startup-events", "app_id", "theme.css")
)
_CLOSED = ("/openapi.json", "/monitoring", "/docs", "/redoc", "/pwa_icon", "/runs")
_UPLOADED = re.compile(rb'filename="([^"\r\n]*)"')


def is_open(path: str) -> bool:
    """Whether Gradio may answer `path`; paths that are not Gradio's are open."""
    if path.startswith(_CLOSED):
        return False
    if not path.startswith(PREFIX):
        return True
    if path.startswith(_FILE):
        return _is_cached(path.removeprefix(_FILE))
    return path in _NEEDED or is_upload(path) or path.startswith(f"{PREFIX}heartbeat/")


def is_upload(path: str) -> bool:
    """Whether `path` takes files, or tells how far they are."""
    return path in (UPLOAD, f"{PREFIX}upload_progress")


def uploaded_names(body: bytes) -> list[str]:
    """The file names in a multipart body."""
    return [name.decode("utf-8", "replace") for name in _UPLOADED.findall(body)]


def _is_cached(name: str) -> bool:
    cache = Path(os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir()) / "gradio")
    return "\x00" not in name and Path(posixpath.normpath(name)).is_relative_to(cache) and ".." not in name
