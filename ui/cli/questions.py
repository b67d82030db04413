"""`questions`: start, check and describe question files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.context import (
    AsJson,
    DataDir,
    command,
    err,
    opened_to_read,
    out,
    print_json,
    require_newsletters,
    wants_json,
    write_text,
)
from ui.errors import Exit

app = typer.Typer(help="Question files for `eval`: start, check, describe.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Question files for `eval`: start, check, describe."""


@app.command()
@command
def suggest(
    corpus: Annotated[
        list[Path] | None, typer.Option("--corpus", help="Draft from these newsletters instead of the index.")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=10_000, help="How many.")] = 40,
    seed: Annotated[int, typer.Option("--seed", help="Another number drafts other questions.")] = 0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; stdout if not given.", show_default=False)
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Draft questions from the newsletters, for a person to correct: `eval` asks them once `draft` is taken away."""
    import json

    from assistant.evaluation.drafts import draft_questions

    if corpus:
        from corpus import read_newsletters

        newsletters = [newsletter for path in corpus for newsletter in read_newsletters(path)]
    else:
        with opened_to_read(data_dir) as assistant:
            require_newsletters(assistant)
            newsletters = [assistant.newsletter(info.id) for info in assistant.newsletters()]
    records = draft_questions(newsletters, count, seed=seed)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    if output is not None:
        write_text(output, lines)
        err().print(f"{len(records)} drafts are in {output}: correct them and take `draft` away.", markup=False)
    if wants_json(as_json):
        print_json(records)
    elif output is None:
        typer.echo(lines, nl=False)
    return None if records else Exit.NOT_FOUND


@app.command()
@command
def check(
    files: Annotated[list[Path], typer.Argument(metavar="QUESTIONS…", help="Question files, JSON Lines or YAML.")],
    as_json: AsJson = False,
) -> Exit | None:
    """Check question files against their schema; the first fault is named with file and line."""
    from assistant.evaluation import load_questions

    counts = {}
    for file in files:
        questions = load_questions(file, drafts=True)
        drafts = sum(question.draft for question in questions)
        counts[str(file)] = {"questions": len(questions) - drafts, "drafts": drafts}
    if wants_json(as_json):
        print_json(counts)
    else:
        for name, count in counts.items():
            out().print(f"{name}: {count['questions']} questions, {count['drafts']} drafts", markup=False)
    return None


@app.command()
@command
def schema() -> Exit | None:
    """Print the JSON Schema of one record of a question file."""
    from assistant.evaluation.questions import question_schema

    print_json(question_schema())
    return None
