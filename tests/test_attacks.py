"""Sixty attacking newsletters and eighty attacking questions: no script runs, no file leaks, no fault of the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_support import ADMIN, running, settings_in
from attacks.newsletters import BROKEN, HIDDEN, NEWSLETTERS, fact
from attacks.questions import QUESTIONS
from playwright.sync_api import sync_playwright

from assistant import open_assistant
from ui.server import create_app

SECRETS = ("root:x:", "root:*:", "[fonts]")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("attacks")
    letters = folder / "letters"
    letters.mkdir()
    for name, content in NEWSLETTERS.items():
        (letters / name).write_bytes(content)
    settings = settings_in(folder / "data")
    with (
        open_assistant(settings, corpus=[letters]) as assistant,
        running(create_app(assistant, settings)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        client.folder = folder
        yield client


def post(server: httpx.Client, question: str) -> httpx.Response:
    content = json.dumps({"question": question})
    return server.post("/api/v1/ask", content=content, headers={"Content-Type": "application/json"})


def test_there_are_sixty_of_each_and_every_newsletter_is_read(server: httpx.Client) -> None:
    assert len(NEWSLETTERS) >= 60
    assert len(set(QUESTIONS)) >= 60
    assert len(server.get("/api/v1/newsletters").json()) == len(NEWSLETTERS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_attacking_question_is_answered_or_refused_and_leaks_nothing(server: httpx.Client, question: str) -> None:
    answer = post(server, question)
    assert answer.status_code in (200, 422)
    assert "Traceback" not in answer.text
    assert not any(secret in answer.text for secret in SECRETS)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("number", range(50, len(NEWSLETTERS)))
def test_instructions_and_tricks_around_a_fact_change_nothing(server: httpx.Client, number: int) -> None:
    answer = post(server, f"What is the courier of harbour {number} called?").json()
    texts = {
        c["newsletter_id"]: server.get(f"/api/v1/newsletters/{c['newsletter_id']}").json()["text"]
        for c in answer["citations"]
    }
    assert fact(number) in [c["quote"] for c in answer["citations"] + answer["closest"]]
    assert all(texts[c["newsletter_id"]][c["start"] : c["end"]] == c["quote"] for c in answer["citations"])
    assert all(sentence["kind"] == "quote" for sentence in answer["sentences"])


def test_hidden_text_is_not_in_the_index(server: httpx.Client) -> None:
    infos = [info for info in server.get("/api/v1/newsletters").json() if info["sources"][0].endswith(".html")]
    texts = [server.get(f"/api/v1/newsletters/{info['id']}").json()["text"] for info in infos]
    assert len(texts) == len(HIDDEN)
    assert not any("HIDDENWORD" in text or "\u200b" in text for text in texts)
    assert all("Visible." in text for text in texts)


@pytest.mark.browser
def test_no_script_of_any_newsletter_runs_and_nothing_is_fetched(server: httpx.Client) -> None:
    base = str(server.base_url)
    foreign: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on("request", lambda request: request.url.startswith(base) or foreign.append(request.url))
        for info in server.get("/api/v1/newsletters").json():
            page.goto(f"{base}/read/{info['id']}", wait_until="load")
            for link in page.locator("main a, header a").all():
                assert (link.get_attribute("href") or "").split(":")[0] in ("http", "https", "mailto") or (
                    link.get_attribute("href") or ""
                ).startswith(("/", "#"))
            assert page.evaluate("window.hacked === undefined"), info["id"]
            assert page.locator("img, iframe, object, embed, form, base").count() == 0
        browser.close()
    assert foreign == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_read_or_refused_with_a_reason(server: httpx.Client, name: str) -> None:
    answer = server.put(f"/api/v1/admin/newsletters/{name}", content=BROKEN[name], headers=ADMIN)
    assert answer.status_code in (201, 422)
    assert "Traceback" not in answer.text
    assert not any(secret in answer.text for secret in SECRETS)


@pytest.mark.parametrize(
    "source",
    [
        "http://127.0.0.1:1/feed.xml",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost:1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://0/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_INFO",
    ],
)
def test_a_source_does_not_reach_into_the_servers_network(server: httpx.Client, source: str) -> None:
    answer = server.post("/api/v1/admin/sync", json={"paths": [source]}, headers=ADMIN)
    assert answer.status_code in (200, 422)
    assert answer.status_code == 422 or answer.json()["failed"]
    assert not any(secret in answer.text for secret in SECRETS)


def test_nothing_was_written_outside_the_data_directory(server: httpx.Client) -> None:
    assert {path.name for path in Path(server.folder).iterdir()} == {"letters", "data"}
