"""`feedback export`: what readers thought, as a question file for the evaluation kit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.context import AsJson, DataDir, command, print_json, settings_for, wants_json, write_text
from ui.errors import Exit

app = typer.Typer(help="What readers thought of the answers.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """What readers thought of the answers."""


@app.command()
@command
def export(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write; stdout if not given.", show_default=False),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Write the questions that readers judged as a question file (JSON Lines)."""
    import json

    from ui.feedback import FeedbackLog

    questions = FeedbackLog(settings_for(data_dir).data_dir).questions()
    lines = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    if output is not None:
        write_text(output, lines)
    if wants_json(as_json):
        print_json(questions)
    elif output is None:
        typer.echo(lines, nl=False)
    return None if questions else Exit.NOT_FOUND
