"""`eval`: ask a question file and say how good the answers are, and what got worse."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.context import AsJson, DataDir, command, err, opened, out, print_json, require_newsletters, wants_json
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
        list[str] | None, typer.Option("--fail-under", help="Fail when a figure is lower: answer_hit=0.8.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> Exit | None:
    """Ask every question of the files and judge the answers, without a judge model."""
    bounds = _bounds(fail_under or [])
    from assistant.evaluation import load_questions
    from assistant.evaluation.reporting import junit_document, read_report, report_page

    questions = [question for file in files for question in load_questions(file)]
    before = read_report(baseline) if baseline else None
    found = _run(questions, corpus, data_dir)
    if report:
        report.write_text(report_page(found, before), encoding="utf-8")
    if save:
        save.write_text(found.model_dump_json(indent=1), encoding="utf-8")
    if junit:
        junit.write_text(junit_document(found), encoding="utf-8")
    if wants_json(as_json):
        changes = {"changes": found.changes(before)} if before else {}
        print_json({**found.model_dump(mode="json"), **changes})
    else:
        _show(found, before)
    below = [name for name, bound in bounds.items() if name not in found.metrics or found.metrics[name].value < bound]
    for name in below:
        measured = f"{found.metrics[name].value:.3f}" if name in found.metrics else "not measured"
        err().print(f"error: {name} is {measured}, below {bounds[name]}.", markup=False)
    return Exit.ERROR if below else None


def _run(questions: list[Question], corpus: list[Path] | None, data_dir: Path | None) -> Report:
    from rich.progress import Progress

    from assistant.evaluation import evaluate

    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) if corpus else data_dir) as assistant:
        if corpus:
            assistant.sync(corpus)
        require_newsletters(assistant)
        with Progress(console=err(), transient=True) as bar:
            task = bar.add_task("Asking", total=len(questions))
            return evaluate(assistant, questions, progress=lambda done, _: bar.update(task, completed=done))


def _bounds(given: list[str]) -> dict[str, float]:
    bounds = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            bounds[name.strip()] = float(value)
        except ValueError:
            raise typer.BadParameter(f"{text!r} is not like answer_hit=0.8.", param_hint="--fail-under") from None
    return bounds


def _show(found: Report, before: Report | None) -> None:
    for name, metric in found.metrics.items():
        interval = "" if metric.low is None else f"  [{metric.low:.3f}, {metric.high:.3f}]"
        out().print(f"{name:<32}{metric.value:8.3f}{interval}  n={metric.questions}", markup=False)
    if before:
        for word, ids in found.changes(before).items():
            out().print(f"{word}: {', '.join(ids) or 'none'}", markup=False)
