"""A yes/no question that offers two things ("A or B?"), read once with each: the surer reading counts.

Newsletters tell which of the two is so and do not know the other, so that the question as a whole seems foreign to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.asking.followup import Way
from assistant.evidence import Reading
from assistant.question import Expects, ParsedQuestion
from assistant.readings.surer import SURER
from index.tokens import STOP_WORDS

_ARTICLES = frozenset(["a", "an", "the"])
_AGAIN = re.compile(
    r"^(?:(?:is|are|was|were|do|does|did|has|have|had|will|can) (?:it|they|he|she|this|that) )?(?:rather |instead )?",
    re.I,
)
_ONE_THING = re.compile(r"\b(?:between|differ\w*|whether|more or less|one or (?:more|two)|or (?:so|more))\b", re.I)


def surer_alternative(
    parsed: ParsedQuestion,
    reading: Reading,
    *,
    threshold: float,
    doubt: float,
    read: Callable[[ParsedQuestion], Reading],
) -> tuple[ParsedQuestion, Reading]:
    """The question and its `reading`; where that is below `doubt`, the question with the one alternative that is read surer."""
    if reading.confidence >= doubt or parsed.expects is not Expects.YES_NO or parsed.wants_dated_list:
        return parsed, reading
    if parsed.way is not Way.ALONE:
        return parsed, reading
    best = parsed, reading
    for text in alternatives(parsed.resolved):
        one = replace(parsed, resolved=text, stated=parsed.shown)
        again = read(one)
        if again.confidence >= max(threshold, best[1].confidence + SURER):
            best = one, again
    return best


def alternatives(question: str) -> list[str]:
    """The question once with each of the two things that it offers; empty where it offers none."""
    before, word, behind = question.rstrip(" ?？.").partition(" or ")
    behind = _AGAIN.sub("", behind)
    if not word or not behind or " or " in f"{behind} " or _ONE_THING.search(question):
        return []
    first, second = before.rstrip(" ,").split(), behind.split()
    if behind.casefold() == "not":
        return [f"{' '.join(first)}?"]
    begins, length = _place(first, second)
    if begins is None:
        return [f"{' '.join(first)}?"]
    return [f"{' '.join([*first, *second[length:]])}?", f"{' '.join([*first[:begins], *second])}?"]


def _place(first: Sequence[str], second: Sequence[str]) -> tuple[int | None, int]:
    """Where in `first` what is offered begins, if that shows, and how many words of `second` are offered instead of it."""
    opening = second[0].casefold()
    alike = _ARTICLES if opening in _ARTICLES else frozenset([opening])
    same = [place for place in range(1, len(first)) if first[place].casefold() in alike]
    if same:
        return same[-1], _names_at_first(second) or len(second)
    if opening in STOP_WORDS:
        return None, len(second)
    if first[-1].isdecimal() and second[0].isdecimal():
        return len(first) - 1, 1
    named = _names_at_first(second)
    before = _names_at_first(first[:0:-1])
    return len(first) - max(1, min(named, before)), max(1, named)


def _names_at_first(words: Sequence[str]) -> int:
    """How many of the first words are names or numbers."""
    return next((n for n, word in enumerate(words) if not (word[0].isupper() or word[0].isdigit())), len(words))
