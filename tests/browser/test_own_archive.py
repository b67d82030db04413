"""An archive that changes while it is read, one that is empty, and what an editor puts into it, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from api_support import running, settings_in
from fastapi import FastAPI, Response
from playwright.sync_api import Page, expect

from assistant import open_assistant
from browser.actions import ask, open_editor, violations
from browser.conftest import Visit
from ui.server import create_app

pytestmark = pytest.mark.browser
WHEN = "When does the ferry to the island leave?"
FERRY = """---
title: Harbour Letter 3
issue: 3
date: 2024-05-04
url: https://harbour.example/letters/3
---

## The ferry

The new ferry to the island leaves at seven every morning since May. It carries forty people and six bicycles.

## The lighthouse

The old lighthouse is painted red by Ida Lund in June. Its lamp shines twenty miles.
"""
LETTER = "# Letter {0}\n\n{1} caught {0} cod off the pier on Sunday.\n"
# Every text that the element shows from now on
LISTEN = """selector => {
  const place = document.querySelector(selector);
  window.said = [];
  new MutationObserver(() => window.said.push(place.innerText)).observe(place, { childList: true, subtree: true, characterData: true });
}"""
Serve = Callable[..., str]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Serves an archive of its own, out of the folder `letters` if there is one."""
    with ExitStack() as stack:

        def start(**server: Any) -> str:
            settings = settings_in(tmp_path / "data", **server)
            letters = tmp_path / "letters"
            corpus = [letters] if letters.exists() else None
            assistant = stack.enter_context(open_assistant(settings, corpus=corpus))
            assistant.warm()
            return stack.enter_context(running(create_app(assistant, settings)))

        yield start


def write_letter(folder: Path, text: str) -> None:
    (folder / "letters").mkdir(exist_ok=True)
    (folder / "letters" / "harbour-3.md").write_text(text, encoding="utf-8")


def dropped(page: Page, files: dict[str, str]) -> None:
    """Drop files on the field for newsletter files as from a desktop."""
    carried = page.evaluate_handle(
        "files => { const carried = new DataTransfer();"
        "for (const [name, text] of Object.entries(files)) carried.items.add(new File([text], name)); return carried; }",
        files,
    )
    page.dispatch_event("#na-files button", "drop", {"dataTransfer": carried})


def test_an_issue_that_changed_is_told_where_it_was_quoted(visit: Visit, serve: Serve, tmp_path: Path) -> None:
    write_letter(tmp_path, FERRY)
    address = serve()
    page = visit(address=address)
    answer = ask(page, WHEN)
    expect(answer).to_contain_text("leaves at seven every morning")
    link = answer.locator(".na-share").get_attribute("href")
    write_letter(tmp_path, FERRY.replace("at seven every morning since May", "at eight on weekdays since June"))
    open_editor(page)
    page.get_by_role("button", name="Read the sources again").click()
    expect(page.locator("#na-adding")).to_contain_text("Read again. Added: 0. Changed: 1.")
    shared = visit(link, address=address)
    expect(shared.get_by_role("status")).to_contain_text("The archive has changed since this answer was given")
    expect(shared.locator(".na-standing").first).to_have_text(
        "The issue has changed since: these words are no longer in it."
    )
    page.reload()
    expect(page.locator(".na-standing").first).to_have_text(
        "The issue has changed since: these words are no longer in it."
    )
    page.context.close()


def test_a_source_names_issue_date_and_section_and_leads_to_the_original(
    visit: Visit, serve: Serve, tmp_path: Path
) -> None:
    write_letter(tmp_path, FERRY)
    page = visit(address=serve(), permissions=["clipboard-read", "clipboard-write"])
    answer = ask(page, WHEN)
    original = "https://harbour.example/letters/3#:~:text="
    assert answer.locator(".na-original").first.get_attribute("href").startswith(original)
    answer.locator(".na-chip").first.click()
    expect(page.locator(".na-panel strong")).to_have_text("Harbour Letter 3 · 4 May 2024")
    expect(page.locator(".na-panel .na-place")).to_have_text("The ferry")
    reader = page.frame_locator(".na-panel iframe")
    assert reader.get_by_role("link", name="Original at this sentence").get_attribute("href").startswith(original)
    reader.get_by_text("In this issue").click()
    expect(reader.get_by_role("link", name="The lighthouse")).to_be_visible()
    page.locator(".na-close").click()
    answer.get_by_role("button", name="Copy with sources").click()
    expect(answer.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "every morning since May. [1]" in copied
    assert "[1] Harbour Letter 3 · 4 May 2024: “The new ferry" in copied
    page.context.close()


@pytest.mark.parametrize(
    ("width", "scheme", "locale", "said"),
    [(1440, "light", "en-GB", "The archive is empty"), (390, "dark", "zh-CN", "资料库是空的")],
)
def test_an_empty_archive_says_so_under_its_own_name(
    visit: Visit, serve: Serve, tmp_path: Path, width: int, scheme: Any, locale: str, said: str
) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><circle cx='4' cy='4' r='4'/></svg>")
    options = {"color_scheme": scheme, "locale": locale, "bypass_csp": True}
    page = visit(address=serve(title="Harbour Letters", logo=logo), viewport={"width": width, "height": 844}, **options)
    expect(page).to_have_title("Harbour Letters")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Letters")
    page.wait_for_function("document.querySelector('.na-logo').naturalWidth > 0")
    expect(page.locator(".na-welcome")).to_contain_text(said)
    assert violations(page, "empty") == []
    expect(ask(page, WHEN)).to_have_class(re.compile("na-missing"))
    page.get_by_role("tab").nth(1).click()
    expect(page.locator("#na-library")).to_contain_text(said)
    assert violations(page, "empty-library") == []
    page.context.close()


def test_an_editor_drops_files_and_sees_how_far_they_are(visit: Visit, serve: Serve) -> None:
    page = visit(address=serve())
    open_editor(page)
    names = ("Ada", "Bo", "Chen", "Dora")
    dropped(page, {f"letter-{place}.md": LETTER.format(place + 2, name) for place, name in enumerate(names)})
    expect(page.locator("#na-review").get_by_role("gridcell").last).to_contain_text("letter-3.md")
    page.evaluate(LISTEN, "#na-adding")
    page.get_by_role("button", name="Add to the archive").click()
    expect(page.locator("#na-adding")).to_contain_text("Added: 4.")
    told = re.compile(r"letter-\d\.md is read \(\d of 4\): [\d,]+ passages a second, about \d+ s left")
    assert any(told.match(text) for text in page.evaluate("window.said"))
    page.get_by_role("tab", name="Library").click()
    expect(page.locator(".na-issues li")).to_have_count(4)
    page.context.close()


def test_an_editor_gives_an_address(visit: Visit, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    web = FastAPI()
    web.get("/letter.md")(lambda: Response(LETTER.format(5, "Emil"), media_type="text/markdown"))
    with running(web) as elsewhere:
        page = visit(address=serve())
        open_editor(page)
        field = page.get_by_label("Address of a newsletter, feed or page")
        field.fill(f"{elsewhere}/letter.md")
        page.get_by_role("button", name="Read", exact=True).click()
        expect(page.locator("#na-adding")).to_contain_text("leads to a private address, which is not fetched")
        monkeypatch.setattr("corpus.fetching.is_public", lambda address: True)
        page.get_by_role("button", name="Read", exact=True).click()
        page.get_by_role("button", name="Add to the archive").click()
        expect(page.locator("#na-adding")).to_contain_text("Added: 1.")
        page.get_by_role("tab", name="Ask", exact=True).click()
        expect(ask(page, "How many cod did Emil catch?").locator(".na-original").first).to_have_attribute(
            "href", re.compile(re.escape(f"{elsewhere}/letter.md#:~:text="))
        )
        page.context.close()
