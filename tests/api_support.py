"""Real servers on loopback for the tests of the API, the door and the widget."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from assistant import Assistant, Settings
from ui.api import install

QUESTION = "What does the newsletter say about the Belt and Road?"
PORTAL = "https://portal.example.org"
ADMIN = {"Authorization": "Bearer open-sesame"}


def settings_in(folder: Path, **server: Any) -> Settings:
    """Settings with an admin key and the data directory `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return Settings(data_dir=folder, server={"admin_key": "open-sesame", **server})


def api_app(assistant: Assistant, settings: Settings) -> FastAPI:
    """An application with the API alone."""
    app = FastAPI(openapi_url=None)
    install(app, assistant, settings)
    return app


@contextmanager
def running(app: Any, host: str = "127.0.0.1", **options: Any) -> Iterator[str]:
    """The address of `app`, served by uvicorn on a free port."""
    config = uvicorn.Config(app, host=host, port=0, log_level="error", proxy_headers=False, lifespan="on", **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def session_headers(client: httpx.Client, site: str, origin: str) -> dict[str, str]:
    """The headers of a reader of `site` on a page of `origin`."""
    answer = client.post(f"/api/v1/sites/{site}/session", headers={"Origin": origin})
    assert answer.status_code == 200, answer.text
    return {"Origin": origin, "X-Site": site, "Authorization": f"Bearer {answer.json()['token']}"}
