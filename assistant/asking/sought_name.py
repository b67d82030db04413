"""The thing or the person that a question asks to be told of ("What is Foqal?", "Who is Ada Penrose?"), and nothing beside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from index.tokens import STOP_WORDS

MOST_WORDS = 4


class Named(StrEnum):
    """What kind of thing bears a name."""

    THING = "thing"
    PERSON = "person"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class SoughtName:
    """A name as the question writes it, and what bears it. `is_plain`: it has no capital or figure, and may be a usual word."""

    name: str
    named: Named

    @property
    def is_plain(self) -> bool:
        """Whether only the newsletters can tell that it is a name."""
        return self.name.islower() and not any(letter.isdigit() for letter in self.name)


_IS = r"(?:['’]?s| is| are| was)"
_NAME = r"(?P<article>(?:the|an?) )?[\"“'‘]?(?P<name>[^\W_][^\s,;:?!\"“”()]*(?: [^\s,;:?!\"“”()]+){0,3}?)[\"”'’]?"
_EXACTLY = r"(?:,? (?:exactly|anyway|again|then|please))?"
_FRAMES = [
    (named, re.compile(rf"^(?:(?:and|so|ok|please),? )?{frame}{_EXACTLY}$", re.I))
    for named, frames in {
        Named.THING: (
            rf"what{_IS} (?:meant by )?{_NAME}",
            rf"what (?:does|do) {_NAME} mean",
            rf"(?:define|explain) {_NAME}",
            rf"(?:what{_IS} )?(?:the )?(?:meaning|definition) of {_NAME}",
            rf"{_NAME} (?:meaning|definition|explained)",
        ),
        Named.PERSON: (
            rf"who{_IS} {_NAME}",
            rf"{_NAME} (?:who is (?:that|he|she)|role|job)",
            rf"what{_IS} {_NAME}['’]s? (?:role|job|position|work|title|occupation)",
            rf"what{_IS} the (?:role|job|position|work|title|occupation) of {_NAME}",
        ),
        Named.EITHER: (rf"what (?:does|do) {_NAME} do",),
    }.items()
    for frame in frames
]

_IN_FEW_WORDS = re.compile(
    rf"^(?:(?:please )?(?:define|explain) |(?:the )?(?:meaning|definition) of ){_NAME}$|^(?P<named>[^\s,;:?!\"“”()]+) (?:meaning|definition|explained)$",
    re.I,
)


def sought_name(question: str) -> SoughtName | None:
    """The name that `question` asks to be told of; None where it asks something else."""
    text = question.strip(" ?!.")
    for named, frame in _FRAMES:
        found = frame.search(text)
        sought = SoughtName(found["name"], named) if found else None
        if found and sought and _may_be_a_name(sought, found["article"] or ""):
            return sought
    return None


def plainly(question: str) -> str:
    """A question in few words for what a name means ("Foqal meaning") as one in the usual words; other questions as they are."""
    short = _IN_FEW_WORDS.search(question.strip(" ?!."))
    if short is None or sought_name(question) is None:
        return question
    return f"What is {short['name'] or short['named']}?"


def _may_be_a_name(sought: SoughtName, article: str) -> bool:
    words = sought.name.split()
    if any(word in STOP_WORDS for word in words) or re.search(r"['’]s?(?:\s|$)", sought.name):
        return False
    if sought.is_plain:
        return article.strip().lower() != "the" and len(words) <= 2
    capitals = [word for word in words if not word.islower()]
    return len(capitals) == len(words) if sought.named is Named.PERSON else bool(capitals)
