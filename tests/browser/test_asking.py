"""Asking on the chat page in a real Chromium: answers and their sources, follow-ups, editing, judging."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from browser.actions import FORUM, NOWHERE, WHO, ask, box
from browser.conftest import House, Visit

pytestmark = pytest.mark.browser
# The sum of https://web.dev/articles/cls without its windows; what a person's own act moves does not count
SHIFTED = """new Promise((done) => {
  let sum = 0;
  const add = (list) => { for (const entry of list.getEntries()) sum += entry.hadRecentInput ? 0 : entry.value; };
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 100);
})"""


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


def test_nothing_moves_while_the_page_opens_and_an_answer_comes(visit: Visit) -> None:
    page = visit()
    ask(page, FORUM)
    assert page.evaluate(SHIFTED) < 0.1  # what the source calls good


def test_the_next_citation_and_the_previous_open_from_the_one_before(visit: Visit) -> None:
    page = visit()
    answer = ask(page, "How did the tomatoes in the greenhouse develop?")
    expect(answer.locator(".na-card")).to_have_count(2)
    answer.locator(".na-chip").first.click()
    before = page.frame_locator(".na-panel iframe").locator("mark.cited").inner_text()
    page.locator(".na-panel").get_by_role("button", name="Next").click()
    expect(page.locator(".na-panel .na-count")).to_have_text("2 / 2")
    expect(page.frame_locator(".na-panel iframe").locator("mark.cited")).not_to_have_text(before)
    expect(page.locator(".na-panel").get_by_role("button", name="Previous")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.frame_locator(".na-panel iframe").locator("mark.cited")).to_have_text(before)


def test_a_follow_up_says_how_it_was_understood(visit: Visit) -> None:
    page = visit()
    ask(page, WHO)
    answer = ask(page, "And when?")
    expect(answer.locator(".na-resolved")).to_contain_text("Understood as: And when? (Who repaired the greenhouse roof")


def test_a_question_taken_for_a_follow_up_is_asked_by_itself(visit: Visit) -> None:
    page = visit()
    ask(page, FORUM)
    ask(page, "And who repaired its greenhouse roof?").get_by_role("button", name="Ask it by itself").click()
    answer = page.locator(".na-answer").nth(1)
    expect(answer.locator(".na-resolved")).to_have_count(0)
    expect(answer.locator(".na-text")).to_contain_text("Anna Weber")


def test_not_found_looks_different_and_shows_what_is_near(visit: Visit) -> None:
    page = visit()
    missing = ask(page, NOWHERE)
    expect(missing).to_have_class(re.compile("na-missing"))
    expect(missing.locator(".na-verdict")).to_have_text("Not in the newsletters")
    expect(missing.locator("ol[aria-label='Closest passages'] .na-card").first).to_be_visible()
    expect(missing.locator(".na-confidence")).to_have_count(0)
    missing.get_by_text("What the newsletters do say nearby").wait_for()
    missing.locator(".na-asks button").first.click()
    expect(page.locator(".na-answer").nth(1)).to_have_class(re.compile("na-found"))


def test_a_suggested_question_is_answered_and_leads_to_a_next(visit: Visit) -> None:
    page = visit()
    page.locator("#na-chat .examples button").first.click()
    first = page.locator(".na-answer").first
    expect(first).to_have_class(re.compile("na-found"))
    expect(first.locator(".na-confidence")).to_have_text(re.compile("The newsletter says so|answers? your question"))
    ask(page, FORUM).locator(".na-offers button").first.click()
    expect(page.locator(".na-answer").nth(2)).to_have_class(re.compile("na-found"))


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


def test_a_question_that_cannot_be_asked_gets_one_clear_sentence(visit: Visit) -> None:
    page = visit()
    box(page).fill("?!")
    box(page).press("Enter")
    expect(page.locator(".na-error")).to_contain_text("no word")


@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_question_is_not_asked(visit: Visit, nothing: str) -> None:
    page = visit()
    box(page).fill(nothing)
    box(page).press("Enter")
    ask(page, WHO)
    expect(page.locator(".na-question")).to_have_text([WHO])
    expect(page.locator(".na-error")).to_have_count(0)


def test_a_question_that_is_too_long_is_told_so_before_it_is_sent_and_stays(visit: Visit) -> None:
    page = visit()
    box(page).fill("x" * 15_000)
    expect(page.locator("#na-limit")).to_have_text("The question has 15,000 characters; ask in at most 2,000.")
    expect(page.locator("#na-limit")).to_be_in_viewport()
    box(page).press("Enter")
    expect(box(page)).to_have_value("x" * 15_000)
    expect(page.locator(".na-question")).to_have_count(0)
    ask(page, WHO)
    expect(page.locator("#na-limit")).to_be_hidden()


def test_a_question_takes_no_more_than_a_part_of_the_window(visit: Visit) -> None:
    page = visit()
    ask(page, "greenhouse " * 180)
    assert page.locator(".na-question").bounding_box()["height"] < 300


@pytest.mark.parametrize("pause", [0, 80, 400])
def test_what_is_typed_right_after_a_question_is_sent_stays_and_is_asked_next(visit: Visit, pause: int) -> None:
    page = visit()
    box(page).fill(FORUM)
    box(page).press("Enter")
    page.wait_for_timeout(pause)
    page.keyboard.type(WHO)
    page.keyboard.press("Enter")
    expect(page.locator(".na-question")).to_have_text([FORUM, WHO])
    expect(page.locator(".na-answer").nth(1).locator(".na-text")).to_contain_text("Anna Weber")
    expect(page.locator(".na-answer.na-found")).to_have_count(2)
    expect(box(page)).to_have_value("")


def test_a_question_typed_while_another_is_answered_is_not_sent_before_enter(visit: Visit) -> None:
    page = visit()
    box(page).fill(FORUM)
    box(page).press("Enter")
    page.keyboard.type(WHO)
    page.locator(".na-after").wait_for()
    page.wait_for_timeout(300)
    expect(box(page)).to_have_value(WHO)
    expect(page.locator(".na-question")).to_have_text([FORUM])


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
