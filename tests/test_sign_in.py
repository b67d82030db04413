"""Sign-in to this server's pages: by password, or by a proxy's header; the doors of portals stay as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_support import ADMIN, QUESTION, running, session_headers, settings_in
from click.testing import Result
from starlette.requests import HTTPConnection
from typer.testing import CliRunner

from assistant import Assistant
from ui.cli import app
from ui.login_page import local
from ui.server import create_app
from ui.signin import COOKIE, LIFETIME, SignIn
from ui.sites import Scope, Site, SiteRegistry
from ui.users import UserError, Users, hashed

PORTAL = "https://portal.example.org"
PASSWORD = "correct horse battery"
ISSUE = "/read/china-st-newsletter-2019-04"
PAGES = ["/", "/config", ISSUE, "/answer/x", "/gradio_api/startup-events", "/gradio_api/queue/data", "/theme.css"]


@pytest.fixture(scope="module")
def house(shipped: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    settings = settings_in(tmp_path_factory.mktemp("signin"), sign_in="password", trusted_proxies=["127.0.0.1"])
    sites = SiteRegistry(settings.data_dir / "sites.json")
    sites.add(Site(id="library", origins=(PORTAL,)))
    sites.add(Site(id="narrow", origins=(PORTAL,), scope=Scope(publishers=frozenset({"Someone else"}))))
    Users(settings.data_dir / "users.txt").add("anna", PASSWORD)
    with running(create_app(shipped, settings)) as address:
        yield address, settings.data_dir


@pytest.fixture
def visitor(house: tuple[str, Path], request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """A browser at an address of its own, behind the proxy."""
    place = sum(map(ord, request.node.name)) % 250
    headers = {"X-Forwarded-For": f"203.0.113.{place}"}
    with httpx.Client(base_url=house[0], timeout=60, headers=headers) as client:
        yield client


def sign_in(client: httpx.Client, name: str = "anna", password: str = PASSWORD, onward: str = "") -> httpx.Response:
    return client.post("/login", data={"username": name, "password": password, "next": onward})


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_sees_no_page(visitor: httpx.Client, path: str) -> None:
    plain = visitor.get(path)
    browsing = visitor.get(path, headers={"Accept": "text/html"})
    assert plain.status_code == 401
    assert (browsing.status_code, browsing.headers["location"].partition("?")[0]) == (303, "/login")
    assert "CHINA" not in plain.text + browsing.text


def test_who_is_not_signed_in_asks_nothing_on_the_pages_behalf(visitor: httpx.Client) -> None:
    page = {"Sec-Fetch-Site": "same-origin"}
    assert visitor.post("/api/v1/ask", json={"question": QUESTION}, headers=page).status_code == 401
    assert visitor.get("/api/v1/newsletters", headers=page).status_code == 401
    assert visitor.post("/gradio_api/queue/join", json={"data": []}, headers=page).status_code == 401
    sign_in(visitor)
    assert visitor.get("/api/v1/newsletters", headers=page).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/widget.js", "/embed/library", "/login", "/ui/reader.css"])
def test_what_portals_and_probes_need_stays_open(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code == 200


def test_a_reader_signs_in_goes_where_they_wanted_and_signs_out(visitor: httpx.Client) -> None:
    answer = sign_in(visitor, onward=f"{ISSUE}?start=1&end=9")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ISSUE}?start=1&end=9")
    assert {"HttpOnly", "SameSite=lax"} <= set(answer.headers["set-cookie"].split("; "))
    assert visitor.get(answer.headers["location"]).status_code == visitor.get("/").status_code == 200
    assert "anna" in visitor.get("/login").text
    visitor.post("/logout")
    assert visitor.get(ISSUE).status_code == 401


def test_a_wrong_name_and_a_wrong_password_are_told_alike(visitor: httpx.Client) -> None:
    wrong = [
        sign_in(visitor, *pair) for pair in (("anna", "guess"), ("nobody", PASSWORD), ("", ""), ("é\x00", "x" * 999))
    ]
    assert {answer.status_code for answer in wrong} == {401}
    assert len({answer.text for answer in wrong}) == 1
    assert "set-cookie" not in wrong[0].headers


def test_passwords_cannot_be_tried_without_end(visitor: httpx.Client) -> None:
    codes = [sign_in(visitor, password="guess").status_code for _ in range(12)]
    assert codes[-1] == 429
    assert sign_in(visitor).status_code == 429


def test_a_foreign_page_signs_nobody_in(visitor: httpx.Client) -> None:
    body = {"username": "anna", "password": PASSWORD}
    answer = visitor.post("/login", data=body, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: a=b",
        "/\t/[",
        "",
    ],
)
def test_signing_in_leads_to_no_other_server(onward: str) -> None:
    assert local(onward) == "/"


def test_a_readers_visit_ends_with_its_time_the_password_and_the_user(shipped: Assistant, tmp_path: Path) -> None:
    now = [1000.0]
    door = SignIn(settings_in(tmp_path, sign_in="password"), clock=lambda: now[0])
    door.users.add("anna", PASSWORD)
    cookie = door.cookie_for("anna")
    assert door.reader(asking(cookie)) == "anna"
    for invented in (
        cookie[:-2] + "aa",
        cookie.replace(".44200.", ".44201."),
        "",
        "x",
        ".",
        "..",
        "é..",
        cookie.replace(".44200.", f".{'9' * 5000}."),
        cookie.rpartition(".")[0],
    ):
        assert door.reader(asking(invented)) is None
    now[0] += LIFETIME
    assert door.reader(asking(cookie)) is None
    fresh = door.cookie_for("anna")
    door.users.add("anna", "another password")
    assert door.reader(asking(fresh)) is None
    fresh = door.cookie_for("anna")
    door.users.remove("anna")
    assert door.reader(asking(fresh)) is None
    assert door.reader(asking(door.cookie_for("anna"))) is None


@pytest.mark.parametrize(
    ("peer", "headers", "reader"),
    [
        ("10.0.0.7", [("x-forwarded-user", "anna")], "anna"),
        ("10.0.0.7", [], None),
        ("10.0.0.7", [("x-forwarded-user", " ")], None),
        ("10.0.0.7", [("x-forwarded-user", "anna"), ("x-forwarded-user", "eve")], None),
        ("203.0.113.9", [("x-forwarded-user", "anna")], None),
    ],
    ids=["proxy", "no header", "empty", "two", "stranger"],
)
def test_only_a_trusted_proxy_names_readers(tmp_path: Path, peer: str, headers: list, reader: str | None) -> None:
    door = SignIn(settings_in(tmp_path, sign_in="proxy", trusted_proxies=["10.0.0.7"]))
    assert door.reader(asking("", peer, headers)) == reader


def test_a_portals_reader_opens_an_issue_by_the_sessions_pass(visitor: httpx.Client) -> None:
    headers = session_headers(visitor, "library", PORTAL)
    answer = visitor.post("/api/v1/sites/library/session", headers={"Origin": PORTAL}).json()
    assert visitor.get(ISSUE, params={"pass": answer["reading_pass"]}).status_code == 200
    assert visitor.get(ISSUE, headers=headers).status_code == 200
    assert visitor.get(ISSUE, params={"pass": answer["token"]}).status_code == 401
    assert visitor.get("/", params={"pass": answer["reading_pass"]}).status_code == 401


def test_a_pass_opens_what_its_site_answers_from_and_nothing_else(visitor: httpx.Client) -> None:
    answer = visitor.post("/api/v1/sites/narrow/session", headers={"Origin": PORTAL}).json()
    assert visitor.get(ISSUE, params={"pass": answer["reading_pass"]}).status_code == 404


def test_the_holder_of_the_admin_key_sees_the_pages(visitor: httpx.Client) -> None:
    assert visitor.get(ISSUE, headers=ADMIN).status_code == visitor.get("/config", headers=ADMIN).status_code == 200


def test_users_are_kept_hashed_and_by_the_command_line(tmp_path: Path) -> None:
    def run(*arguments: str, password: str = "") -> Result:
        return CliRunner().invoke(app, ["--data-dir", str(tmp_path), "users", *arguments], input=password)

    assert run("add", "anna", password=f"{PASSWORD}\n").exit_code == 0
    kept = tmp_path / "users.txt"
    assert PASSWORD not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    assert run("list").stdout == "anna\n"
    assert "10 to 200 characters" in run("add", "bert", password="short\n").output
    assert Users(kept).fits("anna", PASSWORD)
    assert run("remove", "anna").exit_code == 0
    assert not Users(kept).fits("anna", PASSWORD)
    assert run("remove", "anna").exit_code == 1


def test_what_was_done_to_a_user_is_one_document(tmp_path: Path) -> None:
    words = ["--json", "--data-dir", str(tmp_path), "users"]
    added = CliRunner().invoke(app, [*words, "add", "anna"], input=f"{PASSWORD}\n")
    assert json.loads(added.stdout) == {"added": "anna"}
    assert json.loads(CliRunner().invoke(app, [*words, "remove", "anna"]).stdout) == {"removed": "anna"}


@pytest.mark.parametrize(
    ("folder", "arguments"), [("file", ["list"]), ("file", ["add", "anna"]), ("/proc/nowhere", ["add", "anna"])]
)
def test_a_folder_of_users_that_cannot_be_used_is_named(tmp_path: Path, folder: str, arguments: list[str]) -> None:
    (tmp_path / "file").write_text("no folder")
    words = ["--data-dir", str(tmp_path / folder), "users", *arguments]
    ended = CliRunner().invoke(app, words, input=f"{PASSWORD}\n")
    assert ended.exit_code == 1
    assert f"{tmp_path / folder / 'users.txt'} cannot be " in ended.stderr


def test_a_name_that_would_break_the_file_is_not_kept(tmp_path: Path) -> None:
    for name in ("a:b", "a\nb", "", "#a", "x" * 81):
        with pytest.raises(UserError, match="name"):
            Users(tmp_path / "users.txt").add(name, PASSWORD)


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert hashed(PASSWORD) != hashed(PASSWORD)


def asking(cookie: str, peer: str = "203.0.113.9", headers: Any = ()) -> HTTPConnection:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    told = [(b"cookie", f"{COOKIE}={cookie}".encode())] if cookie else []
    return HTTPConnection(
        {"type": "http", "headers": raw + told, "client": (peer, 1), "path": "/", "query_string": b""}
    )
