"""How well long conversations are followed, and questions that are nothing but a heading answered.

    python -m benchmarks.conversations      writes benchmarks/results/conversations.json

The conversations are those of `benchmarks/questions/more-11*.jsonl`: the same of another one ("And for 1.12?"), long threads, turns to
something else and back. No weight was learned from them. The headings stand in one issue of their archive only; they are
asked as the chat page offers them.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant import Assistant, Status
from assistant.suggestions import TEMPLATES
from benchmarks.indexes import opened
from benchmarks.training.data import ROOT, hits
from benchmarks.training.headings import heading_questions

QUESTIONS = ROOT / "benchmarks" / "questions"
RESULTS = ROOT / "benchmarks" / "results" / "conversations.json"
HEADINGS = ("digital-gov-2013-2016", "haskell-weekly-2016-2018", "lwkd-2018-2021", "optech-2018-2021")
MOST_HEADINGS = 50


def conversations() -> dict[str, list[dict[str, Any]]]:
    """The questions by archive."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in sorted(QUESTIONS.glob("more-11*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found[record["archive"]].append(record)
    return found


def followed(assistant: Assistant, records: list[dict[str, Any]]) -> Iterator[dict[str, bool]]:
    """For each question whether it is answerable, was answered, and with the fact, in its first sentence too."""
    for record in records:
        answer = assistant.ask(record["question"], history=record["history"])
        said = [sentence.text for sentence in answer.sentences]
        yield {
            "answerable": record["answerable"],
            "answered": answer.status is Status.ANSWERED,
            "right": bool(said) and hits(" ".join(said), record["gold"]),
            "first": bool(said) and hits(said[0], record["gold"]),
        }


def shares(outcomes: list[dict[str, bool]]) -> dict[str, float]:
    """Shares of the answerable that are answered right, in the first sentence, and refused; and of the others refused."""
    answerable = [one for one in outcomes if one["answerable"]]
    others = [one for one in outcomes if not one["answerable"]]

    def share(name: str, among: list[dict[str, bool]], wanted: bool = True) -> float:
        return round(sum(one[name] == wanted for one in among) / max(1, len(among)), 3)

    return {
        "answerable": len(answerable),
        "others": len(others),
        "answered right": share("right", answerable),
        "first sentence right": share("first", answerable),
        "wrongly refused": share("answered", answerable, wanted=False),
        "rightly refused": share("answered", others, wanted=False),
    }


def headings(assistant: Assistant, archive: str) -> Mapping[str, int]:
    """How many questions on headings were asked, answered, and answered from the heading's own newsletter first."""
    asked = heading_questions(archive)
    chosen = random.Random(archive).sample(asked, min(MOST_HEADINGS, len(asked)))
    answers = [(name, assistant.ask(TEMPLATES["en"].format(topic=topic))) for name, topic in chosen]
    return {
        "asked": len(answers),
        "answered": sum(bool(answer.sentences) for _, answer in answers),
        "from its newsletter": sum(bool(a.citations) and a.citations[0].newsletter_id == name for name, a in answers),
    }


def main() -> int:
    """Command line; returns the exit code."""
    outcomes: list[dict[str, bool]] = []
    for archive, records in sorted(conversations().items()):
        with opened(archive) as assistant:
            outcomes += followed(assistant, records)
    result: dict[str, Any] = {"measured": time.strftime("%Y-%m-%d"), "conversations": shares(outcomes), "headings": {}}
    for archive in HEADINGS:
        with opened(archive) as assistant:
            result["headings"][archive] = headings(assistant, archive)
    Path(RESULTS).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
