"""Every item of the chat page at a phone's, a tablet's and a desktop's width, in English and Chinese, light and dark.

Each test walks through one part of the page; what it does works the same in both colour schemes, so it does it in one,
and looks at every view in both: axe finds nothing, nothing is cut off, no text is left in another language. The items
that need an archive or a server of their own are tried likewise in the tests of those.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.actions import FORUM, NOWHERE, TWO_PARTS, WHO, ask, box, correct, look, open_tab
from browser.places import EVERYWHERE, Place, button
from browser.test_asking import SHIFTED

pytestmark = pytest.mark.browser
REFUSED = {"en": "holds no word to look for", "zh": "问题“?!”中没有可检索的词"}


def settled(page: Page) -> None:
    """Wait until nothing is being answered."""
    page.wait_for_function(
        "document.querySelectorAll('.na-after').length === document.querySelectorAll('.na-asked').length"
    )
    expect(page.locator("#na-question .submit-button")).to_be_visible()


@EVERYWHERE
def test_a_reader_asks_and_reads_the_sources(place: Place) -> None:
    page, words = place.open(), place.words
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_attribute("placeholder", words("ask_placeholder"))
    expect(page.locator("html")).to_have_attribute("lang", words.language)
    expect(page.locator(".na-welcome h2")).to_have_text(words("what_to_know"))
    page.locator("#na-chat .examples button").first.wait_for()
    look(page, words, "start")
    page.locator("#na-chat .examples button").first.click()
    expect(page.locator(".na-answer").first).to_have_class(re.compile("na-found"))
    page.locator(".na-after").first.wait_for()

    answer = ask(page, TWO_PARTS)
    expect(answer.locator(".na-offers .na-label")).to_have_text(words("ask_next"))
    assert answer.locator(".na-confidence").inner_text() in (words("says_so"), words("probably"))
    chip = answer.locator(".na-chip").first
    chip.hover()
    tip = page.locator("#na-tip")
    expect(tip).to_contain_text(answer.locator(".na-quote").first.inner_text())
    held = tip.bounding_box()
    assert held["x"] >= 0
    assert held["x"] + held["width"] <= page.viewport_size["width"]
    page.mouse.move(0, 0)
    chip.focus()
    expect(tip).to_be_visible()
    chip.click()
    panel, reader = page.locator(".na-panel"), page.frame_locator(".na-panel iframe")
    expect(reader.locator("mark.cited").first).to_be_in_viewport()
    expect(panel.locator("strong")).to_contain_text("CHINA S&T NEWSLETTER No.4 2019")
    expect(panel.locator(".na-place")).to_contain_text("Silk Road of Innovation")
    button(panel, words("next")).click()
    expect(panel.locator(".na-count")).to_have_text("2 / 3")
    button(panel, words("previous")).click()
    expect(panel.locator(".na-count")).to_have_text("1 / 3")
    look(page, words, "source")
    page.keyboard.press("Escape")
    expect(chip).to_be_focused()
    assert page.evaluate(SHIFTED) < 0.1


@EVERYWHERE
def test_a_reader_goes_on_from_an_answer(place: Place) -> None:
    page, words = place.open(), place.words
    ask(page, WHO)
    followed = ask(page, "And when?")
    expect(followed.locator(".na-resolved")).to_contain_text(words("understood_as", question="And when?"))
    missing = ask(page, NOWHERE)
    expect(missing.locator(".na-verdict")).to_have_text(words("not_found_title"))
    expect(missing.locator(f"ol[aria-label='{words('closest_label')}'] .na-card").first).to_be_visible()
    expect(missing.locator(".na-offers .na-label")).to_have_text(words("other_wordings"))
    look(page, words, "answers")
    button(page, words("ask_alone")).click()
    expect(page.locator(".na-question")).to_have_count(2)
    expect(page.locator(".na-resolved")).to_have_count(0)
    settled(page)
    page.locator(".na-edit").last.click()
    page.get_by_role("textbox", name=words("edit")).fill("How did the tomatoes in the greenhouse develop?")
    button(page, words("resend")).click()
    answer = page.locator(".na-answer").nth(1)
    expect(answer.locator(".na-lead").first).to_contain_text(words.date("2023-05-02"))
    settled(page)
    button(answer, words("retry")).click()
    settled(page)
    button(answer, words("copy")).click()
    expect(button(answer, words("copied"))).to_be_visible()
    link = answer.locator(".na-share")
    shared = link.get_attribute("href")
    link.click()
    expect(link).to_have_text(words("link_copied"))
    button(answer, words("bad")).click()
    expect(answer.get_by_label(words("comment"))).to_be_visible()
    look(page, words, "judging")
    button(answer, words("reason_outdated")).click()
    expect(answer.get_by_text(words("thanks"))).to_be_visible()

    box(page).fill("?!")
    box(page).press("Enter")
    expect(page.locator(".na-error")).to_contain_text(REFUSED[words.language])
    look(page, words, "refused")

    page.goto(page.url.split("?")[0].rstrip("/") + shared)
    expect(page.locator(".na-standing").first).to_have_text(words("holds"))
    look(page, words, "shared")


@EVERYWHERE
def test_a_reader_narrows_the_archive_and_looks_around_it(place: Place) -> None:
    page, words = place.open("/?publisher=Garden+Club&since=2024"), place.words
    expect(page.locator(".na-filter")).to_have_text(
        ["Garden Club ×", f"{words('chip_since', value=words.date('2024'))} ×"]
    )
    missing = ask(page, FORUM)
    button(missing, words("ask_wider")).click()
    expect(page.locator(".na-answer").nth(1)).to_have_class(re.compile("na-found"))
    page.locator(".na-after").nth(1).wait_for()
    page.locator("#na-filters > button").click()
    page.get_by_label(words("until")).fill("soon")
    page.keyboard.press("Enter")
    warning = page.get_by_text(words("bad_date", value="soon"))
    expect(warning).to_be_visible()
    page.get_by_label(words("until")).fill("2024-06")
    page.keyboard.press("Enter")
    expect(page.locator(".na-filter")).to_have_count(3)
    expect(page.locator(".na-passing")).to_have_text(words.count("filtered_to", 1))
    expect(warning).to_be_hidden(timeout=20_000)  # what fades has too little contrast for a moment
    look(page, words, "filters")
    button(page, words("clear_filters")).click()
    expect(page.locator(".na-filter")).to_have_count(0)

    open_tab(page, 1)
    expect(page.locator(".na-issues li")).to_have_count(4)
    expect(page.get_by_role("img", name=words("issues_over_time"))).to_be_visible()
    expect(page.locator("#na-library .na-label")).to_have_text(words.count("issues_newest", 4))
    look(page, words, "library")
    page.locator("#na-search textarea").fill("tomatoes in the greenhouse")
    page.keyboard.press("Enter")
    expect(page.locator(".na-results .na-card").first).to_contain_text("omatoes")
    look(page, words, "found")
    page.locator("#na-search textarea").fill("")
    page.locator(".na-issues a").first.click()
    reader = page.frame_locator(".na-panel iframe")
    reader.get_by_text(words("in_this_issue")).click()
    expect(reader.get_by_role("link", name="Other news")).to_be_visible()
    reader.get_by_role("link", name=words("ask_about_issue")).click()
    expect(page.locator(".na-filter")).to_contain_text("Garden Letter 9")
    expect(box(page)).to_be_focused()

    open_tab(page, 2)
    page.locator("#na-topic textarea").fill("greenhouse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name=words("mentions_over_time"))).to_be_visible()
    expect(page.locator("#na-topics .na-about").first).to_contain_text(words.date("2024-02-01"))
    look(page, words, "topics")
    page.goto(page.url.split("?")[0] + "read/garden-2024-02?start=19&end=77#c-19-77")
    expect(page.get_by_role("link", name=words("ask_about_issue"))).to_be_visible()
    look(page, words, "reader")
    page.goto(page.url.split("/read")[0] + "/read/none")
    expect(page.get_by_role("heading", level=1)).to_have_text(words("not_in_archive"))
    look(page, words, "missing")


@EVERYWHERE
def test_an_editor_adds_removes_and_reads_the_insights(place: Place, tmp_path: Path) -> None:
    page, words = place.open(), place.words
    open_tab(page, 4)
    expect(page.get_by_text(words("sign_in_first"))).to_be_visible()
    open_tab(page, 3)
    page.locator("#na-key").wait_for()
    page.get_by_label(words("key_label")).fill("guess")
    button(page, words("key_button")).click()
    expect(page.get_by_text(words("key_wrong"))).to_be_visible()
    expect(page.locator(".toast-title-row")).to_contain_text(words("notice"))
    look(page, words, "gate")
    page.get_by_label(words("key_label")).fill("open-sesame")
    page.keyboard.press("Enter")
    file = tmp_path / "bees.md"
    file.write_text("# Bee Letter\n\nThe beekeeper moved nine hives to the orchard.\n", encoding="utf-8")
    page.locator("#na-files input[type=file]").set_input_files([file])
    expect(page.locator("#na-review").get_by_role("gridcell").last).to_contain_text("bees.md")
    look(page, words, "add")
    correct(page, {0: "Bee Letter", 2: "2022-09"})
    button(page, words("index_them")).click()
    expect(page.locator("#na-adding")).to_contain_text(words("added", added=1, changed=0, unchanged=0))
    page.locator("button.label-wrap", has_text=words("remove_label")).click()
    page.get_by_label(words("choose_issue"), exact=True).click()
    page.get_by_role("option", name=words.issue("Bee Letter", None, "2022-09")).click()
    button(page, words("remove_button")).click()
    expect(page.locator("#na-adding")).to_contain_text(words("remove_confirm"))
    look(page, words, "remove")
    button(page, words("remove_button")).click()
    expect(page.locator("#na-adding")).to_contain_text(words("removed", title="Bee Letter"))
    open_tab(page, 4)
    page.locator("#na-insights .na-figures").wait_for()
    for part in ("unanswered", "disliked", "never_cited"):
        expect(page.get_by_role("heading", name=words(part))).to_be_visible()
    look(page, words, "insights")
