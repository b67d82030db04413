"""Metrics that need no judge model, over the outcomes of single questions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np

from assistant.evaluation.outcomes import Metric, Outcome

_FOLDED = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "\u00a0": " "})
RESAMPLES = 1000
BINS = 10


def fold(text: str) -> str:
    """Text as gold is compared: NFKC, case, quotes, dashes and white space made alike."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLDED).casefold().split())


def gold_in(text: str, gold: Sequence[Sequence[str]]) -> bool:
    """Whether every group of `gold` has one of its alternatives in `text`, at word boundaries."""
    folded = fold(text)
    return bool(gold) and all(any(_stands_in(fold(option), folded) for option in group) for group in gold)


def _stands_in(option: str, text: str) -> bool:
    before = r"(?<!\w)" if option[:1].isalnum() and option[:1].isascii() else ""
    after = r"(?!\w)" if option[-1:].isalnum() and option[-1:].isascii() else ""
    return bool(option) and re.search(before + re.escape(option) + after, text) is not None


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Metric]:
    """Every metric by name, with a 95 % bootstrap interval; those that nothing was asked for are left out."""
    found: dict[str, Metric] = {}
    for name, value in _VALUES.items():
        values = [v for outcome in outcomes if (v := value(outcome)) is not None]
        if values:
            found[name] = with_interval(values)
    for subkind in sorted({o.subkind for o in outcomes if o.subkind}):
        values = [float(o.refused) for o in outcomes if o.subkind == subkind]
        found[f"rightly_refused_{subkind}"] = with_interval(values)
    latencies = [o.milliseconds for o in outcomes]
    if latencies:
        found["latency_p50_ms"] = _plain(float(np.percentile(latencies, 50)), len(latencies))
        found["latency_p95_ms"] = _plain(float(np.percentile(latencies, 95)), len(latencies))
        found["calibration_error"] = _plain(calibration_error(outcomes), len(outcomes))
    return found


def with_interval(values: Sequence[float]) -> Metric:
    """The mean with its 95 % percentile bootstrap interval (Efron 1979), from a fixed seed."""
    array = np.asarray(values, dtype=float)
    chooser = np.random.default_rng(0)
    means = array[chooser.integers(0, len(array), (RESAMPLES, len(array)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Metric(value=float(array.mean()), low=float(low), high=float(high), questions=len(array))


def _plain(value: float, questions: int) -> Metric:
    return Metric(value=value, low=None, high=None, questions=questions)


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Expected calibration error of the confidence that a question is answerable, over ten equal bins."""
    confidence = np.array([o.confidence for o in outcomes])
    answerable = np.array([o.answerable for o in outcomes], dtype=float)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - answerable[bins == b].mean()) * float((bins == b).mean())
        for b in range(BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))


def _rank_value(at: int) -> Callable[[Outcome], float | None]:
    def value(outcome: Outcome) -> float | None:
        if not outcome.answerable or outcome.newsletter_rank is None:
            return None
        return float(0 < outcome.newsletter_rank <= at)

    return value


def _reciprocal_rank(outcome: Outcome) -> float | None:
    if not outcome.answerable or outcome.newsletter_rank is None:
        return None
    return 1.0 / outcome.newsletter_rank if outcome.newsletter_rank else 0.0


def _if_answerable(value: Callable[[Outcome], float | None]) -> Callable[[Outcome], float | None]:
    return lambda outcome: value(outcome) if outcome.answerable else None


_VALUES: dict[str, Callable[[Outcome], float | None]] = {
    "answer_hit": _if_answerable(lambda o: float(o.hit)),
    "first_sentence_right": _if_answerable(lambda o: float(o.first_right)),
    "words": _if_answerable(lambda o: float(o.words)),
    "wrongly_refused": _if_answerable(lambda o: float(o.refused)),
    "rightly_refused": lambda o: None if o.answerable else float(o.refused),
    "newsletter_hit@1": _rank_value(1),
    "newsletter_hit@5": _rank_value(5),
    "newsletter_hit@10": _rank_value(10),
    "newsletter_mrr": _reciprocal_rank,
    "gold_in_ten_passages": _if_answerable(lambda o: None if o.gold_in_passages is None else float(o.gold_in_passages)),
    "citation_recall": lambda o: o.citation_recall,
    "citation_precision": lambda o: o.citation_precision,
    "verbatim_citations": lambda o: None if o.verbatim is None else float(o.verbatim),
}
