"""Filters, the library and the topics of the chat page in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from api_support import running, settings_in
from playwright.sync_api import expect

from assistant import open_assistant
from benchmarks.page import write_archive
from browser.actions import FORUM, ask, box, look, open_tab
from browser.conftest import House, Visit
from browser.places import EACH_ONCE, Place, button
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


@pytest.fixture(scope="module")
def long_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over more issues than the library shows at a time."""
    folder = tmp_path_factory.mktemp("long")
    write_archive(folder / "archive", 60)
    settings = settings_in(folder / "data")
    with (
        open_assistant(settings, corpus=[folder / "archive"]) as assistant,
        running(create_app(assistant, settings)) as address,
    ):
        yield address


@EACH_ONCE
def test_a_long_library_is_turned_page_by_page(place: Place, long_library: str) -> None:
    page, words = place.open(address=long_library), place.words
    open_tab(page, 1)
    issues = page.locator(".na-issues a.na-read")
    expect(issues).to_have_count(50)
    expect(issues.first).to_have_text("The Daily 59")
    expect(button(page, words("newer"))).to_be_hidden()
    button(page, words("older")).click()
    expect(issues).to_have_count(10)
    expect(issues.last).to_have_text("The Daily 0")
    expect(page.locator("#na-library .na-label")).to_have_text(words("issues_range", first=51, last=60, count=60))
    expect(button(page, words("older"))).to_be_hidden()
    look(page, words, "older")
    button(page, words("newer")).click()
    expect(issues.first).to_have_text("The Daily 59")
    page.context.close()
