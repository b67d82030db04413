"""An address is given only where it is for any reader and leads where its link says."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from assistant.public_addresses import may_be_given
from ui.render import public_url


@pytest.mark.parametrize(
    "url",
    [
        "https://list.example/unsubscribe?u=42&e=anna@example.org",
        "https://list.example/x?u=42&e=anna%40example.org",
        "https://list.example/x?e=anna%2540example.org",
        "https://list.example/anna@example.org/archive",
        "https://list.example/opt-out",
        "https://list.example/email_unsubscribe.php",
        "https://unsubscribe.list.example/42",
        "https://list.example/manage/subscription-of-yours/verify",
        "https://list.example/newsletter/optOut.php",
        "https://list.example/page?action=unsubscribe",
        "https://list.example/email_preferences",
        "https://list.example/confirm/9f2",
        "https://list.example/#/login",
        "https://list.example/account/sign-in",
        "https://list.example/password/reset",
        "https://list.example/forgot-password",
    ],
)
def test_what_only_its_own_reader_opens_is_not_given(url: str) -> None:
    assert not may_be_given(url, "here")


@pytest.mark.parametrize(
    "query",
    [
        "key=A1",
        "api_key=A1",
        "accessToken=A1",
        "sig=A1",
        "X-Amz-Signature=A1",
        "auth=A1",
        "mc_eid=A1",
        "CODE=A1",
        f"u={'0a' * 16}",
    ],
)
def test_a_secret_in_an_address_is_not_given(query: str) -> None:
    assert not may_be_given(f"https://list.example/read?{query}", "Read on")
    assert not may_be_given(f"https://list.example/read#{query}", "Read on")
    assert not may_be_given(f"https://list.example/read;{query}", "Read on")
    assert not may_be_given(f"https://go.example/?to={quote(f'https://list.example/read?{query}', safe='')}", "Read on")


@pytest.mark.parametrize(
    "url", ["http://user:secret@host.example/", "http://user@host.example/", "ftp://a.example", "http://[a", "https://"]
)
def test_an_address_with_a_user_or_without_a_site_is_not_given(url: str) -> None:
    assert not may_be_given(url, "here")


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("library.example.org", False),
        ("https://library.example.org/rules", False),
        ("See www.library.example.org", False),
        ("www.harbour.example", True),
        ("Harbour.example/boats", True),
        ("The library", True),
        ("Control.Monad", True),
        ("chart.js", True),
    ],
)
def test_a_link_that_is_written_as_another_site_is_not_given(text: str, given: bool) -> None:
    assert may_be_given("https://harbour.example/boats", text) is given


@pytest.mark.parametrize(
    "url",
    [
        "https://media.example/@keeper/how-a-lamp-is-lit-42ba93555c69",
        "https://code.example/lamp/tree/0545e91517957c7d9aac02b0a81ab29d6fd7c22f#readme",
        "https://store.example/apps/details?id=org.lamp.phone&hl=en",
        "https://blog.example/2018/why-every-password-of-the-keepers-was-changed",
        "https://blog.example/search?keywords=lamp&page=2",
        "https://board.example/issues?var-sig=All",
        "https://list.example/subscribe",
    ],
)
def test_what_is_for_any_reader_is_given(url: str) -> None:
    assert may_be_given(url, "here")


@pytest.mark.parametrize("filler", ["a.", "a-", "@", "%40", "www.", "aA", "eyJ"])
def test_long_addresses_are_judged_at_once(filler: str) -> None:
    assert may_be_given(f"https://a.example/{filler * 700}?{filler * 700}", filler * 700) in (True, False)


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://example.org/report", True),
        ("mailto:editor@example.org", True),
        ("https://list.example/unsubscribe?u=42&key=SECRET", False),
        ("http://user:secret@example.org/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_an_issue_that_is_read_links_only_what_is_for_any_reader(address: str, linked: bool) -> None:
    assert (public_url(address) is not None) == linked
