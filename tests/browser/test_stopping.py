"""Stopping an answer on the chat page while a model is writing it, in a real Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from api_support import running
from model_support import Handler, ModelScript, model_server
from playwright.sync_api import Page, expect

from assistant import Assistant, Settings
from browser.actions import WHO, box, look
from browser.conftest import House, Visit
from browser.places import EACH_ONCE, Place, button
from ui.server import create_app

pytestmark = pytest.mark.browser
FIRST = "The greenhouse roof was repaired by Anna Weber in January [1]. And then it "


class Halting:
    """A model that writes one sentence, and more and more once it may go on; asked again after that, it ends there."""

    def __init__(self) -> None:
        self.may_go_on = Event()

    def __call__(self, handler: Handler, body: dict[str, Any]) -> None:
        held = not self.may_go_on.is_set()
        handler.begin()
        for word in FIRST.split(" "):
            handler.piece(f"{word} ")
        self.may_go_on.wait(30)
        for _ in range(1200 if held else 0):  # for as long as somebody reads, within reason
            handler.piece("And it rained. ")
            time.sleep(0.05)
        handler.finish()


@pytest.fixture(scope="module")
def model() -> Iterator[tuple[ModelScript, Halting]]:
    halting = Halting()
    with model_server(halting) as script:
        yield script, halting
        halting.may_go_on.set()


@pytest.fixture(scope="module")
def written(
    house: House, model: tuple[ModelScript, Halting], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a page over the same archive whose answers the model writes."""
    data = tmp_path_factory.mktemp("written")
    settings = Settings(data_dir=data, llm={"base_url": model[0].base_url, "model": "scripted", "condense": False})
    assistant = Assistant(house.assistant._library, settings)
    assistant.warm()
    with running(create_app(assistant, settings)) as address:
        yield address


def ask_of_a_model_that_halts(page: Page, model: tuple[ModelScript, Halting]) -> None:
    """Ask, and wait for the first sentence of an answer that goes on only once it may."""
    script, halting = model
    halting.may_go_on.clear()
    script.hung_up.clear()
    box(page).fill(WHO)
    box(page).press("Enter")
    expect(page.locator(".na-text")).to_contain_text("Anna Weber")


@EACH_ONCE
def test_what_was_shown_of_a_stopped_answer_stays(
    place: Place, written: str, model: tuple[ModelScript, Halting]
) -> None:
    script, halting = model
    page, words = place.open(address=written), place.words
    ask_of_a_model_that_halts(page, model)
    page.locator("#na-question .stop-button").click()
    expect(page.locator(".na-stopped")).to_contain_text(words("stopped"))
    expect(page.locator("#na-question .submit-button")).to_be_visible()
    look(page, words, "stopped")
    halting.may_go_on.set()
    assert script.hung_up.wait(60)
    expect(page.locator(".na-text")).to_contain_text("Anna Weber")
    expect(page.locator(".na-text")).not_to_contain_text("rained")
    button(page, words("retry")).click()
    expect(page.locator(".na-confidence")).to_be_visible()
    expect(page.locator(".na-question")).to_have_text([WHO])
    page.context.close()


def test_a_new_conversation_is_not_drawn_over_by_an_answer_still_being_written(
    visit: Visit, written: str, model: tuple[ModelScript, Halting]
) -> None:
    script, halting = model
    page = visit(address=written)
    ask_of_a_model_that_halts(page, model)
    page.locator("#na-side .toggle-button").click()
    page.locator("#na-new").click()
    expect(page.locator(".na-question")).to_have_count(0)
    halting.may_go_on.set()
    assert script.hung_up.wait(60)
    expect(page.locator("#na-question .submit-button")).to_be_visible()
    expect(page.locator(".na-question")).to_have_count(0)
