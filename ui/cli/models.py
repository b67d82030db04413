"""`models`: what a model server offers, and whether it answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.context import AsJson, command, out, print_json, settings_for, wants_json
from ui.errors import Exit

if TYPE_CHECKING:
    from assistant.settings import LLMSettings


def add_to(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(models)


@command
def models(
    base_url: Annotated[
        str | None, typer.Option(help="Address of the server; the usual local ones without it.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> Exit | None:
    """List the models of the configured or local model servers, and ask one of them for a word."""
    from assistant.writers.discovery import LOCAL_SERVERS

    settings = settings_for(None).llm
    chosen = base_url or settings.base_url
    addresses = [chosen] if chosen else list(LOCAL_SERVERS)
    found = [_tried(settings, address) for address in addresses]
    if wants_json(as_json):
        print_json(found)
    else:
        for server in found:
            out().print(_line(server), markup=False)
    return None if any(server["works"] for server in found) else Exit.ERROR


def _tried(settings: LLMSettings, address: str) -> dict[str, Any]:
    """What the server at `address` offers and how its model answered."""
    from assistant.errors import ModelServerError
    from assistant.writers.discovery import AUTO, offered
    from assistant.writers.model_server import ModelServer

    result: dict[str, Any] = {"base_url": address, "models": [], "works": False, "seconds": None, "error": None}
    try:
        result["models"] = list(offered(settings, address).models)
        named = settings.model if settings.model != AUTO else None
        model = named or next(iter(result["models"]), None)
        if model is None:
            return {**result, "error": f"The server at {address} offers no model: load one there."}
        started = time.perf_counter()
        ModelServer(settings, address, model).complete([("user", "Say yes.")], max_tokens=8)
        return {**result, "model": model, "works": True, "seconds": round(time.perf_counter() - started, 2)}
    except ModelServerError as error:
        return {**result, "error": str(error)}


def _line(server: dict[str, Any]) -> str:
    names = ", ".join(server["models"]) or "no models"
    state = f"{server['model']} answered in {server['seconds']} s" if server["works"] else server["error"]
    return f"{server['base_url']}: {names}\n    {state}"
