"""Whether what is quoted is of the very quarter, half or round that a question names: the fourth's result is not the first's.

To a reader of meaning all the parts of a year or of a contest are alike, as the numbers of a series are (numbered.py).
"""

from __future__ import annotations

import re

from assistant.doubts.trust import doubted, with_first
from assistant.evidence import Reading
from assistant.question import ParsedQuestion

NEARLY = 0.05
_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("first 1st one 1", "second 2nd two 2", "third 3rd three 3", "fourth 4th four 4", "fifth 5th five 5"), start=1
    )
    for word in words.split()
}
_ORDINAL = r"(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th)"
_SERIES = r"quarter|half|round|phase|stage|session|term|semester|trimester|leg"
_NAMED = (
    re.compile(
        rf"\b(?P<numbers>{_ORDINAL}(?:(?:, | and | or | to )(?:the )?{_ORDINAL}){{0,3}})[ -](?P<series>{_SERIES})s?\b",
        re.I,
    ),
    re.compile(rf"\b(?P<series>{_SERIES}) (?P<numbers>[1-5]|one|two|three|four|five)\b(?![.,:]?\d)", re.I),
    re.compile(r"\b(?P<series>Q|(?<=\bin )q)(?P<numbers>[1-4])\b"),
)
_WORD = re.compile(r"\w+")


def parts_named(text: str) -> set[tuple[str, int]]:
    """The parts of a series that a text names ("the second quarter" and "Q2" are one)."""
    return {
        (found["series"].casefold().replace("quarter", "q"), _NUMBERS[word])
        for pattern in _NAMED
        for found in pattern.finditer(text)
        for word in _WORD.findall(found["numbers"].casefold())
        if word in _NUMBERS
    }


def is_of_another_part(text: str, asked: set[tuple[str, int]]) -> bool:
    """Whether a text names other parts of a series than those `asked` for, and none of these."""
    series, told = {name for name, _ in asked}, parts_named(text)
    return not told & asked and any(name in series for name, _ in told)


def of_part_asked(question: ParsedQuestion, reading: Reading, *, threshold: float, doubt: float) -> Reading:
    """The reading with what names the asked part of a series first, where the best sentence is of another; else doubted."""
    asked = parts_named(question.resolved)
    if not asked or not reading.ranked or question.wants_dated_list:
        return reading
    if not is_of_another_part(reading.ranked[0].text, asked):
        return reading
    right = with_first(reading, lambda piece: bool(parts_named(piece.text) & asked), nearly=NEARLY)
    return right or doubted(reading, threshold=threshold, doubt=doubt)
