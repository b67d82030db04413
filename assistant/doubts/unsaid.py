"""A follow-up of whose own words none stands, in any form, in what it would be answered with.

What the conversation is about is told there, so that an answer seems at hand. Least of all is it one where all of it was
shown before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.asking.followup import Way, matter_of_question
from assistant.asking.history import said_by
from assistant.doubts.predicate import is_said, saying_words
from assistant.doubts.trust import given_up
from assistant.parts import Part
from index.tokens import terms

# Of 52 follow-ups whose words were said nowhere in a less sure answer, one was answered rightly, and 37 had no answer
SURE, SURE_TO_REPEAT = 0.85, 0.97
_ONLY_ASKS = re.compile(
    r"(?:(?:and|but|so|or|ok|okay|since|until|till|by|in|at|to|for|from|with|of)\b,? *)*(?:wh\w+|how)(?: \w+)?\W*", re.I
)


def without_unsaid(part: Part, history: Sequence[Mapping[str, str]], *, threshold: float) -> Part:
    """The part, unanswered where a follow-up's own words are not said in the answer or in the headings above it, and it is not sure enough without them."""
    parsed = part.parsed
    shown = list(said_by("assistant", history))
    goes_on = shown and parsed.way is Way.ABOUT and parsed.resolved != parsed.asking
    if not part.evidence or not goes_on or parsed.wants_dated_list or part.reading.confidence > SURE_TO_REPEAT:
        return part
    told = [_without_accents(f"{piece.lead} {piece.found.passage.section} {piece.text}") for piece in part.evidence]
    own = own_words(parsed.asking, said_by("user", history))
    if not own or any(is_said(word, told) for word in own):
        return part
    repeats = all(any(piece.text in before for before in shown) for piece in part.evidence)
    if part.reading.confidence > SURE and not repeats:
        return part
    return replace(part, reading=given_up(part.reading, threshold=threshold), evidence=[])


def own_words(question: str, asked_before: Iterable[str]) -> list[str]:
    """The English words that say what a question is of, without those that were asked before."""
    known = {term for text in asked_before for term in terms(text)}
    matter = matter_of_question(question)
    words = [] if _ONLY_ASKS.fullmatch(matter) else saying_words(matter)
    return [word for word in words if word.isascii() and not set(terms(word)) <= known]


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
