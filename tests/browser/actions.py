"""What a reader does on the chat page, and what axe says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

FORUM = "Where was the Silk Road of Innovation forum held?"
WHO = "Who repaired the greenhouse roof?"
NOWHERE = "Who won the football world cup of 1930?"
TABS = 5
PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
# Gradio's own, which cannot be mended from outside the component; each with its reason.
TOLERATED: dict[str, str] = {}


def box(page: Page) -> Any:
    return page.locator("#na-question textarea")


def ask(page: Page, question: str) -> Any:
    """The finished answer to `question`."""
    answers = page.locator(".na-asked").count()
    box(page).fill(question)
    box(page).press("Enter")
    expect(page.locator(".na-asked")).to_have_count(answers + 1)
    page.locator(".na-after").nth(answers).wait_for()
    expect(page.locator("#na-question .stop-button")).to_be_hidden()
    return page.locator(".na-answer").nth(answers)


def open_tab(page: Page, place: int) -> None:
    """Choose a tab, out of the menu where the window is too narrow to show it."""
    name = page.locator("#na-tabs [role=tab]").nth(place)
    more = page.locator("#na-tabs .overflow-menu > button")
    expect(name.or_(more).filter(visible=True).first).to_be_visible()  # the editor's tabs come a little later
    if name.is_visible():
        name.click()
        return
    more.click()
    page.locator("#na-tabs .overflow-dropdown button").nth(place - TABS).click()


def open_editor(page: Page) -> None:
    """Open the editor's first tab with the key."""
    open_tab(page, 3)
    page.locator("#na-key input").fill("open-sesame")
    page.keyboard.press("Enter")


def violations(page: Page, name: str) -> list[str]:
    """What axe finds on the page; its picture is kept among the build's outputs under `name`."""
    told = page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{told[0]}-{'dark' if told[1] else 'light'}-{told[2][:2]}.png")
    result = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
    found = [f"{v['id']}: {node['html'][:200]}" for v in result["violations"] for node in v["nodes"]]
    return [text for text in found if not any(known in text for known in TOLERATED)]
