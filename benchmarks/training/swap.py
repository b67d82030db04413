"""Questions made unanswerable: one name or number of the question, which its passage has, exchanged for another.

The passage still holds a sentence that looks like an answer, of something else: the near miss and the false premise that
a reader must learn to refuse (as the entity and number swaps of SQuAD 2.0, arXiv 1806.03822).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

_NUMBER = re.compile(r"(?<![\w.])v?\d[\d.,]*\d|(?<![\w.])\d(?![\w.])")
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b(?:[A-Z][\w'’.+#-]*\w|[a-z]+[A-Z]\w*)(?: (?:[A-Z][\w'’.+#-]*\w|\d+))*")
_FIRST_WORDS = frozenset(
    [
        "In",
        "On",
        "At",
        "By",
        "For",
        "Of",
        "The",
        "What",
        "Which",
        "Who",
        "Whom",
        "Whose",
        "When",
        "Where",
        "Why",
        "How",
        "Is",
        "Are",
        "Was",
        "Were",
        "Did",
        "Does",
        "Do",
        "Has",
        "Have",
        "Had",
    ]
)


def names_of(question: str) -> list[str]:
    """The names in a question: capitalised runs that do not open a sentence."""
    names = (re.sub(r"['’]s$", "", name) for name in _NAME.findall(question))
    return [name for name in names if name not in _FIRST_WORDS]


def numbers_of(question: str) -> list[str]:
    """The numbers in a question, years and versions included."""
    return _NUMBER.findall(question)


def swapped(question: str, evidence: str, names: Iterable[str], chooser: random.Random) -> str | None:
    """The question with a name or number of `evidence` exchanged; None where it has none.

    `names` are others of the same archive; one that the evidence has, too, is never taken.
    """
    folded = evidence.casefold()
    found = [("name", name) for name in names_of(question) if name.casefold() in folded]
    found += [("number", number) for number in numbers_of(question) if number in evidence]
    if not found:
        return None
    kind, old = chooser.choice(found)
    new = other_number(old, chooser) if kind == "number" else _other_name(old, sorted(names), folded, chooser)
    return question.replace(old, new, 1) if new is not None and new.casefold() not in folded else None


def _other_name(old: str, names: list[str], evidence: str, chooser: random.Random) -> str | None:
    words = len(old.split())
    like = [name for name in names if name.casefold() not in evidence and abs(len(name.split()) - words) <= 1]
    return chooser.choice(like) if like else None


def other_number(old: str, chooser: random.Random) -> str:
    """A number of the same shape: one digit changed, a year moved by up to three."""
    if re.fullmatch(r"(?:19|20)\d\d", old):
        return str(int(old) + chooser.choice([-3, -2, -1, 1, 2, 3]))
    places = [i for i, c in enumerate(old) if c.isdigit()]
    place = chooser.choice(places)
    digit = chooser.choice([d for d in "123456789" if d != old[place]])
    return old[:place] + digit + old[place + 1 :]
