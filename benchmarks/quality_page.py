"""Writes docs/quality.md from the measured figures: `python -m benchmarks.quality_page`.

The page holds nothing that was typed in by hand beside the method; a test holds it level with the figures.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.quality_table import PLAIN, Table, aims, by_archive, by_kind, markdown, side_by_side
from benchmarks.training.data import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "quality.json"
PAGE = ROOT / "docs" / "quality.md"
EXAMPLES = 2

METHOD = """\
`make bench-quality` asks every question of the question files and writes the figures to `benchmarks/results/quality.json`;
this page is made from that file. The questions were written by reading the newsletters, in a reader's words; each names
its newsletter, the sentence that answers (`evidence`) and the words an answer must hold (`gold`).

- **Split.** By newsletter, a quarter of each archive's newsletters are the test part: no weight or adapter was
  fitted on questions about them. The confidence below which nothing is answered was: it is where fewer than 5 of 100 are refused
  wrongly, of all and of Haskell Weekly, and how many sentences are read was chosen by them, so the figures of refusing flatter a
  little. Haskell Weekly is left out of training altogether, and so is the shipped newsletter.
  The figures below are of the test part, unless a table says otherwise.
- **Verdicts** need no judge model. An answer is right when it holds every group of the gold; `hit@k` says that one of the
  k best passages comes from the right newsletter; evidence counts as found when its letters stand in the ten best passages.
  Brackets of 95 % are in the JSON (bootstrap, 1 000 resamples).
- **Side by side.** The plain pipeline is LlamaIndex's starter guide (`SimpleDirectoryReader`, `VectorStoreIndex`, ten
  passages) with the same embedding model, all-MiniLM-L6-v2: with its default chunks of 1 024 tokens, of which the model
  reads 256, and with chunks of 200 tokens, which it reads whole. Both are asked through its query engine and judged by
  the same code on the same questions. It writes no answer without a language model, so only what it finds is compared.
- **Milliseconds** are of a whole warm question on the machine that measured, alone or not; `benchmarks/results/answer-speed.json`
  holds those measured for speed.
"""


def page(
    result: Mapping[str, Any], plain: Mapping[str, Any], written: Mapping[str, Any], talks: Mapping[str, Any]
) -> str:
    """The page's text."""
    archives = ", ".join(
        f"{name} ({f['newsletters']} newsletters, {f['passages']} passages)" for name, f in result["archives"].items()
    )
    parts = [
        "# How good the answers are",
        "<!-- Made by `python -m benchmarks.quality_page` from benchmarks/results/quality.json: change that, not this. -->",
        f"Measured on {result['measured']}, on {archives}.{_sample(result)}",
        "## Aims",
        markdown(aims(result, "test")),
        "## By archive",
        markdown(by_archive(result, "test")),
        "## By kind of question",
        markdown(by_kind(result, "test")),
    ]
    if talks:
        parts += ["## Conversations and headings", *_talks(talks)]
    if any(name in result["systems"] for name in PLAIN):
        parts += [
            "## Beside the plain LlamaIndex pipeline",
            f"Columns: ours; the plain pipeline as shipped; with 200-token chunks (its replies are of {plain.get('measured', '')}).",
            markdown(_short(side_by_side(result, "test"))),
        ]
    parts += ["## What still fails", *_failing(result["failures"])]
    if written:
        parts += ["## What a small model wrote", *_shown(written)]
    parts += ["## Method", METHOD.rstrip()]
    if "train" in result["systems"]["newsletter-assistant"]:
        parts += [
            "## On the training part",
            "For comparison only: the reader has seen these.",
            markdown(by_archive(result, "train")),
        ]
    return "\n\n".join(parts) + "\n"


def _talks(talks: Mapping[str, Any]) -> list[str]:
    """How conversations are followed and headings answered."""
    followed, archives = talks["conversations"], talks["headings"].values()
    asked, answered, own = (sum(one[name] for one in archives) for name in ("asked", "answered", "from its newsletter"))
    answerable, others = (followed[name]["questions"] for name in ("answer_hit", "rightly_refused"))
    return [
        f"{answerable} questions of conversations that the newsletters answer and {others} that they do not, "
        "on newsletters of all archives and of invented ones: the last question asked of another one, long threads, turns to "
        "something else and back (`python -m benchmarks.conversations`). Each conversation is held again with the assistant's own "
        "answers, right or wrong. No weight was learned from them.",
        markdown([["", "share"], *([name.replace("_", " "), f"{one['value']:.3f}"] for name, one in followed.items())]),
        f"Of {asked} titles and headings, asked as the page offers them, {answered} were answered, {own} from their own newsletter first.",
    ]


def _sample(result: Mapping[str, Any]) -> str:
    """What to know about figures of a sample."""
    limit = result.get("asked", {}).get("at_most_per_archive")
    return f" A sample: {limit} questions an archive, evenly taken; `make bench-quality` asks all." if limit else ""


def _short(table: Table) -> Table:
    names = {"newsletter-assistant: ": "", PLAIN[0]: "plain", PLAIN[1]: "plain, 200"}
    head = table[0]
    for long, short in names.items():
        head = [cell.replace(long, short) for cell in head]
    return [[cell.replace(": ", " ") for cell in head], *table[1:]]


def _failing(failures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Counts by kind and reason, then examples of each reason."""
    reasons = sorted({f["why"] for f in failures})
    counts = Counter((f["kind"], f["why"]) for f in failures)
    kinds = sorted({f["kind"] for f in failures}, key=lambda kind: (-sum(counts[kind, why] for why in reasons), kind))
    table = [["kind", *reasons], *([kind, *(str(counts[kind, why] or "") for why in reasons)] for kind in kinds)]
    parts = ["Questions of the test part that went wrong, by kind and by what went wrong first:", markdown(table)]
    for why in reasons:
        lines = [_example(f) for f in _varied([f for f in failures if f["why"] == why])]
        parts.append(f"**{why[0].upper()}{why[1:]}**, for example:\n\n" + "\n".join(lines))
    return parts


def _varied(failures: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A few failures, of an archive each where possible."""
    archives = sorted({f["archive"] for f in failures})
    turns = [[f for f in failures if f["archive"] == name][:EXAMPLES] for name in archives]
    return [f for turn in zip(*turns, strict=False) for f in turn][: 2 * EXAMPLES] or list(failures[:EXAMPLES])


def _example(failure: Mapping[str, Any]) -> str:
    wanted = " and ".join(" or ".join(group) for group in failure["wanted"]) or "nothing answers"
    answered = f"; answered: “{_clipped(failure['answer'])}”" if failure["answer"] else ""
    return f"- {failure['archive']}, {failure['kind']}: “{_clipped(failure['question'])}” Wanted: {_clipped(wanted)}{answered}"


def _shown(written: Mapping[str, Any]) -> list[str]:
    """Every sentence of the small model that the check let through, with what it cites."""
    few = (
        f"Gemma 3 of 270 million parameters, a base model that is often wrong, was asked the {written['questions']} questions on the "
        f"shipped newsletter (`make bench-writer`). Answers were right in {written['answer_hit_generated']:.3f} of those that have one, "
        f"and in {written['answer_hit_extractive']:.3f} where the newsletter was only quoted. These are all the sentences in the "
        "model's words that were shown, each with the text it cites:"
    )
    lines = [
        f"- “{_clipped(one['sentence'])}” Cited: {' '.join(f'“{_clipped(quote)}”' for quote in one['cited'])}"
        for one in written["shown"]
    ]
    return [few, "\n".join(lines)]


def _clipped(text: str) -> str:
    text = (
        " ".join(text.split())
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("_", "\\_")
        .replace("`", "'")
    )
    return text if len(text) <= 180 else text[:179].rstrip() + "…"


def made() -> str:
    """The page made from what the benchmarks wrote."""
    return page(_kept(RESULTS.name), _kept("quality-plain.json"), _kept("writer.json"), _kept("conversations.json"))


def _kept(name: str) -> dict[str, Any]:
    """What another benchmark wrote; empty where it did not run."""
    file = RESULTS.with_name(name)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def main() -> None:
    """Write the page."""
    PAGE.write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
