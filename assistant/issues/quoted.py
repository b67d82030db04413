"""Which issues an answer quotes, told from its text alone."""

from __future__ import annotations

from assistant.dated.topic import likely_passages
from assistant.evidence import Evidence
from assistant.writers.extractive import issue_lead, issue_name
from index.passage import Filters
from index.retriever import Retriever

PASSAGES_READ = 100
LEAST_CHARACTERS = 20
ANSWER_CHARACTERS = 4000


def issues_quoted(said: str, retriever: Retriever, filters: Filters) -> list[Evidence]:
    """One sentence of each issue that an answer quotes, in its order, behind the issue's name and date."""
    first: dict[str, Evidence] = {}
    for piece in sentences_quoted(said, retriever, filters):
        first.setdefault(piece.found.newsletter.id, piece)
    return list(first.values())


def sentences_quoted(said: str, retriever: Retriever, filters: Filters) -> list[Evidence]:
    """The sentences that an answer quotes, in its order.

    Of several issues with the same sentence that one counts which the answer names, else the likeliest.
    """
    answer = " ".join(said[:ANSWER_CHARACTERS].split())
    found: dict[str, Evidence] = {}
    for piece in _pieces(answer, retriever, filters):
        text = _flat(piece.text)
        known = found.get(text)
        if known is None or (_is_named(piece, answer) and not _is_named(known, answer)):
            found[text] = piece
    whole = {text: piece for text, piece in found.items() if not any(text in other for other in found if other != text)}
    return [whole[text] for text in sorted(whole, key=answer.find)]


def _pieces(answer: str, retriever: Retriever, filters: Filters) -> list[Evidence]:
    """The sentences of likely passages that stand in an answer."""
    return [
        Evidence(
            retriever.passage(number), place, 0.0, issue_lead(retriever.snapshot.newsletters[passage.newsletter_id])
        )
        for number, passage in likely_passages(answer, retriever, filters, PASSAGES_READ)
        for place in range(len(passage.sentences))
        if len(text := _flat(passage.sentence(place))) >= LEAST_CHARACTERS and text in answer
    ]


def _is_named(piece: Evidence, answer: str) -> bool:
    return issue_name(piece.found.newsletter) in answer


def _flat(text: str) -> str:
    return " ".join(text.split())
