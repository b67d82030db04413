"""Answers written by the small real model beside the extractive ones, on the shipped questions.

    python -m benchmarks.writer [--limit N]

Prints the answer hits of both, what the gate let through, dropped and repaired, and the times; writes them, and every
generated sentence that was shown with the text it cites, to `benchmarks/results/writer.json`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from assistant import Answer, Assistant, DoneEvent, SentenceEvent, SentenceKind, Settings, open_assistant
from assistant.evaluation import load_questions
from assistant.evaluation.matching import gold_in
from assistant.evaluation.questions import Question
from assistant.writers import generative
from assistant.writers.stream import Written, written_sentences
from benchmarks.local_model import local_model
from corpus import shipped_newsletters

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "tests" / "questions" / "shipped.jsonl"
RESULT = ROOT / "benchmarks" / "results" / "writer.json"


@dataclass
class Stopwatch:
    """When the model was asked, and when it had written its latest sentence; `None` before that."""

    asked: float | None = None
    written: float | None = None

    def watch(self, pieces: Iterable[str | None]) -> Iterator[Written | None]:
        """`written_sentences`, timed."""
        self.asked = time.perf_counter()
        for sentence in written_sentences(pieces):
            if sentence is not None:
                self.written = time.perf_counter()
            yield sentence


@dataclass(frozen=True)
class Timed:
    """An answer with the seconds to its first sentence and its end, and how much longer than the model's writing the
    first sentence took that was shown: 1 where checking cost nothing, None where the model was not asked."""

    answer: Answer
    first: float | None
    total: float
    ratio: float | None


def timed(assistant: Assistant, question: Question) -> Timed:
    """The answer and its times."""
    watch, first, ratio = Stopwatch(), None, None
    started = time.perf_counter()
    with patch.object(generative, "written_sentences", watch.watch):
        for event in assistant.stream(question.question, history=question.messages):
            now = time.perf_counter()
            if isinstance(event, SentenceEvent) and first is None:
                first = now - started
                if watch.asked is not None and watch.written is not None:
                    ratio = (now - watch.asked) / (watch.written - watch.asked)
            if isinstance(event, DoneEvent):
                return Timed(event.answer, first, now - started, ratio)
    raise AssertionError("a stream ends with the whole answer")


def shown(question: Question, answer: Answer) -> list[dict[str, Any]]:
    """Every generated sentence of an answer with the text it cites."""
    return [
        {
            "question": question.question,
            "sentence": sentence.text,
            "support": sentence.support,
            "cited": [answer.citations[number - 1].quote for number in sentence.citations],
        }
        for sentence in answer.sentences
        if sentence.kind is SentenceKind.GENERATED
    ]


def compare(limit: int | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figures, and every generated sentence that was shown."""
    questions = load_questions(QUESTIONS)[:limit]
    sentences: list[dict[str, Any]] = []
    hits: Counter[str] = Counter()
    fates: Counter[str] = Counter()
    timings: list[Timed] = []
    answerable = 0
    with tempfile.TemporaryDirectory() as folder, local_model(Path(folder)) as base_url:
        quoting = open_assistant(data_dir=Path(folder) / "index", corpus=[shipped_newsletters()])
        model = {"base_url": base_url, "model": "gemma", "style": "completion", "max_tokens": 120, "timeout": 120.0}
        writing = Assistant(quoting._library, Settings(llm=model))
        for question in questions:
            quoted = quoting.ask(question.question, history=question.messages)
            found = timed(writing, question)
            answer = found.answer
            sentences += shown(question, answer)
            fates.update(f"{d.outcome}: {d.reason}" for d in answer.dropped)
            fates["generated"] += sum(s.kind is SentenceKind.GENERATED for s in answer.sentences)
            fates["quoted"] += sum(s.kind is SentenceKind.QUOTE for s in answer.sentences)
            if found.first is not None:
                timings.append(found)
            if question.answerable:
                answerable += 1
                hits["extractive"] += gold_in(quoted.text, question.gold)
                hits["generated"] += gold_in(answer.text, question.gold)
        quoting.close()
    ratios = sorted(t.ratio for t in timings if t.ratio is not None)
    figures = {
        "questions": len(questions),
        "answer_hit_extractive": round(hits["extractive"] / max(1, answerable), 4),
        "answer_hit_generated": round(hits["generated"] / max(1, answerable), 4),
        "sentences": dict(sorted(fates.items())),
        "seconds_to_first_sentence_median": round(statistics.median(t.first for t in timings), 3),
        "seconds_to_end_median": round(statistics.median(t.total for t in timings), 3),
        "first_sentence_to_its_writing": {
            "answers": len(ratios),
            "median": round(statistics.median(ratios), 3),
            "p95": round(ratios[int(len(ratios) * 0.95)], 3),
        },
    }
    return figures, sentences


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, help="only the first questions")
    said = parser.parse_args()
    figures, sentences = compare(said.limit)
    print(json.dumps(figures, indent=2))
    if said.limit is None:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(
            json.dumps({**figures, "shown": sentences}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
