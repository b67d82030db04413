"""What follows the sentences of the last answer in their newsletter, for whoever asks for more of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.asking.catalogue import Wanted
from assistant.evidence import Evidence
from assistant.issues.quoted import sentences_quoted
from assistant.question import ParsedQuestion
from index.passage import Filters, Passage
from index.retriever import Retriever

MOST_SENTENCES = 3
LABEL_WORDS = 2


def has_more(question: ParsedQuestion, retriever: Callable[[], Retriever]) -> bool:
    """Whether what a question asks of the archive can be told: of an answer in other words than the newsletters' nothing follows."""
    inquiry = question.inquiry
    if inquiry is None or inquiry.wanted is not Wanted.MORE:
        return True
    return bool(sentences_quoted(inquiry.said, retriever(), question.filters))


def sentences_behind(said: str, retriever: Retriever, filters: Filters) -> list[Evidence]:
    """The next sentences that stand below the same heading as one that `said` quotes, from the first that any follow.

    None where each that is quoted ends its section.
    """
    quoted = sentences_quoted(said, retriever, filters)
    told = " ".join(said.split())
    for piece in quoted:
        following = [other for other in _behind(piece, retriever) if " ".join(other.text.split()) not in told]
        if following:
            return _next(following)
    return []


def _next(following: list[Evidence]) -> list[Evidence]:
    """The first sentences, the last of them no label of a word or two over what follows it."""
    ends_in_label = len(following) > MOST_SENTENCES and len(following[MOST_SENTENCES - 1].text.split()) <= LABEL_WORDS
    return following[: MOST_SENTENCES - ends_in_label]


def _behind(piece: Evidence, retriever: Retriever) -> Iterator[Evidence]:
    """The sentences of a section behind one of it, in order."""
    end = piece.span[1]
    for number, passage in enumerate(retriever.snapshot.passages):
        if _is_of_section(passage, piece.found.passage):
            for place, (start, ends) in enumerate(passage.sentences):
                if start >= end:
                    yield Evidence(retriever.passage(number), place, 0.0, piece.lead)
                    end = ends


def _is_of_section(passage: Passage, other: Passage) -> bool:
    return passage.newsletter_id == other.newsletter_id and passage.heading_path == other.heading_path
