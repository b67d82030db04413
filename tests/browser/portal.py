"""A portal that embeds the widget: another origin, under a strict policy, by the one line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api_support import running, settings_in
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import ConsoleMessage, Page, expect

from assistant import Assistant, DoneEvent, Event, ModelServerError, open_assistant
from corpus import shipped_newsletters
from ui.server import create_app
from ui.sites import Look, Site, SiteLimits, SiteRegistry
from ui.snippet import integrity

QUESTION = "What does the newsletter say about the Belt and Road?"
ATTACKS = """# <img src=x onerror="window.hacked=1"> Greenhouse

## Planting </script><script>window.hacked=1</script>

The gardener planted &lt;img src=x onerror=window.hacked=1&gt; tomatoes <svg onload="window.hacked=1">.

The gardener planted "><script>window.hacked=1</script> [cucumbers](javascript:window.hacked=1) there.
"""


class Hesitant(Assistant):
    """An assistant that ends no answer before it may `go`, and fails before the end when it is told to."""

    def __init__(self, whole: Assistant) -> None:
        vars(self).update(vars(whole))
        self.go = threading.Event()
        self.go.set()
        self.fails = False

    def stream(self, question: str, **options: Any) -> Iterator[Event]:
        for event in super().stream(question, **options):
            if isinstance(event, DoneEvent):
                self.go.wait(20)
                if self.fails:
                    raise ModelServerError("The server went away: start it again.")
            yield event

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While this is open no answer ends."""
        self.go.clear()
        try:
            yield
        finally:
            self.go.set()


@dataclass(frozen=True)
class Portal:
    """A portal that embeds the assistant, and the same page at an origin that is not allowed."""

    allowed: str
    refused: str
    address: str
    assistant: Hesitant


@contextmanager
def serving(folder: Path) -> Iterator[Portal]:
    """The portal while this is open; `folder` keeps its newsletter of attacks and its data."""
    (folder / "attack.md").write_text(ATTACKS, encoding="utf-8")
    settings = settings_in(folder / "data", concurrency=1)
    with (
        open_assistant(settings, corpus=[shipped_newsletters(), folder / "attack.md"]) as whole,
        running(create_app(assistant := Hesitant(whole), settings)) as address,
        running(portal_page(address), "localhost") as page,
    ):
        sites = SiteRegistry(settings.data_dir / "sites.json")
        look = Look(title="Ask the library", suggestions=(QUESTION,), accent="#0f5132")
        often = SiteLimits(
            address="600/minute", session="600/minute", sessions="600/minute"
        )  # all readers are one address
        sites.add(Site(id="library", origins=(page,), look=look, limits=often))
        yield Portal(page, page.replace("localhost", "127.0.0.1"), address, assistant)


def portal_page(address: str) -> FastAPI:
    """The portal's own pages: one with the line, one that frames the chat."""
    app = FastAPI()
    policy = (
        f"default-src 'none'; script-src {address}; connect-src {address}; "
        "require-trusted-types-for 'script'; base-uri 'none'"
    )

    @app.get("/", response_class=HTMLResponse)
    def page(options: str = "", written: str = "") -> HTMLResponse:  # `written` by a user of the portal
        line = f'<script src="{address}/widget.js" data-site="library" {options} integrity="{integrity()}" '
        html = (
            '<!doctype html><html lang="en"><head><title>Portal</title>'
            f'<meta name="viewport" content="width=device-width">{line}crossorigin="anonymous" defer></script>'
            f'</head><body><main><h1>Portal</h1><div id="place"></div>{written}</main></body></html>'
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    @app.get("/framed", response_class=HTMLResponse)
    def framed() -> HTMLResponse:
        html = f'<!doctype html><title>Portal</title><iframe src="{address}/embed/library" title="Chat"></iframe>'
        return HTMLResponse(html, headers={"Content-Security-Policy": f"default-src 'none'; frame-src {address}"})

    return app


def watch(page: Page) -> list[str]:
    """Every complaint of the page from now on."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def begin(page: Page, question: str) -> None:
    """Ask without waiting."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def ask(page: Page, question: str) -> None:
    """Ask and wait for the whole answer."""
    begin(page, question)
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name="Copy answer").last.wait_for()
