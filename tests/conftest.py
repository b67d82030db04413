"""What every test stands on: a data directory of its own, no network, and the real model."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from assistant import Answer, Assistant, open_assistant
from corpus import shipped_newsletters

# A project of its own, which a test runs as its users would
collect_ignore = ["example_project"]
_connect = socket.socket.connect


@pytest.fixture(autouse=True)
def own_data_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing a test indexes by default is left outside its temporary folder."""
    monkeypatch.setenv("NEWSLETTER_ASSISTANT_DATA_DIR", str(tmp_path / "index"))


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine fails the test."""

    def connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a request left the machine: {address}")
        return _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over the shipped newsletter, opened once for the whole run; tests must not change it."""
    with open_assistant(data_dir=tmp_path_factory.mktemp("shipped"), corpus=[shipped_newsletters()]) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def answer(shipped: Assistant) -> Answer:
    """An answer with one quotation of the shipped newsletter."""
    return shipped.ask("Where was the Silk Road of Innovation forum held?")
