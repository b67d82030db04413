"""How well long conversations are followed, and questions that are nothing but a heading answered.

    python -m benchmarks.conversations      writes benchmarks/results/conversations.json

The conversations are those of `benchmarks/questions/more-11*.jsonl`: the same of another one ("And for 1.12?"), long threads, turns to
something else and back. No weight was learned from them. Each conversation is held again: what stands before the last question are
its earlier questions with the answers that the assistant gives, right or wrong, as it is for whoever asks. The headings stand in one issue of their archive only; they are
asked as the chat page offers them.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from assistant import Assistant
from assistant.evaluation import Outcome, Question, judge, summarise
from assistant.suggestions import TEMPLATES
from benchmarks.indexes import opened
from benchmarks.training.data import ROOT
from benchmarks.training.headings import heading_questions

QUESTIONS = ROOT / "benchmarks" / "questions"
RESULTS = ROOT / "benchmarks" / "results" / "conversations.json"
HEADINGS = ("digital-gov-2013-2016", "haskell-weekly-2016-2018", "lwkd-2018-2021", "optech-2018-2021")
EVERY = 2  # of an archive's conversations one in so many, for each takes four questions
MOST_HEADINGS = 50
METRICS = ("answer_hit", "first_sentence_right", "wrongly_refused", "rightly_refused")


def conversations() -> dict[str, list[Question]]:
    """The questions by archive."""
    found: dict[str, list[Question]] = defaultdict(list)
    for file in sorted(QUESTIONS.glob("more-11*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            found[record["archive"]].append(Question.model_validate(record))
    return found


def held_again(assistant: Assistant, question: Question) -> Question:
    """The question behind the assistant's own answers to the earlier ones."""
    history: list[dict[str, str]] = []
    for asked in (turn for turn in question.messages if turn["role"] == "user"):
        history += [asked, {"role": "assistant", "content": assistant.ask(asked["content"], history).text}]
    return Question.model_validate(question.model_dump() | {"history": history})


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
    outcomes: list[Outcome] = []
    for archive, questions in sorted(conversations().items()):
        with opened(archive) as assistant:
            outcomes += [judge(assistant, held_again(assistant, question)) for question in questions[::EVERY]]
    metrics = {name: metric.model_dump() for name, metric in summarise(outcomes).items() if name in METRICS}
    result: dict[str, Any] = {"measured": time.strftime("%Y-%m-%d"), "conversations": metrics, "headings": {}}
    for archive in HEADINGS:
        with opened(archive) as assistant:
            result["headings"][archive] = headings(assistant, archive)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
