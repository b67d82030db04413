"""What of Gradio can be reached from outside its page: no files, no uploads, no event API, no reflection."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_support import ADMIN, running, settings_in

from assistant import Assistant
from ui.protocol import HEAD_BYTES, ImpatientProtocol
from ui.server import create_app

NEWSLETTER = {"files": ("issue.md", b"# Garden News\n\nText.\n")}


@pytest.fixture(scope="module")
def page(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = settings_in(tmp_path_factory.mktemp("gradio"))
    app = create_app(shipped, settings)
    with (
        running(app, http=ImpatientProtocol) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        client.data_dir = settings.data_dir
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/openapi.json",
        "/docs",
        "/monitoring",
        "/monitoring/summary",
        "/gradio_api/vibe-code",
        "/gradio_api/dev/reload",
        "/gradio_api/token",
        "/gradio_api/runs",
        "/gradio_api/proxy=http://127.0.0.1:1/",
        "/gradio_api/stream/a/b/1/playlist.m3u8",
        "/gradio_api/custom_component/a/client/b/c",
        "/gradio_api/upload_progress?upload_id=a",
        "/gradio_api/deep_link?session_hash=a",
    ],
)
def test_what_the_page_does_not_need_is_not_there(page: httpx.Client, path: str) -> None:
    assert page.get(path).status_code in (401, 404)


@pytest.mark.parametrize(
    "path",
    ["run/predict", "api/predict", "call/ask", "call/v2/ask", "component_server", "process_recording", "vibe-edit"],
)
def test_there_is_no_public_event_api(page: httpx.Client, path: str) -> None:
    assert page.post(f"/gradio_api/{path}", json={"data": []}).status_code == 404


@pytest.mark.parametrize("prefix", ["/gradio_api/file=", "/gradio_api/file/", "/file=", "/static/", "/assets/", "/ui/"])
@pytest.mark.parametrize(
    "climb", ["{}", "../../../../../../{}", "..%2f..%2f..%2f..%2f{}", "%2e%2e/%2e%2e/{}", "{}%00.png"]
)
def test_no_file_is_served_from_outside_the_assets(page: httpx.Client, prefix: str, climb: str) -> None:
    target = page.data_dir / "session.key"
    secret = target.read_text()
    for path in (str(target), "/etc/passwd", f"{tempfile.gettempdir()}/gradio/../{target.relative_to('/tmp')}"):
        answer = raw_get(page, prefix + climb.format(path))
        assert b" 200 " not in answer.split(b"\r\n")[0]
        assert secret.encode() not in answer
        assert b"root:" not in answer


def test_a_shared_link_speaks_of_this_page_and_its_styles_come_before_anything_is_drawn(page: httpx.Client) -> None:
    head = page.get("/").text.split("window.gradio_config")[0]
    assert 'content="Newsletter assistant"' in head
    assert not any(said in head for said in ("gradio.app", "raw.githubusercontent", "@Gradio", "Click to try"))
    assert (
        '<link rel="stylesheet" href="/ui/chat.css">' in page.get("/").text.split("</head>")[0].split("</script>")[-1]
    )


def test_only_the_holder_of_the_admin_key_uploads(page: httpx.Client) -> None:
    assert page.post("/gradio_api/upload", files=NEWSLETTER).status_code == 401
    stored = page.post("/gradio_api/upload", files=NEWSLETTER, headers=ADMIN)
    assert stored.status_code == 200
    Path(stored.json()[0]).unlink()


def test_an_administrators_browser_uploads_by_its_cookie_until_it_signs_out(page: httpx.Client) -> None:
    assert page.post("/api/v1/admin/session", headers={"Authorization": "Bearer guess"}).status_code == 401
    answer = page.post("/api/v1/admin/session", headers=ADMIN)
    assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
    stored = page.post("/gradio_api/upload", files=NEWSLETTER)
    page.delete("/api/v1/admin/session")
    assert stored.status_code == 200
    assert page.post("/gradio_api/upload", files=NEWSLETTER).status_code == 401
    Path(stored.json()[0]).unlink()


@pytest.mark.parametrize("cookie", ["9999999999.0", "9999999999.é", "1.x", "", "x" * 5000])
def test_an_invented_admin_cookie_opens_nothing(page: httpx.Client, cookie: str) -> None:
    headers = {"Cookie": f"newsletter-admin={cookie}".encode()}
    assert page.post("/gradio_api/upload", files=NEWSLETTER, headers=headers).status_code == 401


@pytest.mark.parametrize("name", ["evil.exe", "page.svg", "issue.md\x00.exe", "issue.md.sh"])
def test_an_upload_must_be_a_newsletter_file(page: httpx.Client, name: str) -> None:
    assert page.post("/gradio_api/upload", files={"files": (name, b"x")}, headers=ADMIN).status_code == 422


def test_an_upload_has_a_limit_and_a_stranger_a_small_one(page: httpx.Client) -> None:
    large = b"x" * 300_000
    assert page.put("/api/v1/admin/newsletters/a.md", content=large).status_code == 413
    assert page.post("/gradio_api/queue/join", content=large).status_code == 413


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Gradio-Server", "X-Forwarded-Proto"])
def test_a_strangers_forwarding_headers_change_nothing(page: httpx.Client, header: str) -> None:
    told = page.get("/config", headers={header: "https"}).text
    assert "https://evil.example" not in page.get("/", headers={header: "https://evil.example"}).text
    assert f"https://{page.base_url.host}" not in told


def test_a_page_of_another_site_cannot_make_a_browser_ask(page: httpx.Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert page.get("/api/v1/search", params={"q": "road"}, headers=headers).status_code == 403
    assert page.get("/", headers={**headers, "Sec-Fetch-Mode": "navigate"}).status_code == 200


def test_a_head_without_end_is_cut_off(page: httpx.Client) -> None:
    with socket.create_connection((page.base_url.host, page.base_url.port), timeout=10) as raw:
        raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
        with pytest.raises(OSError):
            for _ in range(100 * HEAD_BYTES // 1024):
                raw.sendall(b"X-A: " + b"a" * 1017 + b"\r\n")
                raw.setblocking(True)


def test_a_head_that_does_not_come_is_not_waited_for(page: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.protocol.HEAD_SECONDS", 0.3)
    with socket.create_connection((page.base_url.host, page.base_url.port), timeout=10) as silent:
        assert silent.recv(10) == b""
    with socket.create_connection((page.base_url.host, page.base_url.port), timeout=10) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200" in slow.recv(1000)
        slow.sendall(b"GET /healthz HT")
        received = slow.recv(1000)
        assert b"200" not in received


def raw_get(page: httpx.Client, path: str) -> bytes:
    """The first bytes of the answer to a path that no client has tidied."""
    with socket.create_connection((page.base_url.host, page.base_url.port), timeout=10) as raw:
        raw.sendall(f"GET {path.replace(' ', '%20')} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        received = b""
        while chunk := raw.recv(65536):
            received += chunk
    return received
