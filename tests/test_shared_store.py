"""A Chroma server that several share: its key, tenant and database, replicas, and what is said when it does not answer."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import httpx
import pytest
from pydantic import SecretStr
from test_sync_command import wait_until

from index import IndexingError, Library, StoreSettings, StoreUnreachable

KEY = "ck-of-the-garden"


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    server = subprocess.Popen(
        [str(chroma), "run", "--path", str(tmp_path / "server"), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_until(answers)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def guarded(chroma_server: str) -> Iterator[str]:
    """The same server behind a door that lets only the key pass."""

    class Door(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("x-chroma-token") != KEY:
                status, answer = 401, b'{"error": "Unauthorized", "message": "Unauthorized"}'
            else:
                said = httpx.request(
                    self.command, chroma_server + self.path, content=body, headers={"Content-Type": "application/json"}
                )
                status, answer = said.status_code, said.content
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass_on

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def gardens(folder: Path, count: int, text: str) -> Path:
    """The folder with so many newsletters of one `text`, whose number stands where it has "{0}"."""
    folder.mkdir()
    for number in range(count):
        (folder / f"garden-{number}.md").write_text(text.format(number), encoding="utf-8")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return gardens(tmp_path / "archive", 3, "# Garden {0}\n\nBed {0} grows tulips.\n")


def test_replicas_on_a_chroma_server_see_each_others_syncs(chroma_server: str, archive: Path, tmp_path: Path) -> None:
    store = StoreSettings(url=chroma_server)
    with Library.open(tmp_path / "one", store=store) as one, Library.open(tmp_path / "two", store=store) as two:
        assert two.newsletters() == []
        one.sync([archive])
        wait_until(lambda: len(two.newsletters()) == 3, seconds=10)
        (archive / "garden-1.md").write_text("# Garden 1\n\nNow there are roses.\n", encoding="utf-8")
        one.sync([archive])
        wait_until(lambda: any("roses" in p.text for p in two.snapshot().passages), seconds=10)
        assert "roses" in two.newsletter("garden-1").text


def test_a_key_a_tenant_and_a_database_open_a_guarded_server(
    chroma_server: str, guarded: str, archive: Path, tmp_path: Path
) -> None:
    place = urlsplit(chroma_server)
    admin = chromadb.AdminClient(
        chromadb.config.Settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=place.hostname,
            chroma_server_http_port=place.port,
            anonymized_telemetry=False,
        )
    )
    admin.create_tenant("letters")
    admin.create_database("garden", "letters")
    ours = StoreSettings(url=guarded, key=SecretStr(KEY), tenant="letters", database="garden")
    with Library.open(tmp_path / "ours", store=ours) as library:
        library.sync([archive])
        assert len(library.newsletters()) == 3
    with Library.open(tmp_path / "others", store=StoreSettings(url=chroma_server)) as library:
        assert library.newsletters() == []


@pytest.mark.parametrize(
    ("wrong", "said"), [({"key": SecretStr("ck-guessed")}, "STORE__KEY"), ({"tenant": "strangers"}, "STORE__TENANT")]
)
def test_what_a_guarded_server_refuses_is_named(
    guarded: str, tmp_path: Path, wrong: dict[str, object], said: str
) -> None:
    store = StoreSettings(url=guarded, **{"key": SecretStr(KEY), **wrong})  # type: ignore[arg-type]
    with pytest.raises(StoreUnreachable, match=said):
        Library.open(tmp_path, store=store)


@pytest.mark.parametrize(
    "url", ["10.0.0.5:8000", "chroma:8000", "ftp://chroma", "http://", "http://chroma:port", "http://[chroma"]
)
def test_an_address_without_scheme_or_host_is_refused_and_no_other_server_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreUnreachable, match="http://HOST:PORT") as refused:
        Library.open(tmp_path, store=StoreSettings(url=url))
    assert url in str(refused.value)


def test_a_password_in_a_wrong_address_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable) as refused:
        Library.open(tmp_path, store=StoreSettings(url="gardener:tulip@chroma:8000"))
    assert "tulip" not in str(refused.value)


def test_a_chroma_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="does not answer"):
        Library.open(tmp_path, store=StoreSettings(url="http://127.0.0.1:9"))


@contextlib.contextmanager
def door(status: int, said: bytes) -> Iterator[str]:
    """A server that gives every request the same answer."""

    class Door(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "said", "meant"),
    [
        (401, b"", "STORE__KEY"),
        (403, b'{"error": "AuthError", "message": "Forbidden"}', "STORE__KEY"),
        (404, b'{"error": "NotFoundError", "message": "Tenant [a] not found"}', "STORE__TENANT"),
        (503, b"401 letters of tenant 403 wait", "too busy"),
        (500, b"row 403 of the tenant is unauthorized at 0x401", "fails"),
        (404, b"<h1>Not here</h1>", "STORE__URL"),
    ],
)
def test_what_a_server_answers_is_judged_by_its_status_and_not_by_its_words(
    tmp_path: Path, status: int, said: bytes, meant: str
) -> None:
    with door(status, said) as url, pytest.raises(IndexingError, match=meant):
        Library.open(tmp_path, store=StoreSettings(url=url))
