"""`eval`: ask a question file and say how good the answers are, and what got worse."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.bounds import Bound, parse_bounds
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

if TYPE_CHECKING:
    from assistant.evaluation import Question, Report


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("eval")(evaluate_questions)


@command
def evaluate_questions(
    files: Annotated[list[Path], typer.Argument(metavar="QUESTIONS…", help="Question files, JSON Lines or YAML.")],
    corpus: Annotated[
        list[Path] | None, typer.Option("--corpus", help="Index these newsletters in a temporary folder and ask them.")
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write an HTML page of every answer.")] = None,
    save: Annotated[Path | None, typer.Option("--save", help="Write the outcomes as JSON, for --baseline.")] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="Say what changed since this JSON.")] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write a JUnit XML file, one case a question.")] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option("--fail-under", help="Fail when a figure is lower: answer_hit=0.8, answer_hit:followup=0.7."),
    ] = None,
    fail_over: Annotated[
        list[str] | None,
        typer.Option("--fail-over", help="Fail when a figure is higher: wrongly_refused=0.05, latency_p95_ms=200."),
    ] = None,
    fail_worse: Annotated[
        int | None, typer.Option("--fail-worse", min=0, help="Fail when more questions got worse than in --baseline.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Ask every question of the files and judge the answers, without a judge model."""
    if fail_worse is not None and baseline is None:
        raise typer.BadParameter("it needs --baseline to compare with.", param_hint="--fail-worse")
    bounds = parse_bounds(fail_under or [], fail_over or [])
    from assistant.evaluation.reporting import junit_document, read_report

    before = read_report(baseline) if baseline else None
    found = _run(_questions(files), corpus, data_dir)
    if report:
        from assistant.evaluation.report_page import report_page

        write_text(report, report_page(found, before))
    if save:
        write_text(save, found.model_dump_json(indent=1))
    if junit:
        write_text(junit, junit_document(found))
    if wants_json(as_json):
        changes = {"changes": found.changes(before)} if before else {}
        print_json({**found.model_dump(mode="json"), **changes})
    else:
        _show(found, before)
    return Exit.ERROR if _complaints(found, before, bounds, fail_worse) else None


def _questions(files: list[Path]) -> list[Question]:
    """The questions of all files; an id that several files use gets its file's name before it."""
    from assistant.evaluation import load_questions

    read = [(file.stem, question) for file in files for question in load_questions(file)]
    used = Counter(question.id for _, question in read)
    return [
        question if used[question.id] == 1 else question.model_copy(update={"id": f"{stem}/{question.id}"})
        for stem, question in read
    ]


def _run(questions: list[Question], corpus: list[Path] | None, data_dir: Path | None) -> Report:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from assistant.evaluation import evaluate

    with tempfile.TemporaryDirectory() as folder, opened_to_read(Path(folder) if corpus else data_dir) as assistant:
        if corpus:
            from ui.cli.progress import sync_progress

            with sync_progress() as told:
                assistant.sync(corpus, progress=told)
        require_newsletters(assistant)
        assistant.warm()
        columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=err(), transient=True) as bar:
            task = bar.add_task("Asking", total=len(questions))
            return evaluate(assistant, questions, progress=lambda done, _: bar.update(task, completed=done))


def _show(found: Report, before: Report | None) -> None:
    from assistant.evaluation.reporting import failed_lines

    for name, metric in found.metrics.items():
        interval = "" if metric.low is None else f"  [{metric.low:.3f}, {metric.high:.3f}]"
        out().print(f"{name:<32}{metric.value:8.3f}{interval}  n={metric.questions}", markup=False)
    for line in failed_lines(found):
        out().print(line, markup=False)
    if before:
        for word, ids in found.changes(before).items():
            out().print(f"{word}: {', '.join(ids) or 'none'}", markup=False)


def _complaints(found: Report, before: Report | None, bounds: list[Bound], fail_worse: int | None) -> list[str]:
    """What the run fails for, each said on stderr."""
    said = [text for bound in bounds if (text := bound.complaint(found))]
    worse = found.changes(before)["worse"] if before else []
    if fail_worse is not None and len(worse) > fail_worse:
        said.append(
            f"{len(worse)} questions got worse than in the baseline (allowed: {fail_worse}): {', '.join(worse)}."
        )
    for text in said:
        err().print(f"error: {text}", markup=False)
    return said
