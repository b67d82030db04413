"""A run's report for other programs: read back from JSON, and written as JUnit XML."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten
from xml.etree import ElementTree

from pydantic import ValidationError

from assistant.errors import QuestionFileError
from assistant.evaluation.outcomes import Outcome, Report

MOST_FAILED = 20
SHOWN = 100  # characters of what is said of a failed question


def read_report(path: Path) -> Report:
    """The report saved at `path`; raises QuestionFileError when it is none."""
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise QuestionFileError(
            f"{path} is no saved report ({type(error).__name__}): make one with `eval --save` or `eval --json`."
        ) from error


def junit_document(report: Report) -> str:
    """JUnit XML: one test case a question, failed where the system did not do what it should."""
    failures = sum(not outcome.right for outcome in report.outcomes)
    seconds = sum(outcome.milliseconds for outcome in report.outcomes) / 1000
    suite = ElementTree.Element(
        "testsuite",
        name="newsletter questions",
        tests=str(len(report.outcomes)),
        failures=str(failures),
        errors="0",
        skipped="0",
        time=f"{seconds:.3f}",
    )
    for outcome in report.outcomes:
        suite.append(_case(outcome))
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _case(outcome: Outcome) -> ElementTree.Element:
    seconds = f"{outcome.milliseconds / 1000:.4f}"
    case = ElementTree.Element(
        "testcase", classname=outcome.label or "question", name=_printable(outcome.id), time=seconds
    )
    if not outcome.right:
        message = _printable(f"{outcome.verdict}: {outcome.question}")
        failure = ElementTree.SubElement(case, "failure", message=message, type=outcome.verdict)
        failure.text = _printable(f"wanted: {wanted(outcome)}; answered: {outcome.answer}")
    return case


def failed_lines(report: Report, *, most: int = MOST_FAILED) -> list[str]:
    """What the system did not do as it should, a line a question: id, question, what was wrong; `most` at most."""
    failed = [outcome for outcome in report.outcomes if not outcome.right]
    lines = [_failed_line(outcome) for outcome in failed[:most]]
    return [*lines, f"and {len(failed) - most} more failed"] if len(failed) > most else lines


def _failed_line(outcome: Outcome) -> str:
    answered = shorten(_printable(outcome.answer), SHOWN, placeholder=" …")
    said = f"; answered: {answered}" if outcome.answers and not outcome.refused else ""
    question, want = (
        shorten(_printable(text), SHOWN, placeholder=" …") for text in (outcome.question, wanted(outcome))
    )
    return f"failed: {outcome.id}: {question} ({outcome.verdict}; wanted: {want}{said})"


def wanted(outcome: Outcome) -> str:
    """What the answer had to hold, in words."""
    return " and ".join(" or ".join(group) for group in outcome.gold) or "no answer (the newsletters don't say)"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
