"""The report of a run as one HTML page that needs nothing else: figures, plots, every question, and what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from assistant.evaluation.metrics import LOWER_IS_BETTER, METRICS
from assistant.evaluation.outcomes import Metric, Outcome, Report
from assistant.evaluation.plots import plots
from assistant.evaluation.reporting import wanted

_HERE = Path(__file__).parent
KIND_COLUMNS = (
    "answer_hit",
    "first_sentence_right",
    "words",
    "wrongly_refused",
    "rightly_refused",
    "newsletter_hit@1",
    "newsletter_hit@5",
    "evidence_in_ten_passages",
)
SAME = 0.0005


def report_page(report: Report, baseline: Report | None = None, *, title: str = "Answer quality") -> str:
    """The page; with a `baseline` it says what got better and worse since."""
    style = (_HERE / "report.css").read_text(encoding="utf-8")
    script = (_HERE / "report.js").read_text(encoding="utf-8")
    changes = report.changes(baseline) if baseline else {}
    changed = {question_id: word for word, ids in changes.items() for question_id in ids}
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>"
        f"<h1>{escape(title)}</h1>{_lead(report)}{_changes(changes, report) if baseline else ''}"
        f"<h2>Figures</h2>{_figures(report, baseline)}{_kinds(report)}"
        f"<h2>Plots</h2><div class=plots>{plots(report.outcomes)}</div>"
        f"<h2>Questions</h2>{_filters(report, changes)}{_questions(report.outcomes, changed)}"
        f"</main><script>{script}</script></body></html>"
    )


def _lead(report: Report) -> str:
    right = sum(o.right for o in report.outcomes)
    answerable = sum(o.answerable for o in report.outcomes)
    return (
        f"<p class=lead>{right} of {len(report.outcomes)} questions went right: {answerable} that the newsletters "
        f"answer, {len(report.outcomes) - answerable} that they don't.</p>"
    )


def _changes(changes: dict[str, list[str]], report: Report) -> str:
    asked = {o.id: o.question for o in report.outcomes}
    parts = []
    for word, ids in changes.items():
        links = "".join(f"<li><a href='#q-{escape(i)}'>{escape(i)}</a> {escape(asked[i])}</li>" for i in ids)
        opened = " open" if word == "worse" and ids else ""
        parts.append(f"<details class={word}{opened}><summary>{len(ids)} {word}</summary><ul>{links}</ul></details>")
    return f"<section id=changes><h2>Since the baseline</h2>{''.join(parts)}</section>"


def _figures(report: Report, baseline: Report | None) -> str:
    head = "<th>figure<th class=n>value<th>95 % interval<th class=n>questions"
    head += "<th class=n>baseline<th class=n>difference" if baseline else ""
    rows = "".join(_figure(name, metric, baseline) for name, metric in report.metrics.items())
    return f"<div class=wide><table id=figures><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"


def _figure(name: str, metric: Metric, baseline: Report | None) -> str:
    meaning = METRICS.get(name) or METRICS["rightly_refused"].split(";")[0] + f": {name.rpartition('_')[2]}"
    cells = f"<th scope=row title='{escape(meaning)}'>{escape(name)}<td class=n>{_number(name, metric.value)}"
    cells += f"<td>{_interval(name, metric)}<td class=n>{metric.questions}"
    if baseline:
        before = baseline.metrics.get(name)
        cells += f"<td class=n>{_number(name, before.value) if before else ''}{_difference(name, metric, before)}"
    return f"<tr>{cells}</tr>"


def _difference(name: str, metric: Metric, before: Metric | None) -> str:
    if before is None:
        return "<td>"
    difference = metric.value - before.value
    better = difference < 0 if name in LOWER_IS_BETTER else difference > 0
    word = "same" if abs(difference) < SAME else "better" if better else "worse"
    sign = "" if word == "same" else "+" if difference > 0 else "−"
    return f"<td class='n {word}'>{sign}{_number(name, abs(difference))}"


def _interval(name: str, metric: Metric) -> str:
    if metric.low is None or metric.high is None:
        return ""
    said = f"{_number(name, metric.low)} to {_number(name, metric.high)}"
    if metric.high > 1:
        return said
    left, width = 100 * metric.low, 100 * (metric.high - metric.low)
    return (
        f"<span class=range aria-hidden=true><i style='left:{left:.1f}%;width:{width:.1f}%'></i>"
        f"<b style='left:{100 * metric.value:.1f}%'></b></span>{said}"
    )


def _number(name: str, value: float) -> str:
    return f"{value:.1f}" if name == "words" or name.endswith("_ms") else f"{value:.3f}"


def _kinds(report: Report) -> str:
    """The main figures by kind of question; "" for a file that names no kinds."""
    columns = [name for name in KIND_COLUMNS if any(name in row for row in report.by_kind.values())]
    if not columns:
        return ""
    rows = ""
    for kind, row in report.by_kind.items():
        count = sum(o.label == kind for o in report.outcomes)
        cells = "".join(f"<td class=n>{_number(c, row[c].value) if c in row else ''}" for c in columns)
        rows += f"<tr><th scope=row>{escape(kind)}<td class=n>{count}{cells}</tr>"
    head = "".join(f"<th class=n>{escape(c.replace('_', ' '))}" for c in columns)
    return (
        "<h2>By kind of question</h2><div class=wide><table id=kinds>"
        f"<thead><tr><th>kind<th class=n>questions{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _filters(report: Report, changes: dict[str, list[str]]) -> str:
    verdicts = [o.verdict for o in report.outcomes]
    choices = [
        ("verdict", "Verdict", [*dict.fromkeys(["all right", "all wrong", *sorted(set(verdicts))])]),
        ("kind", "Kind", sorted({o.label for o in report.outcomes if o.label})),
        ("tag", "Tag", sorted({tag for o in report.outcomes for tag in _tags(o)})),
        ("changed", "Changed", list(changes)),
    ]
    selects = "".join(
        f"<label>{label} <select id={name}><option value=''>any{''.join(f'<option>{escape(v)}' for v in values)}"
        "</select></label>"
        for name, label, values in choices
        if values
    )
    return (
        f"<form class=filters>{selects}<label>Containing <input id=words type=search autocomplete=off></label>"
        "<label>Sort by <select id=sort><option value=''>file order<option value=confidence>confidence"
        "<option value=ms>time</select></label><output id=count></output></form>"
    )


def _questions(outcomes: Sequence[Outcome], changed: dict[str, str]) -> str:
    return f"<div id=questions>{''.join(_question(o, changed.get(o.id, '')) for o in outcomes)}</div>"


def _question(o: Outcome, changed: str) -> str:
    sure = "" if o.confidence is None else f"{o.confidence:.3f}"
    data = {
        "verdict": ("all right|" if o.right else "all wrong|") + o.verdict,
        "kind": o.label,
        "tag": "|".join(_tags(o)),
        "changed": changed,
        "confidence": sure,
        "ms": f"{o.milliseconds:.1f}",
    }
    attributes = " ".join(f"data-{name}='{escape(value)}'" for name, value in data.items())
    state = "right" if o.right else "wrong"
    badges = f"<b class=verdict>{escape(o.verdict)}</b>" + (f" <b class={changed}>{changed}</b>" if changed else "")
    facts = [o.id, o.label, f"confidence {sure}" if sure else "", f"{o.milliseconds:.0f} ms", *_tags(o)]
    answer = _marked(o.answer, o.gold) if o.answer else "<i>passages only</i>"
    return (
        f"<article class={state} id='q-{escape(o.id)}' {attributes}>"
        f"<h3>{badges} {escape(o.question)}</h3>{_history(o)}"
        f"<dl><dt>Answer<dd>{answer}<dt>Wanted<dd>{escape(wanted(o))}{_found(o)}{_cited(o)}</dl>"
        f"<p class=facts>{escape(' · '.join(fact for fact in facts if fact))}</p></article>"
    )


def _tags(o: Outcome) -> list[str]:
    return [*([o.archive] if o.archive else []), *o.tags]


def _history(o: Outcome) -> str:
    if not o.history:
        return ""
    return f"<details><summary>after {len(o.history)} messages</summary>{_list(map(escape, o.history))}</details>"


def _found(o: Outcome) -> str:
    """Whether the right newsletter and the evidence were among the passages found."""
    said = []
    if o.newsletter is not None and o.newsletter_rank is not None:
        place = f"passage {o.newsletter_rank}" if o.newsletter_rank else "in none of the ten passages"
        said.append(f"{escape(o.newsletter)}: {place}")
    if o.evidence and o.evidence_in_passages is not None:
        where = "found" if o.evidence_in_passages else "not found"
        said.append(f"evidence {where}: “{escape(o.evidence)}”")
    return f"<dt>Found<dd>{'; '.join(said)}" if said else ""


def _cited(o: Outcome) -> str:
    if not o.citations:
        return ""
    quotes = [*o.quotes, *[""] * (len(o.citations) - len(o.quotes))]
    lines = (f"<cite>{escape(p)}</cite> {_clip(escape(q))}" for p, q in zip(o.citations, quotes, strict=False))
    broken = "" if o.verbatim in (True, None) else " <b class=worse>not verbatim</b>"
    return f"<dt>Citations{broken}<dd>{_list(lines)}"


def _clip(text: str, length: int = 600) -> str:
    return text if len(text) <= length else text[:length] + "…"


def _list(lines: Iterable[str]) -> str:
    return f"<ol>{''.join(f'<li>{line}' for line in lines)}</ol>"


def _marked(text: str, gold: Sequence[Sequence[str]]) -> str:
    """The answer with what was wanted marked in it."""
    options = sorted({re.escape(option) for group in gold for option in group if option}, key=len, reverse=True)
    if not options:
        return escape(text)
    parts = re.split(f"({'|'.join(options)})", text, flags=re.I)
    return "".join(f"<mark>{escape(part)}</mark>" if i % 2 else escape(part) for i, part in enumerate(parts))
