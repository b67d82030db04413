"""Answers written by the small real model beside the extractive ones, on the shipped questions.

    python -m benchmarks.writer [--limit N] [--list sentences.md]

Prints the answer hits of both, what the gate let through, dropped and repaired, and the times; writes
`benchmarks/results/writer.json`, and with --list every generated sentence that was shown with the text it cites.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant, DoneEvent, SentenceEvent, SentenceKind, Settings, open_assistant
from assistant.evaluation import load_questions
from assistant.evaluation.matching import gold_in
from assistant.evaluation.questions import Question
from benchmarks.local_model import local_model
from corpus import shipped_newsletters

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ROOT / "tests" / "questions" / "shipped.jsonl"
RESULT = ROOT / "benchmarks" / "results" / "writer.json"


def timed(assistant: Assistant, question: Question) -> tuple[Answer, float | None, float]:
    """The answer, the seconds to its first sentence, and to its end."""
    started, first = time.perf_counter(), None
    for event in assistant.stream(question.question, history=question.messages):
        if isinstance(event, SentenceEvent) and first is None:
            first = time.perf_counter() - started
        if isinstance(event, DoneEvent):
            return event.answer, first, time.perf_counter() - started
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
    firsts, totals, answerable = [], [], 0
    with tempfile.TemporaryDirectory() as folder, local_model(Path(folder)) as base_url:
        quoting = open_assistant(data_dir=Path(folder) / "index", corpus=[shipped_newsletters()])
        model = {"base_url": base_url, "model": "gemma", "style": "completion", "max_tokens": 120, "timeout": 120.0}
        writing = Assistant(quoting._library, Settings(llm=model))
        for question in questions:
            quoted = quoting.ask(question.question, history=question.messages)
            answer, first, total = timed(writing, question)
            sentences += shown(question, answer)
            fates.update(f"{d.outcome}: {d.reason}" for d in answer.dropped)
            fates["generated"] += sum(s.kind is SentenceKind.GENERATED for s in answer.sentences)
            fates["quoted"] += sum(s.kind is SentenceKind.QUOTE for s in answer.sentences)
            if first is not None:
                firsts.append(first)
                totals.append(total)
            if question.answerable:
                answerable += 1
                hits["extractive"] += gold_in(quoted.text, question.gold)
                hits["generated"] += gold_in(answer.text, question.gold)
        quoting.close()
    figures = {
        "questions": len(questions),
        "answer_hit_extractive": round(hits["extractive"] / max(1, answerable), 4),
        "answer_hit_generated": round(hits["generated"] / max(1, answerable), 4),
        "sentences": dict(sorted(fates.items())),
        "seconds_to_first_sentence_median": round(statistics.median(firsts), 3),
        "seconds_to_end_median": round(statistics.median(totals), 3),
    }
    return figures, sentences


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, help="only the first questions")
    parser.add_argument("--list", type=Path, help="where to write every generated sentence that was shown")
    said = parser.parse_args()
    figures, sentences = compare(said.limit)
    print(json.dumps(figures, indent=2))
    if said.list:
        said.list.write_text("".join(json.dumps(s, ensure_ascii=False) + "\n" for s in sentences), encoding="utf-8")
    if said.limit is None:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
