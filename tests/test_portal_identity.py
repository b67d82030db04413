"""A portal names its readers by a signed token; issues of a tier are neither found nor cited for others."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_support import api_app, running, settings_in

from assistant import open_assistant
from ui.identity import LONGEST, read_identity
from ui.sites import Scope, Site, SiteRegistry

PORTAL = "https://portal.example.org"
GUIDE = Path(__file__).parents[1] / "docs" / "widget.md"
QUESTION = "Where is the subscribers' picnic held?"
PAID = "---\ntitle: Members 1\npublisher: Members\n---\n\nThe subscribers' picnic is held in the walled orchard.\n"
FREE = "---\ntitle: Public 1\npublisher: Public\n---\n\nThe library opens at nine on weekdays.\n"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Site]]:
    folder = tmp_path_factory.mktemp("identity")
    (folder / "paid.md").write_text(PAID)
    (folder / "free.md").write_text(FREE)
    settings = settings_in(folder / "data")
    site = Site(id="library", origins=(PORTAL,), tiers={"subscriber": Scope(publishers=frozenset({"Members"}))})
    SiteRegistry(settings.data_dir / "sites.json").add(site)
    with (
        open_assistant(settings, corpus=[folder / "paid.md", folder / "free.md"]) as assistant,
        running(api_app(assistant, settings)) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        yield client, site


def example(language: str, key: str, tiers: str = '["subscriber"]') -> str:
    """The token that the guide's example makes."""
    code = re.search(rf"```{language}\n(# identity|// identity)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    assert code is not None
    if language == "python":
        program = f"key, reader = {key!r}, 'r-17'\n{code[2]}\nprint(token)".replace('["subscriber"]', tiers)
        command = [sys.executable, "-c", program]
    elif language == "php":
        command = ["php", "-r", f"$key = '{key}'; $reader = 'r-17';\n{code[2]}\necho $token;"]
    else:
        command = ["node", "-e", f"const key = '{key}', reader = 'r-17';\n{code[2]}\nconsole.log(token)"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()


def session(client: httpx.Client, identity: str = "") -> httpx.Response:
    return client.post("/api/v1/sites/library/session", headers={"Origin": PORTAL}, json={"identity": identity})


def headers_of(answer: httpx.Response) -> dict[str, str]:
    return {"Origin": PORTAL, "X-Site": "library", "Authorization": f"Bearer {answer.json()['token']}"}


@pytest.mark.parametrize(
    "language",
    [
        "python",
        pytest.param("js", marks=pytest.mark.skipif(shutil.which("node") is None, reason="no Node")),
        pytest.param("php", marks=pytest.mark.skipif(shutil.which("php") is None, reason="no PHP")),
    ],
)
def test_a_subscriber_by_the_guides_example_is_answered_from_the_tier(
    portal: tuple[httpx.Client, Site], language: str
) -> None:
    client, site = portal
    headers = headers_of(session(client, example(language, site.key)))
    answer = client.post("/api/v1/ask", json={"question": QUESTION}, headers=headers).json()
    assert "walled orchard" in answer["text"]
    assert len(client.get("/api/v1/newsletters", headers=headers).json()) == 2


@pytest.mark.parametrize("tiers", [None, "[]", '["other"]'])
def test_others_neither_find_nor_are_cited_the_tiers_issues(
    portal: tuple[httpx.Client, Site], tiers: str | None
) -> None:
    client, site = portal
    headers = headers_of(session(client, example("python", site.key, tiers) if tiers else ""))
    ids = [item["id"] for item in client.get("/api/v1/newsletters", headers=headers).json()]
    asked = client.post(
        "/api/v1/ask", json={"question": QUESTION, "filters": {"publishers": ["Members"]}}, headers=headers
    )
    found = client.get("/api/v1/search", params={"q": "picnic orchard"}, headers=headers)
    assert ids == ["free"]
    assert client.get("/api/v1/newsletters/paid", headers=headers).status_code == 404
    assert "orchard" not in asked.text.replace("picnic orchard", "")
    assert "walled" not in found.text


def test_a_token_of_another_key_site_or_time_is_refused(portal: tuple[httpx.Client, Site]) -> None:
    client, site = portal
    good = example("python", site.key)
    head, body, _ = good.split(".")
    assert session(client, example("python", "guess")).status_code == 401
    assert session(client, f"{head}.{body}.").status_code == 401
    assert read_identity(good, site) is not None
    assert read_identity(good, site, now=time.time() + LONGEST) is None
    assert read_identity(good, site, now=time.time() - LONGEST) is None
    assert read_identity(good, site.model_copy(update={"id": "other"})) is None
    assert read_identity("é.x.y", site) is None


def test_a_token_that_claims_no_algorithm_is_refused(portal: tuple[httpx.Client, Site]) -> None:
    client, _ = portal
    body = example("python", "x").split(".")[1]
    assert session(client, f"eyJhbGciOiJub25lIn0.{body}.").status_code == 401
