"""One Chromium and one server for all the tests of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from api_support import running, settings_in
from playwright.sync_api import Browser, Page, Request, sync_playwright

from assistant import Assistant, open_assistant
from browser.places import Place
from corpus import shipped_newsletters
from ui.server import create_app

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytest.register_assert_rewrite("browser.actions")  # so that what axe finds is shown
GARDEN = {
    "garden-2023-05": ("Garden Letter 7", "2023-05-02", "Tomatoes were planted in the greenhouse on 28 April."),
    "garden-2023-08": ("Garden Letter 8", "2023-08-15", "The greenhouse gave 40 kilograms of tomatoes in July."),
    "garden-2024-02": ("Garden Letter 9", "2024-02-01", "The greenhouse roof was repaired by Anna Weber in January."),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask a browser once more: on a machine with little to spare it now and then takes seconds to hear a key."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@dataclass(frozen=True)
class House:
    """A running page: its address, its assistant and its data directory."""

    address: str
    assistant: Assistant
    folder: Path


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The shipped newsletter and three short ones of another publisher, served."""
    folder = tmp_path_factory.mktemp("page")
    garden = folder / "garden"
    garden.mkdir()
    for name, (title, date, text) in GARDEN.items():
        front = f"---\ntitle: {title}\ndate: {date}\npublisher: Garden Club\n---\n"
        (garden / f"{name}.md").write_text(f"{front}\n## In the greenhouse\n\n{text}\n\n## Other news\n\nIt rained.\n")
    settings = settings_in(folder / "data")
    with (
        open_assistant(settings, corpus=[shipped_newsletters(), garden]) as assistant,
        running(create_app(assistant, settings)) as address,
    ):
        assistant.warm()
        yield House(address, assistant, folder / "data")


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    """Opens the chat page; afterwards fails on any request to another host and any error the page met."""
    foreign: list[str] = []
    errors: list[str] = []

    with ExitStack() as contexts:

        def open_page(path: str = "/", *, address: str = house.address, **options: Any) -> Page:
            def note(request: Request) -> None:
                if not request.url.startswith((address, "data:", "blob:")):
                    foreign.append(request.url)

            context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
            contexts.callback(context.close)
            context.on("request", note)
            context.on("weberror", lambda error: errors.append(str(error.error)))
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.goto(address + path)
            if path.startswith("/?") or path == "/":
                page.locator(".na-head h1").wait_for()
            return page

        yield open_page
    assert foreign == []
    assert errors == []


@pytest.fixture
def place(visit: Visit, width: int, locale: str, scheme: str) -> Place:
    """The window that a test is parametrised with."""
    return Place(visit, width, locale, scheme)
