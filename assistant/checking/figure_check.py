"""What figures a sentence states that its evidence does not: the value, what it counts in, and its bound.

"More than 5" does not say "5", and "5" does not say "about 7".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.checking.days import Day
from assistant.checking.quantities import Figures, Quantity, figures
from assistant.checking.rounding import is_rounded, is_share
from assistant.checking.words import Word, words

LONG = 13
_CENTURY_YEARS = range(1900, 2100)
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
    """Stated figures the evidence lacks, those it has with another bound, with a contrary one, and more exactly."""

    missing: tuple[str, ...]
    loose: tuple[str, ...]
    contrary: tuple[str, ...]
    rough: tuple[str, ...] = ()


def check_figures(sentence: str, evidence: Sequence[str]) -> FigureCheck:
    """How the figures of a folded sentence stand against those of the folded evidence."""
    stated = figures(sentence)
    given = [figures(text) for text in evidence]
    quantities = [q for found in given for q in found.quantities]
    days = [day for found in given for day in found.days]
    years = {year for found in given for year in years_of(found)}
    tokens = words(sentence)
    missing, loose, contrary, rough = [], [], [], list[str]()
    for quantity in stated.quantities:
        name = " ".join(w.text for w in tokens[quantity.first : quantity.last])
        same = [q for q in quantities if agrees(quantity, q)]
        if not same:
            if _is_rough(quantity, given):
                rough.append(name)
            elif not (
                _listed(quantity, days, years, evidence)
                or _is_version(name, evidence)
                or _counts(quantity, name, quantities, evidence)
            ):
                missing.append(name)
        elif not any(bound_agrees(quantity, q) for q in same):
            loose.append(name)
            if all(q.bound in _CONTRARY.get(quantity.bound, ()) for q in same):
                contrary.append(name)
    missing += [
        " ".join(w.text for w in tokens[d.first : d.last]) for d in stated.days if not day_agrees(d, days, years)
    ]
    return FigureCheck(tuple(missing), tuple(loose), tuple(contrary), tuple(rough))


def _is_rough(stated: Quantity, given: Sequence[Figures]) -> bool:
    """Whether the stated quantity is one of the evidence said roughly, or the share of two of its counts."""
    known = [q for found in given for q in found.quantities]
    return is_share(stated, given) or any(
        is_rounded(stated, q) and agrees(replace(stated, value=q.value), q) for q in known
    )


def _listed(quantity: Quantity, days: Sequence[Day], years: set[int], evidence: Sequence[str]) -> bool:
    """Whether a plain number is a date's year or day, or part of an identifier that the evidence holds."""
    if quantity.kind == "plain" and (
        quantity.value in years or quantity.value in {float(day.day) for day in days if day.day}
    ):
        return True
    if quantity.kind in ("plain", "ordinal") and quantity.value == int(quantity.value) and quantity.value >= 10:
        return any(re.search(rf"(?<![\d.]){int(quantity.value)}(?![\d.]\d|\d)", text) for text in evidence)
    return False


def _is_version(name: str, evidence: Sequence[str]) -> bool:
    """Whether the number is a version that the evidence writes with a "v"."""
    version = re.escape(name)
    return "." in name and any(re.search(rf"\bv{version}(?![\d.]*\d)", text, re.I) for text in evidence)


_ITEM = r"[^\s,;:]+(?: [^\s,;:]+){0,3}"
_LIST = re.compile(rf"(?:{_ITEM}, )+(?:{_ITEM},? )?(?:and|or) \S")


def _counts(stated: Quantity, name: str, given: Sequence[Quantity], evidence: Sequence[str]) -> bool:
    """Whether a small number in letters counts what the evidence lists, and the evidence counts nothing itself."""
    if stated.kind != "plain" or not name.isalpha() or any(q.kind == "plain" and q.value < 10 for q in given):
        return False
    lists = {_size(match.group()) for text in evidence for match in _LIST.finditer(text)}
    return stated.value in lists or (stated.value == 2 and any(_holds_pair(words(text)) for text in evidence))


def _holds_pair(tokens: Sequence[Word]) -> bool:
    """Whether "and" joins two different identifiers, or two different long words."""
    return any(
        joint.lower == "and"
        and one.is_identifier == two.is_identifier
        and one.stem != two.stem
        and (one.is_identifier or min(len(one.text), len(two.text)) >= LONG)
        for one, joint, two in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


def _size(listed: str) -> int:
    """The items of "A, B and C", whose last item is cut to its first letter."""
    return len([item for item in re.split(r", (?:and |or )?| (?:and|or) ", listed) if item.strip()])
