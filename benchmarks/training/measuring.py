"""What a reader reaches on examples: first sentences, answers, refusals, calibration."""

from __future__ import annotations

import numpy as np

from assistant.evaluation.metrics import expected_error
from assistant.evidence import choose
from assistant.reader.cross_encoder import load_cross_encoder
from assistant.reader.joint import load_joint_reader
from assistant.reader.model import Reader
from assistant.reranking import read_again
from benchmarks.training.data import HELD_OUT, hits
from benchmarks.training.examples import Example, first_reading


def measure(examples: list[Example], reader: Reader) -> dict[str, float]:
    """First-sentence, answer-hit, refusal and calibration figures of a set of questions."""
    found, first, third, hit, words, refused, rightly, pairs = [], [], [], [], [], [], [], []
    for e in examples:
        reading = read_again(e.parsed, first_reading(e, reader), reader, load_joint_reader(), load_cross_encoder())
        answered = reading.confidence >= reader.threshold
        if not e.item.answerable:
            rightly.append(not answered)
            pairs.append((reading.confidence, 0.0))
            continue
        gold = e.item.record["gold"]
        chosen = choose(e.parsed, reading, max_words=80, max_sentences=3)
        text = " ".join(piece.text for piece in chosen)
        found.append(
            any(
                hits(" ".join(p.passage.sentence(i) for i in range(len(p.passage.sentences))), gold) for p in e.passages
            )
        )  # type: ignore[arg-type]
        first.append(hits(chosen[0].text, gold) if chosen else False)  # type: ignore[arg-type]
        third.append(hits(" ".join(piece.text for piece in reading.ranked[:3]), gold))  # type: ignore[arg-type]
        hit.append(hits(text, gold) and answered)  # type: ignore[arg-type]
        words.append(len(text.split()))
        refused.append(not answered)
        pairs.append((reading.confidence, 1.0))
    return {
        "questions": len(examples),
        "fact_in_ten": _mean(found),
        "first_right": _mean(first),
        "within_three": _mean(third),
        "answer_hit": _mean(hit),
        "words": _mean(words),
        "wrongly_refused": _mean(refused),
        "rightly_refused": _mean(rightly),
        "calibration_error": calibration_error(pairs),
    }


def _mean(values: list) -> float:  # type: ignore[type-arg]
    return round(float(np.mean(values)), 3) if values else float("nan")


def calibration_error(pairs: list[tuple[float, float]]) -> float:
    """Expected calibration error over ten equal bins (Naeini et al., AAAI 2015)."""
    return round(expected_error(*np.array(pairs).T), 3) if pairs else float("nan")


def report(tests: list[Example], reader: Reader) -> dict[str, object]:
    """Figures of the test part: over all, of the shared questions, by archive, and by kind."""
    figures: dict[str, object] = {
        "all": measure(tests, reader),
        "shared questions": measure([e for e in tests if not e.item.own], reader),
        "all but the archive left out": measure([e for e in tests if e.item.archive != HELD_OUT], reader),
    }
    for archive in sorted({e.item.archive for e in tests}):
        figures[archive] = measure([e for e in tests if e.item.archive == archive], reader)
    for kind in sorted({_kind(e) for e in tests}):
        figures[f"kind {kind}"] = measure([e for e in tests if _kind(e) == kind], reader)
    return {**figures, "threshold": round(reader.threshold, 3)}


def _kind(e: Example) -> str:
    return str(e.item.record.get("kind") or e.item.record.get("subkind"))
