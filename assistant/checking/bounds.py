"""The bound that stands before or behind a number: "more than", "at least", "or fewer", "about"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checking.units import UNITS
from assistant.checking.words import Word

_MORE = re.compile(
    r"(?:more than|over|above|exceed(?:s|ed|ing)?|greater than|upwards of|beyond|in excess of)(?: the)?$"
)
_LEAST = re.compile(r"(?:at least|no (?:less|fewer) than|not less than)$")
_LESS = re.compile(r"(?:less than|fewer than|under|below|lower than|short of)$")
_MOST = re.compile(r"(?:at most|no more than|up to|not more than|as (?:many|much) as)$")
_NEAR = re.compile(
    r"(?:about|around|approximately|roughly|nearly|almost|close to|some|circa|an estimated|estimated|~)$"
)
_SPREAD = re.compile(r"(?<!for )(?<!of )\bover(?: the)?$")
_AFTER_MORE = re.compile(r"^(?:\+(?!\+)|or more|or higher|plus\b|and (?:above|up)|or above)")
_AFTER_LESS = re.compile(r"^(?:or (?:less|fewer|lower|below))")


def bound_of(text: str, tokens: Sequence[Word], first: int, last: int) -> str:
    """The sign of the bound of the number that the words `first` to `last` (half-open) of `text` are; "=" without one."""
    before = text[: tokens[first].start].lower().rstrip(' "(')
    after = text[tokens[last - 1].end :].lower().lstrip()
    if _AFTER_MORE.match(after) or any(t.text == "+" for t in tokens[first:last]):
        return ">="
    if _AFTER_LESS.match(after):
        return "<="
    if _SPREAD.search(before) and tokens[last - 1].stem in UNITS:
        return "="
    for sign, pattern in ((">=", _LEAST), ("<=", _MOST), (">", _MORE), ("<", _LESS), ("~", _NEAR)):
        if pattern.search(before):
            return sign
    return "="
