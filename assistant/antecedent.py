"""What a sentence cannot be understood without: the sentences before it that say whom its pronoun means, or why "therefore"."""

from __future__ import annotations

import re

from index.passage import Passage, RetrievedPassage

Place = tuple[RetrievedPassage, int]
MOST_BEFORE, MOST_REASONS = 3, 2
_PRONOUN = r"it|they|this|these|that|those|he|she|both|such|its|their|his|her"
_BEGINS_WITH_PRONOUN = re.compile(rf"^(?:{_PRONOUN})\b", re.I)
_LEANS = re.compile(rf"^(?:{_PRONOUN}|also|however|but|(?:in|as) (?:addition|such|a result))\b", re.I)
_CONCLUSION = re.compile(
    r"\b(?:therefore|consequently|hence|thus|accordingly|as a (?:result|consequence)|for (?:this|that|these) reasons?)\b(?! of\b)|^so\b(?! (?:far|many|much)\b)",
    re.I,
)
_FURTHER_CLAUSE = re.compile(r"[,;:(–]|\band\b", re.I)


def leaned_on(place: Place, room: int, *, asks_why: bool) -> list[Place]:
    """The sentences before one that it leans on, in their order, of at most `room` words; none where it stands alone.

    One that begins with a pronoun leans on the one before, which may begin so too; to who asks why, a conclusion leans on
    what its paragraph says before it.
    """
    found, number = place
    passage, first = found.passage, number
    concludes = asks_why and _concludes(passage.sentence(number))
    while first and (_leans(passage, first, number) or (concludes and _is_reason(passage, first, number))):
        room -= len(passage.sentence(first - 1).split())
        if room < 0:
            break
        first -= 1
    return [(found, before) for before in range(first, number)]


def _leans(passage: Passage, first: int, number: int) -> bool:
    """Whether what is told from sentence `first` on leans on the one before that."""
    if first == number:
        return _LEANS.match(passage.sentence(first)) is not None
    begins_so = _BEGINS_WITH_PRONOUN.match(passage.sentence(first)) is not None
    return begins_so and number - first < MOST_BEFORE and passage.is_one_paragraph(first - 1, first)


def _concludes(text: str) -> bool:
    """Whether a sentence is a conclusion from the beginning, so that it does not give the reason itself."""
    found = _CONCLUSION.search(text)
    return found is not None and not _FURTHER_CLAUSE.search(text, 0, found.start())


def _is_reason(passage: Passage, first: int, number: int) -> bool:
    return number - first < MOST_REASONS and passage.is_one_paragraph(first - 1, first)
