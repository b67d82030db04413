"""The report of a run as one self-contained HTML page, as JUnit XML, and read back from JSON."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from pydantic import ValidationError

from assistant.errors import QuestionFileError
from assistant.evaluation.outcomes import Outcome, Report

_STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")
_SCRIPT = (Path(__file__).parent / "report.js").read_text(encoding="utf-8")
WIDTH, HEIGHT, MARGIN = 280, 180, 28


def read_report(path: Path) -> Report:
    """The report saved at `path`; raises QuestionFileError when it is none."""
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise QuestionFileError(f"{path} is no saved report ({type(error).__name__}): make one with --save.") from error


def report_page(report: Report, baseline: Report | None = None) -> str:
    """One HTML page that needs nothing else: figures, plots, every question, and what changed since `baseline`."""
    changes = report.changes(baseline) if baseline else {}
    changed = {question_id: word for word, ids in changes.items() for question_id in ids}
    figures = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{metric.value:.3f}</td><td>"
        + (f"{metric.low:.3f} to {metric.high:.3f}" if metric.low is not None else "")
        + f"</td><td>{metric.questions}</td></tr>"
        for name, metric in report.metrics.items()
    )
    plots = "".join(
        f"<figure>{_plot(points, name)}<figcaption>{escape(name)}</figcaption></figure>"
        for name, points in _curves(report.outcomes).items()
    )
    rows = "".join(_row(outcome, changed.get(outcome.id, "")) for outcome in report.outcomes)
    summary = "".join(f"<p>{escape(word)}: {escape(', '.join(ids) or 'none')}</p>" for word, ids in changes.items())
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Answer quality</title><style>{_STYLE}</style><main><h1>Answer quality</h1>{summary}"
        "<table><thead><tr><th>figure<th>value<th>95 % interval<th>questions</tr></thead>"
        f"<tbody>{figures}</tbody></table><div class=plots>{plots}</div>"
        "<p class=filters><label>Show <select id=verdict><option value=''>all<option>right<option>wrong"
        "<option>refused<option>better<option>worse</select></label> "
        "<label>Containing <input id=words type=search></label> <output id=count></output></p>"
        "<table id=questions><thead><tr><th>verdict<th>question<th>answer<th>wanted<th>citations</tr></thead>"
        f"<tbody>{rows}</tbody></table></main><script>{_SCRIPT}</script></html>"
    )


def junit_document(report: Report) -> str:
    """JUnit XML: one test case a question, failed where the assistant did not do what it should."""
    failures = sum(not outcome.right for outcome in report.outcomes)
    suite = ElementTree.Element(
        "testsuite", name="newsletter questions", tests=str(len(report.outcomes)), failures=str(failures)
    )
    for outcome in report.outcomes:
        seconds = f"{outcome.milliseconds / 1000:.4f}"
        case = ElementTree.SubElement(
            suite, "testcase", classname=outcome.kind or "question", name=outcome.id, time=seconds
        )
        if not outcome.right:
            failure = ElementTree.SubElement(case, "failure", message=_printable(outcome.question))
            failure.text = _printable(f"wanted: {_wanted(outcome)}; answered: {outcome.answer}")
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _wanted(outcome: Outcome) -> str:
    return " and ".join(" or ".join(group) for group in outcome.gold) or "no answer"


def _row(outcome: Outcome, changed: str) -> str:
    words = [
        "right" if outcome.right else "wrong",
        *(["refused"] if outcome.refused else []),
        *([changed] if changed else []),
    ]
    cells = (" ".join(words), outcome.question, outcome.answer, _wanted(outcome), ", ".join(outcome.citations))
    return (
        f"<tr data-words='{escape(' '.join(words))}'>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    )


def _curves(outcomes: Sequence[Outcome]) -> dict[str, list[tuple[float, float]]]:
    """Points (0 to 1 each) of risk against coverage, of calibration, and of latency by share of questions."""
    if not outcomes:
        return {}
    sure = [o for o in outcomes if o.confidence is not None]
    surest = sorted(sure, key=lambda o: -(o.confidence or 0.0))
    wrong = np.cumsum([not (o.answerable and (o.hit or o.refused)) for o in surest])
    risk = [((i + 1) / len(surest), float(wrong[i]) / (i + 1)) for i in range(len(surest))]
    bins: dict[int, list[Outcome]] = {}
    for outcome in sure:
        bins.setdefault(min(int((outcome.confidence or 0.0) * 10), 9), []).append(outcome)
    calibration = [
        (float(np.mean([o.confidence or 0.0 for o in held])), float(np.mean([o.answerable for o in held])))
        for _, held in sorted(bins.items())
    ]
    times = sorted(o.milliseconds for o in outcomes)
    latency = [((i + 1) / len(times), time / max(times[-1], 1e-9)) for i, time in enumerate(times)]
    return {
        "risk (up) by coverage (right)": risk,
        "share answerable (up) by confidence (right)": calibration,
        f"latency (up, to {times[-1]:.0f} ms) by share of questions (right)": latency,
    }


def _plot(points: list[tuple[float, float]], name: str) -> str:
    inner_width, inner_height = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    path = " ".join(f"{MARGIN + x * inner_width:.1f},{HEIGHT - MARGIN - y * inner_height:.1f}" for x, y in points)
    return (
        f"<svg viewBox='0 0 {WIDTH} {HEIGHT}' role=img aria-label='{escape(name)}'>"
        f"<rect x={MARGIN} y={MARGIN} width={inner_width} height={inner_height} class=frame />"
        f"<polyline points='{path}' /><text x=4 y={MARGIN + 4}>1</text><text x=4 y={HEIGHT - MARGIN}>0</text>"
        f"<text x={WIDTH - MARGIN - 4} y={HEIGHT - 8}>1</text></svg>"
    )
