"""The root of the command line: global options and the commands it is made of."""

from __future__ import annotations

import typer

from ui.cli import ask, library, models, serve, sync
from ui.cli.context import AsJson, DataDir, say_globally
from ui.cli.extras import mount_extras
from ui.quiet import quieten

app = typer.Typer(
    name="newsletter-assistant",
    help="Ask a newsletter archive: verbatim answers with citations, offline.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    say_globally(data_dir, as_json)


for module in (sync, library, ask, serve, models):
    module.add_to(app)
mount_extras(app)


def main() -> None:
    """Run the command line; the console script's entry."""
    quieten()
    app()
