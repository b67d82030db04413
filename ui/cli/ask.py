"""`ask`, `search` and `chat`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.context import (
    AsJson,
    DataDir,
    command,
    opened_to_read,
    out,
    print_json,
    require_newsletters,
    wants_json,
)
from ui.errors import Exit, InputUnreadable

if TYPE_CHECKING:
    from assistant import Answer

Limit = Annotated[int, typer.Option(min=1, max=50, help="Passages to show.")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(ask)
    app.command()(search)
    app.command()(chat)


@command
def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotes.", show_default=False)],
    history: Annotated[
        Path | None,
        typer.Option(help="JSON file with earlier messages: a list of {role, content}.", show_default=False),
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Answer one question with the newsletters' own words and where they stand."""
    earlier = read_history(history) if history else []
    with opened_to_read(data_dir) as assistant:
        require_newsletters(assistant)
        answer = assistant.ask(question, history=earlier)
    _show(answer, as_json=wants_json(as_json))
    return _code(answer)


@command
def search(
    query: Annotated[str, typer.Argument(help="What to look for.", show_default=False)],
    limit: Limit = 10,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """List the passages that match best, by meaning and by words."""
    from ui.cli.text import found_passage, passage_document

    with opened_to_read(data_dir) as assistant:
        require_newsletters(assistant)
        found = assistant.search(query, limit=limit)
    if wants_json(as_json):
        print_json([passage_document(passage) for passage in found])
    else:
        for number, passage in enumerate(found, start=1):
            out().print(found_passage(number, passage), markup=False)
    return None if found else Exit.NOT_FOUND


@command
def chat(data_dir: DataDir = None, as_json: AsJson = False) -> Exit | None:
    """Hold a conversation in the terminal; with --json, print it at the end as one document."""
    from ui.cli.conversation import Conversation

    with opened_to_read(data_dir) as assistant:
        require_newsletters(assistant)
        conversation = Conversation(assistant, silent=wants_json(as_json))
        conversation.run()
    if wants_json(as_json):
        print_json({"answers": [answer.to_dict() for answer in conversation.answers]})
    return None


def read_history(path: Path) -> list[dict[str, str]]:
    """The earlier messages in a JSON file. Raises InputUnreadable, naming the file and what it must hold."""
    try:
        messages = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputUnreadable(f"The history file {path} cannot be read ({error.strerror}): check the path.") from error
    except ValueError as error:
        raise InputUnreadable(f"The history file {path} is not JSON text: {error}.") from error
    if not isinstance(messages, list) or not all(_is_message(entry) for entry in messages):
        raise InputUnreadable(
            f'The history file {path} must hold a list of {{"role": "user" or "assistant", "content": "text"}}.'
        )
    return [{"role": entry["role"], "content": entry["content"]} for entry in messages]


def _is_message(entry: object) -> bool:
    return (
        isinstance(entry, dict) and entry.get("role") in ("user", "assistant") and isinstance(entry.get("content"), str)
    )


def _show(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        print_json(answer.to_dict())
        return
    from ui.cli.text import answer_text

    out().print(answer_text(answer), markup=False)


def _code(answer: Answer) -> Exit:
    return Exit.ANSWERED if answer.status == "answered" else Exit.NOT_FOUND
