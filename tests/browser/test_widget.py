"""The widget in a real Chromium: a portal of another origin, under a strict policy, by the one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from api_support import running, settings_in
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from assistant import open_assistant
from corpus import shipped_newsletters
from ui.api.portal import integrity
from ui.server import create_app
from ui.sites import Look, Site, SiteRegistry

pytestmark = pytest.mark.browser
QUESTION = "What does the newsletter say about the Belt and Road?"
ATTACK_QUESTION = "What did the gardener plant in the greenhouse?"
ATTACKS = """# <img src=x onerror="window.hacked=1"> Greenhouse

## Planting </script><script>window.hacked=1</script>

The gardener planted &lt;img src=x onerror=window.hacked=1&gt; tomatoes <svg onload="window.hacked=1">.

The gardener planted "><script>window.hacked=1</script> [cucumbers](javascript:window.hacked=1) there.
"""


@dataclass(frozen=True)
class Portal:
    """A portal that embeds the assistant, and the same page at an origin that is not allowed."""

    allowed: str
    refused: str
    assistant: str


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("widget")
    (folder / "attack.md").write_text(ATTACKS, encoding="utf-8")
    settings = settings_in(folder / "data")
    with (
        open_assistant(settings, corpus=[shipped_newsletters(), folder / "attack.md"]) as assistant,
        running(create_app(assistant, settings)) as address,
        running(portal_page(address), "localhost") as page,
    ):
        sites = SiteRegistry(settings.data_dir / "sites.json")
        look = Look(title="Ask the library", suggestions=(QUESTION,), accent="#0f5132")
        sites.add(Site(id="library", origins=(page,), look=look))
        yield Portal(page, page.replace("localhost", "127.0.0.1"), address)


def portal_page(address: str) -> FastAPI:
    app = FastAPI()
    policy = (
        f"default-src 'none'; script-src {address}; connect-src {address}; "
        "require-trusted-types-for 'script'; base-uri 'none'"
    )

    @app.get("/", response_class=HTMLResponse)
    def page(options: str = "") -> HTMLResponse:
        line = f'<script src="{address}/widget.js" data-site="library" {options} integrity="{integrity()}" '
        html = (
            '<!doctype html><html lang="en"><head><title>Portal</title>'
            f'<meta name="viewport" content="width=device-width">{line}crossorigin="anonymous" defer></script>'
            '</head><body><main><h1>Portal</h1><div id="place"></div></main></body></html>'
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": policy})

    return app


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def watch(page: Page) -> list[str]:
    """Every complaint of the page from now on."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    page.get_by_role("button", name="Copy answer").last.wait_for()


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


def test_nothing_but_the_assistant_is_asked_for(page: Page, portal: Portal) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.goto(f"{portal.allowed}?options=data-open")
    ask(page, QUESTION)
    assert all(address.startswith((portal.allowed, portal.assistant)) for address in addresses)


def test_no_script_in_a_newsletter_runs(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.allowed}?options=data-open")
    ask(page, ATTACK_QUESTION)
    for chip in page.locator("newsletter-chat .chip").all():
        chip.click()
    assert page.locator("newsletter-chat .text").inner_text()
    page.goto(f"{portal.assistant}/read/attack")
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
    assert violations(page) == []
    page.get_by_role("button", name="Open the newsletter chat").click()
    assert violations(page) == []
    ask(page, QUESTION)
    page.get_by_role("button", name="Source 1").first.click()
    page.get_by_role("button", name="Good answer").click()
    assert violations(page) == []
    ask(page, "Who won the football world cup of 1930?")
    assert violations(page) == []
    context.close()


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
    page.goto(portal.allowed)
    page.locator("newsletter-chat .launcher").wait_for()
    heard = page.evaluate(
        """async (question) => {
            const chat = document.querySelector("newsletter-chat"), heard = [];
            for (const name of ["open", "close", "question", "answer"])
                chat.addEventListener(name, () => heard.push(name));
            const answered = new Promise((done) => chat.addEventListener("answer", done, { once: true }));
            chat.ask(question);
            const { detail } = await answered;
            chat.close();
            chat.reset();
            return [...heard, detail.answer.status];
        }""",
        QUESTION,
    )
    assert heard == ["open", "question", "answer", "close", "answered"]


def test_the_widget_speaks_chinese_inline(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.allowed}?options=data-language=zh%20data-mode=inline%20data-target=%23place")
    expect(page.locator("#place newsletter-chat").get_by_label("您的问题")).to_be_visible()


def test_a_reader_offline_is_told_and_can_try_again(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.allowed}?options=data-open")
    page.get_by_label("Your question").wait_for()
    page.context.set_offline(True)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("button", name="Copy answer").wait_for()


def test_a_portal_without_script_embeds_the_page_in_a_frame(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.assistant}/embed/library")
    ask(page, QUESTION)
    assert page.locator("newsletter-chat .chip").count()


def test_the_chat_page_runs_under_its_own_policy(page: Page, portal: Portal) -> None:
    said = watch(page)
    page.goto(portal.assistant)
    page.get_by_role("textbox").first.wait_for()
    page.wait_for_timeout(1000)
    assert [text for text in said if "Content Security Policy" in text] == []
