"""How much one reader may ask of the chat page, sent as a program would: to Gradio's queue, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from api_support import QUESTION, running, settings_in
from starlette.requests import Request

from assistant import Assistant
from ui.language import languages
from ui.limits import RateLimiter
from ui.page.turnstile import Turnstile
from ui.server import create_app

FAR, OTHER = {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "203.0.113.10"}


@dataclass(frozen=True)
class Page:
    """A served chat page, whose events are raised without a browser."""

    client: httpx.Client
    config: dict[str, Any]

    def ask(self, text: str, headers: dict[str, str], visit: str = "visit") -> str:
        """What the page draws once `text` has been asked, as its script does."""
        _, event = self._event("na-bridge")
        return self._raise(event, [None] * len(event["inputs"]), {"question": text}, headers, visit)

    def send(self, box: str, text: str, headers: dict[str, str], visit: str = "visit") -> str:
        """What the page draws once `text` has been submitted in `box`."""
        component, event = self._event(box)
        data = [text if source == component else None for source in event["inputs"]]
        return self._raise(event, data, None, headers, visit)

    def _raise(self, event: dict[str, Any], data: list[Any], told: Any, headers: dict[str, str], visit: str) -> str:
        body = {"data": data, "fn_index": event["id"], "session_hash": visit, "event_data": told}
        joined = self.client.post("/gradio_api/queue/join", json=body, headers=headers)
        assert joined.status_code == 200, joined.text
        with self.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": visit}) as drawn:
            lines = (line for line in drawn.iter_lines() if '"process_completed"' in line)
            return json.dumps(json.loads(next(lines).removeprefix("data:")), ensure_ascii=False)

    def _event(self, box: str) -> tuple[int, dict[str, Any]]:
        [component] = [c["id"] for c in self.config["components"] if c["props"].get("elem_id") == box]
        return component, next(d for d in self.config["dependencies"] if [component, "submit"] in d["targets"])


@pytest.fixture(scope="module")
def page(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    settings = settings_in(
        tmp_path_factory.mktemp("limits"), trusted_proxies=["127.0.0.1"], public_api=True, rate_limit="2/minute"
    )
    with (
        running(create_app(shipped, settings)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield Page(client, client.get("/config").json())


def test_questions_on_the_page_count_against_the_limit_of_the_api(page: Page) -> None:
    drawn = [page.ask(QUESTION, FAR, visit=f"far-{number}") for number in range(3)]
    assert ["na-found" in shown for shown in drawn] == [True, True, False]
    assert "Many questions come from your address: wait" in drawn[2]
    assert page.client.post("/api/v1/ask", json={"question": QUESTION}, headers=FAR).status_code == 429
    assert "na-found" in page.ask(QUESTION, OTHER, visit="other")


def test_the_machine_itself_asks_the_page_without_a_limit(page: Page) -> None:
    drawn = [page.ask(QUESTION, {}, visit=f"near-{number}") for number in range(4)]
    assert all("na-found" in shown for shown in drawn)


def test_an_empty_question_is_not_counted(page: Page) -> None:
    drawn = [page.ask(" ", {"X-Forwarded-For": "203.0.113.11"}, visit="empty") for _ in range(4)]
    assert not any("come from your address" in shown for shown in drawn)


@pytest.mark.parametrize("box", ["na-search", "na-topic"])
def test_searches_and_topics_have_a_limit_of_their_own(page: Page, box: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.page.turnstile.LOOKING", "2/minute")
    headers = {"X-Forwarded-For": f"203.0.113.{len(box)}", "Accept-Language": "zh"}
    drawn = [page.send(box, "forum", headers, visit=box) for _ in range(3)]
    waits = languages()["zh"]("wait_to_look", seconds=60).split("60")[0]
    assert [waits in shown for shown in drawn] == [False, False, True]


def test_editors_keys_may_be_shown_ten_times_a_minute(tmp_path: Path) -> None:
    turnstile = Turnstile(RateLimiter(), settings_in(tmp_path))
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": ("203.0.113.12", 1)}
    far = gr.Request(request=Request(scope))
    assert [turnstile.showing_a_key(far) > 0 for _ in range(11)] == [False] * 10 + [True]
