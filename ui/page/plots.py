"""Small bar charts over time as SVG, with the same numbers as a table for those who cannot see them.

Made here and not with Gradio's plots: those load 1.3 MB of script for what is a row of bars, and a screen reader
gets nothing from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ui.language import Words
from ui.render import escape

HEIGHT, WIDTH, GAP = 64, 960, 0.2
MOST_BARS = 120
Bars = Sequence[tuple[str, float]]


def by_period(dates: Iterable[str | None]) -> list[tuple[str, float]]:
    """How many of `dates` (ISO, perhaps partial) fall in each month, gaps included; in years where months are many."""
    known = [date for date in dates if date and date[:4].isdigit()]
    months = Counter(date[:7] for date in known if len(date) >= 7)
    if not months or sum(months.values()) < len(known) / 2:
        return _filled(Counter(date[:4] for date in known))
    filled = _filled(months)
    return filled if len(filled) <= MOST_BARS else _filled(Counter(date[:4] for date in known))


def _filled(counts: Counter[str]) -> list[tuple[str, float]]:
    if not counts:
        return []
    first, last = min(counts), max(counts)
    periods = [first]
    while periods[-1] < last and len(periods) < 2000:
        periods.append(_next(periods[-1]))
    return [(period, float(counts[period])) for period in periods]


def _next(period: str) -> str:
    year = int(period[:4])
    if len(period) == 4:
        return f"{year + 1:04d}"
    month = int(period[5:7])
    return f"{year:04d}-{month + 1:02d}" if month < 12 else f"{year + 1:04d}-01"


def bars(words: Words, values: Bars, *, label: str) -> str:
    """The chart, or "" where fewer than two periods have anything to show. `label` is the key of its title."""
    if len(values) < 2:
        return ""
    top = max(value for _, value in values) or 1.0
    step = WIDTH / len(values)
    shapes = "".join(
        f'<rect x="{place * step + step * GAP / 2:.1f}" y="{HEIGHT - HEIGHT * value / top:.1f}" '
        f'width="{step * (1 - GAP):.1f}" height="{HEIGHT * value / top:.1f}"><title>'
        f"{escape(words('bar', when=words.date(period), count=round(value)))}</title></rect>"
        for place, (period, value) in enumerate(values)
        if value
    )
    title = escape(words(label))
    rows = "".join(
        f"<tr><td>{escape(words.date(period))}</td><td>{words.number(round(value))}</td></tr>"
        for period, value in values
        if value
    )
    return (
        f'<figure class="na-plot"><figcaption>{title}</figcaption>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{title}">{shapes}</svg>'
        f'<div class="na-axis" aria-hidden="true"><span>{escape(words.date(values[0][0]))}</span>'
        f"<span>{escape(words.date(values[-1][0]))}</span></div>"
        f"<details><summary>{escape(words('as_table'))}</summary><table><thead><tr><th>{escape(words('when'))}</th>"
        f"<th>{escape(words('how_many'))}</th></tr></thead><tbody>{rows}</tbody></table></details></figure>"
    )
