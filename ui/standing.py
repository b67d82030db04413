"""Whether a citation given earlier still stands: its issue may have changed, moved it or left the archive since."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from assistant import Answer, Assistant, Citation
from index import NewsletterNotFound


class Standing(StrEnum):
    """What became of a quotation; the value is the key of the text that says so."""

    HOLDS = "holds"
    MOVED = "moved_since"
    CHANGED = "changed_since"
    GONE = "gone_since"


Standings = dict[int, Standing]


def compare(assistant: Assistant, citation: Citation) -> tuple[Citation, Standing]:
    """The citation, at its new place if it moved, and what became of it in the archive as it is now."""
    try:
        text = assistant.newsletter(citation.newsletter_id).text
    except NewsletterNotFound:
        return citation, Standing.GONE
    if citation.quote and text[citation.start : citation.end] == citation.quote:
        return citation, Standing.HOLDS
    found = text.find(citation.quote) if citation.quote else -1
    if found < 0:
        return citation, Standing.CHANGED
    return replace(citation, start=found, end=found + len(citation.quote)), Standing.MOVED


def compare_all(assistant: Assistant, answer: Answer) -> tuple[Answer, Standings]:
    """The answer with its citations where they are now, and the standing of each by number."""
    citations = [compare(assistant, citation) for citation in answer.citations]
    closest = [compare(assistant, citation) for citation in answer.closest]
    standings = {citation.number: standing for citation, standing in citations or closest}
    now = replace(answer, citations=tuple(c for c, _ in citations), closest=tuple(c for c, _ in closest))
    return now, standings
