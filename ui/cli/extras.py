"""Command groups that live beside their subject: evaluation, question files, portal sites and users."""

from __future__ import annotations

import typer

from ui.cli import evaluate, feedback, mcp, questions, sites, users


def mount_extras(app: typer.Typer) -> None:
    """Add the groups to the command line."""
    app.add_typer(feedback.app, name="feedback")
    app.add_typer(questions.app, name="questions")
    app.add_typer(sites.app, name="sites")
    app.add_typer(users.app, name="users")
    mcp.add_to(app)
    evaluate.add_to(app)
