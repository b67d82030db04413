"""Fetches one web address without letting it reach into the machine's own network.

The host's addresses are looked up once and checked, and the connection goes to the very address that was checked, so
that a name that changes its mind between check and use gains nothing. Redirects are followed by hand, each checked
anew. Size and time are bounded. Source of the rules: OWASP, Server-Side Request Forgery Prevention.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from email.message import Message
from urllib.parse import SplitResult, urljoin, urlsplit

from corpus.documents import Document
from corpus.errors import SourceUnreadable

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 65_536
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".atom",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/pdf": ".pdf",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "application/epub+zip": ".epub",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds of one fetch: bytes, seconds in all, redirects, and whether private addresses may be asked."""

    max_bytes: int = 20_000_000
    seconds: float = 20.0
    redirects: int = 5
    allow_private: bool = False


def fetch(url: str, limits: FetchLimits) -> Document:
    """What `url` holds, as a document. Raises SourceUnreadable, naming the address and what to do."""
    deadline = time.monotonic() + limits.seconds
    address = url
    try:
        for _ in range(limits.redirects + 1):
            status, headers, data = _get(urlsplit(address), address, limits, deadline)
            if status in _REDIRECTS and headers["Location"]:
                address = urljoin(address, headers["Location"])
            elif status == http.client.OK:
                return Document(_named(address, headers), data, url=address)
            else:
                raise SourceUnreadable("answers with status {status}: check the address.", about=url, status=status)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SourceUnreadable(
            "cannot be fetched ({error}): check the address and the network.", about=url, error=error
        ) from error
    raise SourceUnreadable(
        "redirects more than {most} times: give the final address.", about=url, most=limits.redirects
    )


def _get(parts: SplitResult, url: str, limits: FetchLimits, deadline: float) -> tuple[int, Message, bytes]:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SourceUnreadable("is no http or https address: give one of those.", about=url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    checked = _checked_address(parts.hostname, port, url, limits)
    connection = _connection(parts.scheme, parts.hostname, port, checked, _left(deadline))
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"User-Agent": "newsletter-assistant", "Accept": "*/*", "Accept-Encoding": "identity"}
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        wanted = response.status == http.client.OK
        return response.status, response.headers, _body(response, connection, url, limits, deadline) if wanted else b""
    finally:
        connection.close()


def _checked_address(host: str, port: int, url: str, limits: FetchLimits) -> str:
    """One address of `host` to connect to. Every address it has must be public, unless private ones are allowed."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not limits.allow_private and not all(is_public(address) for address in found):
        raise SourceUnreadable(
            "leads to a private address, which is not fetched: save the page and give the file.", about=url
        )
    return found[0]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped in an IPv6 address."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        wrapped = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if parsed in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return parsed.is_global and not parsed.is_multicast


def _connection(scheme: str, host: str, port: int, checked: str, seconds: float) -> http.client.HTTPConnection:
    """A connection to the checked address that speaks as to `host` (certificate and Host header)."""
    raw = socket.create_connection((checked, port), timeout=seconds)
    if scheme == "http":
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
        connection.sock = raw
        return connection
    secure = http.client.HTTPSConnection(host, port, timeout=seconds)
    try:
        secure.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    except OSError:
        raw.close()
        raise
    return secure


def _body(
    response: http.client.HTTPResponse,
    connection: http.client.HTTPConnection,
    url: str,
    limits: FetchLimits,
    deadline: float,
) -> bytes:
    data = bytearray()
    while chunk := response.read1(_CHUNK):
        data += chunk
        if len(data) > limits.max_bytes:
            raise SourceUnreadable(
                "is larger than {most} MB: give a smaller part.", about=url, most=limits.max_bytes // 1_000_000
            )
        if connection.sock is not None:
            connection.sock.settimeout(_left(deadline))
    return bytes(data)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left


def _named(address: str, headers: Message) -> str:
    """The address, with a suffix for its media type where its path has none that says it."""
    suffix = _SUFFIXES.get(headers.get_content_type(), "")
    path = urlsplit(address).path
    return (
        address
        if not suffix or path.lower().endswith(suffix)
        else f"{address.split('#')[0].split('?')[0].rstrip('/')}{suffix}"
    )
