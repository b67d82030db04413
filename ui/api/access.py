"""Who asks: a reader of a site, this server's own page or machine, or the holder of the admin key.

A request that names a site needs that site's session token from the same origin. One that names none is
answered on the machine itself and to our own pages; other machines need the admin key, unless
`server.public_api` is set.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from assistant import Settings
from index.passage import Filters
from ui.api.service import Service
from ui.problems import Problem
from ui.sites import Site


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and what they may be answered from."""

    address: str
    local: bool = False
    admin: bool = False
    site: Site | None = None
    session: str = ""

    @property
    def scope(self) -> Filters:
        """The newsletters this reader may be answered from."""
        return self.site.scope.filters() if self.site else Filters()


def identify(connection: HTTPConnection, service: Service) -> Reader:
    """Who sends this request; a 401 or 403 problem for one who may not ask."""
    address, direct = client_address(connection, service.settings.server.trusted_proxies)
    admin = is_admin(connection, service.settings)
    if "x-site" in connection.headers:
        return _site_reader(connection, service, address)
    local = direct and _is_loopback(address)
    reader = Reader(address, local=local, admin=admin)
    if local or admin or service.settings.server.public_api or _from_own_page(connection):
        return reader
    raise Problem(
        401,
        "Other machines need a site's session or the admin key, unless SERVER__PUBLIC_API is set.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def require_admin(connection: HTTPConnection, settings: Settings) -> None:
    """Return for the holder of the admin key; a 401 problem otherwise, a 403 where no key is configured."""
    if settings.server.admin_key is None:
        raise Problem(
            403, "This needs an admin key and none is configured; set NEWSLETTER_ASSISTANT_SERVER__ADMIN_KEY."
        )
    if not is_admin(connection, settings):
        raise Problem(401, "This needs the admin key as a Bearer token.", headers={"WWW-Authenticate": "Bearer"})


def is_admin(connection: HTTPConnection, settings: Settings) -> bool:
    """Whether the request carries the configured admin key."""
    key = settings.server.admin_key
    if key is None or not key.get_secret_value():
        return False
    return secrets.compare_digest(bearer(connection).encode(), key.get_secret_value().encode())


def bearer(connection: HTTPConnection) -> str:
    """The Bearer token of the request, or ""."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def client_address(connection: HTTPConnection, proxies: list[str]) -> tuple[str, bool]:
    """The client's address, and whether it speaks to us without a proxy.

    X-Forwarded-For is believed from trusted proxies only, from the right up to the first other address.
    """
    peer = connection.client.host if connection.client else ""
    forwarded = [part.strip() for part in connection.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    direct = not forwarded and "forwarded" not in connection.headers
    address = peer
    while forwarded and _trusted(address, proxies):
        candidate = forwarded.pop()
        if _parsed(candidate) is None:
            break
        address = candidate
    return address, direct


async def limit_reader(reader: Reader, service: Service) -> None:
    """Count one question by `reader`; a 429 problem at a limit. The machine itself has none."""
    if reader.site is not None:
        site, limits = reader.site, reader.site.limits
        await service.limiter.check(limits.address, "address", site.id, reader.address)
        await service.limiter.check(limits.session, "session", site.id, reader.session)
        await service.limiter.check(limits.site, "site", site.id)
    elif not (reader.local or reader.admin):
        await service.limiter.check(service.settings.server.rate_limit, "address", reader.address)


def _site_reader(connection: HTTPConnection, service: Service, address: str) -> Reader:
    site = service.sites.get(connection.headers["x-site"])
    origin = connection.headers.get("origin", "")
    if site is None or (not site.allows(origin) and not _embedded(connection, site)):
        raise Problem(403, "This site does not allow questions from this page's origin.")
    session = service.sessions.check(bearer(connection), site, origin)
    if session is None:
        raise Problem(
            401,
            "The session is over or not this site's; get a new one.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return Reader(address, site=site, session=session.id)


def _embedded(connection: HTTPConnection, site: Site) -> bool:
    """Whether the request comes from our own page that `site` frames."""
    return bool(site.origins) and _from_own_page(connection)


def _from_own_page(connection: HTTPConnection) -> bool:
    """Whether a browser says that one of our pages sent this; the door has refused foreign ones."""
    if connection.headers.get("sec-fetch-site") == "same-origin":
        return True
    return "origin" in connection.headers


def _trusted(address: str, proxies: list[str]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in ipaddress.ip_network(proxy, strict=False) for proxy in proxies)


def _is_loopback(address: str) -> bool:
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped.is_loopback
    return parsed is not None and parsed.is_loopback


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
