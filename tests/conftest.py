"""What every test stands on: a data directory of its own, no network, and the real model."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from api_support import PORTAL, running, settings_in
from model_support import QUESTION, ModelScript, model_server, says, with_model

from assistant import Answer, Assistant, open_assistant
from corpus import shipped_newsletters
from ui.server import create_app
from ui.sites import Scope, Site, SiteLimits, SiteRegistry

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
    return shipped.ask(QUESTION)


@pytest.fixture(scope="module")
def door(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the whole application with its sites, served once for each module that asks for it."""
    settings = settings_in(tmp_path_factory.mktemp("door"), request_timeout=1.0)
    sites = SiteRegistry(settings.data_dir / "sites.json")
    sites.add(Site(id="library", origins=(PORTAL, "https://*.branch.example.org")))
    sites.add(Site(id="other", origins=("https://other.example.org",)))
    sites.add(Site(id="nobody"))
    sites.add(Site(id="narrow", origins=(PORTAL,), scope=Scope(publishers=frozenset({"Someone else"}))))
    sites.add(Site(id="tight", origins=(PORTAL,), limits=SiteLimits(address="2/hour")))
    sites.add(Site(id="spaced", origins=(PORTAL,), limits=SiteLimits(address="20/minute;2/hour")))
    with (
        running(create_app(shipped, settings)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        client.sites = sites
        yield client


@pytest.fixture
def script() -> Iterator[ModelScript]:
    """A model server that says what is true of the forum until a test tells it otherwise."""
    with model_server(says("The forum was held at the National Convention Center in Beijing [1].")) as served:
        yield served


@pytest.fixture
def assistant(shipped: Assistant, script: ModelScript) -> Assistant:
    """The shipped assistant, answering with the scripted model."""
    return with_model(shipped, script)


@pytest.fixture
def quoted(answer: Answer) -> Answer:
    """The same answer under the name it has where a model writes another beside it."""
    return answer
