"""Which newsletters the last answer of a conversation was quoted from: a follow-up is likelier to be on those than on others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.answer import SAYING_NOTHING
from assistant.asking.history import said_by
from assistant.issues.publications import Publications
from assistant.question import ParsedQuestion
from corpus.sentences import sentence_spans
from index.passage import Passage
from index.snapshot import Snapshot
from index.tokens import distinct_terms

READ_CHARACTERS = 1500
TAIL_CHARACTERS, LEAST_CHARACTERS = 60, 20
_COLON = re.compile(": ")


def newsletters_quoted(history: Sequence[Mapping[str, str]], snapshot: Snapshot) -> tuple[str, ...]:
    """The ids of the newsletters that hold a sentence of the last answer that was given, in its order.

    None where there is no answer, or where it was put in other words.
    """
    said = said_by("assistant", history)
    answer = next((text for text in said if text and not text.startswith(SAYING_NOTHING)), "")[:READ_CHARACTERS]
    tails = (tail for begins, ends in sentence_spans(answer) for tail in _tails(answer[begins:ends].rstrip()))
    sought = (tail for tail in tails if len(tail) >= LEAST_CHARACTERS)
    return tuple(dict.fromkeys(passage.newsletter_id for tail in sought for passage in _holding(tail, snapshot)))


def _holding(tail: str, snapshot: Snapshot) -> Iterator[Passage]:
    """The passages that hold the end of a sentence, in order: read are those that hold its words, all but the ones that may be cut."""
    whole = " ".join(tail.split()[1:-1])
    likely = snapshot.keywords.holders_of_all(distinct_terms(whole)).nonzero()[0]
    return (passage for number in likely if tail in (passage := snapshot.passages[number]).text)


def _tails(sentence: str) -> list[str]:
    """The end of a sentence, and what stands in that behind a colon: what leads a quotation in stands before it."""
    tail = sentence[-TAIL_CHARACTERS:]
    return [tail, *(tail[colon.end() :] for colon in _COLON.finditer(tail))]


def asked_within(parsed: ParsedQuestion, newsletters: frozenset[str]) -> ParsedQuestion | None:
    """The question asked of these newsletters only; None where it is asked of none of them."""
    kept = parsed.filters.allowed(newsletters)
    return replace(parsed, filters=replace(parsed.filters, newsletter_ids=kept)) if kept else None


def nearest(newsletter_id: str, publications: Publications) -> list[frozenset[str]]:
    """The newsletter alone, and with the other issues of its publication where the archive has several."""
    groups = publications.groups()
    fellows = next((group for group in groups if newsletter_id in group and len(groups) > 1), frozenset())
    return [frozenset([newsletter_id]), *([fellows] if len(fellows) > 1 else [])]
