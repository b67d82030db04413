"""What the browser's Back, a reload and a copied address do with an issue that is open, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.actions import WHO, ask
from browser.conftest import House, Visit

pytestmark = pytest.mark.browser


def opened_issue(page: Page) -> None:
    ask(page, WHO).locator(".na-chip").first.click()
    expect(page.frame_locator(".na-panel iframe").locator("mark.cited")).to_contain_text("Anna Weber")


@pytest.mark.parametrize("width", [375, 1440])
def test_back_closes_the_open_issue_and_forward_opens_it(visit: Visit, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800})
    opened_issue(page)
    page.go_back()
    expect(page.locator(".na-panel")).to_be_hidden()
    expect(page.locator(".na-question")).to_have_text([WHO])
    page.go_forward()
    expect(page.frame_locator(".na-panel iframe").locator("mark.cited")).to_contain_text("Anna Weber")


def test_the_address_opens_the_issue_again_after_a_reload_and_for_another_reader(visit: Visit) -> None:
    page = visit("/?publisher=Garden+Club")
    opened_issue(page)
    page.reload()
    mark = page.frame_locator(".na-panel iframe").locator("mark.cited")
    expect(mark).to_contain_text("Anna Weber")
    page.wait_for_timeout(300)
    other = visit(page.url.removeprefix(page.evaluate("location.origin")))
    expect(other.frame_locator(".na-panel iframe").locator("mark.cited")).to_contain_text("Anna Weber")
    expect(other.locator(".na-panel header strong")).to_contain_text("Garden Letter 9")
    expect(other.locator(".na-filter")).to_contain_text("Garden Club")
    other.keyboard.press("Escape")
    expect(other.locator(".na-panel")).to_be_hidden()
    assert "read=" not in other.url
    assert "publisher=Garden" in other.url


def test_closing_an_issue_leaves_no_trace_in_the_address(visit: Visit, house: House) -> None:
    page = visit()
    opened_issue(page)
    assert "read=garden-2024-02" in page.url
    page.locator(".na-panel").get_by_role("button", name="Close").click()
    expect(page.locator(".na-panel")).to_be_hidden()
    page.wait_for_url(f"{house.address}/")


def test_an_address_with_what_is_no_date_says_so(visit: Visit) -> None:
    page = visit("/?since=soon")
    expect(page.get_by_text("“soon” is no date: write 2019, 2019-04 or 2019-04-25.")).to_be_visible()
