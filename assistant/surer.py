"""A question read another way, where it may be meant or spelt otherwise: the surer reading counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.evidence import Reading
from assistant.followup import Way, may_stand_alone
from assistant.question import ParsedQuestion
from assistant.spelling import as_written
from index.retriever import Retriever

# Of 163 follow-ups that no rule knows, 102 are answered right so, 86 without; of 151 questions on something else 129, and 131 without
SURER = 0.05
FAR_SURER = 0.1  # what opens as if it went on and is answered so is seldom meant otherwise
Read = Callable[[ParsedQuestion], Reading]


def surer(
    parsed: ParsedQuestion,
    reading: Reading,
    history: Sequence[Mapping[str, str]],
    *,
    threshold: float,
    retriever: Retriever,
    parse: Callable[[Way], ParsedQuestion],
    read: Read,
) -> tuple[ParsedQuestion, Reading]:
    """The question as it stands; or as the archive spells it, or in the other way that the conversation leaves, where surer.

    `reading` was made of `parsed`; below `threshold` it answers nothing. `parse` and `read` make the others.
    """
    spelled = as_written(parsed, retriever)
    if spelled is not None:
        again = read(spelled)
        if again.confidence >= max(threshold, reading.confidence + SURER):
            return spelled, again
    way = _other_way(parsed, history, answered=reading.confidence >= threshold)
    if way is None:
        return parsed, reading
    other = parse(way)
    if other.shown == parsed.shown or other.wants_dated_list:
        return parsed, reading
    again = read(other)
    margin = FAR_SURER if parsed.way is Way.ABOUT and reading.confidence >= threshold else SURER
    return (other, again) if again.confidence > reading.confidence + margin else (parsed, reading)


def _other_way(parsed: ParsedQuestion, history: Sequence[Mapping[str, str]], *, answered: bool) -> Way | None:
    """How else the question may be meant, if it may."""
    if not history or parsed.wants_dated_list:
        return None
    if parsed.way is Way.ABOUT:
        return Way.ALONE if may_stand_alone(parsed.asked, history) else None
    return Way.ABOUT if answered == (parsed.way is Way.ALONE) else None
