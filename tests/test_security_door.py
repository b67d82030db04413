"""The door: origins, hosts, sessions, limits and headers, on the whole application with Gradio in it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_support import ADMIN, QUESTION, api_app, running, session_headers, settings_in

from assistant import Assistant, SettingsError, load_settings
from ui.api import ask
from ui.limits import RateLimiter, parse_rates
from ui.problems import Problem
from ui.render import escape
from ui.server import create_app
from ui.sessions import LIFETIME, Sessions
from ui.sites import Look, Scope, Site, SiteLimits, SiteRegistry
from ui.snippet import snippet_for

PORTAL = "https://portal.example.org"
EVIL = "https://evil.example"
ROUTES = [
    "/",
    "/config",
    "/gradio_api/info",
    "/api/v1/ask",
    "/api/v1/newsletters",
    "/v1/models",
    "/mcp",
    "/healthz",
    "/metrics",
    "/widget.js",
    "/read/x",
    "/embed/library",
    "/api/v1/openapi.json",
    "/api/v1/sites/library/session",
]


@pytest.fixture(scope="module")
def door(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
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


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "origin", [EVIL, "null", "https://portal.example.org.evil.example", "http://portal.example.org"]
)
def test_no_route_reflects_a_foreign_origin(door: httpx.Client, path: str, method: str, origin: str) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST", "X-Site": "library"}
    answer = door.request(method, path, headers=headers)
    assert answer.headers.get("access-control-allow-origin") in ({None, "*"} if path == "/widget.js" else {None})
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.status_code < 500


@pytest.mark.parametrize("path", ["/api/v1/ask", "/v1/chat/completions", "/mcp", "/gradio_api/queue/join"])
def test_a_foreign_page_cannot_post(door: httpx.Client, path: str) -> None:
    assert door.post(path, json={"question": QUESTION}, headers={"Origin": EVIL}).status_code == 403


@pytest.mark.parametrize("origin", ["http://[", "http://[x]:1", "http://]", "://", "http://127.0.0.1:x"])
def test_an_origin_that_is_no_address_is_a_foreign_one(door: httpx.Client, origin: str) -> None:
    assert door.post("/api/v1/ask", json={"question": QUESTION}, headers={"Origin": origin}).status_code == 403
    assert door.get("/api/v1/newsletters", headers={"Origin": origin}).status_code == 403
    assert door.get("/healthz", headers={"Origin": origin}).status_code == 200


@pytest.mark.parametrize("expires", ["9" * 5000, "²", "-1", "1e999", ""])
def test_an_admins_cookie_with_an_invented_time_is_none(door: httpx.Client, expires: str) -> None:
    cookie = {"Cookie": f"newsletter-admin={expires}.x".encode("latin-1")}
    assert door.post("/api/v1/admin/session", headers=cookie).status_code == 401
    assert door.get("/metrics", headers={**cookie, "X-Forwarded-For": "203.0.113.77"}).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "[::1"])
@pytest.mark.parametrize("path", ["/", "/api/v1/newsletters", "/gradio_api/info"])
def test_a_foreign_host_name_is_misdirected(door: httpx.Client, host: str, path: str) -> None:
    assert door.get(path, headers={"Host": host}).status_code in (400, 421)


def test_a_site_answers_its_own_origin(door: httpx.Client) -> None:
    headers = session_headers(door, "library", PORTAL)
    answer = door.post("/api/v1/ask", json={"question": QUESTION}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PORTAL
    assert "Origin" in answer.headers["vary"]


def test_a_subdomain_matches_its_pattern_and_its_parent_does_not(door: httpx.Client) -> None:
    assert (
        door.post("/api/v1/sites/library/session", headers={"Origin": "https://a.branch.example.org"}).status_code
        == 200
    )
    assert (
        door.post("/api/v1/sites/library/session", headers={"Origin": "https://branch.example.org"}).status_code == 403
    )


def test_a_site_without_origins_answers_nobody(door: httpx.Client) -> None:
    for origin in (PORTAL, str(door.base_url).rstrip("/")):
        assert door.post("/api/v1/sites/nobody/session", headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize(
    "change", [{"X-Site": "other"}, {"Authorization": "Bearer x.y"}, {"Authorization": ""}, {"Origin": EVIL}]
)
def test_a_session_is_good_for_its_site_and_origin_only(door: httpx.Client, change: dict[str, str]) -> None:
    headers = {**session_headers(door, "library", PORTAL), **change}
    assert door.post("/api/v1/ask", json={"question": QUESTION}, headers=headers).status_code in (401, 403)


def test_a_session_without_its_origin_is_refused(door: httpx.Client) -> None:
    headers = session_headers(door, "library", PORTAL)
    del headers["Origin"]
    assert door.post("/api/v1/ask", json={"question": QUESTION}, headers=headers).status_code == 403


def test_rotating_a_site_ends_its_sessions(door: httpx.Client) -> None:
    door.sites.add(Site(id="turning", origins=(PORTAL,)))
    headers = session_headers(door, "turning", PORTAL)
    door.sites.rotate("turning")
    assert door.post("/api/v1/ask", json={"question": QUESTION}, headers=headers).status_code == 401


def test_a_session_dies_with_its_time() -> None:
    now = [1000.0]
    sessions, site = Sessions(b"secret", lambda: now[0]), Site(id="a", origins=(PORTAL,))
    token = sessions.issue(site, PORTAL)
    assert sessions.check(token, site, PORTAL)
    now[0] += LIFETIME + 1
    assert sessions.check(token, site, PORTAL) is None


def test_a_sites_scope_holds_for_answers_lists_and_texts(door: httpx.Client) -> None:
    headers = session_headers(door, "narrow", PORTAL)
    known = door.get("/api/v1/newsletters").json()[0]["id"]
    answer = door.post("/api/v1/ask", json={"question": QUESTION}, headers=headers).json()
    assert answer["citations"] == answer["closest"] == []
    assert door.get("/api/v1/newsletters", headers=headers).json() == []
    assert door.get(f"/api/v1/newsletters/{known}", headers=headers).status_code == 404
    assert door.get("/api/v1/search", params={"q": "road"}, headers=headers).json() == []


@pytest.mark.parametrize("site", ["tight", "spaced"])
def test_a_flood_gets_429_with_the_time_to_wait(door: httpx.Client, site: str) -> None:
    headers = session_headers(door, site, PORTAL)
    answers = [door.post("/api/v1/ask", json={"question": QUESTION}, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].headers["access-control-allow-origin"] == PORTAL


def test_a_few_addresses_do_not_use_up_what_a_site_may_ask() -> None:
    hour = 3600
    address, site = (parse_rates(rate) for rate in (SiteLimits().address, SiteLimits().site))
    an_address = min(limit.amount * hour / limit.get_expiry() for limit in address)
    assert an_address * 20 <= min(limit.amount * hour / limit.get_expiry() for limit in site)


def test_a_limit_counts_each_key_alone() -> None:
    asyncio.run(_count_each_alone())


async def _count_each_alone() -> None:
    limiter = RateLimiter()
    await limiter.check("1/hour", "a")
    await limiter.check("1/hour", "b")
    with pytest.raises(Problem):
        await limiter.check("1/hour", "a")


def test_who_asked_long_ago_is_forgotten() -> None:
    limiter = RateLimiter()
    asyncio.run(_count_once(limiter, 200))
    time.sleep(2.1)
    asyncio.run(_count_once(limiter, 1))
    time.sleep(0.3)
    memory = limiter._limiter.storage
    assert len(memory.storage) + len(memory.events) + len(memory.expirations) <= 2


async def _count_once(limiter: RateLimiter, keys: int) -> None:
    for key in range(keys):
        await limiter.check("5/second", str(key))


def test_a_request_through_an_unknown_proxy_is_not_local(door: httpx.Client) -> None:
    headers = {"X-Forwarded-For": "127.0.0.1"}
    assert door.post("/api/v1/ask", json={"question": QUESTION}, headers=headers).status_code == 401
    assert door.get("/metrics", headers=headers).status_code == 401
    assert door.get("/metrics", headers={**headers, **ADMIN}).status_code == 200


def test_a_trusted_proxys_client_is_limited_by_its_own_address(shipped: Assistant, tmp_path) -> None:
    settings = settings_in(tmp_path, trusted_proxies=["127.0.0.1"], public_api=True, rate_limit="1/hour")
    with running(api_app(shipped, settings)) as address, httpx.Client(base_url=address, timeout=60) as client:
        told = [{"X-Forwarded-For": chain} for chain in ("203.0.113.9", "198.51.100.1, 203.0.113.9", "203.0.113.10")]
        codes = [client.post("/api/v1/ask", json={"question": QUESTION}, headers=h).status_code for h in told]
    assert codes == [200, 429, 200]


@pytest.fixture
def proxied(shipped: Assistant, tmp_path: Path) -> Iterator[httpx.Client]:
    settings = settings_in(tmp_path, trusted_proxies=["127.0.0.1"], public_api=True)
    with running(api_app(shipped, settings)) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def guess(client: httpx.Client, path: str, key: str, address: str = "203.0.113.9") -> httpx.Response:
    method = "POST" if path.endswith("session") else "GET"
    return client.request(method, path, headers={"X-Forwarded-For": address, "Authorization": f"Bearer {key}"})


@pytest.mark.parametrize("path", ["/api/v1/admin/session", "/metrics", "/api/v1/openapi.json"])
def test_admin_keys_cannot_be_guessed_without_end(proxied: httpx.Client, path: str) -> None:
    answers = [guess(proxied, path, f"guess {number}") for number in range(13)]
    assert [answer.status_code for answer in answers[:10]] == [401] * 10
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert guess(proxied, path, "open-sesame").status_code == 429
    assert guess(proxied, path, "open-sesame", address="203.0.113.10").status_code < 300


def judge(client: httpx.Client, address: str) -> int:
    body = {"question": "What?", "rating": "up"}
    return client.post("/api/v1/feedback", json=body, headers={"X-Forwarded-For": address}).status_code


def test_one_visitor_cannot_push_out_what_others_judged(proxied: httpx.Client) -> None:
    codes = [judge(proxied, f"2001:db8::{number:x}") for number in range(22)]
    assert (codes[0], codes[-1]) == (204, 429)
    assert judge(proxied, "2001:db8:0:1::1") == 204


def test_judgements_are_counted_for_each_site_too(proxied: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "SITE_FEEDBACK_RATE", "3/hour")
    assert [judge(proxied, f"203.0.113.{number}") for number in range(4)] == [204, 204, 204, 429]


def test_who_guesses_where_no_key_is_needed_is_answered_and_learns_nothing(proxied: httpx.Client) -> None:
    codes = [guess(proxied, "/v1/models", f"guess {number}").status_code for number in range(13)]
    assert set(codes) == {200}
    assert guess(proxied, "/metrics", "open-sesame").status_code == 429


def test_a_program_on_this_machine_may_send_any_key_where_none_is_needed(door: httpx.Client) -> None:
    for number in range(13):
        assert door.get("/v1/models", headers={"Authorization": f"Bearer any {number}"}).status_code == 200
    assert door.put("/api/v1/admin/newsletters/a.exe", headers=ADMIN).status_code == 422


def test_readers_whose_sessions_are_over_do_not_guess_keys(door: httpx.Client) -> None:
    for number in range(13):
        over = {"Origin": PORTAL, "X-Site": "library", "Authorization": f"Bearer over.{number}"}
        assert door.post("/api/v1/ask", json={"question": QUESTION}, headers=over).status_code == 401
    assert door.put("/api/v1/admin/newsletters/a.exe", headers=ADMIN).status_code == 422


@pytest.mark.parametrize("key", ["7", "guess-7"])
def test_an_admin_key_that_could_be_guessed_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSLETTER_ASSISTANT_SERVER__ADMIN_KEY", key)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "SERVER__ADMIN_KEY" in str(refused.value)
    assert "8 characters" in str(refused.value)
    assert key not in str(refused.value)


def test_a_slow_client_is_not_waited_for(door: httpx.Client) -> None:
    with socket.create_connection((door.base_url.host, door.base_url.port), timeout=10) as raw:
        raw.sendall(b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
        started = time.monotonic()
        assert b" 408 " in raw.recv(100)
    assert time.monotonic() - started < 5


def test_a_body_without_a_length_is_cut_off_too(door: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    assert door.post("/api/v1/ask", content=endless()).status_code == 413


@pytest.mark.parametrize("path", ["/", "/read/x", "/healthz", "/api/v1/newsletters", "/widget.js", "/nothing"])
def test_every_answer_carries_the_security_headers(door: httpx.Client, path: str) -> None:
    headers = door.get(path).headers
    policy = headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in policy or "frame-ancestors 'none'" in policy
    assert "referrer-policy" in headers
    assert ("unsafe" in policy) == (path in ("/", "/nothing"))


def test_the_preview_is_for_the_admin_and_the_machine_itself(door: httpx.Client) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    route = "/sites/library/preview"
    shown = door.get(route)
    assert escape(snippet_for("library", None, str(door.base_url)).script) in shown.text
    assert "unsafe" not in shown.headers["content-security-policy"]
    assert door.get(route, headers=elsewhere).status_code == 401
    assert door.get(route, headers={**elsewhere, **ADMIN}).status_code == 200
    assert door.get("/sites/unknown/preview").status_code == 404
    assert "sites add nobody --origin" in door.get("/sites/nobody/preview").text


def test_only_the_sites_portals_may_frame_its_page(door: httpx.Client) -> None:
    assert f"frame-ancestors {PORTAL} " in door.get("/embed/library").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in door.get("/embed/nobody").headers["content-security-policy"]


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://*",
        "https://*.org",
        "ftp://a.org",
        "https://a.org/path",
        "https://a.org b",
        "https://*.*.org",
    ],
)
def test_a_careless_origin_is_not_recorded(origin: str) -> None:
    with pytest.raises(ValueError, match="origin"):
        Site(id="a", origins=(origin,))


@pytest.mark.parametrize(
    "look",
    [
        {"accent": "red;}*{display:none"},
        {"colours": {"paper": "url(https://evil.example)"}},
        {"colours": {"--x": "#fff"}},
        {"strings": {"<b>": "x"}},
        {"language": "en><script>"},
        {"z_index": -1},
        {"privacy": "javascript:alert(1)"},
    ],
)
def test_a_look_that_could_carry_more_than_a_look_is_not_recorded(look: dict) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Look.model_validate(look)
