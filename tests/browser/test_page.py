"""The chat page in a real Chromium: ask, open what is cited, filter, keep, export, share, judge."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.conftest import House, Visit

pytestmark = pytest.mark.browser
FORUM = "Where was the Silk Road of Innovation forum held?"
WHO = "Who repaired the greenhouse roof?"
NOWHERE = "Who won the football world cup of 1930?"
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


def test_an_answer_has_chips_that_show_the_quotation_and_open_the_issue_at_it(visit: Visit) -> None:
    page = visit()
    answer = ask(page, FORUM)
    chip = answer.locator(".na-chip").first
    quotation = answer.locator(".na-card .na-quote").first.inner_text()
    chip.hover()
    expect(page.locator("#na-tip")).to_contain_text(quotation)
    page.mouse.move(0, 0)
    expect(page.locator("#na-tip")).to_be_hidden()
    chip.focus()
    expect(page.locator("#na-tip")).to_contain_text(quotation)
    chip.click()
    reader = page.frame_locator(".na-panel iframe")
    expect(reader.locator("mark.cited").first).to_be_in_viewport()
    marked = "".join(reader.locator("mark.cited").all_inner_texts())
    assert "".join(marked.split()) == "".join(quotation.split())
    page.keyboard.press("Escape")
    expect(page.locator(".na-panel")).to_be_hidden()
    expect(chip).to_be_focused()


def test_the_next_citation_opens_from_the_one_before(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "How did the tomatoes in the greenhouse develop?")
    assert answer.locator(".na-card").count() > 1
    answer.locator(".na-chip").first.click()
    before = page.frame_locator(".na-panel iframe").locator("mark.cited").inner_text()
    page.locator(".na-panel").get_by_role("button", name="Next").click()
    expect(page.locator(".na-panel .na-count")).to_contain_text("2 /")
    expect(page.frame_locator(".na-panel iframe").locator("mark.cited")).not_to_have_text(before)


def test_a_follow_up_says_how_it_was_understood(visit: Visit) -> None:
    page = visit()
    ask(page, WHO)
    answer = ask(page, "And when?")
    expect(answer.locator(".na-resolved")).to_contain_text("Understood as: And when? (Who repaired the greenhouse roof")


def test_not_found_looks_different_and_offers_what_is_near(visit: Visit) -> None:
    page = visit()
    missing = ask(page, NOWHERE)
    expect(missing).to_have_class(re.compile("na-missing"))
    expect(missing.locator(".na-verdict")).to_have_text("Not in the newsletters")
    expect(missing.locator("ol[aria-label='Closest passages'] .na-card").first).to_be_visible()
    expect(missing.locator(".na-confidence")).to_have_count(0)
    offered = missing.locator(".na-ask").first
    offered.click()
    expect(page.locator(".na-answer").nth(1)).to_have_class(re.compile("na-found"))


def test_a_suggested_question_is_answered(visit: Visit) -> None:
    page = visit()
    page.locator("#na-chat .examples button").first.click()
    expect(page.locator(".na-answer").first).to_have_class(re.compile("na-found"))


def test_a_question_is_shown_as_typed_edited_and_asked_again(visit: Visit) -> None:
    page = visit()
    ask(page, "<img src=x onerror=alert(1)> **greenhouse** roof?")
    expect(page.locator(".na-question")).to_have_text("<img src=x onerror=alert(1)> **greenhouse** roof?")
    page.get_by_role("button", name="Edit").click()
    page.get_by_role("textbox", name="Edit").fill(WHO)
    page.get_by_role("button", name="Ask this").click()
    expect(page.locator(".na-question")).to_have_text([WHO])
    expect(page.locator(".na-text")).to_contain_text("Anna Weber")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".na-question")).to_have_count(1)


@pytest.mark.parametrize(
    ("question", "said"), [("  ", "is empty"), ("?!", "no word"), ("x" * 100_000, "at most 2,000")]
)
def test_a_question_that_cannot_be_asked_gets_one_clear_sentence(visit: Visit, question: str, said: str) -> None:
    page = visit()
    box(page).fill(question)
    box(page).press("Enter")
    expect(page.locator(".na-error")).to_contain_text(said)


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


def test_conversations_stay_in_the_browser_and_are_renamed_exported_and_deleted(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    ask(page, WHO)
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator(".na-question")).to_have_text(WHO)
    page.get_by_role("button", name="Conversations").click()
    page.get_by_label("Title of this conversation").fill("The roof")
    page.keyboard.press("Enter")
    expect(page.locator(".na-kept")).to_contain_text("The roof")
    for kind, suffix in (("Markdown", "md"), ("HTML", "html"), ("JSON", "json")):
        with page.expect_download() as download:
            page.get_by_role("button", name=kind, exact=True).click()
        assert download.value.suggested_filename == f"The-roof.{suffix}"
        download.value.save_as(tmp_path / suffix)
        assert "Anna Weber" in (tmp_path / suffix).read_text(encoding="utf-8")
    answer = json.loads((tmp_path / "json").read_text(encoding="utf-8"))["answers"][0]
    assert answer["citations"][0]["newsletter_id"] == "garden-2024-02"
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".na-question")).to_have_count(0)
    page.locator(".na-kept").click()
    expect(page.locator(".na-question")).to_have_text(WHO)
    page.get_by_role("button", name="Delete this conversation").click()
    expect(page.locator(".na-kept")).to_have_count(0)


def test_a_shared_answer_is_compared_with_the_archive_when_it_is_opened(visit: Visit) -> None:
    page = visit()
    link = ask(page, WHO).locator(".na-share").get_attribute("href")
    shared = visit(link)
    expect(shared.get_by_role("heading", level=1)).to_have_text(WHO)
    expect(shared.locator(".na-standing")).to_have_text("Checked just now: word for word in the issue.")
    forged = visit(f"{link[:-6]}AAAAAA")
    expect(forged.get_by_role("heading", level=1)).to_have_text("Not in the archive")


def test_a_judgement_with_its_reason_is_kept_on_the_server(visit: Visit, house: House) -> None:
    page = visit()
    answer = ask(page, WHO)
    answer.get_by_role("button", name="This answer is not right").click()
    answer.get_by_label("Comment").fill("It was the window.")
    answer.get_by_role("button", name="Out of date").click()
    expect(answer.get_by_text("Thank you.")).to_be_visible()
    page.wait_for_timeout(300)
    last = json.loads((house.folder / "feedback.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["verdict"], last["reason"], last["comment"]) == ("bad", "outdated", "It was the window.")


def test_an_editor_adds_a_newsletter_corrected_and_sees_the_insights(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "bees.md"
    file.write_text("# Bee Letter\n\nThe beekeeper moved nine hives to the orchard.\n", encoding="utf-8")
    page = visit()
    page.get_by_role("tab", name="Insights").click()
    expect(page.locator("#na-insights")).to_contain_text("key first")
    page.get_by_role("tab", name="Add newsletters").click()
    page.get_by_label("Editor's key").fill("guess")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("This is not the editor's key.")).to_be_visible()
    page.get_by_label("Editor's key").fill("open-sesame")
    page.get_by_role("button", name="Open").click()
    page.locator("#na-files input[type=file]").set_input_files(file)
    cells = page.locator("#na-review").get_by_role("gridcell")
    expect(cells.last).to_contain_text("bees.md")
    for column, correct in ((0, "Bee Letter"), (2, "2022-09")):
        cells.nth(column).dblclick()
        page.keyboard.press("Control+A")
        page.keyboard.type(correct)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Add to the archive").click()
    expect(page.locator("#na-adding")).to_contain_text("Added: 1.")
    page.get_by_role("tab", name="Ask").click()
    answer = ask(page, "How many hives did the beekeeper move?")
    expect(answer.locator(".na-about")).to_have_text("1Bee Letter · September 2022")
    page.get_by_role("tab", name="Insights").click()
    page.get_by_role("button", name="Refresh").click()
    expect(page.locator("#na-insights")).to_contain_text("answered")
    page.get_by_role("tab", name="Add newsletters").click()
    page.get_by_role("button", name=re.compile("^Remove an issue")).click()
    page.get_by_label("Issue", exact=True).click()
    page.get_by_role("option", name=re.compile("Bee Letter")).click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#na-adding")).to_contain_text("Remove it for good?")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#na-adding")).to_contain_text("Removed: Bee Letter.")


def test_the_main_path_needs_only_a_keyboard(visit: Visit) -> None:
    page = visit()
    expect(box(page)).to_be_focused()
    page.keyboard.type(WHO)
    page.keyboard.press("Enter")
    page.locator(".na-after").wait_for()
    expect(page.locator("#na-question .stop-button")).to_be_hidden()
    page.wait_for_timeout(1500)  # what to ask next is drawn after the answer
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('na-chip')"):
            break
    expect(page.locator(".na-chip").first).to_be_focused()
    expect(page.locator("#na-tip")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".na-panel .na-close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".na-chip").first).to_be_focused()


def test_a_chinese_browser_gets_a_chinese_page(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    expect(page.get_by_role("tab", name="资料库")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(box(page)).to_have_attribute("placeholder", "向通讯提问…")
    answer = ask(page, WHO)
    expect(answer.locator(".na-confidence")).to_have_text(re.compile("通讯中有明确说明|很可能回答了您的问题"))
    answer.locator(".na-chip").click()
    expect(page.frame_locator(".na-panel iframe").get_by_role("link", name="就本期提问")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 768, 1440])
def test_axe_finds_nothing_and_nothing_is_cut_off(visit: Visit, width: int, scheme: Any) -> None:
    size = {"width": width, "height": 844}
    page = visit(viewport=size, color_scheme=scheme, bypass_csp=True)
    assert violations(page) == []
    ask(page, FORUM)
    ask(page, NOWHERE)
    page.wait_for_timeout(300)
    assert violations(page) == []
    page.locator(".na-chip").first.click()
    page.frame_locator(".na-panel iframe").locator("mark.cited").first.wait_for()
    assert violations(page) == []
    page.locator(".na-close").click()
    page.get_by_role("tab", name="Library").click()
    page.locator(".na-issues").wait_for()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#na-search").bounding_box()["width"] <= width
    page.get_by_role("button", name="Conversations", exact=True).click()
    page.locator("#na-title textarea").wait_for()
    page.wait_for_timeout(400)
    assert violations(page) == []


@pytest.mark.parametrize(("scheme", "width", "locale"), [("light", 1440, "en-GB"), ("dark", 390, "zh-CN")])
def test_axe_finds_nothing_in_the_other_tabs_and_pages(visit: Visit, scheme: Any, width: int, locale: str) -> None:
    options = {"color_scheme": scheme, "bypass_csp": True, "locale": locale}
    page = visit(viewport={"width": width, "height": 844}, **options)
    tabs = page.get_by_role("tab")
    tabs.nth(2).click()
    page.locator("#na-topic textarea").fill("greenhouse")
    page.keyboard.press("Enter")
    page.locator("#na-topics .na-card").first.wait_for()
    assert violations(page) == []
    open_tab(page, 0)
    link = ask(page, WHO).locator(".na-share").get_attribute("href")
    open_editor(page)
    page.locator("#na-files").wait_for()
    assert violations(page) == []
    open_tab(page, 4)
    page.locator("#na-insights .na-figures").wait_for()
    assert violations(page) == []
    assert violations(visit(link, **options)) == []
    assert violations(visit("/read/garden-2024-02?start=19&end=77#c-19-77", **options)) == []
    assert violations(visit("/read/none", **options)) == []


def open_tab(page: Page, place: int) -> None:
    """Choose a tab, out of the menu where the window is too narrow to show it."""
    name = page.locator("#na-tabs [role=tab]").nth(place)
    if not name.is_visible():
        page.locator("#na-tabs .overflow-menu > button").click()
        page.locator("#na-tabs .overflow-dropdown button").last.click()
        return
    name.click()


def open_editor(page: Page) -> None:
    """Open the editor's first tab with the key."""
    open_tab(page, 3)
    page.locator("#na-key input").fill("open-sesame")
    page.keyboard.press("Enter")


def violations(page: Page) -> list[str]:
    result = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
    found = [f"{v['id']}: {node['html'][:200]}" for v in result["violations"] for node in v["nodes"]]
    return [text for text in found if not any(known in text for known in TOLERATED)]
