"""The editor's tabs of the chat page in a real Chromium."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from api_support import session_headers
from playwright.sync_api import expect

from browser.actions import WHO, ask, correct, look, open_editor, open_tab
from browser.conftest import House, Visit
from browser.places import EACH_ONCE, Place, button
from ui.questions import QuestionLog
from ui.sites import Site, SiteRegistry

pytestmark = pytest.mark.browser


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
    expect(page.locator("#na-review").get_by_role("gridcell").last).to_contain_text("bees.md")
    correct(page, {0: "Bee Letter", 2: "2022-09"})
    page.get_by_role("button", name="Add to the archive").click()
    expect(page.locator("#na-adding")).to_contain_text("Added: 1.")
    page.get_by_role("tab", name="Ask").click()
    answer = ask(page, "How many hives did the beekeeper move?")
    expect(answer.locator(".na-about")).to_have_text("1Bee Letter · September 2022")
    page.get_by_role("tab", name="Insights").click()
    expect(page.locator("#na-insights")).to_contain_text("answered")
    page.get_by_role("tab", name="Add newsletters").click()
    page.get_by_role("button", name=re.compile("^Remove an issue")).click()
    page.get_by_label("Issue", exact=True).click()
    page.get_by_role("option", name=re.compile("Bee Letter")).click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#na-adding")).to_contain_text("Remove it for good?")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#na-adding")).to_contain_text("Removed: Bee Letter.")


@pytest.fixture(scope="module")
def in_vain(house: House) -> House:
    """The page, after a question without an answer was asked in three places outside it."""
    portal = "https://portal.example"
    SiteRegistry(house.folder / "sites.json").add(Site(id="garden-portal", origins=(portal,)))
    with httpx.Client(base_url=house.address, timeout=30) as client:
        headers = session_headers(client, "garden-portal", portal)
        asked = [
            client.post("/api/v1/ask/stream", json={"question": "What does a zeppelin cost?"}, headers=headers),
            client.post("/api/v1/ask", json={"question": "Who flew the zeppelin?"}),
            client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": "A zeppelin, why?"}]}),
        ]
    assert [answer.status_code for answer in asked] == [200, 200, 200]
    return house


@pytest.fixture(scope="module")
def asked_before(house: House) -> House:
    """The page, two days after three visits asked its first question, so that there is a time to plot."""
    earlier = datetime.now(UTC) - timedelta(days=2)
    for _ in range(3):
        QuestionLog(house.folder).record(house.assistant.ask(WHO), seconds=0.02, at=earlier)
    return house


@EACH_ONCE
@pytest.mark.usefixtures("in_vain")
def test_the_insights_name_what_was_asked_in_vain_wherever_it_was_asked(place: Place) -> None:
    page, words = place.open(), place.words
    open_editor(page)
    page.locator("#na-files").wait_for()
    open_tab(page, 4)
    group = page.locator(".na-part > ul > li", has_text=words("group_of", topic="zeppelin"))
    site = words("channel_site", site="garden-portal")
    expect(group).to_contain_text(f"{site}, {words('channel_api')}, {words('channel_openai')}")
    expect(group.locator("li")).to_have_count(3)
    expect(page.locator("#na-insights")).to_contain_text(f"{site} 1")
    look(page, words, "in-vain")


@EACH_ONCE
@pytest.mark.usefixtures("asked_before")
def test_the_insights_join_judgements_to_passages_and_show_time_as_plots(place: Place) -> None:
    page, words = place.open(), place.words
    ask(page, WHO)
    answer = ask(page, WHO)
    button(answer, words("bad")).click()
    button(answer, words("reason_incomplete")).click()
    expect(answer.get_by_text(words("thanks"))).to_be_visible()
    open_editor(page)
    page.locator("#na-files").wait_for()
    open_tab(page, 4)
    judged = page.locator(".na-part", has_text=words("disliked")).locator("li", has_text=WHO)
    expect(judged.first).to_contain_text(words("reason_incomplete"))
    expect(judged.first.locator(".na-quote")).to_contain_text("Anna Weber")
    for plot in ("questions_over_time", "latency_over_time"):
        expect(page.get_by_role("img", name=words(plot))).to_be_visible()
    expect(page.get_by_role("heading", name=words("never_cited"))).to_be_visible()
    look(page, words, "judged")
    page.goto(f"{page.url.split('?')[0]}read/garden-2024-02")
    expect(page.get_by_text(words("often_asked"))).to_be_visible()
    expect(page.get_by_role("link", name=WHO)).to_be_visible()
    look(page, words, "often-asked")
