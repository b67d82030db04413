"""Numbers, amounts, shares and dates of a text in one form: "five billion US dollars" is "$5 billion".

A quantity is its value, what it counts in (money, percent, a unit), and its bound.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.bounds import bound_of
from assistant.checking.days import Day, days_of
from assistant.checking.units import CURRENCIES, PERCENT, UNITS
from assistant.checking.words import Word, lemma, words

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {w: float(n) for n, w in enumerate(_ONES.split())} | {w: float(10 * n) for n, w in enumerate(_TENS.split(), 2)}
_MAGNITUDES = {
    "hundred": 1e2, "hundreds": 1e2, "thousand": 1e3, "thousands": 1e3, "k": 1e3, "million": 1e6, "millions": 1e6, "mn": 1e6,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "trillion": 1e12, "trillions": 1e12, "dozen": 12.0, "dozens": 12.0,
}  # fmt: skip
_ORDINALS = {
    w: float(n)
    for n, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}
_SHARES = {
    "half": 50.0,
    "quarter": 25.0,
    "quarters": 25.0,
    "third": 100 / 3,
    "thirds": 100 / 3,
    "fifth": 20.0,
    "fifths": 20.0,
    "tenth": 10.0,
    "tenths": 10.0,
}
_FACTORS = {"twice": 2.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "doubling": 2.0, "triple": 3.0, "tripled": 3.0, "pair": 2.0, "decade": 10.0, "twofold": 2.0, "threefold": 3.0, "fortnight": 14.0, "trio": 3.0, "duo": 2.0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: its value, what kind it is of, its unit, its bound, and the words it stands on (half-open)."""

    value: float
    kind: str
    unit: str
    bound: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Every quantity and date of a text."""

    quantities: tuple[Quantity, ...]
    days: tuple[Day, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The words of each, half-open."""
        return [(q.first, q.last) for q in self.quantities] + [(d.first, d.last) for d in self.days]

    def covers(self, word: int) -> bool:
        """Whether the word is part of a quantity or date."""
        return any(first <= word < last for first, last in self.spans)


@lru_cache(maxsize=4096)
def figures(text: str) -> Figures:
    """The quantities and dates of a folded text."""
    tokens = words(text)
    days = days_of(tokens)
    taken = {i for day in days for i in range(day.first, day.last)}
    found: list[Quantity] = []
    i = 0
    while i < len(tokens):
        quantity = None if i in taken else _quantity(text, tokens, i, taken)
        if quantity is None:
            i += 1
        else:
            found.append(quantity)
            i = max(quantity.last, i + 1)
    return Figures(tuple(found), tuple(days))


def _number(word: Word) -> float | None:
    """The value of a word that is a number by itself, or None."""
    text = word.lower.replace(",", "")
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(k|m|bn|b)?(?:st|nd|rd|th)?", text)
    if match:
        return float(match[1]) * {"k": 1e3, "m": 1e6, "b": 1e9, "bn": 1e9, None: 1.0}[match[2]]
    return _SMALL.get(word.lower)


def _quantity(text: str, tokens: Sequence[Word], i: int, taken: set[int]) -> Quantity | None:
    word = tokens[i]
    start, currency = i, ""
    if whole := _time(tokens, i) or _share(text, tokens, i) or _rhythm(tokens, i):
        return whole
    if word.lower in ("$", "€", "£", "¥", "us$") and i + 1 < len(tokens) and _number(tokens[i + 1]) is not None:
        currency = CURRENCIES[word.lower]
        i += 1
    value, end, explicit = _value(tokens, i, taken)
    if (
        value is not None
        and end == i + 1
        and end + 1 < len(tokens)
        and tokens[end].text == "-"
        and tokens[end + 1].lower in _ORDINALS
    ):
        value = None
    if value is None:
        return _other(text, tokens, start)
    kind, unit, end = _kind(tokens, end, currency)
    if word.lower == "one" and not explicit and kind == "plain" and end == i + 1:
        return None
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", tokens[i].lower):
        kind = "ordinal"
    return Quantity(value, kind, unit, bound_of(text, tokens, start, end), start, end)


def _value(tokens: Sequence[Word], i: int, taken: set[int]) -> tuple[float | None, int, bool]:
    """The number that begins at word `i`, the word after it, and whether a magnitude word belongs to it."""
    first = tokens[i].lower
    value = _number(tokens[i])
    end, explicit = i + 1, False
    article = i + 1 if first == "half" else i
    if article + 1 < len(tokens) and tokens[article].lower in ("a", "an") and tokens[article + 1].lower in _MAGNITUDES:
        value, end, explicit = _MAGNITUDES[tokens[article + 1].lower] / (2 if first == "half" else 1), article + 2, True
    elif value is None:
        if first in _MAGNITUDES and first.endswith("s") and first != "k":
            return _MAGNITUDES[first], i + 1, True
        return None, i, False
    in_letters = explicit or first in _SMALL
    while end < len(tokens) and end not in taken:
        lower = tokens[end].lower
        if lower in _MAGNITUDES and not (lower == "k" and tokens[end].text == "K"):
            value, end, explicit = value * _MAGNITUDES[lower], end + 1, True
            follows = _number(tokens[end]) if end < len(tokens) and tokens[end].lower in _SMALL else None
            if follows is not None and follows < 100:
                value, end = value + follows, end + 1
        elif lower in ("-", "+") and end + 1 < len(tokens) and tokens[end + 1].lower in _MAGNITUDES:
            end += 1
        elif (
            lower == "-"
            and value in range(20, 100, 10)
            and end + 1 < len(tokens)
            and tokens[end + 1].lower in _SMALL
            and tokens[i].lower in _SMALL
        ):
            value, end = value + _SMALL[tokens[end + 1].lower], end + 2
        elif lower in _SMALL and tokens[i].lower in _SMALL and value in range(20, 100, 10) and _SMALL[lower] < 10:
            value, end = value + _SMALL[lower], end + 1
        elif (
            lower == "and"
            and explicit
            and value >= 100
            and end + 1 < len(tokens)
            and tokens[end + 1].lower in _SMALL
            and in_letters
        ):
            value, end = value + _SMALL[tokens[end + 1].lower], end + 2
        else:
            break
    return value, end, explicit


def _kind(tokens: Sequence[Word], end: int, currency: str) -> tuple[str, str, int]:
    """What a number counts in, from the words behind it, and the word after those."""
    after = [t.lower for t in tokens[end : end + 3]]
    if currency:
        skip = 1 if after[:1] and after[0] in ("usd", "us", "dollars") else 0
        return "money", currency, end + skip
    if after[:1] == ["-"] and len(after) > 1:
        after, end = after[1:], end + 1
        if lemma(after[0]) in UNITS:
            return "unit", UNITS[lemma(after[0])], end + 1
        end -= 1
        return "plain", "", end
    if after and after[0] in PERCENT:
        return "percent", "", end + (2 if after[1:2] == ["points"] else 1)
    if after[:2] == ["per", "cent"]:
        return "percent", "", end + 2
    if len(after) > 1 and after[0] in ("us", "u.s.", "american", "chinese") and lemma(after[1]) in CURRENCIES:
        return "money", CURRENCIES[lemma(after[1])], end + 2
    if after and (lemma(after[0]) in CURRENCIES or after[0] in CURRENCIES):
        return "money", CURRENCIES.get(lemma(after[0]), CURRENCIES.get(after[0], "")), end + 1
    if after and lemma(after[0]) in UNITS and not (len(after[0]) == 1 and tokens[end].text.isupper()):
        return "unit", UNITS[lemma(after[0])], end + 1
    return "plain", "", end


def _other(text: str, tokens: Sequence[Word], i: int) -> Quantity | None:
    """Ordinals, shares and factors written as words."""
    lower = tokens[i].lower
    after = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    if lower in _SHARES and lower not in ("third", "fifth", "tenth", "quarter"):
        return Quantity(_SHARES[lower] * 1.0, "percent", "", bound_of(text, tokens, i, i + 1), i, i + 1)
    if (
        lower in ("third", "quarter", "fifth", "tenth")
        and i
        and tokens[i - 1].lower in ("a", "one")
        and after in ("of", ",", ".", "")
    ):
        return Quantity(_SHARES[lower], "percent", "", bound_of(text, tokens, i - 1, i + 1), i, i + 1)
    if (
        lower in ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
        and after == "-"
        and i + 2 < len(tokens)
    ):
        ordinal = _ORDINALS.get(tokens[i + 2].lower)
        if ordinal is not None and ordinal < 10:
            return Quantity(_SMALL[lower] + ordinal, "ordinal", "", "=", i, i + 3)
    if lower in _ORDINALS and lower not in ("first", "second"):
        return Quantity(_ORDINALS[lower], "ordinal", "", "=", i, i + 1)
    if lower in _FACTORS:
        return Quantity(_FACTORS[lower], "factor", "", "=", i, i + 1)
    return None


def _share(text: str, tokens: Sequence[Word], i: int) -> Quantity | None:
    """Several parts of a whole, as "three quarters" or "two-thirds"."""
    last = i + 2 if i + 1 < len(tokens) and tokens[i + 1].text == "-" else i + 1
    number, part = _number(tokens[i]), tokens[last].lower if last < len(tokens) else ""
    if number is None or number < 2 or not part.endswith("s") or part not in _SHARES:
        return None
    return Quantity(number * _SHARES[part], "percent", "", bound_of(text, tokens, i, last + 1), i, last + 1)


def _rhythm(tokens: Sequence[Word], i: int) -> Quantity | None:
    """ "Bi-weekly" and "fortnightly": every two weeks."""
    if tokens[i].lower in ("biweekly", "fortnightly"):
        return Quantity(2.0, "unit", "week", "=", i, i + 1)
    if tokens[i].lower == "bi" and [t.lower for t in tokens[i + 1 : i + 3]] == ["-", "weekly"]:
        return Quantity(2.0, "unit", "week", "=", i, i + 3)
    return None


def _time(tokens: Sequence[Word], i: int) -> Quantity | None:
    """The time of day that begins at word `i`, in minutes."""
    after = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    half = {"am": 0, "a.m.": 0, "a.m": 0, "pm": 12, "p.m.": 12, "p.m": 12}.get(after)
    match = re.fullmatch(r"(\d{1,2})(?::(\d\d))?(am|pm)?", tokens[i].lower)
    if match is None or not (match[2] or match[3] or half is not None):
        return None
    last = i + 1
    if match[3]:
        half = 12 if match[3] == "pm" else 0
    elif half is not None:
        last = i + 2
    hour = int(match[1]) if half is None else int(match[1]) % 12 + half
    return Quantity(hour * 60.0 + int(match[2] or 0), "time", "", "=", i, last)
