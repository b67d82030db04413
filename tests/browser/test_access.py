"""The chat page by keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from browser.actions import WHO, box
from browser.conftest import Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1440, "light", "en-GB"), (768, "dark", "en-GB"), (390, "dark", "zh-CN")]
)
def test_the_main_path_needs_only_a_keyboard(visit: Visit, width: int, scheme: Any, locale: str) -> None:
    page = visit(viewport={"width": width, "height": 844}, color_scheme=scheme, locale=locale)
    expect(box(page)).to_be_focused()
    page.keyboard.type(WHO)
    page.keyboard.press("Enter")
    page.locator(".na-after").wait_for()
    expect(page.locator("#na-question .stop-button")).to_be_hidden()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('na-chip')"):
            break
    expect(page.locator(".na-chip").first).to_be_focused()
    expect(page.locator("#na-tip")).to_be_visible()
    page.keyboard.press("Enter")
    page.frame_locator(".na-panel iframe").locator("mark.cited").wait_for()
    expect(page.locator(".na-panel .na-close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".na-panel")).to_be_hidden()
    expect(page.locator(".na-chip").first).to_be_focused()
