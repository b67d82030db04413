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
_PREPOSITIONS = frozenset(
    ["of", "in", "on", "at", "by", "for", "from", "to", "with", "without", "about", "into", "as", "under", "over"]
)
_PRONOUNS = frozenset(["i", "you", "we", "they", "he", "she", "it", "this", "that", "these", "those", "one"])
_IS = frozenset(["is", "are", "was", "were"])
_COMPARED = re.compile(r"(?:better|worse|more|less|\w{2,}er)$", re.I)
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
    """The question once with each of the two things that it offers; empty where it offers none, or none that can be told."""
    before, word, behind = question.rstrip(" ?？.").partition(" or ")
    behind = _AGAIN.sub("", behind)
    if not word or not before.strip(" ,") or not behind or " or " in f"{behind} " or _ONE_THING.search(question):
        return []
    first, second = before.rstrip(" ,").split(), behind.split()
    if behind.casefold() == "not" or (second[0].casefold() in STOP_WORDS and not _echoes(first, second[0])):
        return [f"{' '.join(first)}?"]
    place = _place(first, second)
    if place is None:
        return []
    begins, length = place
    return [f"{' '.join([*first, *second[length:]])}?", f"{' '.join([*first[:begins], *second])}?"]


def _place(first: Sequence[str], second: Sequence[str]) -> tuple[int, int] | None:
    """Where in `first` what is offered begins, and how many words of `second` are offered instead; None if it does not show."""
    same, named, before = _echoes(first, second[0]), _names_at_first(second), _names_at_first(first[:0:-1])
    if same:
        return same[-1], named or len(second)
    if first[-1][0].isdigit() and second[0][0].isdigit():
        return len(first) - 1, 1
    if named and before:
        return len(first) - before, named
    length = named or next((n for n, word in enumerate(second) if word.casefold() in STOP_WORDS), len(second))
    replaced = _phrase_length(first, second, length)
    return (len(first) - replaced, length) if replaced else None


def _echoes(first: Sequence[str], opening: str) -> list[int]:
    """Where words of `first` open a phrase as `opening` does: the same word, or an article too."""
    alike = _ARTICLES if opening.casefold() in _ARTICLES else frozenset([opening.casefold()])
    return [place for place in range(1, len(first)) if first[place].casefold() in alike]


def _phrase_length(first: Sequence[str], second: Sequence[str], length: int) -> int:
    """How many of the last words of `first` stand beside the `length` words offered instead; 0 where that cannot be told.

    Behind an article or a preposition all do; else as many as are offered, if they leave a subject and its verb.
    """
    opens = max((n for n, word in enumerate(first) if word.casefold() in STOP_WORDS), default=0)
    behind, opening = len(first) - 1 - opens, first[opens].casefold()
    if opening in _PREPOSITIONS or (opening in _ARTICLES and opens > 1):
        return behind
    if _COMPARED.match(first[-1]) and not _COMPARED.match(second[0]):
        return 0
    subject = 0 if opening in _PRONOUNS else 1
    verb = 0 if first[0].casefold() in _IS or (length == 1 and behind == subject + 1) else 1
    return length if behind == length + subject + verb else 0


def _names_at_first(words: Sequence[str]) -> int:
    """How many of the first words are names or numbers."""
    return next((n for n, word in enumerate(words) if not (word[0].isupper() or word[0].isdigit())), len(words))
