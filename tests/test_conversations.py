"""Conversations that the server keeps: their own session reads and deletes them, nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from api_support import ADMIN, QUESTION, api_app, running, session_headers, settings_in

from assistant import Assistant
from ui.memory import MOST_OF_ONE_SESSION, MOST_TURNS, ConversationKey, ConversationMemory
from ui.sessions import LIFETIME
from ui.sites import Site, SiteRegistry

PORTAL = "https://portal.example.org"
NAME = "my-talk-1"
ROUTE = f"/api/v1/conversations/{NAME}"


@pytest.fixture(scope="module")
def portal(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = settings_in(tmp_path_factory.mktemp("conversations"))
    sites = SiteRegistry(settings.data_dir / "sites.json")
    for name in ("library", "other"):
        sites.add(Site(id=name, origins=(PORTAL,)))
    with (
        running(api_app(shipped, settings)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def owner(portal: httpx.Client) -> dict[str, str]:
    """The headers of a reader with one conversation of two turns, the second a stream."""
    headers = session_headers(portal, "library", PORTAL)
    for route, question in (("ask", QUESTION), ("ask/stream", "And who took part in it?")):
        body = {"question": question, "conversation": NAME}
        assert portal.post(f"/api/v1/{route}", json=body, headers=headers).status_code == 200
    return headers


def test_a_conversation_is_read_by_its_session_and_is_the_history_of_its_next_question(
    portal: httpx.Client, owner: dict[str, str]
) -> None:
    first, second = portal.get(ROUTE, headers=owner).json()["turns"]
    assert first["question"] == QUESTION
    assert first["answer"]["citations"]
    assert second["answer"]["resolved_question"] != second["question"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("site", ["library", "other"])
def test_another_session_finds_no_conversation_to_read_or_delete(
    portal: httpx.Client, owner: dict[str, str], method: str, site: str
) -> None:
    stranger = session_headers(portal, site, PORTAL)
    assert portal.request(method, ROUTE, headers=stranger).status_code == 404
    assert len(portal.get(ROUTE, headers=owner).json()["turns"]) == 2


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("headers", [{}, ADMIN, {"Origin": PORTAL, "X-Site": "library"}], ids=["none", "admin", "site"])
def test_without_a_session_no_conversation_is_read_or_deleted(
    portal: httpx.Client, owner: dict[str, str], method: str, headers: dict[str, str]
) -> None:
    assert portal.request(method, ROUTE, headers=headers).status_code == 401
    assert portal.get(ROUTE, headers=owner).status_code == 200


def test_a_conversation_is_forgotten_on_request(portal: httpx.Client) -> None:
    headers = session_headers(portal, "library", PORTAL)
    portal.post("/api/v1/ask", json={"question": QUESTION, "conversation": NAME}, headers=headers)
    assert portal.delete(ROUTE, headers=headers).status_code == 204
    assert portal.get(ROUTE, headers=headers).status_code == 404


def test_a_page_of_the_site_may_delete_across_origins(portal: httpx.Client) -> None:
    asked = {"Origin": PORTAL, "Access-Control-Request-Method": "DELETE", "Access-Control-Request-Headers": "x-site"}
    answer = portal.options(ROUTE, headers=asked)
    assert answer.headers["access-control-allow-origin"] == PORTAL
    assert "DELETE" in answer.headers["access-control-allow-methods"]


def test_who_has_no_session_sends_the_history_instead(portal: httpx.Client) -> None:
    answer = portal.post("/api/v1/ask", json={"question": QUESTION, "conversation": NAME})
    assert answer.status_code == 422
    assert "history" in answer.json()["detail"]


def key(owner: str, name: str = "talk") -> ConversationKey:
    return ConversationKey(owner, name)


def test_the_memory_forgets_after_its_time() -> None:
    now = [0.0]
    memory = ConversationMemory(clock=lambda: now[0])
    memory.add(key("a"), {"question": "?"})
    now[0] += LIFETIME
    assert memory.turns(key("a")) == [{"question": "?"}]
    now[0] += 1
    assert memory.turns(key("a")) is None
    assert not memory.forget(key("a"))


def test_the_memory_stays_within_its_bounds_and_drops_the_oldest() -> None:
    memory = ConversationMemory(most_bytes=50_000)
    for number in range(40):
        memory.add(key("long"), {"question": number})
        memory.add(key("many", f"talk {number}"), {"question": "?"})
    assert memory.turns(key("long")) == [{"question": number} for number in range(40 - MOST_TURNS, 40)]
    kept = [number for number in range(40) if memory.turns(key("many", f"talk {number}"))]
    assert kept == list(range(40 - MOST_OF_ONE_SESSION, 40))
    for number in range(100):
        memory.add(key(f"reader {number}"), {"question": "x" * 1000})
    found = [number for number in range(100) if memory.turns(key(f"reader {number}"))]
    assert 40 < len(found) < 50
    assert found[-1] == 99
