"""The widget in a real Chromium: a portal of another origin, under a strict policy, by the one line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser.portal import QUESTION, Portal, ask, begin, serving, watch
from ui.snippet import integrity

pytestmark = pytest.mark.browser
QUESTION_SENT = {"json": {"question": QUESTION}, "timeout": 60}
ATTACK_QUESTION = "What did the gardener plant in the greenhouse?"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with serving(tmp_path_factory.mktemp("widget")) as portal:
        yield portal


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def test_a_portal_under_a_strict_policy_asks_by_the_one_line(page: Page, portal: Portal) -> None:
    said = watch(page)
    page.goto(portal.allowed)
    page.get_by_role("button", name="Open the newsletter chat").click()
    expect(page.get_by_label("Your question")).to_be_focused()
    page.get_by_role("button", name=QUESTION).click()
    page.get_by_role("button", name="Copy answer").wait_for()
    page.get_by_role("button", name="Source 1").first.click()
    quoted = page.locator("newsletter-chat mark").inner_text()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Read in the issue").first.click()
    assert quoted in opened.value.locator("main").inner_text()
    opened.value.close()
    ask(page, "And who took part?")
    page.reload()
    expect(page.locator("newsletter-chat .question")).to_have_count(2)
    page.get_by_role("button", name="Bad answer").first.click()
    page.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("newsletter-chat .question")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Open the newsletter chat")).to_be_focused()
    assert page.context.cookies() == []
    assert said == []


def test_a_page_of_another_origin_gets_no_answer_and_its_owner_a_message(page: Page, portal: Portal) -> None:
    said = watch(page)
    with page.expect_console_message(lambda message: "newsletter-chat" in message.text) as found:
        page.goto(portal.refused)
    assert f"sites add library --origin {portal.refused}" in found.value.text
    assert page.locator("newsletter-chat button").count() == 0
    assert said


def test_a_picture_that_a_user_of_the_portal_names_like_the_script_changes_nothing(page: Page, portal: Portal) -> None:
    picture = '<img name="currentScript" src="https://evil.example/" data-site="other" data-open>'
    page.goto(f"{portal.allowed}?{urlencode({'written': picture, 'options': 'data-open'})}")
    ask(page, QUESTION)
    page.get_by_role("button", name="Source 1").first.wait_for()
    expect(page.locator("newsletter-chat")).to_have_attribute("data-site", "library")
    addresses = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [address for address in addresses if "evil.example/api" in address] == []


def test_nothing_but_the_assistant_is_asked_for(page: Page, portal: Portal) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"{portal.allowed}?options=data-open")
    ask(page, QUESTION)
    assert all(address.startswith((portal.allowed, portal.address)) for address in addresses)


def test_no_script_in_a_newsletter_runs(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.allowed}?options=data-open")
    ask(page, ATTACK_QUESTION)
    for chip in page.locator("newsletter-chat .chip").all():
        chip.click()
    assert page.locator("newsletter-chat .text").inner_text()
    page.goto(f"{portal.address}/read/attack")
    assert page.evaluate("window.hacked") is None
    page.go_back()
    assert page.evaluate("window.hacked") is None
    assert page.locator("newsletter-chat :is(img, script, iframe)").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(browser: Browser, portal: Portal, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(portal.allowed)
    page.get_by_role("button", name="Open the newsletter chat").wait_for()
    found = {"closed": violations(page)}
    page.get_by_role("button", name="Open the newsletter chat").click()
    found["open"] = violations(page)
    ask(page, QUESTION)
    page.get_by_role("button", name="Source 1").first.click()
    page.get_by_role("button", name="Good answer").click()
    found["answered"] = violations(page)
    ask(page, "Who won the football world cup of 1930?")
    found["not found"] = violations(page)
    with portal.assistant.waiting():
        begin(page, QUESTION)
        page.locator("newsletter-chat .answer:last-child .sentence").first.wait_for()
        found["answering"] = violations(page)
        page.get_by_role("button", name="Stop").click()
        page.get_by_role("button", name="Try again").wait_for()
        found["stopped"] = violations(page)
    context.set_offline(True)
    begin(page, QUESTION)
    page.locator("newsletter-chat .trouble").wait_for()
    found["offline"] = violations(page)
    context.set_offline(False)
    page.goto(f"{portal.allowed}?options=data-mode=inline%20data-target=%23place")
    page.get_by_role("region", name="Ask the library").wait_for()
    found["inline"] = violations(page)
    page.goto(f"{portal.address}/embed/library")
    page.get_by_role("region", name="Ask the library").wait_for()
    found["page"] = violations(page)
    context.close()
    assert {state: wrong for state, wrong in found.items() if wrong} == {}


def violations(page: Page) -> list[str]:
    result = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response
    return [f"{v['id']}: {node['html'][:200]}" for v in result["violations"] for node in v["nodes"]]


def test_a_phone_gets_the_whole_screen(browser: Browser, portal: Portal) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{portal.allowed}?options=data-open")
    box = page.locator("newsletter-chat .panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    small = page.locator("newsletter-chat button:visible").evaluate_all(
        "all => all.map(b => b.getBoundingClientRect()).filter(r => r.width < 44 || r.height < 44).length"
    )
    assert small == 0
    context.close()


def test_a_page_drives_the_element_and_hears_its_events(page: Page, portal: Portal) -> None:
    page.add_init_script(
        """window.heard = [];
        for (const name of ["ready", "open", "close", "question", "answer", "citation-click"])
            document.addEventListener(name, (event) => {
                heard.push(name);
                if (name === "ready") event.target.addEventListener("error", () => heard.push("error"));
            });"""
    )
    page.goto(portal.allowed)
    page.wait_for_function("heard.includes('ready')")
    page.evaluate("question => document.querySelector('newsletter-chat').ask(question)", QUESTION)
    page.get_by_role("button", name="Source 1").first.click()
    page.context.set_offline(True)
    page.evaluate("document.querySelector('newsletter-chat').ask('And then?')")
    page.get_by_role("button", name="Try again").wait_for()
    page.context.set_offline(False)
    page.evaluate("document.querySelector('newsletter-chat').close()")
    page.evaluate("document.querySelector('newsletter-chat').reset()")
    assert page.evaluate("heard") == [
        *("ready", "open", "question", "answer", "citation-click"),
        *("question", "error", "close"),
    ]
    assert page.locator("newsletter-chat .question").count() == 0


def test_a_reader_who_waits_sees_their_place_and_what_is_stopped_stays(browser: Browser, portal: Portal) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{portal.allowed}?options=data-open")
    said = page.locator("newsletter-chat .said-aloud")
    with ExitStack() as others, portal.assistant.waiting():
        for _ in range(2):
            thread = threading.Thread(target=httpx.post, args=[f"{portal.address}/api/v1/ask"], kwargs=QUESTION_SENT)
            others.callback(thread.join)
            thread.start()
        busy = "newsletter_assistant_busy 2.0"
        while busy not in httpx.get(f"{portal.address}/metrics").text:
            page.wait_for_timeout(20)
        begin(page, QUESTION)
        waiting = page.locator("newsletter-chat .status")
        expect(waiting).to_have_text("Questions before yours: 1")
        assert waiting.evaluate("e => getComputedStyle(e).animationName") == "none"
        assert page.get_by_role("log").evaluate("e => getComputedStyle(e).scrollBehavior") == "auto"
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("Stopped.").first).to_be_visible()
    with portal.assistant.waiting():
        page.get_by_role("button", name="Try again").click()
        page.locator("newsletter-chat .sentence").first.wait_for()
        assert said.text_content() == ""
        page.get_by_role("button", name="Stop").click()
        stopped = page.locator("newsletter-chat .text")
        expect(stopped).to_contain_text("Stopped.")
        page.locator("newsletter-chat .chip").first.click()
        assert page.locator("newsletter-chat mark").count()
    page.reload()
    expect(stopped).to_contain_text("Stopped.")
    portal.assistant.fails = True
    begin(page, QUESTION)
    page.get_by_role("button", name="Try again").wait_for()
    portal.assistant.fails = False
    assert "could not be fetched" in stopped.nth(1).inner_text()
    assert page.locator("newsletter-chat .answer").nth(1).locator(".sentence").count()
    page.get_by_role("button", name="Try again").click()
    expect(said).not_to_have_text("")
    first = stopped.nth(1).locator(".sentence").first.inner_text()
    assert said.text_content().split()[:5] == first.split()[:5]
    context.close()


@pytest.mark.parametrize(("width", "height"), [(640, 400), (320, 256)], ids=["200 %", "400 %"])
def test_a_zoomed_page_keeps_everything_in_reach(browser: Browser, portal: Portal, width: int, height: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=1280 / width)
    page = context.new_page()
    page.goto(f"{portal.allowed}?options=data-open")
    ask(page, QUESTION)
    outside = page.locator("newsletter-chat :is(textarea, .ask button, header button, .log):visible").evaluate_all(
        """all => all.map(e => [e.className || e.tagName, e.getBoundingClientRect()]).filter(([, r]) =>
            r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight || r.height < 44)"""
    )
    sideways = page.get_by_role("log").evaluate("e => e.scrollWidth > e.clientWidth")
    context.close()
    assert (outside, sideways) == ([], False)


def test_the_widget_speaks_chinese_inline_and_asks_what_the_page_narrows_it_to(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.allowed}?options=data-language=zh%20data-mode=inline%20data-target=%23place%20data-to=1999")
    box = page.locator("#place newsletter-chat").get_by_label("您的问题")
    box.fill(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="复制回答").wait_for()
    assert page.locator("newsletter-chat :is(.chip, .card)").count() == 0


def test_a_reader_offline_is_told_and_can_try_again(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.allowed}?options=data-open")
    page.get_by_label("Your question").wait_for()
    page.context.set_offline(True)
    begin(page, QUESTION)
    expect(page.get_by_text("You are offline.").first).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Copy answer").wait_for()


def test_a_portal_without_script_frames_the_page_and_others_may_not(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.allowed}/framed")
    frame = page.frame_locator("iframe")
    frame.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    frame.locator("newsletter-chat .chip").first.wait_for()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{portal.refused}/framed")
    assert frame.locator("newsletter-chat").count() == 0


def test_the_preview_shows_the_widget_as_the_record_has_it(page: Page, portal: Portal) -> None:
    said = watch(page)
    page.goto(f"{portal.address}/sites/library/preview")
    launcher = page.get_by_role("button", name="Open the newsletter chat")
    assert launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(15, 81, 50)"
    launcher.click()
    expect(page.get_by_role("heading", name="Ask the library")).to_be_visible()
    assert integrity() in page.locator("pre").first.inner_text()
    assert said == []


def test_the_chat_page_runs_under_its_own_policy(page: Page, portal: Portal) -> None:
    said = watch(page)
    page.goto(portal.address)
    page.get_by_role("textbox").first.wait_for()
    page.wait_for_timeout(1000)
    assert [text for text in said if "Content Security Policy" in text] == []
