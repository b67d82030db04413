"""A reader signs in on a real page, is brought where they wanted to go, and asks there."""

from __future__ import annotations

from pathlib import Path

import pytest
from api_support import running, settings_in
from playwright.sync_api import Browser, expect

from assistant import Assistant
from browser.test_widget import violations
from ui.server import create_app
from ui.signin import SignIn

pytestmark = pytest.mark.browser


def test_a_reader_signs_in_and_asks(browser: Browser, shipped: Assistant, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, sign_in="password")
    SignIn(settings).users.add("anna", "correct horse battery")
    with running(create_app(shipped, settings)) as address:
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        page.goto(f"{address}/?newsletter=china-st-newsletter-2019-04")
        assert violations(page) == []
        page.get_by_label("User name").fill("anna")
        page.get_by_label("Password").fill("guess")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("User name").fill("anna")
        page.get_by_label("Password").fill("correct horse battery")
        page.keyboard.press("Enter")
        page.locator("#na-chips").get_by_text("CHINA").wait_for()
        page.locator("#na-question textarea").fill("Where was the Silk Road of Innovation forum held?")
        page.keyboard.press("Enter")
        page.locator(".na-after").first.wait_for()
        context.close()
