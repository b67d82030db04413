"""Sentences that only lead in to others: a question in the newsletter, a label, a line that announces a list.

Such a sentence is nearest of all to a question in its own words and answers nothing; what answers stands behind it.
How much of that an answer has room for is decided in `evidence.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.question import Expects, ParsedQuestion
from assistant.spans import answer_spans
from index.passage import RetrievedPassage
from index.tokens import distinct_terms

Place = tuple[RetrievedPassage, int]
LABEL_WORDS, BRIEF_WORDS = 2, 4
MOST_BEHIND = 2
QUESTION_BEFORE = 6
_ASKS = re.compile(r"[?？][\"'”’»)\]*_]*$")
_ANNOUNCES = re.compile(r"[:：][*_]*$")
_FIRST_ITEM = re.compile(r"[(\[]?(?:1[.)]|[aAiI]\))\s")
_ENUMERATED = re.compile(r"[(\[]?(?:\d{1,2}[.)]|[a-zA-Z]\))\s")
_COUNTED = re.compile(r"(\w{1,20})\s\d")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def asks(text: str) -> bool:
    """Whether a sentence ends as a question."""
    return bool(_ASKS.search(text))


def is_echo(text: str, question: ParsedQuestion) -> bool:
    """Whether a sentence only says the question's own words again; what is asked for a yes or no is answered by that."""
    if question.expects is Expects.YES_NO or any(c.isdigit() for c in text):
        return False
    return distinct_terms(text) <= distinct_terms(question.resolved)


def is_label(text: str) -> bool:
    """Whether a sentence is a word or two, too few to state anything ("Parking."); a figure may be what is asked for."""
    spaced = not _UNSPACED.search(text) and not any(c.isdigit() for c in text)
    return spaced and len(text.split()) <= LABEL_WORDS


def answer_behind(place: Place, question: ParsedQuestion, passages: Sequence[RetrievedPassage]) -> list[Place] | None:
    """The sentences behind a question or a label, up to the first that says something; none where nothing does.

    None for a sentence that can stand alone. What stands in another list item or line is not about it.
    """
    text = _text(place)
    if not (asks(text) or is_echo(text, question) or is_label(text)):
        return None
    found: list[Place] = []
    for gap, behind in _behind(place, passages):
        if len(found) == MOST_BEHIND or ("\n" in gap and (gap.count("\n") == 1 or found or not asks(text))):
            break
        found.append(behind)
        if not asks(_text(behind)) and len(_text(behind).split()) > BRIEF_WORDS:
            break
    return found if found and not asks(_text(found[-1])) else []


def items_below(place: Place, question: ParsedQuestion, passages: Sequence[RetrievedPassage]) -> list[Place]:
    """The first sentences, labels aside, of the items of a list that a sentence announces, in order; none where it announces none.

    A sentence that itself holds what is asked for (a time, a name, a number) needs none of them.
    """
    text = _text(place)
    behind = _behind(place, passages)
    gap, first = next(behind, ("", place))
    numbered = "\n" in gap and _FIRST_ITEM.match(_text(first)) is not None
    if not (numbered or _ANNOUNCES.search(text)) or answer_spans(text, question.expects, question.resolved):
        return []
    items = [first] if first != place else []
    apart = ""
    for gap, item in behind:
        if "\n" not in gap:
            if is_label(_text(items[-1])):
                items[-1] = item
            continue
        apart = apart or gap
        if gap.count("\n") > apart.count("\n") or (gap.count("\n") > 1 and not _alike(_text(first), _text(item))):
            break
        items.append(item)
    return items


def question_before(place: Place, question: ParsedQuestion, passages: Sequence[RetrievedPassage]) -> Place:
    """The question in the newsletter, in the words of the one that was asked, that a sentence answers; else the sentence itself."""
    found, sentence = place
    for number in range(sentence - 1, max(-1, sentence - 1 - QUESTION_BEFORE), -1):
        text = found.passage.sentence(number)
        if asks(text) and distinct_terms(text) <= distinct_terms(question.resolved):
            behind = answer_behind((found, number), question, passages) or []
            items = items_below(behind[-1], question, passages) if behind else []
            return (found, number) if place in [*behind, *items] else place
    return place


def _behind(place: Place, passages: Sequence[RetrievedPassage]) -> Iterator[tuple[str, Place]]:
    """What follows a sentence in its section, as far as it is at hand, each with the white space before it."""
    found, number = place
    while True:
        passage = found.passage
        for i in range(number + 1, len(passage.sentences)):
            start, end = passage.sentences[i - 1][1] - passage.start, passage.sentences[i][0] - passage.start
            yield passage.text[start:end], (found, i)
        following = next((other for other in passages if _goes_on(found, other)), None)
        if following is None:
            return
        yield "\n" * (following.passage.start - passage.end), (following, 0)
        found, number = following, 0


def _goes_on(one: RetrievedPassage, other: RetrievedPassage) -> bool:
    """Whether `other` begins where `one` ends, but for an empty line, under the same headings."""
    apart = other.passage.start - one.passage.end
    same = other.newsletter.id == one.newsletter.id and other.passage.heading_path == one.passage.heading_path
    return same and 1 <= apart <= 2


def _alike(one: str, other: str) -> bool:
    """Whether two lines begin as items of one list do: both with a number, or with the same word and a number ("Step 1", "Step 2")."""
    if _ENUMERATED.match(one):
        return _ENUMERATED.match(other) is not None
    first, second = _COUNTED.match(one), _COUNTED.match(other)
    return first is not None and second is not None and first.group(1) == second.group(1)


def _text(place: Place) -> str:
    found, number = place
    return found.passage.sentence(number)
