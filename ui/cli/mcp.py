"""`mcp`: the assistant as an MCP server over stdin and stdout."""

from __future__ import annotations

from importlib.util import find_spec

import typer

from ui.cli.context import DataDir, command, opened
from ui.errors import Exit, UiError


def add_to(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(mcp)


@command
def mcp(data_dir: DataDir = None) -> Exit | None:
    """Serve the tools ask, search and read_newsletter to an MCP client over stdin and stdout."""
    if find_spec("mcp") is None:
        raise UiError("The MCP server needs an extra: pip install 'newsletter-assistant[mcp]'.")
    from ui.mcp import serve_stdio

    with opened(data_dir) as assistant:
        serve_stdio(assistant, assistant.settings)
    return None
