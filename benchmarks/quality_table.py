"""The measured figures as tables: rows of cells, printed to a terminal or written as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OURS = "newsletter-assistant"
PLAIN = ("plain LlamaIndex, as shipped", "plain LlamaIndex, 200-token chunks")
COLUMNS = {
    "hit": "answer_hit",
    "first": "first_sentence_right",
    "words": "words",
    "wrongly refused": "wrongly_refused",
    "rightly refused": "rightly_refused",
    "hit@1": "newsletter_hit@1",
    "hit@5": "newsletter_hit@5",
    "hit@10": "newsletter_hit@10",
    "MRR": "newsletter_mrr",
    "evidence in 10": "evidence_in_ten_passages",
    "calibration error": "calibration_error",
    "verbatim": "verbatim_citations",
    "ms p50": "latency_p50_ms",
    "ms p95": "latency_p95_ms",
}
FOUND = ("newsletter_hit@1", "newsletter_hit@5", "evidence_in_ten_passages")
DATED = ("filter", "latest", "first")

Figures = Mapping[str, Mapping[str, Any]]
Table = list[list[str]]


def by_archive(result: Mapping[str, Any], part: str) -> Table:
    """Our figures over all archives and on each."""
    figures = result["systems"][OURS][part]
    rows = {"all archives": figures["all archives"], **figures["by archive"]}
    return [["", "questions", *COLUMNS], *([name, _asked(row), *_cells(row)] for name, row in rows.items())]


def by_kind(result: Mapping[str, Any], part: str) -> Table:
    """Our figures by kind of question, over all archives."""
    kinds = result["systems"][OURS][part]["by kind"]
    return [["", "questions", *COLUMNS], *([name, _asked(row), *_cells(row)] for name, row in kinds.items())]


def side_by_side(result: Mapping[str, Any], part: str) -> Table:
    """What each pipeline finds, by archive and by kind."""
    systems = [name for name in (OURS, *PLAIN) if name in result["systems"]]
    head = ["", *(f"{name}: {metric}" for metric in ("hit@1", "hit@5", "evidence in 10") for name in systems)]
    rows = [
        [label, *(_number(_rows(result["systems"][name][part])[label], metric) for metric in FOUND for name in systems)]
        for label, figures in _rows(result["systems"][OURS][part]).items()
        if "newsletter_hit@1" in figures
    ]
    return [head, *rows]


def targets(result: Mapping[str, Any], part: str) -> Iterator[tuple[str, float | None, str]]:
    """What was aimed at: the name, what was measured and the bound."""
    figures = result["systems"][OURS][part]
    whole, kinds = figures["all archives"], figures["by kind"]
    archives = {name: row for name, row in figures["by archive"].items() if name != "shipped"}
    yield "newsletter hit@5, all archives", _value(whole, "newsletter_hit@5"), "≥ 0.93"
    for name, row in archives.items():
        yield f"newsletter hit@5, {name}", _value(row, "newsletter_hit@5"), "≥ 0.88"
    yield "evidence in ten passages", _value(whole, "evidence_in_ten_passages"), "≥ 0.93"
    yield "date, issue and latest questions answered", _over(kinds, DATED, "answer_hit"), "≥ 0.85"
    yield "follow-ups answered", _over(kinds, ("followup",), "answer_hit"), "≥ 0.80"
    yield "answer hit", _value(whole, "answer_hit"), "≥ 0.80"
    yield "words an answer", _value(whole, "words"), "≤ 75"
    yield "right sentence first", _value(whole, "first_sentence_right"), "≥ 0.60"
    yield "wrongly refused", _value(whole, "wrongly_refused"), "≤ 0.05"
    yield "rightly refused", _value(whole, "rightly_refused"), "≥ 0.75"
    for kind, bound in (("near-miss", 0.6), ("false-premise", 0.7), ("off-topic", 1.0)):
        yield f"rightly refused, {kind}", _over(kinds, (kind,), "rightly_refused"), f"≥ {bound:.2f}"
    yield "calibration error", _value(whole, "calibration_error"), "≤ 0.05"
    yield "verbatim citations", _value(whole, "verbatim_citations"), "≥ 1.00"
    yield (
        "rightly refused, shipped newsletter",
        _value(figures["by archive"].get("shipped", {}), "rightly_refused"),
        "≥ 0.85",
    )


def reached(value: float | None, bound: str) -> str:
    """ "yes" or "no", or "" where nothing was measured."""
    if value is None:
        return ""
    sign, limit = bound.split()
    return "yes" if (value >= float(limit) - 5e-4 if sign == "≥" else value <= float(limit) + 5e-4) else "no"


def aims(result: Mapping[str, Any], part: str) -> Table:
    """The aims, measured."""
    return [
        ["", "measured", "aim", "reached"],
        *(
            [name, "" if value is None else f"{value:.3f}", bound, reached(value, bound)]
            for name, value, bound in targets(result, part)
        ),
    ]


def text(result: Mapping[str, Any]) -> str:
    """Everything for a terminal."""
    parts = []
    for part in ("test", "train"):
        if part not in result["systems"][OURS]:
            continue
        parts.append(f"== {part} ==\n{plain(aims(result, part))}")
        parts.append(plain(by_archive(result, part)))
        parts.append(plain(by_kind(result, part)))
        if len(result["systems"]) > 1:
            parts.append(plain(side_by_side(result, part)))
    unread = {name: facts["evidence_not_in_text"] for name, facts in result["archives"].items()}
    parts.append("\n".join(f"evidence not in the text of {name}: {len(ids)} {ids[:8]}" for name, ids in unread.items()))
    return "\n\n".join(parts) + f"\n\n{result['seconds']} s\n"


def plain(table: Table) -> str:
    """A table in columns of equal width."""
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    )


def markdown(table: Table) -> str:
    """A table in Markdown."""
    head, *rows = table
    lines = [head, ["---", *(["--:"] * (len(head) - 1))], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _rows(figures: Mapping[str, Any]) -> dict[str, Figures]:
    return {"all archives": figures["all archives"], **figures["by archive"], **figures["by kind"]}


def _asked(row: Figures) -> str:
    return str(row["latency_p50_ms"]["questions"]) if "latency_p50_ms" in row else "0"


def _cells(row: Figures) -> list[str]:
    return [_number(row, metric) for metric in COLUMNS.values()]


def _number(row: Figures, metric: str) -> str:
    value = _value(row, metric)
    if value is None:
        return ""
    return f"{value:.0f}" if metric in ("words", "latency_p50_ms", "latency_p95_ms") else f"{value:.3f}"


def _value(row: Figures, metric: str) -> float | None:
    return float(row[metric]["value"]) if metric in row else None


def _over(kinds: Mapping[str, Figures], wanted: tuple[str, ...], metric: str) -> float | None:
    """The metric over several kinds together."""
    rows = [kinds[kind][metric] for kind in wanted if kind in kinds and metric in kinds[kind]]
    total = sum(row["questions"] for row in rows)
    return sum(row["value"] * row["questions"] for row in rows) / total if total else None
