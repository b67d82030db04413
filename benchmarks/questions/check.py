"""Check question files against the newsletters they were written from.

    python -m benchmarks.questions.check [FILE...]

Without files, every `.jsonl` of this folder is checked. The archives are read from the folder that the environment
variable NEWSLETTER_ARCHIVES names (by default `../shared/archives` beside the repository), but the archive `invented` is
`benchmarks/newsletters`. Prints one line a fault and one summary a file; the exit status is 1 where anything fails.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ARCHIVES = Path(os.environ.get("NEWSLETTER_ARCHIVES", HERE.parents[2] / "shared" / "archives"))
FIELDS = ("id", "archive", "question", "answerable", "newsletter", "gold", "evidence", "history")
INVENTED = HERE.parent / "newsletters"  # the archive "invented" comes with the repository
KINDS = {"fact", "who", "why", "how", "when", "version", "list", "filter", "followup", "latest", "first"}
SUBKINDS = {"near-miss", "false-premise", "plausible-absent", "off-topic"}
MARKUP = re.compile(r"<!--.*?-->|\]\([^)\s]*(?:\s\"[^\"]*\")?\)|\]\[[^\]]*\]|[\[\]*`]", re.S)
QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "‑": "-"})
COPIED = 6  # so many words in a row, shared by question and evidence, are a copy

Record = dict[str, Any]


def folded(text: str) -> str:
    """The text without Markdown markup, in plain quotes, single spaces and lower case."""
    return re.sub(r"\s+", " ", MARKUP.sub("", text).translate(QUOTES)).strip().casefold()


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return re.findall(r"[\w']+", text.casefold())


@cache
def paragraphs(archive: str, name: str) -> list[str] | None:
    """The folded paragraphs and list items of a newsletter, without front matter; None where there is no such one."""
    folder = INVENTED if archive == "invented" else ARCHIVES / archive
    for ending in (".md", ".markdown"):
        path = folder / (name + ending)
        if path.is_file():
            text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.S)
            return [folded(block) for block in re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )", text)]
    return None


def copies(question: str, evidence: str) -> bool:
    """Whether the question takes over a run of the evidence's words."""
    asked, said = words(question), words(evidence)
    runs = {tuple(said[i : i + COPIED]) for i in range(len(said) - COPIED + 1)}
    return any(tuple(asked[i : i + COPIED]) in runs for i in range(len(asked) - COPIED + 1))


def answer_faults(line: Record, blocks: list[str]) -> list[str]:
    """What is wrong with the kind, the evidence and the gold of an answerable question."""
    question, evidence, kind = folded(line["question"]), folded(line["evidence"]), line.get("kind")
    faults = [] if kind in KINDS else [f"kind {kind!r}"]
    faults += ["followup without history"] if kind == "followup" and not line["history"] else []
    if len(evidence.split()) < 8 and evidence not in {block.lstrip("- ") for block in blocks}:
        faults.append(f"evidence has {len(evidence.split())} words")  # only a whole list item may be shorter
    if not any(evidence in block for block in blocks):
        faults.append(f"evidence not in one paragraph: {line['evidence']}")
    if re.search(r"</?[a-z]+[ >]|&#?\w+;|\{\{", line["evidence"]):
        faults.append(f"evidence with HTML or a shortcode: {line['evidence']}")
    faults += [] if line["gold"] else ["no gold"]
    for group in line["gold"]:
        if not any(folded(gold) in evidence for gold in group):
            faults.append(f"gold not in evidence: {group}")
        faults += [f"gold stands in the question: {gold}" for gold in group if folded(gold) in question]
        faults += [f"gold too long: {gold}" for gold in group if not 1 <= len(gold.split()) <= 6]
    if copies(line["question"], line["evidence"]):
        faults.append(f"question copies {COPIED} words of the evidence")
    return faults


def line_faults(line: Record) -> list[str]:
    """What is wrong with one line of a question file."""
    missing = [f"no {field}" for field in FIELDS if field not in line]
    if missing:
        return missing
    blocks = paragraphs(line["archive"], line["newsletter"])
    if blocks is None:
        return [f"no newsletter {line['archive']}/{line['newsletter']}"]
    faults = [] if 3 <= len(words(line["question"])) <= 32 else [f"question has {len(words(line['question']))} words"]
    roles = [turn.get("role") for turn in line["history"]]
    if roles != ["user", "assistant"] * (len(roles) // 2):
        faults.append(f"history of {roles}")
    if line["answerable"]:
        return faults + answer_faults(line, blocks)
    if line["gold"] or line["evidence"]:
        faults.append("unanswerable with gold or evidence")
    if line.get("subkind") not in SUBKINDS:
        faults.append(f"subkind {line.get('subkind')!r}")
    return faults


def check(path: Path) -> bool:
    """Whether a question file is without faults; prints them and a summary."""
    lines = [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines() if text.strip()]
    ids = Counter(line.get("id") for line in lines)
    asked = Counter(" ".join(words(line.get("question", ""))) for line in lines if not line.get("history"))
    faults = [f"{line.get('id')} ({line.get('newsletter')}): {fault}" for line in lines for fault in line_faults(line)]
    faults += [f"{what} twice" for what, times in (ids + asked).items() if times > 1]
    kinds = Counter(line.get("kind") if line.get("answerable") else line.get("subkind") for line in lines)
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{path.name}: {len(lines)} lines,", dict(kinds))
    return not faults


if __name__ == "__main__":
    faulty = [path for path in map(Path, sys.argv[1:] or HERE.glob("*.jsonl")) if not check(path)]
    sys.exit(bool(faulty))
