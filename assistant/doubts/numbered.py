"""Whether what is quoted is of the very numbered thing that a question names: Proposal 87 says nothing of Proposal 88.

To a reader of meaning all the numbers of a series are alike. A number is an identifier only where what is found holds the
same name with other numbers; versions with dots are told apart in versions.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.doubts.trust import doubted, given_up, without
from assistant.doubts.versions import A_FIGURE
from assistant.evidence import Evidence, Reading
from assistant.question import ParsedQuestion
from index.passage import RetrievedPassage

_NUMBER = r"\d{1,6}(?:[.-]\d{1,6}){0,3}"
_NO_NUMBER_BEHIND = r"(?!\w|[.,:/-]\d)"
_CODE = re.compile(rf"(?<![\w.-])([A-Z]{{1,12}})-(\d{{1,6}}(?:-\d{{1,6}}){{0,2}}){_NO_NUMBER_BEHIND}")
_NAMED = re.compile(rf"(?<=[\w,;:(\"'“] )(?<!\.)([A-Z][\w’']{{0,30}}) (\d{{1,5}}){_NO_NUMBER_BEHIND}")
_JOINED = re.compile(rf"(?<![\w.-])([A-Z]{{2,12}})(\d{{2,6}}){_NO_NUMBER_BEHIND}")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)\w{0,6}"
_NO_NAME = re.compile(
    rf"(?:{_MONTH}|\w{{3,6}}day|no|nr|issue|number|edition|volume|vol|fy|eur|usd|gbp|chf|jpy|cny|rmb|aud|cad|am|pm)",
    re.I,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_OF_A_DATE = re.compile(rf"(?:st|nd|rd|th)? {_MONTH}\b", re.I)
_SPAN = re.compile(r"(\d{1,6})(?:-| to | ?– ?)(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A numbered thing: the name of its series and its number in it ("Proposal", "88"; "CSD", "2022-171")."""

    name: str
    number: str

    def told(self, text: str) -> list[bool]:
        """For each mention of the series in `text`, in order, whether it is of this thing."""
        return [self._is_meant(found[1]) for found in self._mentions(text)]

    def begins(self, text: str) -> bool | None:
        """Whether the mention that `text` begins with is of this thing; None where it begins with none."""
        first = next(self._mentions(text), None)
        at_beginning = first is not None and not any(c.isalnum() for c in text[: first.start()])
        return self._is_meant(first[1]) if first and at_beginning else None

    def is_hinted(self, text: str) -> bool:
        """Whether the name and the last part of the number stand in `text`, perhaps apart ("version 8 of Tannin")."""
        last = self.number.rpartition("-")[2]
        return self.name in text and re.search(rf"(?<![\w,.-]){last}(?!\w|,\d)", text) is not None

    def _mentions(self, text: str) -> Iterator[re.Match[str]]:
        series = rf"(?<!\w){re.escape(self.name)}(?:e?s)?[\s#-]{{0,3}}({_NUMBER}(?:(?:, | and | or | to | ?– ?){_NUMBER}){{0,8}})(?!\w|,\d)"
        return (found for found in re.finditer(series, text) if _is_number(found[1], text, found.end()))

    def _is_meant(self, told: str) -> bool:
        same = any(one == self.number or one.startswith(f"{self.number}.") for one in re.findall(_NUMBER, told))
        if same or not self.number.isdecimal():
            return same
        return any(int(first) <= int(self.number) <= int(last) for first, last in _SPAN.findall(told))


def numbered_asked(question: str) -> list[Numbered]:
    """The things that a question names by a capital name and a number or by a code; dates, years and amounts are none."""
    found = [(match, Numbered(*match.groups())) for match in _CODE.finditer(question)]
    for pattern in (_NAMED, _JOINED):
        found += [
            (match, Numbered(*match.groups()))
            for match in pattern.finditer(question)
            if _is_number(match[2], question, match.end())
        ]
    return list(dict.fromkeys(thing for _, thing in found if not _NO_NAME.fullmatch(thing.name)))


def of_numbered_asked(question: ParsedQuestion, reading: Reading, *, threshold: float, doubt: float) -> Reading:
    """The reading without what is said of other numbers of the series; below `threshold` where no passage has the one asked.

    It is doubted where the likeliest sentence was of another, or stands where the asked one is not told.
    """
    if question.wants_dated_list or not reading.ranked:
        return reading
    issues = {str(issue) for issue in question.filters.issues}
    things = [thing for thing in numbered_asked(question.resolved) if thing.number not in issues]
    asked = [thing for thing in things if any(False in thing.told(_around(found)) for found in reading.passages)]
    if not asked:
        return reading
    if not all(any(_may_tell(thing, found) for found in reading.passages) for thing in asked):
        return given_up(reading, threshold=threshold)
    first = reading.ranked[0]
    reading = without(reading, lambda piece: _is_of_another(piece, asked))
    stays = first is reading.ranked[0] and not _is_of_another(first, asked)
    if stays and any(True in thing.told(_around(first.found)) for thing in asked):
        return reading
    return doubted(reading, threshold=threshold, doubt=doubt)


def _is_of_another(piece: Evidence, asked: Sequence[Numbered]) -> bool:
    """Whether a sentence is of another number of a series that is asked of, and of none that is asked for."""
    whether = [told for thing in asked if (told := _is_of(piece, thing)) is not None]
    return bool(whether) and not any(whether)


def _is_of(piece: Evidence, thing: Numbered) -> bool | None:
    """Whether a sentence is of a thing by itself, by what begins its paragraph or by the headings; None where none tells."""
    if told := thing.told(piece.text):
        return any(told)
    passage = piece.found.passage
    for number in range(piece.sentence - 1, -1, -1):
        if not passage.is_one_paragraph(number, piece.sentence):
            break
        begins = thing.begins(passage.sentence(number))
        if begins is not None:
            return begins
    told = thing.told(_headings(piece.found))
    return told[-1] if told else None


def _may_tell(thing: Numbered, found: RetrievedPassage) -> bool:
    return True in thing.told(_around(found)) or thing.is_hinted(_around(found))


def _headings(found: RetrievedPassage) -> str:
    """The headings and the item's title that a passage stands under, without its newsletter's name."""
    return found.passage.header.partition(" | ")[2] or found.passage.section


def _around(found: RetrievedPassage) -> str:
    return f"{_headings(found)}\n{found.passage.text}"


def _is_number(number: str, text: str, end: int) -> bool:
    return not (_YEAR.fullmatch(number) or A_FIGURE.match(text, end) or _OF_A_DATE.match(text, end))
