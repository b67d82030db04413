"""`users`: who may sign in to the chat page, where `SERVER__SIGN_IN` is `password`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.context import AsJson, DataDir, command, err, out, print_json, settings_for, wants_json
from ui.errors import Exit

if TYPE_CHECKING:
    from pathlib import Path

    from ui.users import Users

app = typer.Typer(help="Who may sign in to the chat page.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The user's name.", show_default=False)]


@app.command("add")
@command
def add(name: Name, data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Add a user, or give them a new password; it is asked for, or read as one line from stdin."""
    users = _users(data_dir)
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    users.add(name, password)
    if wants_json(as_json):
        print_json({"added": name})
    if settings_for(data_dir).server.sign_in != "password":
        err().print("Nobody is asked for a password yet: set NEWSLETTER_ASSISTANT_SERVER__SIGN_IN=password.")
    return None


@app.command("list")
@command
def list_users(data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """List the users' names."""
    names = _users(data_dir).names()
    if wants_json(as_json):
        print_json(names)
        return None
    for name in names:
        out().print(name, markup=False)
    return None


@app.command("remove")
@command
def remove(name: Name, data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Remove a user, which ends their visits."""
    _users(data_dir).remove(name)
    if wants_json(as_json):
        print_json({"removed": name})
    return None


def _users(data_dir: Path | None) -> Users:
    from ui.signin import SignIn

    return SignIn(settings_for(data_dir)).users
