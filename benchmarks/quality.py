"""How good answers are on the archives, beside the plain LlamaIndex pipeline, judged by the same kit in one run.

    python -m benchmarks.quality                       everything; writes benchmarks/results/quality.json
    python -m benchmarks.quality --part test --quick   for development: ours only, nothing is written

Questions come from the shared question files, `benchmarks/questions/` and the shipped newsletter's. Part "test" is
what the reader was never trained on. Indexes are kept between runs (see `benchmarks.indexes`), and so are the plain
pipelines' verdicts on each question, in `benchmarks/results/quality-plain.json`; `--plain` asks them again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from llama_index.core.base.base_query_engine import BaseQueryEngine
from rich.console import Console
from rich.progress import Progress

from assistant import Assistant
from assistant.evaluation import Metric, Outcome, Question, evaluate, load_questions, report_on
from assistant.evaluation.matching import letters
from benchmarks import quality_table
from benchmarks.indexes import CACHE, SHIPPED, opened
from benchmarks.training.data import ARCHIVES, ROOT, load_items

RESULTS = ROOT / "benchmarks" / "results"
OURS = "newsletter-assistant"


@dataclass(frozen=True)
class Asked:
    """A question, the archive that it is put to and the part ("test" or "train") it belongs to."""

    archive: str
    part: str
    question: Question


def gather(archives: Sequence[str], part: str, limit: int | None) -> list[Asked]:
    """The questions to ask, in a fixed order; `limit` is a number an archive."""
    found = [
        Asked(item.archive, "test" if item.part == "test" else "train", Question.model_validate(item.record))
        for item in load_items()
        if (ARCHIVES / item.archive).is_dir()
    ]
    shipped = load_questions(ROOT / "tests" / "questions" / "shipped.jsonl")
    found += [Asked(SHIPPED, "test", question) for question in shipped]
    kept = [a for a in found if (not archives or a.archive in archives) and part in ("all", a.part)]
    if limit is None:
        return kept
    names = sorted({a.archive for a in kept})
    return [a for name in names for a in _spread([a for a in kept if a.archive == name], limit)]


def _spread(asked: list[Asked], limit: int) -> list[Asked]:
    count = min(limit, len(asked))
    return [asked[i * len(asked) // count] for i in range(count)]


def ask_ours(asked: Sequence[Asked]) -> tuple[list[Outcome], dict[str, dict[str, object]]]:
    """Our outcomes, and by archive how large it is and which evidence its text does not hold."""
    outcomes: list[Outcome] = []
    facts: dict[str, dict[str, object]] = {}
    for archive in sorted({a.archive for a in asked}):
        questions = [a.question for a in asked if a.archive == archive]
        started = time.perf_counter()
        with opened(archive) as assistant:
            texts = {info.id: letters(assistant.newsletter(info.id).text) for info in assistant.newsletters()}
            facts[archive] = {
                "newsletters": len(texts),
                "passages": assistant.status()["passages"],
                "opened_in_s": round(time.perf_counter() - started, 1),
                "evidence_not_in_text": [
                    q.id
                    for q in questions
                    if q.evidence and letters(q.evidence) not in texts.get(q.newsletter or "", "")
                ],
            }
            assistant.warm()
            outcomes += _ask(archive, assistant, questions)
    return outcomes, facts


def ask_plain(asked: Sequence[Asked], *, again: bool) -> dict[str, list[Outcome]]:
    """The plain pipelines' outcomes by variant: those kept, and those of questions not yet asked."""
    from benchmarks.plain import VARIANTS, plain_engine

    file = RESULTS / "quality-plain.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() and not again else {"measured": _today()}
    found: dict[str, list[Outcome]] = {}
    for variant in VARIANTS:
        memory: dict[str, list[object]] = kept.setdefault(variant, {})
        for archive in sorted({a.archive for a in asked}):
            new = [a.question for a in asked if a.archive == archive and f"{archive}/{a.question.id}" not in memory]
            if new:
                engine, facts = plain_engine(archive, variant)
                kept.setdefault("indexing", {}).setdefault(variant, {})[archive] = facts
                for o in _ask(f"{variant}: {archive}", engine, new):
                    facts_of = [o.newsletter_rank, o.evidence_in_passages, o.gold_in_passages, round(o.milliseconds, 1)]
                    memory[f"{archive}/{o.id}"] = facts_of
                _keep(file, kept)
        found[variant] = [_plain_outcome(a, memory[f"{a.archive}/{a.question.id}"]) for a in asked]
    return found


def _keep(file: Path, kept: dict[str, object]) -> None:
    """Write the plain pipelines' verdicts, a question a line."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(kept).replace('], "', '],\n"') + "\n", encoding="utf-8")


def _plain_outcome(asked: Asked, kept: list[object]) -> Outcome:
    rank, evidence, gold, milliseconds = kept
    question = asked.question
    return Outcome.model_validate(
        {
            **question.model_dump(include={"id", "question", "answerable", "kind", "subkind", "gold"}),
            "status": "retrieved",
            "answer": "",
            "citations": (),
            "confidence": None,
            "hit": False,
            "first_right": False,
            "refused": False,
            "words": 0,
            "answers": False,
            "newsletter_rank": rank,
            "evidence_in_passages": evidence,
            "gold_in_passages": gold,
            "milliseconds": milliseconds,
        }
    )


def _ask(name: str, asked: Assistant | BaseQueryEngine, questions: list[Question]) -> Sequence[Outcome]:
    """The outcomes of putting questions to a system, with a progress bar on stderr."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=len(questions))
        return evaluate(asked, questions, progress=lambda done, _: bar.update(task, completed=done)).outcomes


def figures(asked: Sequence[Asked], outcomes: Sequence[Outcome]) -> dict[str, object]:
    """The metrics by part, then over all archives, by archive and by kind (of the archives together)."""
    found: dict[str, object] = {}
    pairs = list(zip(asked, outcomes, strict=True))
    for part in ("test", "train"):
        of_part = [(a, o) for a, o in pairs if a.part == part]
        real = [o for a, o in of_part if a.archive != SHIPPED]
        if not of_part:
            continue
        whole = report_on(real)
        found[part] = {
            "all archives": _plain_numbers(whole.metrics),
            "by archive": {
                name: _plain_numbers(report_on([o for a, o in of_part if a.archive == name]).metrics)
                for name in sorted({a.archive for a, _ in of_part})
            },
            "by kind": {kind: _plain_numbers(metrics) for kind, metrics in whole.by_kind.items()},
        }
    return found


def _plain_numbers(metrics: dict[str, Metric]) -> dict[str, dict[str, float | None]]:
    return {
        name: {
            "value": round(m.value, 4),
            "low": None if m.low is None else round(m.low, 4),
            "high": None if m.high is None else round(m.high, 4),
            "questions": m.questions,
        }
        for name, m in metrics.items()
    }


def failures(asked: Sequence[Asked], outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    """Every question of the test part that went wrong, with why: refused, not found, or another sentence chosen."""
    return [
        {
            "archive": a.archive,
            "id": o.id,
            "kind": o.label,
            "why": _why(o),
            "question": o.question,
            "wanted": [list(group) for group in o.gold],
            "answer": o.answer if not o.refused else "",
        }
        for a, o in zip(asked, outcomes, strict=True)
        if a.part == "test" and not o.right
    ]


def _why(outcome: Outcome) -> str:
    if not outcome.answerable:
        return "answered though nothing does"
    found = outcome.gold_in_passages if outcome.evidence_in_passages is None else outcome.evidence_in_passages
    if not found:
        return "not found"
    return "refused" if outcome.refused else "another sentence chosen"


def _today() -> str:
    return time.strftime("%Y-%m-%d")


def compare(outcomes: list[Outcome], asked: Sequence[Asked]) -> str:
    """What changed since the last run on this machine, by question id; this run becomes the last."""
    file = CACHE / "last-run.json"
    renamed = [o.model_copy(update={"id": f"{a.archive}/{o.id}"}) for a, o in zip(asked, outcomes, strict=True)]
    now = report_on(renamed)
    said = ""
    before: dict[str, bool] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    changed = {o.id: o.right for o in renamed if o.id in before and before[o.id] != o.right}
    for word, right in (("better", True), ("worse", False)):
        ids = [question_id for question_id, is_right in changed.items() if is_right is right]
        said += f"{word} than in the last run ({len(ids)}): {', '.join(ids) or 'none'}\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(before | {o.id: o.right for o in now.outcomes}), encoding="utf-8")
    return said


def main() -> int:
    """Command line; returns the exit code."""
    options = _options()
    if not ARCHIVES.is_dir():
        print(f"{ARCHIVES} does not exist: name the archives with NEWSLETTER_ARCHIVES.", file=sys.stderr)
        return 1
    asked = gather(options.archives, options.part, options.limit)
    asked.sort(key=lambda a: a.archive)
    started = time.perf_counter()
    outcomes, facts = ask_ours(asked)
    systems = {OURS: figures(asked, outcomes)}
    if not options.quick:
        systems |= {name: figures(asked, found) for name, found in ask_plain(asked, again=options.plain).items()}
    result = {
        "measured": _today(),
        "asked": {"part": options.part, "at_most_per_archive": options.limit},
        "seconds": round(time.perf_counter() - started),
        "archives": facts,
        "systems": systems,
        "failures": failures(asked, outcomes),
    }
    whole = not (options.quick or options.archives or options.limit) and options.part == "all"
    print(quality_table.text(result))
    print(compare(outcomes, asked), end="")
    out: Path | None = options.out or (RESULTS / "quality.json" if whole else None)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="ours only; nothing is written to benchmarks/results")
    parser.add_argument("--part", choices=["test", "train", "all"], default="all", help="which questions to ask")
    parser.add_argument("--archives", nargs="+", default=[], metavar="NAME", help="only these archives (or `shipped`)")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N questions an archive")
    parser.add_argument("--plain", action="store_true", help="ask the plain pipelines again instead of what is kept")
    parser.add_argument("--out", type=Path, help="write the figures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
