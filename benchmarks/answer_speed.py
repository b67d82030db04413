"""How long a question takes, warm and from a cold process, and how long indexing does; prints and writes one JSON document.

    python -m benchmarks.answer_speed [--questions N]       writes benchmarks/results/answer-speed.json

Warm questions are asked of the shipped newsletter and of all archives together (about 10 000 passages or more), each of
the question files' questions once, after one to warm up. A cold `ask` is a process of its own: its parts are the
interpreter with the program's imports, the model, the index and the answer. Seconds of processor time stand beside those
of the clock, so that a busy machine can be told.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant import Assistant, Settings, open_assistant
from assistant.evaluation import Question, load_questions
from benchmarks.indexes import CACHE, RememberingLibrary
from benchmarks.training.data import ARCHIVES, ROOT, load_items
from corpus import shipped_newsletters
from index.embedding import load_embedder

OUT = ROOT / "benchmarks" / "results" / "answer-speed.json"
SHIPPED_QUESTIONS = ROOT / "tests" / "questions" / "shipped.jsonl"
COLD = """
import json, sys, time
at = [("start", time.perf_counter())]
def mark(name): at.append((name, time.perf_counter()))
from assistant import Settings, open_assistant
mark("imports")
assistant = open_assistant(Settings(), data_dir=sys.argv[1])
assistant.newsletters()
mark("index")
assistant._library.embedder
mark("model")
assistant.ask(sys.argv[2])
mark("first_answer")
assistant.ask(sys.argv[2])
mark("same_again")
assistant.close()
print(json.dumps({b[0]: round(1000 * (b[1] - a[1])) for a, b in zip(at, at[1:])}))
"""


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    return {"p50_ms": round(float(np.percentile(values, 50)), 1), "p95_ms": round(float(np.percentile(values, 95)), 1)}


def warm(assistant: Assistant, questions: Sequence[Question]) -> dict[str, object]:
    """Latency of whole questions, and of finding alone."""
    assistant.warm()
    gc.freeze()  # as the server does once it is warm
    whole, finding = [], []
    processor = time.process_time()
    for question in questions:
        started = time.perf_counter()
        answer = assistant.ask(question.question, history=question.messages)
        whole.append(1000 * (time.perf_counter() - started))
        finding.append(answer.timings["retrieve"])
    return {
        "newsletters": len(assistant.newsletters()),
        "passages": assistant.status()["passages"],
        "questions": len(questions),
        "answer": percentiles(whole),
        "retrieve": percentiles(finding),
        "processor_ms_a_question": round(1000 * (time.process_time() - processor) / len(questions), 1),
    }


def indexing() -> dict[str, object]:
    """Indexing the shipped newsletter with the model loaded, and a second sync, which embeds nothing."""
    with tempfile.TemporaryDirectory() as folder, open_assistant(data_dir=folder) as assistant:
        embedder = assistant._library.embedder
        embedder.embed_query("warm")
        first = _timed(lambda: assistant.sync([shipped_newsletters()]))
        calls = []
        original = embedder.embed_passages
        embedder.embed_passages = lambda passages: calls.append(len(passages)) or original(passages)  # type: ignore[method-assign]
        second = _timed(lambda: assistant.sync([shipped_newsletters()]))
        passages = assistant.status()["passages"]
    return {"passages": passages, "first_s": first, "second_s": second, "second_embedded_passages": sum(calls)}


def _timed(work) -> dict[str, float]:  # type: ignore[no-untyped-def]
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return {
        "clock": round(time.perf_counter() - clock, 3),
        "processor": round(time.process_time() - processor, 3),
    }


def cold(folder: Path) -> dict[str, object]:
    """A cold `ask`: the command as a whole, and its parts in milliseconds."""
    question = "Who spoke about IP protection?"
    command = [sys.executable, "-m", "ui.cli", "ask", question, "--data-dir", str(folder)]
    runs = []
    for _ in range(3):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        runs.append(round(time.perf_counter() - started, 2))
    parts = subprocess.run(
        [sys.executable, "-c", COLD, str(folder), question], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return {"command_s": sorted(runs), "parts_ms": json.loads(parts.stdout.strip().splitlines()[-1])}


def everything(limit: int) -> dict[str, object]:
    """Warm questions over all archives in one index."""
    items = [item for item in load_items() if (ARCHIVES / item.archive).is_dir()]
    step = max(1, len(items) // limit)
    questions = [Question.model_validate(item.record) for item in items[::step]][:limit]
    folder = CACHE / "all-archives"
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(data_dir=folder)
    library = RememberingLibrary(folder, settings.embedding, settings.store)
    with Assistant(library, settings) as assistant:
        assistant.sync([ARCHIVES], rebuild=True)
        return warm(assistant, questions)


def main() -> None:
    """Measure everything, print and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=300, help="questions asked of all archives")
    parser.add_argument("--only-shipped", action="store_true", help="leave the archives out; nothing is written")
    options = parser.parse_args()
    started = time.perf_counter()
    load_embedder(Settings().embedding)
    import torch  # once the program has said how its helpers wait

    result: dict[str, object] = {
        "measured": time.strftime("%Y-%m-%d"),
        "machine": {
            "cores": os.cpu_count(),
            "threads": torch.get_num_threads(),
            "python": platform.python_version(),
            "load_before": os.getloadavg()[0],
        },
        "model_load_s": round(time.perf_counter() - started, 2),
        "indexing_shipped": indexing(),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_assistant(data_dir=folder, corpus=[shipped_newsletters()]) as assistant:
            result["warm_shipped"] = warm(assistant, load_questions(SHIPPED_QUESTIONS))
        result["cold_ask"] = cold(folder)
    if ARCHIVES.is_dir() and not options.only_shipped:
        result["warm_archives"] = everything(options.questions)
        OUT.parent.mkdir(exist_ok=True)
        OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
