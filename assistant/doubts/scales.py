"""The scales of which a question may ask for one end: how it asks for that ("the hardest"), and how a text tells of it.

A text tells of the end of an adjective in other forms too ("difficult", "harder", "less easy"), if it neither denies it nor compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from assistant.doubts.beginnings import BEGINNING_ASKED, BEGINNING_TOLD, END_ASKED, END_TOLD

Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Adjectives:
    """What one end is called, before “-er” and “-est”, and what has no other sense by itself ("easy", not "light")."""

    words: str
    inflected: str = ""
    plain: str = ""

    def asked(self, other: _Adjectives) -> str:
        forms = [rf"(?:{self.inflected})est"] * bool(self.inflected)
        return "|".join([*forms, rf"most (?:{self.words})", rf"least (?:{other.words})"])

    def told(self, other: _Adjectives) -> str:
        forms = [rf"(?:{self.inflected})er"] * bool(self.inflected) + [self.plain] * bool(self.plain)
        compared = "|".join([*forms, rf"more (?:{self.words})", rf"less (?:{other.words})"])
        return rf"{self.asked(other)}|{_UNDENIED}(?:{compared}){_ALONE}"


_UNDENIED = "".join(rf"(?<!{word} )" for word in ("not", "n't", "n’t", "never", "no", "less", "least", "hardly"))
_ALONE = r"(?! (?:[\w-]+ ){0,4}than\b)"  # "easier than baking" tells of both ends
_ADJECTIVES = (
    (
        _Adjectives("hard|tough|tricky|difficult|challenging", "hard|tough|tricki", "difficult|challenging"),
        _Adjectives("easy|simple", "easi|simpl", "easy"),
    ),
    (_Adjectives("fast|quick|rapid", "fast|quick"), _Adjectives("slow", "slow")),
    (_Adjectives("popular"), _Adjectives("unpopular", plain="unpopular")),
    (
        _Adjectives("expensive|costly|pricey|pricy|dear", "costli|prici|dear", "expensive"),
        _Adjectives("cheap|inexpensive|affordable", "cheap", "cheap|inexpensive"),
    ),
    (_Adjectives("heavy", "heavi"), _Adjectives("light", "light")),
    (_Adjectives("dangerous|risky|unsafe", "riski", "dangerous"), _Adjectives("safe|secure|harmless", "saf")),
    (_Adjectives("loud|noisy", "loud|noisi"), _Adjectives("quiet|silent", "quiet")),
    (_Adjectives("wet|rainy", "wett|raini"), _Adjectives("dry", "dri")),
)
_GRADED = "|".join(end.words for end in chain.from_iterable(_ADJECTIVES))
_TIMES = r"(?! (?:year|month|week|night|day|time|spring|summer|autumn|fall|winter|season|\w{3,6}day|\d))"
_ENDS = (
    (
        rf"most(?! (?:{_GRADED})\b)|highest|largest|biggest|greatest|best|(?:came|comes|finished) first",
        rf"least(?! (?:{_GRADED})\b)|fewest|lowest|smallest|worst|(?:came|comes|finished) last|last with",
    ),
    (rf"(?<=the )first{_TIMES}|earliest", rf"(?<=the )last{_TIMES}|latest"),
    (r"oldest", r"youngest|newest"),
    (r"longest", r"shortest"),
    (r"tallest", r"shortest"),
    (r"hottest|warmest", r"coldest|coolest"),
    (r"farthest|furthest", r"nearest|closest"),
    (r"deepest", r"shallowest"),
    (r"widest|broadest", r"narrowest"),
    (r"strongest", r"weakest"),
    (r"richest", r"poorest"),
)


def asked_ends(question: str) -> list[tuple[Pattern, Pattern]]:
    """What tells of an end, and what of the other, for each scale of which `question` names one end only."""
    return [
        (told, other)
        for asks, told, asks_other, other in _SCALES
        if asks.search(question) and not asks_other.search(question)
    ]


def _scales() -> Iterator[tuple[str, str, str, str]]:
    for up, down in _ENDS:
        yield up, up, down, down
    for high, low in _ADJECTIVES:
        yield high.asked(low), high.told(low), low.asked(high), low.told(high)
    yield BEGINNING_ASKED, BEGINNING_TOLD, END_ASKED, END_TOLD


def _compiled(one: str, one_told: str, other: str, other_told: str) -> tuple[Pattern, Pattern, Pattern, Pattern]:
    asks, told, asks_other, told_other = (re.compile(rf"\b(?:{p})\b", re.I) for p in (one, one_told, other, other_told))
    return asks, told, asks_other, told_other


_SCALES = [_compiled(*turned) for scale in _scales() for turned in (scale, (*scale[2:], *scale[:2]))]
