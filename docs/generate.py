"""Writes the parts of the documents that are made from the program: `make docs`; a test holds them level.

docs/command-line.md        every command with its options
docs/settings.md            every setting with its environment name, default and meaning
docs/python.md              every public name
docs/quality.md, docs/scaling.md, docs/images/growth.svg   the measured figures
docs/question-file.schema.json   a record of a question file
"""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MADE = "<!-- Made by `make docs` from the program: change that, not this. -->"
PACKAGES = ("corpus", "index", "assistant", "assistant.evaluation", "assistant.verification")


def command_line() -> str:
    """Every command with its usage, options and what it does."""
    import typer

    from ui.cli import app

    parts = [
        "# Command line",
        MADE,
        "`newsletter-assistant COMMAND`; answers go to stdout, progress to stderr. Exit codes: 0 answered, 1 error, 2 usage, 3 not found. `--data-dir` and `--json` may stand before the command, too.",
    ]
    for path, command in _commands(typer.main.get_command(app), ()):
        parts += [f"## {' '.join(path)}", (command.help or "").strip()]
        arguments = " ".join(_metavar(p) for p in command.params if p.param_type_name == "argument")
        parts.append(f"```text\nnewsletter-assistant {' '.join(path)} [OPTIONS] {arguments}".rstrip() + "\n```")
        rows = [_option(p) for p in command.params]
        parts.append("\n".join(["| | |", "| --- | --- |", *rows]) if rows else "No options.")
    return "\n\n".join(parts) + "\n"


def _metavar(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name in sorted(children):
        yield from _commands(children[name], (*path, name))


def _option(param: Any) -> str:
    if param.param_type_name == "argument":
        name = f"`{_metavar(param)}`"
    else:
        name = ", ".join(f"`{flag}`" for flag in (*param.opts, *param.secondary_opts))
        if not param.is_flag:
            name += f" {param.metavar or 'VALUE'}"
    said = _cell(param.help or "")
    default = param.default if not callable(param.default) else None
    if default not in (None, False, [], ()) and param.param_type_name != "argument":
        said += f" Default: `{default}`."
    return f"| {name} | {said} |"


def settings() -> str:
    """The settings tree as a table."""
    from assistant import Settings

    rows = [
        f"| `NEWSLETTER_ASSISTANT_{name}` | {kind} | {default} | {_cell(text)} |"
        for name, kind, default, text in _settings(Settings, "")
    ]
    head = (
        "From the environment, `.env` in the working directory, or `newsletter-assistant.toml` there (the part after the\n"
        "prefix in lower case; `__` is a table: `[server]`, `port = 8080`). The environment wins over the files;\n"
        "an empty variable counts as unset."
    )
    return (
        "\n".join(
            ["# Settings", "", MADE, "", head, "", "| name | type | default | |", "| --- | --- | --- | --- |", *rows]
        )
        + "\n"
    )


def _settings(model: Any, prefix: str) -> Iterator[tuple[str, str, str, str]]:
    from pydantic import BaseModel

    for name, field in model.model_fields.items():
        kind = field.annotation
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            yield from _settings(kind, f"{prefix}{name.upper()}__")
            continue
        default = field.get_default(call_default_factory=True)
        yield (
            f"{prefix}{name.upper()}",
            _type(kind),
            "" if default in (None, []) else f"`{default}`",
            field.description or "",
        )


def _type(annotation: Any) -> str:
    name = annotation.__name__ if inspect.isclass(annotation) else str(annotation)
    for word in ("typing.", "pathlib.", "pydantic.types.", "pathlib._local.", " | None"):
        name = name.replace(word, "")
    return _cell(name.replace("|", "or"))


def python_names() -> str:
    """Every public name of the packages with the first line of its docstring."""
    parts = [
        "# Python",
        MADE,
        "What can be imported; everything else may change. Each name's docstring says the rest (`help(name)`).",
    ]
    for package in PACKAGES:
        module = importlib.import_module(package)
        parts += [f"## {package}", (module.__doc__ or "").strip().splitlines()[0]]
        rows = [
            f"| `{name}` | {_kind(getattr(module, name))} | {_first_line(getattr(module, name))} |"
            for name in public_names(module)
        ]
        parts.append("\n".join(["| name | | |", "| --- | --- | --- |", *rows]))
    return "\n\n".join(parts) + "\n"


def public_names(module: Any) -> list[str]:
    """The names a package offers: its `__all__`, else the classes and functions that it defines."""
    offered = getattr(module, "__all__", None)
    if offered is not None:
        return sorted(offered)
    own = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__]
    return sorted(name for name in own if not name.startswith("_"))


def _kind(value: Any) -> str:
    if inspect.isclass(value):
        return "error" if issubclass(value, BaseException) else "class"
    return "function" if callable(value) else "data"


def _first_line(value: Any) -> str:
    doc = inspect.getdoc(value) if inspect.isclass(value) or inspect.isroutine(value) else ""
    return _cell((doc or "").split("\n\n")[0])


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def question_file_schema() -> str:
    """The JSON Schema of a question file's records."""
    from assistant.evaluation.questions import question_schema

    return json.dumps(question_schema(), indent=2, ensure_ascii=False) + "\n"


def evaluation() -> str:
    """The page on evaluation, its table of figures made new; the rest of it is written by hand."""
    from assistant.evaluation import METRICS

    before, start, rest = (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8").partition("| --- | --- |\n")
    after = rest[rest.index("\n\n") :]
    rows = "\n".join(f"| `{name}` | {_cell(meaning)} |" for name, meaning in METRICS.items())
    return before + start + rows + after


def quality() -> str:
    """The measured figures; the method alone where nothing was measured yet."""
    from benchmarks.quality_page import METHOD, RESULTS, made

    if not RESULTS.is_file():
        return f"# How good the answers are\n\n{MADE}\n\nNot measured yet: run `make bench-quality`.\n\n{METHOD}"
    return made()


def scaling() -> str:
    """What was measured of large archives and shared stores."""
    from benchmarks.scaling_page import made

    return made()


def growth_plot() -> str:
    """The plot on that page."""
    from benchmarks.scaling_page import made_plot

    return made_plot()


PAGES: dict[str, Callable[[], str]] = {
    "command-line.md": command_line,
    "settings.md": settings,
    "python.md": python_names,
    "question-file.schema.json": question_file_schema,
    "evaluation.md": evaluation,
    "quality.md": quality,
    "scaling.md": scaling,
    "images/growth.svg": growth_plot,
}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (ROOT / "docs" / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
