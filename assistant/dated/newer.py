"""What holds now: the newest issue's word on a matter before an older one, and the new date beside one that holds no more.

"Is the pier still shut?" and "When will it open?" ask for the present; what an older issue said may have been overtaken
by a later one of the same newsletter, which seldom says it in the question's words.
"""

from __future__ import annotations

import re

from assistant.asking.dates import MONTHS, named_dates
from assistant.dated.development import Rarity, words_at
from assistant.evidence import Evidence, Reading
from assistant.question import Expects, ParsedQuestion
from assistant.spans import answer_spans
from index.dates import age
from index.passage import NewsletterInfo
from index.tokens import distinct_terms, terms

LOOKED_AT = 6
LEAST_SHARED = 0.4
LEAST_WORDS = 4
NEARLY = 0.2
_IS_NO_MORE = re.compile(r"\b(?:not|cannot|no longer|postponed|put off|delayed|cancelled|moved)\b|n['’]t\b", re.I)
_NUMBERING = re.compile(r"[\W\d_]+|\b(?:no|nr|number|issue|" + "|".join(MONTHS) + r")\b", re.I)


def brought_up_to_date(
    question: ParsedQuestion, reading: Reading, chosen: list[Evidence], most: int, idf: Rarity
) -> list[Evidence]:
    """The chosen sentences, at most `most`, behind what a newer issue says of the matter, and with a new date."""
    if not chosen:
        return chosen
    if question.asks_of_now and (newer := _newer(question, reading, chosen[0], idf)):
        older = [piece for piece in chosen if piece.place != newer.place and not _is_older(piece, chosen[0])]
        return [newer, *older][: max(most, 2)]
    new_date = _new_date(question, reading, chosen)
    return [chosen[0], new_date, *chosen[1 : most - 1]] if new_date else chosen


def _newer(question: ParsedQuestion, reading: Reading, first: Evidence, idf: Rarity) -> Evidence | None:
    """The likeliest sentence of the newest issue of the same newsletter that speaks of the first sentence's matter.

    A passage may have the question's words on other things: the sentence is nearly as likely as the first, or speaks of the matter.
    """
    matter = distinct_terms(question.resolved) & words_at(first.found)
    passages = [
        found
        for found in reading.passages[:LOOKED_AT]
        if _is_newer_issue(found.newsletter, first.found.newsletter)
        and len(matter & words_at(found)) >= max(1.0, LEAST_SHARED * len(matter))
    ]
    if not passages:
        return None
    newest = max(passages, key=lambda found: age(found.newsletter)).newsletter.id
    ids = {found.passage.id for found in passages if found.newsletter.id == newest}
    told = [
        (piece, share)
        for piece, share in zip(reading.ranked, reading.shares, strict=True)
        if piece.found.passage.id in ids and len(piece.text.split()) >= LEAST_WORDS
    ]
    if not told:
        return None
    newer, share = told[0]
    is_near = share >= NEARLY * reading.shares[0]
    return newer if is_near or _speaks_of(newer.text, question, matter, idf) else None


def _speaks_of(text: str, question: ParsedQuestion, matter: frozenset[str], idf: Rarity) -> bool:
    """Whether a text has the rarest word of a matter, or all but the question's last, which may be otherwise now ("closed")."""
    asked, told = [term for term in terms(question.resolved) if term in matter], distinct_terms(text)
    return max(asked, key=idf) in told or (len(asked) > 2 and told.issuperset(asked[:-1]))


def _new_date(question: ParsedQuestion, reading: Reading, chosen: list[Evidence]) -> Evidence | None:
    """The date given further on in the passage, where the first chosen sentence takes back the one that it gives."""
    first = chosen[0]
    if question.expects is not Expects.TIME or not _IS_NO_MORE.search(first.text):
        return None
    further = [
        piece
        for piece in reading.ranked
        if piece.found.passage.id == first.found.passage.id
        and piece.sentence > first.sentence
        and answer_spans(piece.text, Expects.TIME, question.resolved)
    ]
    found = min(further, key=lambda piece: not named_dates(piece.text), default=None)
    return None if found is None or any(piece.place == found.place for piece in chosen) else found


def _is_older(piece: Evidence, than: Evidence) -> bool:
    return _is_newer_issue(than.found.newsletter, piece.found.newsletter)


def _is_newer_issue(one: NewsletterInfo, other: NewsletterInfo) -> bool:
    """Whether both are issues of one newsletter and `one` came later."""
    same = _series(one.title) == _series(other.title)
    return same and (one.date is None) == (other.date is None) and _age(one) > _age(other)


def _age(info: NewsletterInfo) -> tuple[str, int]:
    """When an issue came; where neither date nor number is known, by the number in its title."""
    day, number = age(info)
    numbers = re.findall(r"\d{1,4}", info.title)
    return day, number or (int(numbers[-1]) if numbers and not info.date else 0)


def _series(title: str) -> str:
    return " ".join(_NUMBERING.sub(" ", title).casefold().split())
