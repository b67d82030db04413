"""What the browser keeps of a conversation, and a shared answer, in a real Chromium."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Request, Route, expect

from browser.actions import FORUM, WHO, ask, box, look
from browser.conftest import Visit
from browser.places import EACH_ONCE, EVERYWHERE, Place, button

pytestmark = pytest.mark.browser
LATE_STEPS = 3  # what follows the page's first event: the kept conversation, a question in the address, keeping


@EVERYWHERE
def test_conversations_stay_in_the_browser_and_are_renamed_exported_and_deleted(place: Place, tmp_path: Path) -> None:
    page, words = place.open(), place.words
    ask(page, WHO)
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator(".na-question")).to_have_text(WHO)
    expect(page.locator(".na-text")).to_contain_text("Anna Weber")
    button(page, words("conversations")).click()
    page.get_by_label(words("rename")).fill("The roof")
    page.keyboard.press("Enter")
    expect(page.locator(".na-kept")).to_contain_text("The roof")
    look(page, words, "conversations")
    for kind, suffix in (("markdown", "md"), ("html", "html"), ("json", "json")):
        with page.expect_download() as download:
            button(page, words(f"export_{kind}")).click()
        assert download.value.suggested_filename == f"The-roof.{suffix}"
        download.value.save_as(tmp_path / suffix)
        assert "Anna Weber" in (tmp_path / suffix).read_text(encoding="utf-8")
    answer = json.loads((tmp_path / "json").read_text(encoding="utf-8"))["answers"][0]
    assert answer["citations"][0]["newsletter_id"] == "garden-2024-02"
    button(page, words("new_conversation")).click()
    expect(page.locator(".na-question")).to_have_count(0)
    page.locator(".na-kept").click()
    expect(page.locator(".na-question")).to_have_text(WHO)
    button(page, words("delete")).click()
    expect(page.locator(".na-kept")).to_have_count(0)


def test_a_shared_answer_is_compared_with_the_archive_when_it_is_opened(visit: Visit) -> None:
    page = visit()
    link = ask(page, WHO).locator(".na-share").get_attribute("href")
    shared = visit(link)
    expect(shared.get_by_role("heading", level=1)).to_have_text(WHO)
    expect(shared.locator(".na-standing")).to_have_text("Checked just now: word for word in the issue.")
    forged = visit(f"{link[:-6]}AAAAAA")
    expect(forged.get_by_role("heading", level=1)).to_have_text("Not in the archive")


def test_a_page_that_opens_late_never_draws_over_a_question_already_asked(visit: Visit) -> None:
    first = visit()
    ask(first, FORUM)
    expect(first.locator(".na-kept")).to_have_count(1)
    page = first.context.new_page()
    late: list[Route] = []
    opening = Event()

    def hold(route: Route) -> None:
        route.continue_() if opening.is_set() else late.append(route)

    page.route("**/queue/join*", hold)
    page.goto(first.url)
    box(page).wait_for()
    opening.set()
    ask(page, WHO)
    joined: list[Request] = []
    page.on("request", lambda request: joined.append(request) if "queue/join" in request.url else None)
    with page.expect_request(lambda _: len(joined) >= LATE_STEPS):
        for route in late:
            route.continue_()
    expect(page.locator(".na-question")).to_have_text([WHO])
    expect(ask(page, "And when?").locator(".na-resolved")).to_contain_text(WHO.rstrip("?"))
    expect(page.locator(".na-kept")).to_contain_text([WHO, FORUM])


@EACH_ONCE
def test_tabs_of_one_browser_keep_each_others_conversations(place: Place) -> None:
    page, words = place.open(), place.words
    ask(page, WHO)
    expect(page.locator(".na-kept")).to_have_count(1)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".na-question")).to_have_text([WHO])
    ask(other, "And when?")
    expect(other.locator(".na-kept")).to_have_count(1)
    ask(page, FORUM)
    expect(other.locator(".na-kept")).to_have_count(2)
    other.reload()
    expect(other.locator(".na-question")).to_have_text([WHO, FORUM])
    button(other, words("conversations")).click()
    other.locator(".na-kept").nth(1).click()
    expect(other.locator(".na-question")).to_have_text([WHO, "And when?"])
    button(other, words("delete")).click()
    expect(page.locator(".na-kept")).to_have_count(1)
