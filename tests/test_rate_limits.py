"""Limits: how much one address, a site's readers or a guesser of keys may ask, and who is counted as whom."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_support import ADMIN, PORTAL, QUESTION, api_app, running, session_headers, settings_in

from assistant import Assistant, SettingsError, load_settings
from ui.api import ask
from ui.limits import RateLimiter, parse_rates
from ui.problems import Problem
from ui.sites import SiteLimits


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
