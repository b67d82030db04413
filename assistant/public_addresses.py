"""Which addresses of a newsletter may be given to any reader: those that say nothing of whom the copy was sent to.

A mailed issue holds links of its own reader (to unsubscribe, to log in, with a token); and a link that is written as the
address of one site may lead to another. Neither is given: the question for it is answered as if there were no link.
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import SplitResult, unquote, urlsplit

MOST_ACTION_WORDS = 4
_ACTION_WORDS = """
    confirm confirmation login logon optout passwd password preference preferences prefs signin signon sso unsub verify
"""
_PERSONAL_ACTIONS = frozenset(_ACTION_WORDS.split())
_PERSONAL_PAIRS = frozenset({("log", "in"), ("log", "on"), ("opt", "out"), ("sign", "in"), ("sign", "on")})
_OWN_PAGE = re.compile(
    r"unsubscri|desubscri|optout|managesubscription|updateprofile|preferencecent|emailpreference|passwordreset|resetpassword"
)
_SECRET_NAMES = """
    apikey auth authorization bearer code credential credentials eid email hash hsenc hmac jsessionid jwt key nonce otp passwd password
    phpsessid pin pwd recipient secret session sessionid sid signature subscriber ticket tok token
"""
_SECRETS = frozenset(_SECRET_NAMES.split())
_FIELD = re.compile(r"[?&;#]([^=?&;#]{1,64})=([^?&;#]*)")
_LONG_DIGEST = re.compile(r"[0-9a-f]{32,}|eyj[\w-]{8,}.*", re.I | re.S)
_MAIL = re.compile(r"[\w+.%-]@[\w-]{1,63}\.(?:[\w-]{1,63}\.){0,4}[a-z]{2}", re.I)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ENDING = r"(?!(?:js|ts|hs)\b)(?:[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|app|dev|example|test)"
_BARE_HOST = re.compile(rf"((?:[\w-]{{1,63}}\.){{1,6}}{_ENDING})(?::\d{{1,5}})?(?:[/?#]\S*)?", re.I)
_WRITTEN_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"')\]]{1,300}", re.I)


def may_be_given(url: str, link_text: str) -> bool:
    """Whether a link's address may be shown to whoever asks for it, and leads where its text says."""
    try:
        address = urlsplit(url)
        host = (address.hostname or "").lower()
    except ValueError:
        return False
    if address.scheme.lower() not in ("http", "https") or not host or "@" in address.netloc:
        return False
    return not _is_personal(address) and all(_same_site(host, other) for other in _hosts_written_in(link_text))


def _is_personal(address: SplitResult) -> bool:
    behind = unquote(unquote(f"{address.path}?{address.query}#{address.fragment}"))
    if _MAIL.search(behind) or _OWN_PAGE.search((address.hostname or "").lower()):
        return True
    pieces = [piece for piece in re.split(r"[/?#&;=]", behind) if piece]
    return any(map(_is_action, pieces)) or any(_is_secret(name, value) for name, value in _FIELD.findall(behind))


def _is_action(piece: str) -> bool:
    """Whether a piece of a path or query is what only its own reader does there; a long title may speak of it."""
    if _OWN_PAGE.search(re.sub(r"[\W_]", "", piece.lower())):
        return True
    words = _words(piece)
    if len(words) > MOST_ACTION_WORDS:
        return False
    return not _PERSONAL_ACTIONS.isdisjoint(words) or not _PERSONAL_PAIRS.isdisjoint(pairwise(words))


def _is_secret(name: str, value: str) -> bool:
    named = name.lower() in (*_SECRETS, "sig") or not _SECRETS.isdisjoint(_words(name))
    return bool(value) and (named or _LONG_DIGEST.fullmatch(value) is not None)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _hosts_written_in(text: str) -> list[str]:
    """The hosts of the addresses that a link's text is or holds."""
    whole = _BARE_HOST.fullmatch(text.strip("<>()[]\"'“”‘’*_`.,;: \n")[:300])
    written = (found if "://" in found else f"http://{found}" for found in _WRITTEN_ADDRESS.findall(text))
    return [whole[1].lower()] if whole else [host for found in written if (host := _host(found))]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _same_site(host: str, written: str) -> bool:
    return host.removeprefix("www.") == written.rstrip(".").removeprefix("www.")
