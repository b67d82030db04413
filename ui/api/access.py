"""Who asks: a reader of a site, this server's own page or machine, or the holder of the admin key.

A request that names a site needs that site's session token from the same origin. One that names none is
answered on the machine itself and to our own pages; other machines need the admin key, unless
`server.public_api` is set.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from index.passage import Filters
from ui.addresses import client_address, counted_as, is_loopback
from ui.administrator import bearer, is_admin, refused
from ui.api.service import Service
from ui.problems import Problem
from ui.sites import Site
from ui.workers import Share


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and the newsletters they may be answered from (`scope`); `owner` is the fingerprint of their token."""

    address: str
    local: bool = False
    admin: bool = False
    site: Site | None = None
    session: str = ""
    owner: str = ""
    scope: Filters = field(default_factory=Filters)

    @property
    def share(self) -> Share | None:
        """What of the server's places their site may have at once."""
        return Share(self.site.id, self.site.limits.concurrency) if self.site else None


def identify(connection: HTTPConnection, service: Service) -> Reader:
    """Who sends this request; a 401 or 403 problem for one who may not ask."""
    address, direct = client_address(connection, service.settings.server.trusted_proxies)
    if "x-site" in connection.headers:
        return _site_reader(connection, service, address)
    admin = is_admin(connection, service.settings)
    local = direct and is_loopback(address)
    scope = Filters() if admin else service.open_scope()
    reader = Reader(address, local=local, admin=admin, scope=scope)
    if local or admin or service.settings.server.public_api or _from_reader(connection, service):
        return reader
    raise refused(
        connection, "Other machines need a site's session or the admin key, unless SERVER__PUBLIC_API is set."
    )


async def limit_reader(reader: Reader, service: Service) -> None:
    """Count one question by `reader`; a 429 problem at a limit. The machine itself has none."""
    if reader.site is not None:
        site, limits = reader.site, reader.site.limits
        await service.limiter.check(limits.address, "address", site.id, counted_as(reader.address))
        await service.limiter.check(limits.session, "session", site.id, reader.session)
        await service.limiter.check(limits.site, "site", site.id)
    elif not (reader.local or reader.admin):
        await service.limiter.check(service.settings.server.rate_limit, "address", counted_as(reader.address))


def _site_reader(connection: HTTPConnection, service: Service, address: str) -> Reader:
    site = service.sites.get(connection.headers["x-site"])
    origin = connection.headers.get("origin", "")
    if site is None or (not site.allows(origin) and not _embedded(connection, site)):
        raise Problem(403, "This site does not allow questions from this page's origin.")
    token = bearer(connection)
    session = service.sessions.check(token, site, origin)
    if session is None:
        raise Problem(
            401,
            "The session is over or not this site's; get a new one.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return Reader(
        address,
        site=site,
        session=session.id,
        owner=hashlib.sha256(token.encode()).hexdigest(),
        scope=service.scope_of(site, session),
    )


def _from_reader(connection: HTTPConnection, service: Service) -> bool:
    """Whether one of our pages sent this, in the browser of a reader who is signed in where that is asked for."""
    known = not service.sign_in.required or service.sign_in.reader(connection) is not None
    return known and _from_own_page(connection)


def _embedded(connection: HTTPConnection, site: Site) -> bool:
    """Whether the request comes from our own page that `site` frames."""
    return bool(site.origins) and _from_own_page(connection)


def _from_own_page(connection: HTTPConnection) -> bool:
    """Whether a browser says that one of our pages sent this; the door has refused foreign ones."""
    if connection.headers.get("sec-fetch-site") == "same-origin":
        return True
    return "origin" in connection.headers
