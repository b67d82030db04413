"""What every command shares: where the index is, how to print, how an error ends the program."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer
from rich.console import Console

from ui.errors import Exit, NothingIndexed, OutputUnwritable, exit_code, message

if TYPE_CHECKING:
    from assistant import Assistant, Settings

P = ParamSpec("P")
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="Folder that holds the index.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


@dataclass(slots=True)
class Globals:
    """What was said before the command's name."""

    data_dir: Path | None = None
    as_json: bool = False


_said = Globals()
_FILL = (
    "fill it with `newsletter-assistant sync PATH`, or with the newsletter that ships by "
    "`newsletter-assistant sync --shipped`."
)


def say_globally(data_dir: Path | None, as_json: bool) -> None:
    """Remember the options that stood before the command's name."""
    _said.data_dir, _said.as_json = data_dir, as_json


def wants_json(as_json: bool) -> bool:
    """Whether `--json` stood before or after the command's name."""
    return as_json or _said.as_json


def settings_for(data_dir: Path | None) -> Settings:
    """The settings, with the data directory of the command line if one was named."""
    from assistant import load_settings

    chosen = data_dir or _said.data_dir
    settings = load_settings()
    return settings if chosen is None else settings.model_copy(update={"data_dir": chosen})


@contextmanager
def opened(data_dir: Path | None) -> Iterator[Assistant]:
    """The assistant over the chosen index, closed afterwards."""
    settings = settings_for(data_dir)
    from assistant import open_assistant

    with open_assistant(settings) as assistant:
        yield assistant


@contextmanager
def opened_to_read(data_dir: Path | None) -> Iterator[Assistant]:
    """As `opened`, for commands that only read: a folder that does not exist is not made. Raises NothingIndexed then."""
    settings = settings_for(data_dir)
    if settings.store.url is None and not settings.data_dir.exists():
        raise NothingIndexed(f"There is no index in {settings.data_dir}: {_FILL}")
    with opened(data_dir) as assistant:
        yield assistant


def require_newsletters(assistant: Assistant) -> None:
    """Raise NothingIndexed, with the remedy, when the index is empty."""
    if not assistant.newsletters():
        raise NothingIndexed(f"The index in {assistant.settings.data_dir} is empty: {_FILL}")


def out() -> Console:
    """The console for answers."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty(), emoji=False)


def err() -> Console:
    """The console for progress and errors."""
    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty(), emoji=False)


def print_json(document: Any) -> None:
    """Write exactly one JSON document to stdout."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=str)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.flush()


def write_text(path: Path, text: str) -> None:
    """Write a file that the command line named; raises OutputUnwritable."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputUnwritable(f"{path} cannot be written ({error.strerror}): name another file.") from error


def command(function: Callable[P, Exit | None]) -> Callable[P, None]:
    """A command that ends with the exit code it gives, and turns errors meant for people into one line."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = function(*args, **kwargs)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(Exit.ERROR) from None
        except Exception as error:
            known = exit_code(error)
            if known is None:
                raise
            _report(message(error), as_json=wants_json(bool(kwargs.get("as_json"))))
            raise typer.Exit(known) from None
        if code:
            raise typer.Exit(code)

    return run


def _report(text: str, *, as_json: bool) -> None:
    err().print(f"error: {text}", markup=False)
    if as_json:
        print_json({"error": text})
