"""The door: origins, hosts, sessions and headers, on the whole application with Gradio in it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from api_support import ADMIN, PORTAL, QUESTION, session_headers

from ui.render import escape
from ui.sessions import LIFETIME, Sessions
from ui.sites import Look, Site
from ui.snippet import snippet_for

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


def test_a_request_through_an_unknown_proxy_is_not_local(door: httpx.Client) -> None:
    headers = {"X-Forwarded-For": "127.0.0.1"}
    assert door.post("/api/v1/ask", json={"question": QUESTION}, headers=headers).status_code == 401
    assert door.get("/metrics", headers=headers).status_code == 401
    assert door.get("/metrics", headers={**headers, **ADMIN}).status_code == 200


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
