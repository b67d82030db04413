"""One web application: the chat page at `/`, the reader at `/read/ID`, and the HTTP API.

`create_app` only puts things together; `serve` opens the index, warms the model, listens, and says where.
"""

from __future__ import annotations

import contextlib
import gc
import json
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from assistant import Assistant, Settings, open_assistant
from corpus import shipped_newsletters
from index import IndexBusy
from index.lock import ServedAt, announce
from ui.draining import Drain
from ui.errors import AddressInUse
from ui.protocol import ImpatientProtocol

if TYPE_CHECKING:
    from types import FrameType

STATIC = Path(__file__).parent / "static"
GRACE_SECONDS = 2
BACKLOG = 512
CONNECTIONS = 900
# Answers are many short products, each of which wants Python's lock again: at the usual 5 ms it waits longer than it computes
SWITCH_SECONDS = 0.0001


def create_app(assistant: Assistant, settings: Settings) -> FastAPI:
    """The web application over `assistant`, which stays the caller's to close."""
    import gradio as gr

    from ui.api import install
    from ui.page.page import HEAD, chat_page
    from ui.page.shell import I18N
    from ui.page.template import own_template
    from ui.page.theme import theme
    from ui.page.turnstile import Turnstile
    from ui.reading import add_pages

    app = FastAPI(title=settings.server.title, docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")
    service = install(app, assistant, settings)
    add_pages(app, service)
    own_template()
    served: FastAPI = gr.mount_gradio_app(
        app,
        chat_page(service.public, Turnstile(service.limiter, settings), service.workers),
        path="/",
        auth_dependency=service.sign_in.guest if service.sign_in.required else None,
        theme=theme(),
        head=HEAD,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        show_error=True,
        root_path=settings.server.public_url,
        i18n=I18N,
    )
    return served


def serve(
    settings: Settings,
    *,
    watch: Sequence[str] = (),
    tell: Callable[[str], None] = lambda said: None,
    as_json: bool = False,
) -> None:
    """Serve until interrupted. Raises AddressInUse, and IndexingError when the index cannot be opened.

    The index is made equal to what is in `watch`, first and at every change, and `tell` is called with what changed. An
    empty index without is filled with the newsletter that ships. Once requests are answered, the address is printed to
    stdout: as text, or as one JSON document.
    """
    listener = listen(settings.server.host, settings.server.port)
    with listener, open_assistant(settings) as assistant, _following(assistant, watch, tell):
        if not assistant.newsletters():
            with contextlib.suppress(IndexBusy):  # another server on the same store is filling it
                assistant.sync([shipped_newsletters()])
        run(assistant, settings, listener, as_json=as_json)


def _following(
    assistant: Assistant, paths: Sequence[str], tell: Callable[[str], None]
) -> contextlib.AbstractContextManager[None]:
    from ui.watching import kept_level

    return kept_level(assistant, paths, tell) if paths else contextlib.nullcontext()


def run(assistant: Assistant, settings: Settings, listener: socket.socket, *, as_json: bool = False) -> None:
    """Answer on `listener` until interrupted; `assistant` stays the caller's to close."""
    app = create_app(assistant, settings)
    assistant.warm()
    assistant.suggested_questions()  # the page's first visitor need not wait for them
    if settings.server.admin_key is not None:
        where = _address(listener).replace("//0.0.0.0", "//127.0.0.1")
        announce(settings.data_dir, ServedAt(where, settings.server.admin_key.get_secret_value()))
    gc.freeze()  # what is loaded now stays: the collector need not walk it at every pass, nor at the end
    sys.setswitchinterval(SWITCH_SECONDS)
    config = uvicorn.Config(
        app,
        http=ImpatientProtocol,
        limit_concurrency=CONNECTIONS,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _Server(config, app.state.service.drain, as_json=as_json).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that says where it listens once it does, and lets running answers finish when told to stop."""

    def __init__(self, config: uvicorn.Config, drain: Drain, *, as_json: bool) -> None:
        super().__init__(config)
        self._drain = drain
        self._as_json = as_json

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address."""
        await super().startup(sockets)
        if self.started and sockets:
            _announce(_address(sockets[0]), as_json=self._as_json)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain, then stop; a second signal stops at once. Neither is raised again, so the program ends with 0."""
        if self._drain.stopping:
            super().handle_exit(sig, frame)
            self._captured_signals.clear()
        self._drain.begin()

    async def on_tick(self, counter: int) -> bool:
        """Whether to leave the main loop."""
        if self._drain.done:
            self.should_exit = True
        return await super().on_tick(counter)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; AddressInUse when it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise AddressInUse(
            f"The server cannot listen on {host} port {port} ({error.strerror or error}): "
            "choose another with --port, or stop the program that uses it."
        ) from error
    listener.listen(BACKLOG)
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(address: str, *, as_json: bool) -> None:
    line = json.dumps({"url": address}) if as_json else f"The chat is open at {address} (Ctrl+C stops it)."
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
