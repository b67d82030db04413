"""Filters, the library and the topics of the chat page in a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from api_support import running, settings_in
from playwright.sync_api import expect

from assistant import open_assistant
from benchmarks.page import write_archive
from browser.actions import FORUM, ask, box
from browser.conftest import House, Visit
from ui.server import create_app

pytestmark = pytest.mark.browser


def test_filters_are_chips_kept_in_the_address_and_widened_on_offer(visit: Visit, house: House) -> None:
    page = visit("/?publisher=Garden+Club&since=2024")
    expect(page.locator(".na-filter")).to_have_count(2)
    expect(page.locator(".na-passing")).to_have_text("1 issue is asked")
    missing = ask(page, FORUM)
    missing.get_by_role("button", name="Ask without filters").click()
    expect(page.locator(".na-answer").nth(1)).to_have_class(re.compile("na-found"))
    page.get_by_role("button", name="Remove the filter: from 2024").click()
    expect(page.locator(".na-passing")).to_have_text("3 issues are asked")
    assert parse_qs(urlsplit(page.url).query) == {"publisher": ["Garden Club"]}
    page.get_by_role("button", name=re.compile("^Filters")).click()
    page.get_by_label("Until (year, month or day)").fill("2023-06")
    page.keyboard.press("Enter")
    expect(page.locator(".na-passing")).to_have_text("1 issue is asked")
    page.wait_for_url(re.compile("until=2023-06"))
    page.get_by_label("Issue numbers").fill("7-9")
    page.keyboard.press("Enter")
    expect(page.locator(".na-filter")).to_have_text(["Garden Club ×", "No. 7-9 ×", "until June 2023 ×"])
    page.get_by_label("Until (year, month or day)").fill("soon")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“soon” is no date: write 2019, 2019-04 or 2019-04-25.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".na-filter")).to_have_count(0)
    page.wait_for_url(re.compile("/$"))


def test_an_address_with_a_question_asks_it_among_its_issues(visit: Visit) -> None:
    page = visit("/?q=Who+repaired+the+greenhouse+roof%3F&newsletter=garden-2024-02")
    expect(page.locator(".na-text")).to_contain_text("Anna Weber")
    expect(page.locator(".na-filter")).to_contain_text("Garden Letter 9")
    page.wait_for_url(re.compile(r"/\?newsletter=garden-2024-02$"))


def test_the_library_lists_searches_and_asks_about_one_issue(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name="Library").click()
    expect(page.locator(".na-issues li")).to_have_count(4)
    expect(page.locator(".na-issues a").first).to_have_text("Garden Letter 9")
    expect(page.get_by_role("img", name="Issues over time")).to_be_visible()
    page.locator("#na-search textarea").fill("tomatoes in the greenhouse")
    page.keyboard.press("Enter")
    expect(page.locator(".na-results .na-card").first).to_contain_text("omatoes")
    page.locator("#na-search textarea").fill("")
    page.locator(".na-issues a").first.click()
    page.frame_locator(".na-panel iframe").get_by_role("link", name="Ask about this issue").click()
    expect(page.locator(".na-filter")).to_contain_text("Garden Letter 9")
    expect(box(page)).to_be_focused()
    page.wait_for_url(re.compile("newsletter=garden-2024-02"))


def test_a_topic_shows_its_mentions_over_time_and_in_order(visit: Visit) -> None:
    page = visit()
    page.get_by_role("tab", name="Topics").click()
    page.locator("#na-topic textarea").fill("greenhouse tomatoes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="Mentions over time")).to_be_visible()
    expect(page.locator("#na-topics .na-about")).to_have_text(
        ["1Garden Letter 8 · 15 August 2023", "2Garden Letter 7 · 2 May 2023"]
    )
    page.locator("#na-topic textarea").fill("zeppelins")
    page.keyboard.press("Enter")
    expect(page.locator("#na-topics")).to_contain_text("No newsletter mentions “zeppelins”.")


def test_a_long_library_is_turned_page_by_page(visit: Visit, tmp_path: Path) -> None:
    write_archive(tmp_path / "archive", 60)
    settings = settings_in(tmp_path / "data")
    with (
        open_assistant(settings, corpus=[tmp_path / "archive"]) as assistant,
        running(create_app(assistant, settings)) as address,
    ):
        page = visit(address=address)
        page.get_by_role("tab", name="Library").click()
        issues = page.locator(".na-issues a.na-read")
        expect(issues).to_have_count(50)
        expect(issues.first).to_have_text("The Daily 59")
        expect(page.get_by_role("button", name="Newer")).to_be_hidden()
        page.get_by_role("button", name="Older").click()
        expect(issues).to_have_count(10)
        expect(issues.last).to_have_text("The Daily 0")
        page.get_by_role("button", name="Newer").click()
        expect(issues.first).to_have_text("The Daily 59")
        page.context.close()
