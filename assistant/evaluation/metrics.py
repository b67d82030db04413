"""Metrics that need no judge model, over the outcomes of single questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.outcomes import Metric, Outcome, Report

RESAMPLES = 1000
BINS = 10

Value = Callable[[Outcome], float | None]


def report_on(outcomes: Sequence[Outcome]) -> Report:
    """The report of `outcomes`: every figure over all of them and by kind."""
    labels = sorted({outcome.label for outcome in outcomes if outcome.label})
    by_kind = {label: summarise([o for o in outcomes if o.label == label]) for label in labels}
    return Report(metrics=summarise(outcomes), by_kind=by_kind, outcomes=tuple(outcomes))


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Metric]:
    """Every metric by name, with a 95 % bootstrap interval; those that nothing was asked for are left out."""
    found: dict[str, Metric] = {}
    for name, value in _VALUES.items():
        values = [v for outcome in outcomes if (v := value(outcome)) is not None]
        if values:
            found[name] = with_interval(values)
    unanswerable = [o for o in outcomes if o.answers and not o.answerable]
    for subkind in sorted({o.subkind for o in unanswerable if o.subkind}):
        values = [float(o.refused) for o in unanswerable if o.subkind == subkind]
        found[f"rightly_refused_{subkind}"] = with_interval(values)
    latencies = [o.milliseconds for o in outcomes]
    if latencies:
        found["latency_p50_ms"] = _plain(float(np.percentile(latencies, 50)), len(latencies))
        found["latency_p95_ms"] = _plain(float(np.percentile(latencies, 95)), len(latencies))
    sure = [o for o in outcomes if o.confidence is not None]
    if sure:
        found["calibration_error"] = _plain(calibration_error(sure), len(sure))
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
    """Expected calibration error (Naeini et al., AAAI 2015) over ten equal bins.

    The confidence is compared with whether the question is answerable; outcomes without a confidence do not count.
    """
    sure = [(o.confidence, o.answerable) for o in outcomes if o.confidence is not None]
    if not sure:
        return float("nan")
    confidence, answerable = np.array(sure, dtype=float).T
    return expected_error(confidence, answerable)


def expected_error(confidence: NDArray[np.float64], answerable: NDArray[np.float64]) -> float:
    """The calibration error of confidences (n,) in what is 1 or 0 of each (n,)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - answerable[bins == b].mean()) * float((bins == b).mean())
        for b in range(BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))


def _rank_value(at: int) -> Value:
    return lambda o: None if o.newsletter_rank is None else float(0 < o.newsletter_rank <= at)


def _reciprocal_rank(outcome: Outcome) -> float | None:
    if outcome.newsletter_rank is None:
        return None
    return 1.0 / outcome.newsletter_rank if outcome.newsletter_rank else 0.0


def _truth(held: bool | None) -> float | None:
    return None if held is None else float(held)


def _of_answerable(value: Value) -> Value:
    return lambda outcome: value(outcome) if outcome.answerable else None


def _of_answers(value: Value) -> Value:
    return lambda outcome: value(outcome) if outcome.answers else None


_VALUES: dict[str, Value] = {
    "answer_hit": _of_answers(_of_answerable(lambda o: float(o.hit))),
    "first_sentence_right": _of_answers(_of_answerable(lambda o: float(o.first_right))),
    "words": _of_answers(_of_answerable(lambda o: None if o.refused else float(o.words))),
    "wrongly_refused": _of_answers(_of_answerable(lambda o: float(o.refused))),
    "rightly_refused": _of_answers(lambda o: None if o.answerable else float(o.refused)),
    "newsletter_hit@1": _of_answerable(_rank_value(1)),
    "newsletter_hit@5": _of_answerable(_rank_value(5)),
    "newsletter_hit@10": _of_answerable(_rank_value(10)),
    "newsletter_mrr": _of_answerable(_reciprocal_rank),
    "evidence_in_ten_passages": _of_answerable(lambda o: _truth(o.evidence_in_passages)),
    "gold_in_ten_passages": _of_answerable(lambda o: _truth(o.gold_in_passages)),
    "citation_recall": lambda o: o.citation_recall,
    "citation_precision": lambda o: o.citation_precision,
    "verbatim_citations": lambda o: _truth(o.verbatim),
}
METRICS = {
    "answer_hit": "answerable questions whose answer holds every group of the gold",
    "first_sentence_right": "answerable questions whose answer's first sentence holds it already",
    "words": "words of an answer given to an answerable question",
    "wrongly_refused": "answerable questions that were refused",
    "rightly_refused": "unanswerable questions that were refused; `rightly_refused_SUBKIND` by subkind",
    "newsletter_hit@1": "answerable questions whose newsletter the best passage comes from",
    "newsletter_hit@5": "the same among the five best passages",
    "newsletter_hit@10": "the same among the ten best passages",
    "newsletter_mrr": "mean reciprocal rank of the first passage of that newsletter, of ten",
    "evidence_in_ten_passages": "answerable questions whose evidence stands in the ten best passages",
    "gold_in_ten_passages": "answerable questions whose gold stands in one of the ten best passages",
    "citation_recall": "sentences that their citations support",
    "citation_precision": "citations that are needed",
    "verbatim_citations": "answers all of whose citations are the newsletter's own text at their place",
    "latency_p50_ms": "milliseconds a question, median",
    "latency_p95_ms": "milliseconds a question, 95th percentile",
    "calibration_error": "expected calibration error of the confidence, ten bins",
}
LOWER_IS_BETTER = frozenset({"words", "wrongly_refused", "latency_p50_ms", "latency_p95_ms", "calibration_error"})
