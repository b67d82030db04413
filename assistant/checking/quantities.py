"""Numbers, amounts, shares and dates of a sentence in one form: "five billion US dollars" is "$5 billion".

`unmatched` names what a sentence states and its evidence does not: the value, what it counts in (money, percent, a
unit), and its bound ("more than 5" does not say "5", and "5" does not say "about 7").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.checking.words import Word, lemma, words
from assistant.dates import MONTHS

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
_CURRENCIES = {"$": "usd", "€": "eur", "£": "gbp", "¥": "cny", "usd": "usd", "us$": "usd", "dollar": "usd", "euro": "eur", "eur": "eur", "yuan": "cny", "rmb": "cny", "cny": "cny", "renminbi": "cny", "pound": "gbp", "gbp": "gbp", "yen": "jpy"}  # fmt: skip
_PERCENT = {"%", "percent", "percentage", "pct"}
_UNITS = {
    lemma(form): name
    for name, forms in {
        "second": "second seconds sec secs s", "minute": "minute minutes min mins", "hour": "hour hours hr hrs", "day": "day days",
        "week": "week weeks", "month": "month months", "year": "year years yr yrs", "millisecond": "millisecond milliseconds ms",
        "byte": "byte bytes", "vbyte": "vbyte vbytes", "bit": "bit bits", "kilobyte": "kilobyte kilobytes kb kib",
        "megabyte": "megabyte megabytes mb mib", "gigabyte": "gigabyte gigabytes gb gib", "terabyte": "terabyte terabytes tb",
        "metre": "metre metres meter meters m", "kilometre": "kilometre kilometres kilometer kilometers km", "centimetre": "centimetre centimetres cm",
        "millimetre": "mm millimetre millimetres", "nanometre": "nm nanometre nanometres nanometer",
        "kilogram": "kilogram kilograms kg", "tonne": "tonne tonnes ton tons", "mile": "mile miles", "acre": "acre acres", "hectare": "hectare hectares",
        "watt": "watt watts", "megawatt": "megawatt megawatts mw", "degree": "degree degrees", "btc": "btc bitcoin bitcoins", "satoshi": "satoshi satoshis sat sats",
    }.items()
    for form in forms.split()
}  # fmt: skip
_CENTURY_YEARS = range(1900, 2100)
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
class Day:
    """A date, perhaps without year or day (0), and the words it stands on (half-open)."""

    year: int
    month: int
    day: int
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
    days = _days(tokens)
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
        currency = _CURRENCIES[word.lower]
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
    return Quantity(value, kind, unit, _bound(text, tokens, start, end), start, end)


def _value(tokens: Sequence[Word], i: int, taken: set[int]) -> tuple[float | None, int, bool]:
    """The number that begins at word `i`, the word after it, and whether a magnitude word belongs to it."""
    first = tokens[i].lower
    if (
        first in ("a", "an", "several", "many")
        and i + 1 < len(tokens)
        and tokens[i + 1].lower in _MAGNITUDES
        and first in ("a", "an")
    ):
        return _MAGNITUDES[tokens[i + 1].lower], i + 2, True
    value = _number(tokens[i])
    if value is None:
        if first in _MAGNITUDES and first.endswith("s") and first != "k":
            return _MAGNITUDES[first], i + 1, True
        return None, i, False
    end, explicit = i + 1, False
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
            and tokens[i].lower in _SMALL
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
        if lemma(after[0]) in _UNITS:
            return "unit", _UNITS[lemma(after[0])], end + 1
        end -= 1
        return "plain", "", end
    if after and after[0] in _PERCENT:
        return "percent", "", end + (2 if after[1:2] == ["points"] else 1)
    if after[:2] == ["per", "cent"]:
        return "percent", "", end + 2
    if len(after) > 1 and after[0] in ("us", "u.s.", "american", "chinese") and lemma(after[1]) in _CURRENCIES:
        return "money", _CURRENCIES[lemma(after[1])], end + 2
    if after and (lemma(after[0]) in _CURRENCIES or after[0] in _CURRENCIES):
        return "money", _CURRENCIES.get(lemma(after[0]), _CURRENCIES.get(after[0], "")), end + 1
    if after and lemma(after[0]) in _UNITS and not (len(after[0]) == 1 and tokens[end].text.isupper()):
        return "unit", _UNITS[lemma(after[0])], end + 1
    return "plain", "", end


def _other(text: str, tokens: Sequence[Word], i: int) -> Quantity | None:
    """Ordinals, shares and factors written as words."""
    lower = tokens[i].lower
    after = tokens[i + 1].lower if i + 1 < len(tokens) else ""
    if lower in _SHARES and lower not in ("third", "fifth", "tenth", "quarter"):
        return Quantity(_SHARES[lower] * 1.0, "percent", "", _bound(text, tokens, i, i + 1), i, i + 1)
    if (
        lower in ("third", "quarter", "fifth", "tenth")
        and i
        and tokens[i - 1].lower in ("a", "one")
        and after in ("of", ",", ".", "")
    ):
        return Quantity(_SHARES[lower], "percent", "", _bound(text, tokens, i - 1, i + 1), i, i + 1)
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
    return Quantity(number * _SHARES[part], "percent", "", _bound(text, tokens, i, last + 1), i, last + 1)


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


def _bound(text: str, tokens: Sequence[Word], first: int, last: int) -> str:
    before = text[: tokens[first].start].lower().rstrip(' "(')
    after = text[tokens[last - 1].end :].lower().lstrip()
    if _AFTER_MORE.match(after) or any(t.text == "+" for t in tokens[first:last]):
        return ">="
    if _AFTER_LESS.match(after):
        return "<="
    if _SPREAD.search(before) and tokens[last - 1].stem in _UNITS:
        return "="
    for sign, pattern in ((">=", _LEAST), ("<=", _MOST), (">", _MORE), ("<", _LESS), ("~", _NEAR)):
        if pattern.search(before):
            return sign
    return "="


def _days(tokens: Sequence[Word]) -> list[Day]:
    found = []
    for i, word in enumerate(tokens):
        iso = re.fullmatch(r"((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?", word.lower)
        if iso:
            found.append(Day(int(iso[1]), int(iso[2]), int(iso[3] or 0), i, i + 1))
        month = MONTHS.get(word.lower.rstrip("."))
        if (
            month is None
            or not word.is_capital
            or (word.lower in ("may", "mar", "march") and not _near_figure(tokens, i))
        ):
            continue
        day = _around(tokens, i, month)
        found += [day, *_range_with(tokens, day)]
    return found


_TO_DAY = frozenset(["-", "–", "—", "to", "and", "&"])


def _range_with(tokens: Sequence[Word], day: Day) -> list[Day]:
    """The other day of a range: "22–23 May", "May 22 and 23"."""
    if not day.day:
        return []
    other, at = (day.first - 2, day.first - 1) if tokens[day.first].has_digit else (day.last + 1, day.last)
    if not 0 <= other < len(tokens) or tokens[at].lower not in _TO_DAY or not (value := _day_number(tokens[other])):
        return []
    follows = tokens[other + 1].text if other + 1 < len(tokens) else "."
    if other > at and tokens[at].lower in ("and", "to", "&") and follows[0].isalpha() and follows not in ("in", "at"):
        return []
    return [Day(day.year, day.month, value, other, other + 1)]


def _near_figure(tokens: Sequence[Word], i: int) -> bool:
    near = [tokens[j].lower for j in (i - 1, i - 2, i + 1, i + 2) if 0 <= j < len(tokens)]
    preceded = i > 0 and tokens[i - 1].lower in ("in", "of", "since", "until", "by", "last", "early", "late", "mid", "the", "during", "between", "and", "for", "from", "to", "through")  # fmt: skip
    return preceded or any(re.fullmatch(r"\d{1,4}(?:st|nd|rd|th)?", text) for text in near)


def _around(tokens: Sequence[Word], i: int, month: int) -> Day:
    """The date whose month is word `i`, with the day before or behind it and the year behind it."""
    first, last, day, year = i, i + 1, 0, 0
    at = i + 1
    if at < len(tokens) and tokens[at].text == ".":
        at += 1
    if at < len(tokens) and (value := _day_number(tokens[at])):
        day, last = value, at + 1
    elif i and (value := _day_number(tokens[i - 1])):
        day, first = value, i - 1
    elif i > 1 and tokens[i - 1].lower == "of" and (value := _day_number(tokens[i - 2])):
        day, first = value, i - 2
    at = last + 1 if last < len(tokens) and tokens[last].lower in (",", "of") else last
    if at < len(tokens) and re.fullmatch(r"(?:19|20)\d\d", tokens[at].lower):
        year, last = int(tokens[at].lower), at + 1
    return Day(year, month, day, first, last)


def _day_number(word: Word) -> int:
    match = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word.lower)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else 0


_CONTRARY = {">": {"<", "<=", "~"}, ">=": {"<", "<="}, "<": {">", ">="}, "<=": {">", ">="}}
_IMPLIED = {
    "=": {"=", "~", ">=", "<="},
    "~": {"~"},
    ">": {">", ">="},
    ">=": {">=", ">"},
    "<": {"<", "<="},
    "<=": {"<="},
}


def agrees(stated: Quantity, given: Quantity) -> bool:
    """Whether the evidence's quantity says the sentence's: value, kind and unit (the bound is `bound_agrees`)."""
    near = abs(stated.value - given.value) <= 1e-6 * max(1.0, abs(stated.value))
    if not near:
        return False
    if stated.kind == given.kind:
        return stated.unit == given.unit
    kinds = {stated.kind, given.kind}
    return kinds <= {"plain", "ordinal", "factor"} or (kinds == {"plain", "unit"})


def bound_agrees(stated: Quantity, given: Quantity) -> bool:
    """Whether the evidence's bound implies the sentence's."""
    return stated.bound in _IMPLIED[given.bound]


def day_agrees(stated: Day, given: Iterable[Day], years: set[int]) -> bool:
    """Whether some date of the evidence says the stated one; a year may stand elsewhere in the evidence (`years`)."""
    return any(
        stated.month == day.month
        and stated.day in (0, day.day)
        and (stated.year in (0, day.year) or (not day.year and stated.year in years))
        for day in given
    )


def years_of(found: Figures) -> set[int]:
    """The years named in dates and as bare numbers."""
    bare = {int(q.value) for q in found.quantities if q.kind == "plain" and q.value in _CENTURY_YEARS}
    return bare | {day.year for day in found.days if day.year}


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """Stated figures the evidence lacks, those it has with another bound, and those it has with a contrary one."""

    missing: tuple[str, ...]
    loose: tuple[str, ...]
    contrary: tuple[str, ...]


def check_figures(sentence: str, evidence: Sequence[str]) -> FigureCheck:
    """How the figures of a folded sentence stand against those of the folded evidence."""
    stated = figures(sentence)
    given = [figures(text) for text in evidence]
    quantities = [q for found in given for q in found.quantities]
    days = [day for found in given for day in found.days]
    years = {year for found in given for year in years_of(found)}
    tokens = words(sentence)
    missing, loose, contrary = [], [], []
    for quantity in stated.quantities:
        name = " ".join(w.text for w in tokens[quantity.first : quantity.last])
        same = [q for q in quantities if agrees(quantity, q)]
        if (
            not same
            and not _listed(quantity, days, years, evidence)
            and not _counts(quantity, name, quantities, evidence)
        ):
            missing.append(name)
        elif same and not any(bound_agrees(quantity, q) for q in same):
            loose.append(name)
            if all(q.bound in _CONTRARY.get(quantity.bound, ()) for q in same):
                contrary.append(name)
    missing += [
        " ".join(w.text for w in tokens[d.first : d.last]) for d in stated.days if not day_agrees(d, days, years)
    ]
    return FigureCheck(tuple(missing), tuple(loose), tuple(contrary))


def _listed(quantity: Quantity, days: Sequence[Day], years: set[int], evidence: Sequence[str]) -> bool:
    """Whether a plain number is a date's year or day, or part of an identifier that the evidence holds."""
    if quantity.kind == "plain" and (
        quantity.value in years or quantity.value in {float(day.day) for day in days if day.day}
    ):
        return True
    if quantity.kind in ("plain", "ordinal") and quantity.value == int(quantity.value) and quantity.value >= 10:
        return any(re.search(rf"(?<![\d.]){int(quantity.value)}(?![\d.]\d|\d)", text) for text in evidence)
    return False


_ITEM = r"[^\s,;:]+(?: [^\s,;:]+){0,3}"
_LIST = re.compile(rf"(?:{_ITEM}, )+(?:{_ITEM},? )?(?:and|or) \S")


def _counts(stated: Quantity, name: str, given: Sequence[Quantity], evidence: Sequence[str]) -> bool:
    """Whether a small number in letters counts what the evidence lists, and the evidence counts nothing itself."""
    if stated.kind != "plain" or not name.isalpha() or any(q.kind == "plain" and q.value < 10 for q in given):
        return False
    sizes: set[int] = set()
    for text in evidence:
        sizes |= {_size(match.group()) for match in _LIST.finditer(text)}
        tokens = words(text)
        sizes |= {2 for one, mid, two in zip(tokens, tokens[1:], tokens[2:], strict=False) if mid.lower == "and" and one.is_identifier == two.is_identifier and one.stem != two.stem and (one.is_identifier or min(len(one.text), len(two.text)) > 12)}  # fmt: skip
    return stated.value in sizes


def _size(listed: str) -> int:
    """The items of "A, B and C", whose last item is cut to its first letter."""
    return len([item for item in re.split(r", (?:and |or )?| (?:and|or) ", listed) if item.strip()])
