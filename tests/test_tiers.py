"""What a site keeps for a tier is seen by nobody without it, whichever way they come; and by its holders, it is."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_support import ADMIN, running, settings_in
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from assistant import Assistant, open_assistant
from assistant.limited import LimitedAssistant
from ui.identity import Identity
from ui.language import languages
from ui.page.library_tab import newest_first
from ui.page.turns import Desk, take_turn
from ui.questions import QuestionLog
from ui.server import create_app
from ui.sessions import Sessions, server_secret
from ui.sharing import Sharing
from ui.sites import Scope, Site, SiteLimits, SiteRegistry

PORTAL = "https://portal.example.org"
QUESTION = "Where is the subscribers' picnic held?"
SECRET = "walled orchard"
PAID = "---\ntitle: Members 1\npublisher: Members\ndate: 2024-05-01\n---\n\nThe subscribers' picnic is held in the walled orchard.\n"
FREE = "---\ntitle: Public 1\npublisher: Public\ndate: 2024-04-01\n---\n\nThe library opens at nine on weekdays.\n"
OLD = "---\ntitle: Public 0\npublisher: Public\ndate: 2019-04-01\n---\n\nThe library moved to Mill Street.\n"
MEMBERS = Scope(publishers=frozenset({"Members"}))
LIMITS = SiteLimits(address="1000/minute", session="1000/minute")
SITES = (
    Site(
        id="library",
        origins=(PORTAL,),
        limits=LIMITS,
        tiers={"subscriber": MEMBERS, "board": Scope(newsletter_ids=frozenset({"nothing"}))},
        collections={"recent": Scope(since="2024"), "old": Scope(until="2020")},
    ),
    Site(id="other", origins=(PORTAL,), limits=LIMITS),
    Site(id="partner", origins=(PORTAL,), limits=LIMITS, tiers={"partner": MEMBERS}),
)


@dataclass(frozen=True)
class House:
    """A running server with its assistant and its folder."""

    client: httpx.Client
    assistant: Assistant
    public: LimitedAssistant
    folder: Path

    def headers(self, site: str, tiers: tuple[str, ...] = (), collections: tuple[str, ...] | None = None) -> dict:
        """The headers of a reader on the page that `site` frames, whom its portal names so."""
        known = Identity("r-1", frozenset(tiers), None if collections is None else frozenset(collections))
        token = Sessions(server_secret(self.folder)).issue(self.site(site), self.origin, known)
        return {"Origin": self.origin, "X-Site": site, "Authorization": f"Bearer {token}"}

    @property
    def origin(self) -> str:
        """The server's own."""
        return str(self.client.base_url).rstrip("/")

    def reading_pass(self, site: str, *tiers: str) -> str:
        """A pass for reader pages."""
        return Sessions(server_secret(self.folder)).reading_pass(self.site(site), Identity("r-1", frozenset(tiers)))

    def site(self, name: str) -> Site:
        """The site's record as the server has it."""
        site = SiteRegistry(self.folder / "sites.json").get(name)
        assert site is not None
        return site


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("tiers")
    for name, text in {"paid": PAID, "free": FREE, "old": OLD}.items():
        (folder / f"{name}.md").write_text(text)
    settings = settings_in(folder / "data")
    for site in SITES:
        SiteRegistry(settings.data_dir / "sites.json").add(site)
    with open_assistant(settings, corpus=[folder / f"{name}.md" for name in ("paid", "free", "old")]) as assistant:
        app = create_app(assistant, settings)
        with running(app) as address, httpx.Client(base_url=address, timeout=60) as client:
            yield House(client, assistant, app.state.service.public, settings.data_dir)


def posted(path: str, body: dict[str, Any]) -> Callable[[House, dict], str]:
    def way(house: House, headers: dict) -> str:
        answer = house.client.post(path, json=body, headers=headers)
        assert answer.status_code == 200
        return answer.text

    return way


def got(path: str) -> Callable[[House, dict], str]:
    return lambda house, headers: house.client.get(path, headers=headers).text


def tool(name: str, **arguments: Any) -> Callable[[House, dict], str]:
    """What the tool of the MCP server gives over HTTP."""

    async def call(address: str, headers: dict) -> str:
        async with (
            httpx.AsyncClient(headers=headers, timeout=60) as client,
            streamable_http_client(f"{address}/mcp", http_client=client) as (read, write, *_),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return (await session.call_tool(name, arguments)).model_dump_json()

    return lambda house, headers: asyncio.run(call(house.origin, headers))


MESSAGES = [{"role": "user", "content": QUESTION}]
WAYS = {
    "the list": got("/api/v1/newsletters"),
    "the text": got("/api/v1/newsletters/paid"),
    "the search": got("/api/v1/search?q=subscribers+picnic+orchard"),
    "the answer": posted("/api/v1/ask", {"question": QUESTION}),
    "the answer by a filter": posted("/api/v1/ask", {"question": QUESTION, "filters": {"newsletter_ids": ["paid"]}}),
    "the stream": posted("/api/v1/ask/stream", {"question": QUESTION}),
    "OpenAI's route": posted("/v1/chat/completions", {"messages": MESSAGES}),
    "OpenAI's stream": posted("/v1/chat/completions", {"messages": MESSAGES, "stream": True}),
    "the tool ask": tool("ask", question=QUESTION),
    "the tool ask by a date": tool("ask", question=QUESTION, since="2024-05"),
    "the tool search": tool("search", query="subscribers picnic orchard"),
    "the tool read_newsletter": tool("read_newsletter", newsletter_id="paid"),
    "the reader page": got("/read/paid"),
}
SHOWN = (SECRET, "Members 1")


def without_the_question(text: str) -> str:
    return text.replace("subscribers+picnic+orchard", "")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("site", "tiers"),
    [("", ()), ("library", ()), ("library", ("board", "partner")), ("other", ("subscriber",)), ("partner", ())],
    ids=["no site", "guest", "other tiers", "other site", "other site's guest"],
)
def test_without_the_tier_its_issues_are_not_shown(house: House, way: str, site: str, tiers: tuple[str, ...]) -> None:
    text = WAYS[way](house, house.headers(site, tiers) if site else {})
    assert not [shown for shown in SHOWN if shown in text]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", ["subscriber", "partner", "admin"])
def test_the_tiers_holders_and_the_admin_see_its_issues(house: House, way: str, who: str) -> None:
    headers = {
        "subscriber": house.headers("library", ("subscriber",)),
        "partner": house.headers("partner", ("partner",)),
        "admin": ADMIN,
    }[who]
    text = WAYS[way](house, headers)
    assert any(shown in text for shown in SHOWN)


def test_the_chat_page_does_not_know_the_tiers_issues(house: House, tmp_path: Path) -> None:
    desk = Desk(house.public, Sharing(b"secret"), QuestionLog(tmp_path))
    words = languages()["en"]
    *_, turn = take_turn(desk, words, QUESTION, [], filters=None)
    assert SECRET not in turn.html
    assert [info.id for info in newest_first(house.public)] == ["free", "old"]
    assert house.public.mentions("picnic") == house.public.search("walled orchard", limit=1)[2:] == []
    assert {found.newsletter.id for found in house.public.search("picnic")} <= {"free", "old"}
    assert "Members" not in "".join(house.public.suggested_questions())
    assert house.assistant.mentions("picnic")


def test_an_answer_that_was_shared_before_its_issue_was_kept_is_not_shown(house: House) -> None:
    cited, free = (house.assistant.ask(question) for question in (QUESTION, "At what hour does the library open?"))
    sharing = Sharing(server_secret(house.folder))
    assert house.client.get(sharing.path(free)).status_code == 200
    hidden = house.client.get(sharing.path(cited))
    assert hidden.status_code == 404
    assert SECRET not in hidden.text


def test_a_reader_page_opens_with_a_pass_for_the_tier(house: House) -> None:
    good = house.reading_pass("library", "subscriber")
    assert SECRET in house.client.get("/read/paid", params={"pass": good}).text
    for bad in (house.reading_pass("library"), house.reading_pass("other", "subscriber"), good[:-2] + "aa", "", "é~x"):
        answer = house.client.get("/read/paid", params={"pass": bad})
        assert answer.status_code == 404
        assert SECRET not in answer.text


def test_a_pass_is_no_session_and_a_session_no_pass(house: House) -> None:
    headers = house.headers("library", ("subscriber",))
    token = headers["Authorization"].removeprefix("Bearer ")
    assert house.client.get("/read/paid", params={"pass": f"library~{token}"}).status_code == 404
    for origin in (house.origin, "reading"):
        stolen = {**headers, "Origin": origin}
        stolen["Authorization"] = f"Bearer {house.reading_pass('library', 'subscriber').partition('~')[2]}"
        assert house.client.get("/api/v1/newsletters", headers=stolen).status_code in (401, 403)


def test_a_session_gives_a_pass_to_those_who_need_one(house: House) -> None:
    key = house.site("library").key
    for tiers, needs in ((["subscriber"], True), ([], False)):
        token = signed(key, {"sub": "r-1", "site": "library", "tiers": tiers, "exp": time.time() + 60})
        body = {"identity": token}
        answer = house.client.post("/api/v1/sites/library/session", json=body, headers={"Origin": PORTAL}).json()
        assert bool(answer["reading_pass"]) == needs


def test_an_identity_confines_its_reader_to_collections(house: House) -> None:
    seen = {
        names: [
            item["id"]
            for item in house.client.get(
                "/api/v1/newsletters", headers=house.headers("library", ("subscriber",), names)
            ).json()
        ]
        for names in (None, ("recent",), ("old",), ("recent", "old"), ("unknown",), ())
    }
    assert seen == {
        None: ["paid", "free", "old"],
        ("recent",): ["paid", "free"],
        ("old",): ["old"],
        ("recent", "old"): ["paid", "free", "old"],
        ("unknown",): [],
        (): [],
    }


def test_a_session_opens_no_issue_page_outside_its_collections(house: House) -> None:
    opened = [
        house.client.get("/read/old", headers=house.headers("library", (), names)).status_code
        for names in (None, ("old",), ("recent",))
    ]
    assert opened == [200, 200, 404]


def test_a_page_narrows_to_a_collection_and_never_widens(house: House) -> None:
    def cited(collection: str, headers: dict) -> httpx.Response:
        body = {"question": "Where did the library move?", "filters": {"collection": collection}}
        return house.client.post("/api/v1/ask", json=body, headers=headers)

    guest = house.headers("library")
    assert "Mill Street" in cited("old", guest).text
    assert "Mill Street" not in cited("recent", guest).text
    assert "Mill Street" not in cited("old", house.headers("library", (), ("recent",))).text
    assert cited("unknown", guest).status_code == cited("old", {}).status_code == 422


@pytest.mark.parametrize("route", ["/api/v1/ask", "/api/v1/ask/stream"])
@pytest.mark.parametrize("site", ["library", None])
def test_an_unknown_collection_is_a_problem_document_whichever_way_one_asks(
    house: House, route: str, site: str | None
) -> None:
    body = {"question": "Where did the library move?", "filters": {"collection": "unknown"}}
    answer = house.client.post(route, json=body, headers=house.headers(site) if site else {})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "collection" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("question", "says"),
    [("What is new in the latest issue?", "opens at nine"), ("What happened in 2019?", "Mill Street")],
)
def test_what_is_new_is_what_is_new_of_the_issues_one_may_see(house: House, question: str, says: str) -> None:
    answer = house.client.post("/api/v1/ask", json={"question": question}, headers=house.headers("library")).json()
    assert [says in sentence["text"] for sentence in answer["sentences"]] == [True]


def signed(key: str, claims: dict[str, Any]) -> str:
    """A portal's token, as docs/widget.md tells to make it."""
    import base64
    import hashlib
    import hmac

    def b64(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    body = b64(b'{"alg":"HS256"}') + "." + b64(json.dumps(claims).encode())
    return body + "." + b64(hmac.digest(key.encode(), body.encode(), hashlib.sha256))
