"""`sync`, `list`, `show`, `status` and `repair`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.cli.context import (
    AsJson,
    DataDir,
    command,
    err,
    opened,
    out,
    print_json,
    settings_for,
    wants_json,
)
from ui.errors import Exit

if TYPE_CHECKING:
    from corpus import Newsletter
    from index import SyncReport


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(sync)
    app.command("list")(list_newsletters)
    app.command()(show)
    app.command()(status)
    app.command()(repair)


@command
def sync(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders of newsletters.", show_default=False)
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="Index the newsletter that ships.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Embed again what is unchanged, too.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Make the index equal to what is in the paths: only what changed is read and embedded."""
    if not paths and not shipped:
        raise typer.BadParameter("Name a file or folder of newsletters, or --shipped.", param_hint="PATH")
    from corpus import find_sources, shipped_newsletters
    from ui.cli.progress import sync_progress

    wanted = [*(paths or []), *([shipped_newsletters()] if shipped else [])]
    find_sources(wanted)  # a wrong path fails before a store is created
    with opened(data_dir) as assistant, sync_progress() as progress:
        report = assistant.sync(wanted, progress=progress, dry_run=dry_run, rebuild=rebuild)
    if wants_json(as_json):
        print_json(report.to_dict())
    else:
        _show_report(report, dry_run=dry_run)
    return Exit.ERROR if report.failed else None


@command
def list_newsletters(data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """List the indexed newsletters, newest first."""
    from ui.cli.text import newsletter_lines

    with opened(data_dir) as assistant:
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
    with opened(data_dir) as assistant:
        newsletter = assistant.newsletter(newsletter_id)
    if wants_json(as_json):
        print_json(_document(newsletter))
    else:
        out().print(newsletter.text, markup=False)
    return None


@command
def status(data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Say what the index holds and whether it is whole."""
    with opened(data_dir) as assistant:
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
    """Mend an index: embed stored newsletters again, or set a store that cannot be opened aside."""
    from index.errors import IndexDamaged
    from index.library import Library, set_aside

    settings = settings_for(data_dir)
    done = "The index is whole; nothing was done."
    try:
        with Library.open(settings.data_dir, embedding=settings.embedding, store=settings.store) as library:
            if not library.status().healthy:
                library.rebuild()
                done = "Every stored newsletter was indexed again."
            state = library.status().to_dict()
    except IndexDamaged:
        aside = set_aside(settings.data_dir)
        done = f"The damaged store was moved to {aside}: run `newsletter-assistant sync PATH` to fill a new one."
        state = {"healthy": False}
    if wants_json(as_json):
        print_json({"done": done, **state})
    else:
        out().print(done, markup=False)
    return None


def _show_report(report: SyncReport, *, dry_run: bool) -> None:
    counts = {
        "added": len(report.added),
        "changed": len(report.changed),
        "removed": len(report.removed),
        "unchanged": len(report.unchanged),
        "failed": len(report.failed),
    }
    would = "would be " if dry_run else ""
    said = ", ".join(f"{count} {would}{name}" for name, count in counts.items() if count)
    out().print(said or "Nothing to do.", markup=False)
    for failure in report.failed:
        err().print(f"error: {failure.reason}", markup=False)


def _document(newsletter: Newsletter) -> dict[str, Any]:
    return {**asdict(newsletter), "content_hash": newsletter.content_hash}
