"""The report's plots as inline SVG: risk by coverage, calibration, and how long questions took."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from assistant.evaluation.metrics import BINS
from assistant.evaluation.outcomes import Outcome

WIDTH, HEIGHT = 340, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 40
INNER_WIDTH, INNER_HEIGHT = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARES = ("0", "0.25", "0.5", "0.75", "1")

Point = tuple[float, float]


def plots(outcomes: Sequence[Outcome]) -> str:
    """Every plot that the outcomes allow, as HTML figures."""
    drawn = [risk_coverage(outcomes), calibration(outcomes), latency(outcomes)]
    return "".join(drawn)


def risk_curve(outcomes: Sequence[Outcome]) -> list[Point]:
    """Coverage and risk, the surest answer first: (share of the questions answered, share of those that are wrong).

    It ends where the system refuses; a curve over all questions takes a run with the refusal threshold at 0.
    """
    answered = [o for o in outcomes if o.answers and not o.refused and o.confidence is not None]
    surest = sorted(answered, key=lambda o: -(o.confidence or 0.0))
    wrong = np.cumsum([not o.right for o in surest])
    return [((i + 1) / len(outcomes), float(wrong[i]) / (i + 1)) for i in range(len(surest))]


def risk_coverage(outcomes: Sequence[Outcome]) -> str:
    """The risk–coverage curve; "" without confidences."""
    points = risk_curve(outcomes)
    if not points:
        return ""
    coverage, risk = points[-1]
    caption = f"Risk by coverage: of the surest answers, the share that is wrong. All {coverage:.0%} answered: {risk:.1%} wrong."
    body = _line(points) + _dot(coverage, risk, 4, f"{coverage:.0%} answered, {risk:.1%} wrong")
    return _figure("risk", body, caption, "share of questions answered", "share wrong")


def calibration(outcomes: Sequence[Outcome]) -> str:
    """Confidence against how often such questions are answerable, a dot a bin; "" without confidences."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for o in outcomes:
        if o.confidence is not None:
            bins.setdefault(min(int(o.confidence * BINS), BINS - 1), []).append((o.confidence, o.answerable))
    if not bins:
        return ""
    total = sum(map(len, bins.values()))
    body = _line([(0, 0), (1, 1)], "even")
    points = []
    for _, held in sorted(bins.items()):
        x, y = float(np.mean([c for c, _ in held])), float(np.mean([a for _, a in held]))
        points.append((x, y))
        body += _dot(
            x, y, 3 + 9 * (len(held) / total) ** 0.5, f"{len(held)} questions: {x:.2f} sure, {y:.2f} answerable"
        )
    caption = "Calibration: a dot a tenth of confidence, as large as its share of the questions; on the line is honest."
    return _figure("calibration", body + _line(points), caption, "confidence", "share answerable")


def latency(outcomes: Sequence[Outcome]) -> str:
    """How many questions took how long, as bars, with median and 95th percentile."""
    if not outcomes:
        return ""
    times = np.array([o.milliseconds for o in outcomes])
    median, late = np.percentile(times, [50, 95])
    top = _round_up(float(np.percentile(times, 99)))
    counts, edges = np.histogram(np.minimum(times, top), bins=24, range=(0, top))
    body = "".join(
        _bar(
            edges[i] / top,
            edges[i + 1] / top,
            count / max(counts.max(), 1),
            f"{count} in {edges[i]:.0f}–{edges[i + 1]:.0f} ms",
        )
        for i, count in enumerate(counts)
    )
    body += "".join(_line([(min(v / top, 1), 0), (min(v / top, 1), 1)], "even") for v in (median, late))
    caption = (
        f"Latency: median {median:.0f} ms, 95th percentile {late:.0f} ms; the slowest hundredth stands in the last bar."
    )
    ticks = [f"{tick * top:g}" for tick in TICKS]
    counted = ["0", "", "", "", str(counts.max())]
    return _figure("latency", body, caption, "milliseconds", "questions", ticks, counted)


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 10, 20, 40, … at or over `value`, so that its quarters are round, too."""
    unit = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(step * unit for step in (1, 2, 4, 10) if step * unit >= value))


def _figure(
    name: str,
    body: str,
    caption: str,
    across: str,
    up: str,
    across_ticks: Sequence[str] = SHARES,
    up_ticks: Sequence[str] = SHARES,
) -> str:
    axes = "".join(
        f"<line class=grid x1={_x(t):.1f} x2={_x(t):.1f} y1={_y(0):.1f} y2={_y(1):.1f} />"
        f"<line class=grid x1={_x(0):.1f} x2={_x(1):.1f} y1={_y(t):.1f} y2={_y(t):.1f} />"
        f"<text class=below x={_x(t):.1f} y={HEIGHT - BOTTOM + 14}>{escape(below)}</text>"
        f"<text class=beside x={LEFT - 5} y={_y(t) + 3:.1f}>{escape(beside)}</text>"
        for t, below, beside in zip(TICKS, across_ticks, up_ticks, strict=True)
    )
    names = (
        f"<text class=below x={_x(0.5):.1f} y={HEIGHT - 6}>{escape(across)}</text>"
        f"<text class=below transform='translate(12 {_y(0.5):.1f}) rotate(-90)'>{escape(up)}</text>"
    )
    return (
        f"<figure id=plot-{name}><svg viewBox='0 0 {WIDTH} {HEIGHT}' role=img aria-label='{escape(caption)}'>"
        f"{axes}{names}{body}</svg><figcaption>{escape(caption)}</figcaption></figure>"
    )


def _x(share: float) -> float:
    return LEFT + share * INNER_WIDTH


def _y(share: float) -> float:
    return TOP + (1 - share) * INNER_HEIGHT


def _line(points: Sequence[Point], kind: str = "curve") -> str:
    path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
    return f"<polyline class={kind} points='{path}' />"


def _dot(x: float, y: float, radius: float, title: str) -> str:
    return f"<circle cx={_x(x):.1f} cy={_y(y):.1f} r={radius:.1f}><title>{escape(title)}</title></circle>"


def _bar(start: float, end: float, height: float, title: str) -> str:
    width = (end - start) * INNER_WIDTH - 1
    return (
        f"<rect x={_x(start):.1f} y={_y(height):.1f} width={width:.1f} height={height * INNER_HEIGHT:.1f}>"
        f"<title>{escape(title)}</title></rect>"
    )
