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
from browser.actions import ask, look, open_editor, open_tab
from browser.conftest import Visit
from browser.places import EACH_ONCE, Place, button
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
EMPTY = "is empty: remove it or put a newsletter into it."
PRIVATE = "leads to a private address, which is not fetched: save the page and give the file."
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


@EACH_ONCE
def test_an_issue_that_changed_is_told_where_it_was_quoted(place: Place, serve: Serve, tmp_path: Path) -> None:
    write_letter(tmp_path, FERRY)
    address, words = serve(), place.words
    page = place.open(address=address)
    answer = ask(page, WHEN)
    expect(answer).to_contain_text("leaves at seven every morning")
    link = answer.locator(".na-share").get_attribute("href")
    write_letter(tmp_path, FERRY.replace("at seven every morning since May", "at eight on weekdays since June"))
    open_editor(page)
    button(page, words("resync")).click()
    expect(page.locator("#na-adding")).to_have_text(
        words("resynced", added=0, changed=1, removed=0, unchanged=0, failed=0)
    )
    shared = place.open(link, address=address)
    expect(shared.get_by_role("status")).to_contain_text(words("shared_some_changed"))
    expect(shared.locator(".na-standing").first).to_have_text(words("changed_since"))
    look(shared, words, "shared-changed")
    page.reload()
    expect(page.locator(".na-standing").first).to_have_text(words("changed_since"))
    look(page, words, "changed")
    page.context.close()


@EACH_ONCE
def test_the_sources_are_read_again_at_a_click(place: Place, serve: Serve, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    for number, name in enumerate(("Ada", "Bo", "Chen"), start=2):
        (letters / f"{name}.md").write_text(LETTER.format(number, name), encoding="utf-8")
    page, words = place.open(address=serve()), place.words
    (letters / "Ada.md").write_text(LETTER.format(2, "Ada") + "\nAnd an eel.\n", encoding="utf-8")
    (letters / "Bo.md").unlink()
    (letters / "Dora.md").write_text(LETTER.format(5, "Dora"), encoding="utf-8")
    (letters / "Emil.md").write_text("", encoding="utf-8")
    open_editor(page)
    button(page, words("resync")).click()
    told = words("resynced", added=1, changed=1, removed=1, unchanged=1, failed=1)
    expect(page.locator("#na-adding [role=status]")).to_have_text(told)
    unread = page.locator("#na-adding [role=alert]")
    expect(unread).to_contain_text(f"{letters / 'Emil.md'} {words.errors.get(EMPTY, EMPTY)}")
    look(page, words, "read-again")
    (letters / "Emil.md").write_text(LETTER.format(6, "Emil"), encoding="utf-8")
    button(page, words("resync")).click()
    expect(page.locator("#na-adding [role=status]")).to_have_text(
        words("resynced", added=1, changed=0, removed=0, unchanged=3, failed=0)
    )
    expect(unread).to_have_count(0)
    open_tab(page, 1)
    issues = page.locator(".na-issues a.na-read")
    expect(issues).to_have_count(4)
    assert set(issues.all_inner_texts()) == {f"Letter {number}" for number in (2, 4, 5, 6)}
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


@EACH_ONCE
def test_an_empty_archive_says_so_under_its_own_name(place: Place, serve: Serve, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><circle cx='4' cy='4' r='4'/></svg>")
    page, words = place.open(address=serve(title="Harbour Letters", logo=logo)), place.words
    empty = words.texts["archive_empty"].split("{command}")[0].strip()
    expect(page).to_have_title("Harbour Letters")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Letters")
    page.wait_for_function("document.querySelector('.na-logo').naturalWidth > 0")
    expect(page.locator(".na-welcome")).to_contain_text(empty)
    look(page, words, "empty")
    expect(ask(page, WHEN)).to_have_class(re.compile("na-missing"))
    open_tab(page, 1)
    expect(page.locator("#na-library")).to_contain_text(empty)
    look(page, words, "empty-library")
    page.context.close()


@EACH_ONCE
def test_an_editor_drops_files_and_sees_how_far_they_are(place: Place, serve: Serve) -> None:
    page, words = place.open(address=serve()), place.words
    open_editor(page)
    names = ("Ada", "Bo", "Chen", "Dora")
    dropped(page, {f"letter-{n}.md": LETTER.format(n + 2, name) for n, name in enumerate(names)})
    expect(page.locator("#na-review").get_by_role("gridcell").last).to_contain_text("letter-3.md")
    look(page, words, "dropped")
    page.evaluate(LISTEN, "#na-adding")
    button(page, words("index_them")).click()
    expect(page.locator("#na-adding")).to_have_text(words("added", added=4, changed=0, unchanged=0))
    told = re.escape(words("indexing", name="NAME", done="DONE", total=4, rate="RATE", left="LEFT"))
    for held, filled in (("NAME", r"letter-\d\.md"), ("DONE", r"\d"), ("RATE", r"[\d,]+"), ("LEFT", r"\d+")):
        told = told.replace(held, filled)
    assert any(re.fullmatch(told, text) for text in page.evaluate("window.said"))
    open_tab(page, 1)
    expect(page.locator(".na-issues li")).to_have_count(4)
    page.context.close()


@EACH_ONCE
def test_an_editor_gives_an_address(place: Place, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    web = FastAPI()
    web.get("/letter.md")(lambda: Response(LETTER.format(5, "Emil"), media_type="text/markdown"))
    with running(web) as elsewhere:
        page, words = place.open(address=serve()), place.words
        open_editor(page)
        page.get_by_label(words("add_url")).fill(f"{elsewhere}/letter.md")
        button(page, words("add_read")).click()
        expect(page.locator("#na-adding")).to_contain_text(
            f"{elsewhere}/letter.md {words.errors.get(PRIVATE, PRIVATE)}"
        )
        look(page, words, "private-address")
        monkeypatch.setattr("corpus.fetching.is_public", lambda address: True)
        button(page, words("add_read")).click()
        button(page, words("index_them")).click()
        expect(page.locator("#na-adding")).to_have_text(words("added", added=1, changed=0, unchanged=0))
        open_tab(page, 0)
        expect(ask(page, "How many cod did Emil catch?").locator(".na-original").first).to_have_attribute(
            "href", re.compile(re.escape(f"{elsewhere}/letter.md#:~:text="))
        )
        page.context.close()
