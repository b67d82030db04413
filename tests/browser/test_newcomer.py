"""What a newcomer does with nothing but the README: start the server, ask, open what is cited, add a newsletter, export."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.actions import FORUM, ask
from browser.conftest import Visit

pytestmark = pytest.mark.browser
LETTER = "# Harbour Letter 3\n\nThe new ferry to the island leaves at seven every morning since May.\n"


@dataclass(frozen=True)
class Started:
    """What `newsletter-assistant serve` said once it was up."""

    address: str
    key: str


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    command = [sys.executable, "-m", "ui.cli", "--data-dir", str(tmp_path / "data"), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        said = ""
        while "The chat is open at" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        key = re.search(r"editor's key of this run, for the tab “Add newsletters”: (\S+)", said)
        yield Started(re.search(r"http://[\d.:]+", said)[0], key[1])
        process.terminate()
        assert process.wait(30) == 0


def test_a_newcomer_asks_opens_adds_and_exports(visit: Visit, started: Started, tmp_path: Path) -> None:
    page = visit(address=started.address)
    page.locator("#na-chat .examples button").first.click()
    page.locator(".na-after").wait_for()
    answer = ask(page, FORUM)
    open_citation(page, answer.locator(".na-chip").first, "Silk Road of Innovation Thematic Forum")
    answer = ask(page, "Who spoke about IP protection?")
    expect(answer.locator(".na-resolved")).to_have_count(0)
    card = answer.locator(".na-card", has_text="Francis Gurry")
    open_citation(page, card.get_by_role("link", name="Read in the issue").first, "Francis Gurry")

    page.get_by_role("tab", name="Add newsletters").click()
    page.get_by_label("Editor's key").fill(started.key)
    page.get_by_role("button", name="Open").click()
    letter = tmp_path / "harbour.md"
    letter.write_text(LETTER, encoding="utf-8")
    page.locator("#na-files input[type=file]").set_input_files(letter)
    page.get_by_role("button", name="Add to the archive").click()
    expect(page.locator("#na-adding")).to_contain_text("Added: 1.")
    page.get_by_role("tab", name="Ask", exact=True).click()
    expect(ask(page, "At which hour does the new ferry to the island leave?")).to_contain_text("seven every morning")

    page.get_by_role("button", name="Conversations", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown", exact=True).click()
    download.value.save_as(tmp_path / "conversation.md")
    kept = (tmp_path / "conversation.md").read_text(encoding="utf-8")
    assert kept.count("\n## ") == 4
    assert "Francis Gurry" in kept
    assert "Harbour" in kept


def open_citation(page: Page, link: object, said: str) -> None:
    """Open a citation, read what it marks, close it."""
    link.click()
    expect(page.frame_locator(".na-panel iframe").locator("mark.cited").first).to_contain_text(said)
    page.locator(".na-panel .na-close").click()
    expect(page.locator(".na-panel")).to_be_hidden()
