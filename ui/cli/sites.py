"""`sites`: which portals may embed the chat."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli.context import AsJson, DataDir, command, err, out, print_json, settings_for, wants_json
from ui.errors import Exit

app = typer.Typer(help="Portals that may embed the chat.", no_args_is_help=True)
SiteId = Annotated[str, typer.Argument(help="Name of the site, such as library.", show_default=False)]


@app.command("add")
@command
def add(
    site_id: SiteId,
    origin: Annotated[
        list[str] | None,
        typer.Option(help="Origin of the portal's pages: https://portal.example.org or https://*.example.org."),
    ] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Answer from this publisher only.")] = None,
    since: Annotated[str | None, typer.Option(help="Answer from issues of this date on.")] = None,
    until: Annotated[str | None, typer.Option(help="Answer from issues up to this date.")] = None,
    record: Annotated[Path | None, typer.Option(help="JSON file with scope, limits and look.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Add a site, or put it in place of the one of that name; its key is kept."""
    from ui.sites import Site, SiteError

    sites = _registry(data_dir)
    known = sites.get(site_id)
    said = {"publishers": publisher, "since": since, "until": until}
    fields: dict[str, Any] = _record(record) if record else {}
    fields["scope"] = {**fields.get("scope", {}), **{name: value for name, value in said.items() if value}}
    fields["origins"] = [*fields.get("origins", []), *(origin or [])]
    if known is not None:
        fields["key"] = known.key
    try:
        site = Site.model_validate({**fields, "id": site_id})
    except ValueError as error:
        raise SiteError(f"The site {site_id!r} cannot be added: {_first_reason(error)}") from None
    sites.add(site)
    _show(site, as_json=as_json)
    return None


@app.command("list")
@command
def list_sites(data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """List the sites and their origins."""
    sites = _registry(data_dir).all()
    if wants_json(as_json):
        print_json([_public(site) for site in sites])
        return None
    for site in sites:
        out().print(f"{site.id}\t{', '.join(site.origins) or '(no origin: answers nobody)'}", markup=False)
    return None


@app.command("remove")
@command
def remove(site_id: SiteId, data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Remove a site; its readers are no longer answered."""
    _registry(data_dir).remove(site_id)
    if wants_json(as_json):
        print_json({"removed": site_id})
    return None


@app.command("rotate")
@command
def rotate(site_id: SiteId, data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Give a site a new key, which ends every session of its readers."""
    _registry(data_dir).rotate(site_id)
    if wants_json(as_json):
        print_json({"rotated": site_id})
    return None


@app.command("key")
@command
def key(site_id: SiteId, data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Print the key with which the portal signs who its readers are; keep it on the portal's server."""
    from ui.sites import SiteError

    site = _registry(data_dir).get(site_id)
    if site is None:
        raise SiteError(f"There is no site {site_id!r}; `sites list` shows those there are, `sites add` adds one.")
    if wants_json(as_json):
        print_json({"key": site.key})
    else:
        out().print(site.key, markup=False)
    return None


@app.command("snippet")
@command
def snippet(
    site_id: SiteId,
    url: Annotated[str | None, typer.Option(help="Address of this server, as the portal's readers see it.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Print the line to paste into the portal's pages, and what its Content-Security-Policy must allow."""
    from ui.sites import SiteError
    from ui.snippet import snippet_for

    site = _registry(data_dir).get(site_id)
    if site is None:
        raise SiteError(f"There is no site {site_id!r}; `sites list` shows those there are, `sites add` adds one.")
    server = settings_for(data_dir).server
    base = url or server.public_url or f"http://{server.host}:{server.port}"
    made = snippet_for(site_id, site.look.title, base)
    if wants_json(as_json):
        print_json({"script": made.script, "content_security_policy": made.policy, "frame": made.address})
        return None
    preview = f"{base.rstrip('/')}/sites/{site_id}/preview"
    out().print(made.script, f"Content-Security-Policy: {made.policy}", sep="\n", markup=False, soft_wrap=True)
    err().print(f"See it at {preview}, on the machine itself or signed in as the editor.", markup=False)
    return None


def _registry(data_dir: Path | None) -> Any:
    from ui.sites import SiteRegistry

    return SiteRegistry(settings_for(data_dir).data_dir / "sites.json")


def _record(path: Path) -> dict[str, Any]:
    from ui.sites import SiteError

    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SiteError(f"{path} cannot be read as a site's record: {error}") from None
    if not isinstance(fields, dict):
        raise SiteError(f"{path} must hold one JSON object with origins, scope, limits and look.")
    if not isinstance(fields.get("scope", {}), dict):
        raise SiteError(f'The scope in {path} must be an object, such as {{"publishers": ["The Garden Club"]}}.')
    if not isinstance(fields.get("origins", []), list):
        raise SiteError(f'The origins in {path} must be a list, such as ["https://portal.example.org"].')
    return fields


def _first_reason(error: ValueError) -> str:
    details = getattr(error, "errors", None)
    if details is None:
        return str(error)
    first = details()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def _public(site: Any) -> dict[str, Any]:
    """A site's record without its key."""
    fields: dict[str, Any] = json.loads(site.model_dump_json(exclude={"key"}, exclude_none=True))
    return fields


def _show(site: Any, *, as_json: bool) -> None:
    if wants_json(as_json):
        print_json(_public(site))
    else:
        out().print(f"{site.id}: {', '.join(site.origins) or 'no origin yet, so it answers nobody'}", markup=False)
