"""A question read another way, where it may be meant or spelt otherwise: the surer reading counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.asking.followup import Way, may_stand_alone
from assistant.evidence import Reading
from assistant.issues.publications import Publications
from assistant.question import ParsedQuestion
from assistant.reader.odds import log_odds, probability_of
from assistant.readings.quoted_before import asked_within, nearest, newsletters_quoted
from assistant.readings.spelling import as_written
from index.retriever import Retriever

SURER = 0.05
FAR_SURER = 0.1  # where a reading answers already
LEAST = 1e-4
# Of 949 follow-ups behind the assistant's own answers, 9 more are rightly refused so than with 0.5, and no fewer answered
FROM_THE_SAME = 0.7
SURE_WITHIN = 0.8  # in the newsletter that was quoted last: 14 more are answered rightly
Read = Callable[[ParsedQuestion], Reading]


def surer(
    parsed: ParsedQuestion,
    reading: Reading,
    history: Sequence[Mapping[str, str]],
    *,
    threshold: Callable[[ParsedQuestion], float],
    retriever: Retriever,
    publications: Callable[[], Publications],
    parse: Callable[[Way], ParsedQuestion],
    read: Read,
) -> tuple[ParsedQuestion, Reading]:
    """The question as it stands; or as the archive spells it, or in the other way that the conversation leaves, where surer.

    `reading` was made of `parsed`; a question's reading below its `threshold` answers nothing. `parse` and `read` make the others.
    """
    least = threshold(parsed)
    spelled = as_written(parsed, retriever)
    if spelled is not None:
        again = read(spelled)
        if again.confidence >= max(least, reading.confidence + SURER):
            return spelled, again
    answered = reading.confidence >= least
    way = _other_way(parsed, history, answered=answered)
    if way is None:
        return parsed, reading
    other = parse(way)
    if other.resolved == parsed.resolved or (other.wants_dated_list and way is not Way.ALONE):
        return parsed, reading
    again = read(other)
    chosen = (other, again) if again.confidence > reading.confidence + SURER else (parsed, reading)
    if other.wants_dated_list:  # a list that is asked for in full needs nothing that was said
        return chosen if answered else (other, again)
    if parsed.way is not Way.ABOUT:
        # What is asked in full and answered is not given up for a follow-up that is not sure enough
        return (parsed, reading) if answered and chosen[1].confidence < threshold(chosen[0]) else chosen
    quoted = newsletters_quoted(history, retriever.snapshot)
    if quoted and way is Way.ALONE and not _is_from(frozenset(quoted), chosen[1]):
        near = nearest(quoted[0], publications())
        within = _read_within(other, near, read, max(SURE_WITHIN, reading.confidence - SURER))
        if within is not None:
            return within
    # However it was meant, what stands beside the last answer looks like an answer
    both = _mean(reading.confidence, again.confidence, _weight_of_the_surer(frozenset(quoted), chosen[1]))
    return replace(chosen[0], way=Way.ABOUT), replace(chosen[1], confidence=both)


def _read_within(
    parsed: ParsedQuestion, near: Sequence[frozenset[str]], read: Read, least: float
) -> tuple[ParsedQuestion, Reading] | None:
    """The question asked of the first of these newsletters that answer it as surely as `least`; None where none do."""
    for within in filter(None, (asked_within(parsed, newsletters) for newsletters in near)):
        there = read(within)
        if there.confidence >= least:
            return replace(within, way=Way.ABOUT), there
    return None


def _other_way(parsed: ParsedQuestion, history: Sequence[Mapping[str, str]], *, answered: bool) -> Way | None:
    """How else the question may be meant, if it may."""
    if not history or (parsed.wants_dated_list and parsed.way is not Way.ABOUT):
        return None
    if parsed.way is Way.ABOUT:
        return Way.ALONE if may_stand_alone(parsed.asking) else Way.ANSWERED
    return Way.ABOUT if answered == (parsed.way is Way.ALONE) else None


def _is_from(quoted: frozenset[str], reading: Reading) -> bool:
    """Whether the likeliest sentence stands in one of the newsletters that were quoted last."""
    return bool(reading.ranked) and reading.ranked[0].found.newsletter.id in quoted


def _weight_of_the_surer(quoted: frozenset[str], reading: Reading) -> float:
    """How much the surer of two readings counts: more where a newsletter that was quoted last answers, less where another does."""
    if not quoted or not reading.ranked:
        return 0.5
    return FROM_THE_SAME if _is_from(quoted, reading) else 1 - FROM_THE_SAME


def _mean(one: float, other: float, weight: float) -> float:
    """The mean of two probabilities by their log odds, in which the higher has this `weight`."""
    low, high = (log_odds(p, LEAST) for p in sorted((one, other)))
    return probability_of(weight * high + (1 - weight) * low)
