"""Shared answers, and the pages that the server makes: a link opens exactly what the engine said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from api_support import settings_in
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant import Answer, Assistant
from ui.api.service import make_service
from ui.language import languages
from ui.page.citation_html import card, chip
from ui.page.export import exported
from ui.page.shelf import Conversation, Shelf, shelf_of
from ui.page.turns import Desk, Turn, restored
from ui.questions import QuestionLog
from ui.reading import add_pages
from ui.shared_page import shared_page
from ui.sharing import Sharing
from ui.standing import Standing, compare

ENGLISH = languages()["en"]
PLACE = {"title": "Here", "address": "http://127.0.0.1:7860"}


def test_an_answer_is_opened_from_its_address_by_the_server_that_made_it(answer: Answer) -> None:
    token = Sharing(b"secret").path(answer).removeprefix("/answer/")
    assert Sharing(b"secret").open(token) == replace(answer, timings={})
    assert Sharing(b"another").open(token) is None
    assert len(token) < 4000


def kept_and_restored(shipped: Assistant, folder: Path, kept: Answer, seal: str) -> Turn:
    """The turn that a page shows of what a browser kept as JSON."""
    shelf = shelf_of(json.loads(json.dumps(Shelf().holding([kept], [seal]).to_json())))
    assert shelf.open is not None
    [(answer, sealed)] = shelf.open.sealed
    return restored(Desk(shipped, Sharing(b"secret"), QuestionLog(folder)), ENGLISH, answer, sealed)


def test_an_answer_that_a_browser_kept_can_still_be_shared(shipped: Assistant, answer: Answer, tmp_path: Path) -> None:
    whole = replace(answer, confidence=1)  # which a browser keeps as 1, and Python reads as 1.0
    assert "/answer/" in kept_and_restored(shipped, tmp_path, whole, Sharing(b"secret").seal(whole)).html


@pytest.mark.parametrize("sealed", [True, False], ids=["with another answer's seal", "without a seal"])
def test_an_invented_answer_gets_no_link(shipped: Assistant, answer: Answer, tmp_path: Path, sealed: bool) -> None:
    said = replace(answer.sentences[0], text="The forum was cancelled.", lead="")
    invented = replace(answer, sentences=(said,))
    turn = kept_and_restored(shipped, tmp_path, invented, Sharing(b"secret").seal(answer) if sealed else "")
    assert "The forum was cancelled." in turn.html
    assert "/answer/" not in turn.html
    assert turn.seal == ""


@pytest.mark.parametrize("name", ["number", "issue", "start", "page"])
@pytest.mark.parametrize("value", ['1"><meta http-equiv="refresh">', [], True, 1.5, float("inf")])
def test_an_answer_whose_numbers_are_none_is_not_read(answer: Answer, name: str, value: object) -> None:
    document = answer.to_dict()
    document["citations"][0][name] = value
    with pytest.raises((TypeError, ValueError)):
        Answer.from_dict(document)


def test_no_field_of_a_citation_is_markup(answer: Answer) -> None:
    cited = replace(answer.citations[0], number='1"><meta http-equiv=refresh>', start="0<meta>", title="<meta>")
    page = card(ENGLISH, cited) + chip(ENGLISH, cited)
    document = exported(ENGLISH, Conversation("", "", "", (replace(answer, citations=(cited,)),)), "html", **PLACE)
    assert "<meta http-equiv" not in page + document["text"]
    assert "<meta>" not in page + document["text"]


@pytest.mark.parametrize("token", ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAA", "é", "a" * 5000])
def test_an_invented_address_opens_nothing(token: str) -> None:
    assert Sharing(b"secret").open(token) is None


def test_a_citation_is_told_apart_when_it_moved_changed_or_went(shipped: Assistant, answer: Answer) -> None:
    cited = answer.citations[0]
    moved = replace(cited, start=cited.start + 3, end=cited.end + 3)
    assert compare(shipped, cited) == (cited, Standing.HOLDS)
    assert compare(shipped, moved) == (cited, Standing.MOVED)
    assert compare(shipped, replace(cited, quote="Never said."))[1] is Standing.CHANGED
    assert compare(shipped, replace(cited, newsletter_id="gone"))[1] is Standing.GONE


# The pages made on the server


@pytest.fixture(scope="module")
def pages(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    app = FastAPI()
    add_pages(app, make_service(shipped, settings_in(folder / "data", logo=folder / "logo.svg")))
    return TestClient(app)


def test_the_logo_comes_without_the_right_to_run_anything(pages: TestClient) -> None:
    answer = pages.get("/logo")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == "default-src 'none'"


def test_an_issue_opens_in_the_readers_language(pages: TestClient) -> None:
    page = pages.get("/read/china-st-newsletter-2019-04?start=377&end=574", headers={"Accept-Language": "zh-CN"})
    assert '<main id="text" tabindex="-1" lang="en">' in page.text
    assert "就本期提问" in page.text
    assert pages.get("/read/none").status_code == 404


def test_a_shared_answer_whose_issue_is_gone_says_so(shipped: Assistant, answer: Answer) -> None:
    gone = replace(answer, citations=tuple(replace(c, newsletter_id="gone") for c in answer.citations))
    page = shared_page(ENGLISH, shipped, gone, title="Here")
    assert "This issue is no longer in the archive." in page
    assert "The archive has changed since this answer was given" in page
