"""`list`, `show`, `status` and `repair`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.context import (
    AsJson,
    DataDir,
    command,
    err,
    opened_to_read,
    out,
    print_json,
    settings_for,
    wants_json,
)
from ui.errors import Exit

if TYPE_CHECKING:
    from corpus import Newsletter


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("list")(list_newsletters)
    app.command()(show)
    app.command()(status)
    app.command()(repair)


@command
def list_newsletters(data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """List the indexed newsletters, newest first."""
    from ui.cli.text import newsletter_lines

    with opened_to_read(data_dir) as assistant:
        newest = sorted(assistant.newsletters(), key=lambda info: (info.date or "", info.id), reverse=True)
    if wants_json(as_json):
        print_json([asdict(info) for info in newest])
    elif newest:
        out().print(newsletter_lines(newest), markup=False)
    else:
        err().print("The index is empty: fill it with `newsletter-assistant sync PATH`.", markup=False)
    return None


@command
def show(
    newsletter_id: Annotated[str, typer.Argument(metavar="ID", help="Its id, as `list` shows it.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Print one newsletter's text."""
    with opened_to_read(data_dir) as assistant:
        newsletter = assistant.newsletter(newsletter_id)
    if wants_json(as_json):
        print_json(_document(newsletter))
    else:
        out().print(newsletter.text, markup=False)
    return None


@command
def status(data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Say what the index holds and whether it is whole."""
    with opened_to_read(data_dir) as assistant:
        state = assistant.status()
    if wants_json(as_json):
        print_json(state)
    else:
        for name, value in state.items():
            if value not in ("", None):
                out().print(f"{name}: {value}", markup=False)
    return None if state["healthy"] else Exit.ERROR


@command
def repair(data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Mend an index: from its own texts, else from what a damaged store still gives; says what was lost."""
    from index.repair import repair as mend

    settings = settings_for(data_dir)
    repaired = mend(settings.data_dir, settings.embedding, settings.store)
    if wants_json(as_json):
        print_json({"done": repaired.done, "lost": list(repaired.lost), **repaired.state})
    else:
        out().print(repaired.done, markup=False)
        for newsletter_id in repaired.lost:
            err().print(f"lost: {newsletter_id}", markup=False)
    return None


def _document(newsletter: Newsletter) -> dict[str, Any]:
    return {**asdict(newsletter), "content_hash": newsletter.content_hash}
