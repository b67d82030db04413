"""`serve`: the chat page, the reader and the HTTP API."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import SecretStr

from ui.cli.context import AsJson, DataDir, command, err, settings_for, wants_json
from ui.errors import Exit

if TYPE_CHECKING:
    from assistant.settings import ServerSettings


def add_to(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(serve)


@command
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.", show_default="7860"),
    ] = None,
    watch: Annotated[
        list[str] | None,
        typer.Option(
            "--watch",
            help="File or folder to sync first and whenever it changes; may be said again.",
            show_default=False,
        ),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Open the chat page; an empty index is filled with the newsletter that ships."""
    settings = settings_for(data_dir)
    said = {"host": host, "port": port}
    server = settings.server.model_copy(update={name: value for name, value in said.items() if value is not None})
    from ui.server import serve as run

    settings = settings.model_copy(update={"server": _with_key(server)})
    run(settings, watch=watch or (), tell=lambda said: err().print(said, markup=False), as_json=wants_json(as_json))
    return None


def _with_key(server: ServerSettings) -> ServerSettings:
    """The server's settings with an editor's key: on one's own machine one is made and told where none is set."""
    if server.admin_key is not None or server.public_url or server.host not in ("127.0.0.1", "::1", "localhost"):
        return server
    key = secrets.token_urlsafe(9)
    err().print(f"The editor's key of this run, for the tab “Add newsletters”: {key}", markup=False)
    return server.model_copy(update={"admin_key": SecretStr(key)})
