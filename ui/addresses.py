"""Where a request comes from: the client's address behind trusted proxies, and what of a proxy's word is believed."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection
from starlette.types import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_FORWARDING = frozenset({b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-gradio-server"})


def client_address(connection: HTTPConnection, proxies: list[str]) -> tuple[str, bool]:
    """The client's address, and whether it speaks to us without a proxy.

    X-Forwarded-For is believed from trusted proxies only, from the right up to the first other address.
    """
    peer = connection.client.host if connection.client else ""
    told = ",".join(connection.headers.getlist("x-forwarded-for"))
    forwarded = [part.strip() for part in told.split(",") if part.strip()]
    direct = not forwarded and "forwarded" not in connection.headers
    address = peer
    while forwarded and is_trusted(address, proxies):
        candidate = forwarded.pop()
        if _parsed(candidate) is None:
            break
        address = candidate
    return address, direct


def counted_as(address: str) -> str:
    """What limits count an address as: itself, or the /64 network that one IPv6 subscriber has."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def is_trusted(address: str, proxies: list[str]) -> bool:
    """Whether `address` is one of the proxies (addresses or networks) whose word is believed."""
    parsed = _parsed(address)
    return parsed is not None and any(parsed in ipaddress.ip_network(proxy, strict=False) for proxy in proxies)


def is_loopback(address: str) -> bool:
    """Whether `address` is this machine's own."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped.is_loopback
    return parsed is not None and parsed.is_loopback


def is_local(connection: HTTPConnection, proxies: list[str]) -> bool:
    """Whether a program on this machine asks, without a proxy between."""
    address, direct = client_address(connection, proxies)
    return direct and is_loopback(address)


def without_hearsay(scope: Scope, proxies: list[str]) -> Scope:
    """`scope` without the forwarding headers of a peer that is no trusted proxy.

    Gradio builds the addresses of its page from X-Forwarded-Host and hands X-Gradio-Server to its own client.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    if is_trusted(peer, proxies):
        return scope
    kept = [pair for pair in scope["headers"] if pair[0].lower() not in _FORWARDING]
    return scope if len(kept) == len(scope["headers"]) else {**scope, "headers": kept}


def _parsed(address: str) -> Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
