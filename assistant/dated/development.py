"""How a matter developed: the sentence of each issue that the reader finds likeliest, the oldest issue first.

Only passages that speak of the matter as much as any count, and of those that name a number ("quay 7") only those that
have it. A line at an issue's top that is no sentence names the newsletter, and so the matter, without saying anything of it.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.evidence import Evidence, Reading
from assistant.issues.matter import matter_of
from assistant.question import ParsedQuestion
from index.dates import age
from index.passage import RetrievedPassage
from index.tokens import distinct_terms, terms

MOST_ISSUES = 6
BEHIND, COVERING = 3.0, 4.0  # in the reader's scores
AS_MUCH = 0.9
MASTHEAD_CHARACTERS = 400
_ENDS = (".", "!", "?", "…", "。", "！", "？")
_FRAME = frozenset(
    terms("develop development evolve evolution progress advance history timeline trace over come get went")
)
Rarity = Callable[[str], float]


def development(question: ParsedQuestion, reading: Reading, idf: Rarity) -> list[Evidence]:
    """The best sentence of each issue that is not far behind the best of all, by date; none where none is of the matter."""
    best: dict[str, tuple[float, Evidence]] = {}
    matter = developing(question)
    for piece in _of_matter(reading, matter, idf):
        worth = piece.score + COVERING * _share(distinct_terms(piece.text), matter, idf)
        if worth > best.get(piece.found.newsletter.id, (float("-inf"), piece))[0]:
            best[piece.found.newsletter.id] = (worth, piece)
    strongest = sorted(best.values(), key=lambda found: -found[0])[:MOST_ISSUES]
    told = [piece for worth, piece in strongest if worth >= strongest[0][0] - BEHIND]
    return sorted(told, key=lambda piece: age(piece.found.newsletter))


def developing(question: ParsedQuestion) -> frozenset[str]:
    """The terms of what is said to develop."""
    return matter_of(question.resolved) - _FRAME


def is_masthead(piece: Evidence) -> bool:
    """Whether it stands at the top of an issue and is no sentence."""
    return piece.span[0] < MASTHEAD_CHARACTERS and not is_sentence(piece.text)


def is_sentence(text: str) -> bool:
    """Whether a line ends as a sentence does."""
    return text.rstrip("\"'”’)]»*_").endswith(_ENDS)


def words_at(found: RetrievedPassage) -> frozenset[str]:
    """The terms of a passage and of the headings that it stands under."""
    return distinct_terms(f"{found.passage.section} {found.passage.text}")


def _of_matter(reading: Reading, matter: frozenset[str], idf: Rarity) -> list[Evidence]:
    pieces = [piece for piece in reading.ranked if not is_masthead(piece)]
    words = {found.passage.id: words_at(found) for found in reading.passages}
    shares = {piece.found.passage.id: _share(words[piece.found.passage.id], matter, idf) for piece in pieces}
    most = max(shares.values(), default=0.0)
    numbers = frozenset(term for term in matter if term.isdigit())
    return [
        piece
        for piece in pieces
        if shares[piece.found.passage.id] >= AS_MUCH * most and numbers <= words[piece.found.passage.id]
    ]


def _share(words: frozenset[str], matter: frozenset[str], idf: Rarity) -> float:
    """The share of the matter's terms, by rarity, that `words` hold."""
    total = sum(idf(term) for term in matter)
    return sum(idf(term) for term in matter & words) / total if total else 1.0
