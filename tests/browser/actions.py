"""What a reader does on the chat page, and what axe says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ui.language import Words, languages

FORUM = "Where was the Silk Road of Innovation forum held?"
TWO_PARTS = "What is the theme of the forum and who sponsored it?"
WHO = "Who repaired the greenhouse roof?"
NOWHERE = "Who won the football world cup of 1930?"
PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
# Gradio's own, which cannot be mended from outside the component; each with its reason.
TOLERATED: dict[str, str] = {}
# Every text, label, title and placeholder that the view shows or reads out
SAID = """() => {
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (walk.currentNode.parentElement.checkVisibility()) said.push(walk.currentNode.textContent.trim());
  for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    if (!element.checkVisibility()) continue;
    for (const name of ["aria-label", "title", "placeholder"]) said.push(element.getAttribute(name) ?? "");
  }
  return said;
}"""
# Resolves once nothing fades or slides any more; what takes longer (a notice's time bar) is no transition
SETTLED = """() => new Promise(requestAnimationFrame).then(() => Promise.allSettled(document.getAnimations()
  .filter((a) => a.effect.getComputedTiming().endTime < 1000).map((a) => a.finished)))"""
# Buttons, links and labels whose words do not fit them, and those that lie outside the window
CUT = """() => [...document.querySelectorAll("button, a, label, h1, h2, summary, .na-label, .na-facts, input, textarea")]
  .filter((e) => e.checkVisibility() && !e.closest("[aria-hidden=true], .sidebar:not(.open), .skip"))
  .filter((e) => {
    const place = e.getBoundingClientRect();
    const hidden = !/visible|auto|scroll/.test(getComputedStyle(e).overflowX) && !e.matches("input, textarea");
    return place.width > 1 && ((hidden && e.scrollWidth > e.clientWidth + 1) || place.left < -1 || place.right > innerWidth + 1);
  })
  .map((e) => e.outerHTML.slice(0, 200))"""


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
    name = page.locator("#na-tabs .tab-container[aria-hidden] button").nth(place).text_content()
    tab = page.get_by_role("tab", name=name, exact=True)
    more = page.locator("#na-tabs .overflow-menu > button")
    expect(tab.or_(more).filter(visible=True).first).to_be_visible()  # the editor's tabs come a little later
    if tab.is_visible():
        tab.click()
        return
    more.click()
    page.locator("#na-tabs .overflow-dropdown").get_by_role("button", name=name, exact=True).click()


def open_editor(page: Page) -> None:
    """Open the editor's first tab with the key."""
    open_tab(page, 3)
    key = page.locator("#na-key input")
    key.fill("open-sesame")
    key.press("Enter")
    page.locator("#na-files").wait_for(timeout=30_000)


def correct(page: Page, corrections: dict[int, str]) -> None:
    """Correct, column by column, what was understood of the one file that was given."""
    cells = page.locator("#na-review").get_by_role("gridcell")
    for column, text in corrections.items():
        cells.nth(column).dblclick()
        field = cells.nth(column).locator("input, textarea")
        expect(field).to_be_focused()
        field.fill(text)
        field.press("Enter")


def look(page: Page, words: Words, name: str) -> None:
    """Look at a view in both colour schemes: axe finds nothing, nothing is cut off, all of it is in one language."""
    page.evaluate(SETTLED)
    first = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    assert violations(page, name) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(CUT) == []
    assert untranslated(page, words) == set()
    page.emulate_media(color_scheme="light" if first == "dark" else "dark")
    page.evaluate(SETTLED)
    assert violations(page, name, rules=["color-contrast"]) == []
    page.emulate_media(color_scheme=first)


def untranslated(page: Page, words: Words) -> set[str]:
    """What the view says in a language that is not the reader's."""
    foreign = {text for other in languages().values() for text in other.texts.values()} - set(words.texts.values())
    return foreign & set(page.evaluate(SAID))


def violations(page: Page, name: str, *, rules: list[str] | None = None) -> list[str]:
    """What axe finds on the page; its picture is kept among the build's outputs under `name`."""
    told = page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]")
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{told[0]}-{'dark' if told[1] else 'light'}-{told[2][:2]}.png")
    result = Axe().run(page, options={"runOnly": rules or ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
    found = [f"{v['id']}: {node['html'][:200]}" for v in result["violations"] for node in v["nodes"]]
    return [text for text in found if not any(known in text for known in TOLERATED)]
