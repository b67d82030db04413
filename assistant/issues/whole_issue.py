"""Whether a question asks what an issue holds and of no matter in particular: "Summarise it", "What does it say?"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.asking.dates import named_dates
from assistant.asking.wording import asks_for_digest

_WORD = re.compile(r"[^\W\d_]+")
_ASKS_WHAT_IS_SAID = re.compile(
    r"\b(?:say|said|writes?|written|reports?|tells?|covers?|summary|overview|contents)\b", re.I
)
_FRAME_WORDS = frozenset(
    _WORD.findall(
        "what s is was are were does do did has have had been there anything any can could would you please i me us get for to "
        "new news happening happened say says said write writes written wrote report reports reported tell tells told cover covers "
        "covered discussed summary summarise summarize overview contents content digest give show of in from by on about with and "
        "the a an its this that main topics topic latest newest recent most last current first issue issues edition editions "
        "number no newsletter newsletters letter bulletin talk deal contain update short brief quick all"
    )
)


def asks_for_whole_issue(text: str, named: Iterable[tuple[int, int]]) -> bool:
    """Whether `text` asks for what is said where the words at the places `named` point, and says nothing else."""
    if not (asks_for_digest(text) or _ASKS_WHAT_IS_SAID.search(text)):
        return False
    places = [*named, *((date.start, date.end) for date in named_dates(text))]
    rest = list(text)
    for start, end in places:
        rest[start:end] = " " * (end - start)
    return all(word.casefold() in _FRAME_WORDS for word in _WORD.findall("".join(rest)))
