"""Takes the pictures that README and docs show, of the page as it is, over the newsletter that ships.

Run `make screenshots`; the pictures go to docs/images/. They are real: a server, a Chromium, and questions asked.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent.parent / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
COLOURS = 256
QUESTION = "Where was the Silk Road of Innovation forum held?"
NOWHERE = "How much does a ticket to the forum cost?"


@contextmanager
def served() -> Iterator[str]:
    """The address of a server over a fresh index of the shipped newsletter."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "ui.cli", "--data-dir", folder, "serve", "--port", "0", "--json"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            yield str(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()
            process.wait(20)


def opened(browser: Browser, address: str, width: int, height: int, scheme: str = "light") -> Page:
    """The chat page in a window of its own."""
    dark = "dark" if scheme == "dark" else "light"
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, color_scheme=dark, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.locator(".na-head h1").wait_for()
    return page


def ask(page: Page, question: str) -> None:
    """Ask and wait for the whole answer."""
    before = page.locator(".na-after").count()
    box = page.locator("#na-question textarea")
    box.fill(question)
    box.press("Enter")
    page.locator(".na-after").nth(before).wait_for()
    page.locator("#na-question .stop-button").wait_for(state="hidden")
    page.wait_for_timeout(300)


def keep(page: Page, name: str) -> None:
    """Write the window as a small PNG."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    IMAGES.mkdir(parents=True, exist_ok=True)
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
        IMAGES / f"{name}.png", optimize=True
    )
    print(f"{name}.png {(IMAGES / f'{name}.png').stat().st_size // 1024} KB")


def main() -> None:
    """Take every picture."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = opened(browser, address, 1280, 760)
        page.locator("#na-chat .examples button").first.wait_for()
        page.get_by_role("tab", name="Insights").wait_for()
        page.wait_for_timeout(300)
        keep(page, "start")
        ask(page, QUESTION)
        page.locator(".na-chip").first.click()
        page.frame_locator(".na-panel iframe").locator("mark.cited").first.wait_for()
        page.wait_for_timeout(500)
        keep(page, "chat")
        page.keyboard.press("Escape")
        ask(page, NOWHERE)
        keep(page, "not-found")
        page.get_by_role("tab", name="Library").click()
        page.wait_for_timeout(400)
        keep(page, "library")
        page.get_by_role("tab", name="Topics").click()
        page.locator("#na-topic textarea").fill("joint laboratories")
        page.keyboard.press("Enter")
        page.locator("#na-topics .na-card").first.wait_for()
        keep(page, "topics")
        phone = opened(browser, address, 390, 780, "dark")
        ask(phone, QUESTION)
        keep(phone, "phone-dark")
        browser.close()


if __name__ == "__main__":
    main()
