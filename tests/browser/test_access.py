"""The chat page for everyone: by keyboard, in Chinese, on a phone, in the dark; axe-core finds nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.actions import FORUM, NOWHERE, WHO, ask, box, open_editor, open_tab, violations
from browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_the_main_path_needs_only_a_keyboard(visit: Visit) -> None:
    page = visit()
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


def test_a_chinese_browser_gets_a_chinese_page(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    expect(page.get_by_role("tab", name="资料库")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(box(page)).to_have_attribute("placeholder", "向通讯提问…")
    expect(page.get_by_role("button", name="对话记录", exact=True)).to_be_visible()
    answer = ask(page, WHO)
    expect(answer.locator(".na-confidence")).to_have_text(re.compile("通讯中有明确说明|很可能回答了您的问题"))
    answer.locator(".na-chip").click()
    expect(page.frame_locator(".na-panel iframe").get_by_role("link", name="就本期提问")).to_be_visible()
    expect(page.locator(".na-panel .na-close")).to_have_text("关闭")
    expect(page.locator(".na-panel .na-place")).to_have_text("In the greenhouse")
    page.locator(".na-panel .na-close").click()
    dated = ask(page, "How did the tomatoes in the greenhouse develop?")
    expect(dated.locator(".na-lead").first).to_have_text("Garden Letter 7 · 2023年5月2日：")


@pytest.mark.parametrize(("scheme", "locale"), [("light", "en-GB"), ("dark", "zh-CN")])
@pytest.mark.parametrize("width", [390, 768, 1440])
def test_axe_finds_nothing_and_nothing_is_cut_off(visit: Visit, width: int, scheme: Any, locale: str) -> None:
    size = {"width": width, "height": 844}
    page = visit(viewport=size, color_scheme=scheme, locale=locale, bypass_csp=True)
    assert violations(page, "start") == []
    ask(page, FORUM)
    ask(page, NOWHERE)
    page.wait_for_timeout(300)
    assert violations(page, "answers") == []
    page.locator(".na-chip").first.click()
    page.frame_locator(".na-panel iframe").locator("mark.cited").first.wait_for()
    assert violations(page, "source") == []
    page.locator(".na-close").click()
    open_tab(page, 1)
    page.locator(".na-issues").wait_for()
    assert violations(page, "library") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#na-search").bounding_box()["width"] <= width
    page.locator("#na-side .toggle-button").click()
    page.locator("#na-title textarea").wait_for()
    page.wait_for_timeout(400)
    assert violations(page, "conversations") == []


@pytest.mark.parametrize(
    ("scheme", "width", "locale"), [("light", 1440, "en-GB"), ("dark", 390, "zh-CN"), ("dark", 768, "en-GB")]
)
def test_axe_finds_nothing_in_the_other_tabs_and_pages(visit: Visit, scheme: Any, width: int, locale: str) -> None:
    size = {"width": width, "height": 844}
    options = {"viewport": size, "color_scheme": scheme, "bypass_csp": True, "locale": locale}
    page = visit(**options)
    tabs = page.get_by_role("tab")
    tabs.nth(2).click()
    page.locator("#na-topic textarea").fill("greenhouse")
    page.keyboard.press("Enter")
    page.locator("#na-topics .na-card").first.wait_for()
    assert violations(page, "topics") == []
    open_tab(page, 0)
    link = ask(page, WHO).locator(".na-share").get_attribute("href")
    open_tab(page, 3)
    page.locator("#na-key").wait_for()
    assert violations(page, "gate") == []
    open_editor(page)
    page.locator("#na-files").wait_for()
    assert violations(page, "add") == []
    open_tab(page, 4)
    page.locator("#na-insights .na-figures").wait_for()
    assert violations(page, "insights") == []
    assert violations(visit(link, **options), "shared") == []
    assert violations(visit("/read/garden-2024-02?start=19&end=77#c-19-77", **options), "reader") == []
    assert violations(visit("/read/none", **options), "missing") == []
