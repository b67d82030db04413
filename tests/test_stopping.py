"""Stopping a real server process: running answers finish, new ones are told to come back."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_support import QUESTION

Server = tuple[subprocess.Popen[str], str]


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Server]:
    """A server that takes two seconds to end an answer, and its address."""
    script = Path(__file__).with_name("slow_server.py")
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path), "2"], stdout=subprocess.PIPE, text=True
    ) as process:
        yield process, json.loads(process.stdout.readline())["url"]
        process.kill()


def started(address: str, route: str, into: list[httpx.Response]) -> threading.Thread:
    """A thread in which a question is asked."""
    ask = lambda: into.append(httpx.post(address + route, json={"question": QUESTION}, timeout=30))  # noqa: E731
    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_a_server_told_to_stop_finishes_its_answers_and_takes_no_new_ones(slow: Server) -> None:
    process, address = slow
    running: list[httpx.Response] = []
    with (
        httpx.Client(base_url=address, timeout=30) as client,
        client.stream("POST", "/api/v1/ask/stream", json={"question": QUESTION}) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "event: status"
        plain = started(address, "/api/v1/ask", running)
        while "newsletter_assistant_busy 2.0" not in httpx.get(f"{address}/metrics").text:
            pass
        process.send_signal(signal.SIGTERM)
        while (ready := httpx.get(f"{address}/readyz")).status_code == 200:
            pass
        new = [
            httpx.post(address + route, json={"question": QUESTION})
            for route in ("/api/v1/ask", "/v1/chat/completions")
        ]
        assert "event: done" in list(lines)
    plain.join()
    assert ready.status_code == 503
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in new] == [(503, "5")] * 2
    assert running[0].json()["citations"]
    assert process.wait(20) == 0


def test_an_idle_server_ends_when_told_to(slow: Server) -> None:
    process, _ = slow
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
