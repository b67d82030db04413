"""Which portals may embed the chat: a registry of sites in `data_dir/sites.json`, deny by default.

A site answers only pages whose origin it lists, exactly or as `https://*.example.org`; a site without
origins answers nobody. `scope` narrows what the site's readers can be answered from; `look` is what the
widget shows and wins over the page's `data-` attributes. `key` is part of what session tokens are signed
with: rotating it ends every session of the site.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, ValidationError

from index.dates import PartialDate
from index.passage import Filters
from ui.errors import UiError, unusable
from ui.limits import parse_rates

_ID = r"^[a-z0-9][a-z0-9-]{0,62}$"
_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,62})?(?:\.[a-z0-9](?:[a-z0-9-]{0,62})?)*|\[[0-9a-f:]+\])"
_EXACT = re.compile(rf"https?://{_HOST}(?::\d{{1,5}})?")
_PATTERN = re.compile(rf"https://\*\.(?P<parent>{_HOST})(?P<port>:\d{{1,5}})?")


class SiteError(UiError):
    """The registry cannot be read, or what was asked of it cannot be done; the text names the remedy."""


def _origin(text: str) -> str:
    text = text.strip().lower().rstrip("/")
    pattern = _PATTERN.fullmatch(text)
    if pattern and "." in pattern["parent"] and not pattern["parent"].startswith("["):
        return text
    if _EXACT.fullmatch(text):
        return _without_default_port(text)
    raise ValueError(f"{text!r} is not an origin: write https://portal.example.org or https://*.example.org.")


def _without_default_port(origin: str) -> str:
    scheme, _, host = origin.partition("://")
    return origin.removesuffix(":443" if scheme == "https" else ":80") if host.count(":") else origin


def _rate(text: str) -> str:
    parse_rates(text)
    return text


Origin = Annotated[str, AfterValidator(_origin)]
Rate = Annotated[str, AfterValidator(_rate)]
Colour = Annotated[str, Field(pattern=r"^#(?:[0-9a-fA-F]{3}){1,2}$")]
ColourName = Literal["accent", "on-accent", "paper", "ink", "soft", "line", "tint", "mark", "mark-ink", "link"]
StringName = Annotated[str, Field(pattern=r"^[a-zA-Z]{1,20}$")]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(_Record):
    """Which newsletters the site's readers are answered from; empty means all."""

    newsletter_ids: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: PartialDate | None = None
    until: PartialDate | None = None

    def filters(self) -> Filters:
        """The scope as retrieval filters."""
        return Filters(
            newsletter_ids=self.newsletter_ids,
            publishers=self.publishers,
            languages=self.languages,
            since=self.since,
            until=self.until,
        )


class SiteLimits(_Record):
    """Questions the site's readers may ask, as COUNT/PERIOD, and how many may be worked on or wait at once.

    An address, which several readers may share, has a small part of the site's hour, so that a few cannot use it up.
    """

    address: Rate = "20/minute;300/hour"
    session: Rate = "100/hour"
    site: Rate = "6000/hour"
    sessions: Rate = "30/minute"
    concurrency: int = Field(default=50, ge=1, le=10_000)


class Look(_Record):
    """What the widget shows; what is None is left to the page's `data-` attributes."""

    title: str | None = Field(default=None, max_length=80)
    greeting: str | None = Field(default=None, max_length=400)
    placeholder: str | None = Field(default=None, max_length=120)
    suggestions: tuple[Annotated[str, Field(max_length=200)], ...] | None = Field(default=None, max_length=6)
    language: str | None = Field(default=None, pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$")
    strings: dict[StringName, Annotated[str, Field(max_length=400)]] | None = Field(default=None, max_length=60)
    position: Literal["right", "left"] | None = None
    size: Literal["small", "medium", "large"] | None = None
    theme: Literal["light", "dark", "auto"] | None = None
    accent: Colour | None = None
    colours: dict[ColourName, Colour] | None = None
    dark_colours: dict[ColourName, Colour] | None = None
    z_index: int | None = Field(default=None, ge=0, le=2_147_483_647)
    open: bool | None = None
    privacy: HttpUrl | None = None


class Site(_Record):
    """One portal: who may embed it, what its readers may see, and how the widget looks.

    `tiers` are the newsletters that only their holders see; `collections` are parts of the scope that a page or an
    identity may name to narrow it.
    """

    id: str = Field(pattern=_ID)
    origins: tuple[Origin, ...] = ()
    scope: Scope = Scope()
    tiers: dict[str, Scope] = Field(default={}, max_length=20)
    collections: dict[str, Scope] = Field(default={}, max_length=50)
    limits: SiteLimits = SiteLimits()
    look: Look = Look()
    key: str = Field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def allows(self, origin: str) -> bool:
        """Whether pages of `origin` may ask."""
        origin = origin.lower()
        return _EXACT.fullmatch(origin) is not None and any(_matches(own, origin) for own in self.origins)


def _matches(own: str, origin: str) -> bool:
    pattern = _PATTERN.fullmatch(own)
    if pattern is None:
        return own == _without_default_port(origin)
    ending = f".{pattern['parent']}{pattern['port'] or ''}"
    host = origin.removeprefix("https://")
    return origin.startswith("https://") and host.endswith(ending) and len(host) > len(ending)


class SiteRegistry:
    """The sites in one JSON file, read again whenever the file changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[int, int] | None = None
        self._sites: dict[str, Site] = {}

    def all(self) -> list[Site]:
        """Every site, by id."""
        return [site for _, site in sorted(self._load().items())]

    def get(self, site_id: str) -> Site | None:
        """The site called `site_id`, or None."""
        return self._load().get(site_id)

    def state(self) -> object:
        """The same object until the file changes."""
        return self._load()

    def allowing(self, origin: str) -> bool:
        """Whether any site answers pages of `origin`."""
        return any(site.allows(origin) for site in self._load().values())

    def add(self, site: Site) -> None:
        """Record `site`, in place of one with the same id."""
        self._save({**self._load(), site.id: site})

    def remove(self, site_id: str) -> None:
        """Forget a site and end its sessions."""
        self._known(site_id)
        self._save({name: site for name, site in self._load().items() if name != site_id})

    def rotate(self, site_id: str) -> Site:
        """The site with a new key; sessions made with the old one end."""
        site = self._known(site_id).model_copy(update={"key": secrets.token_urlsafe(24)})
        self.add(site)
        return site

    def _known(self, site_id: str) -> Site:
        site = self.get(site_id)
        if site is None:
            raise SiteError(f"There is no site {site_id!r} in {self._path}; `sites list` shows those there are.")
        return site

    def _load(self) -> dict[str, Site]:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            if self._read is not None:
                self._sites, self._read = {}, None
            return self._sites
        except OSError as error:
            raise SiteError(unusable(self._path, "read", error)) from error
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._read:
            self._sites, self._read = self._parse(), stamp
        return self._sites

    def _parse(self) -> dict[str, Site]:
        try:
            records = json.loads(self._path.read_text(encoding="utf-8"))
            sites = [Site.model_validate(record) for record in records["sites"]]
        except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
            raise SiteError(
                f"{self._path} is not a list of sites ({error}); mend it, or remove it and add them anew."
            ) from error
        return {site.id: site for site in sites}

    def _save(self, sites: dict[str, Site]) -> None:
        records = {"sites": [json.loads(site.model_dump_json(exclude_none=True)) for _, site in sorted(sites.items())]}
        try:
            write_private(self._path, json.dumps(records, ensure_ascii=False, indent=2).encode())
        except OSError as error:
            raise SiteError(unusable(self._path, "written", error)) from error


def write_private(path: Path, content: bytes) -> None:
    """Write `content` to `path` at once, readable by the owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
