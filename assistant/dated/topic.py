"""Where a topic is mentioned: the sentences that hold all its words, by date."""

from __future__ import annotations

from assistant.answer import Citation
from assistant.evidence import Evidence
from assistant.writers.extractive import cite
from index.dates import age
from index.passage import Filters, Passage
from index.retriever import Retriever, matching_newsletters
from index.tokens import terms

MOST_PASSAGES = 3000
LEAST_WORDS = 6


def mentions(topic: str, retriever: Retriever, filters: Filters | None = None) -> list[Citation]:
    """Every sentence that mentions `topic`, the newest issue first, numbered from 1.

    A sentence mentions a topic when it has the stems of all the topic's words. Of very common topics the
    `MOST_PASSAGES` passages that fit best are read.
    """
    wanted = frozenset(terms(topic))
    found = [
        Evidence(retriever.passage(number), place, 1.0)
        for number, passage in _in_order(topic, retriever, filters or Filters())
        for place in _places(passage, wanted)
    ]
    found.sort(key=lambda piece: piece.found.newsletter.date or "", reverse=True)
    return [cite(piece, number) for number, piece in enumerate(found, start=1)]


def one_mention_an_issue(topic: str, retriever: Retriever, filters: Filters) -> list[Evidence]:
    """The sentence of each issue that best shows it to mention `topic`, the newest issue first.

    A whole sentence with all the words goes before a title with them, and that before what says the rest of a heading.
    """
    wanted = frozenset(terms(topic))
    best: dict[str, tuple[int, int, int]] = {}
    for number, passage in _in_order(topic, retriever, filters):
        heading = frozenset(terms(passage.section))
        for place in range(len(passage.sentences)):
            worth = _worth(passage.sentence(place), heading, wanted)
            if worth > best.get(passage.newsletter_id, (0, 0, 0))[0]:
                best[passage.newsletter_id] = (worth, number, place)
    found = [Evidence(retriever.passage(number), place, float(worth)) for worth, number, place in best.values()]
    return sorted(found, key=lambda piece: age(piece.found.newsletter), reverse=True)


def _worth(sentence: str, heading: frozenset[str], wanted: frozenset[str]) -> int:
    said = frozenset(terms(sentence))
    is_whole = len(sentence.split()) >= LEAST_WORDS
    if wanted <= said:
        return 3 if is_whole else 2
    return int(is_whole and wanted <= said | heading)


def likely_passages(text: str, retriever: Retriever, filters: Filters, most: int) -> list[tuple[int, Passage]]:
    """The passages that share words with `text`, with their numbers, best first; of the `most` best those of allowed issues."""
    snapshot = retriever.snapshot
    allowed = {info.id for info in matching_newsletters(snapshot.newsletters.values(), filters)}
    scores = snapshot.keywords.scores(text)
    best = [int(number) for number in (-scores).argsort(kind="stable")[:most] if scores[number] > 0]
    return [(n, snapshot.passages[n]) for n in best if snapshot.passages[n].newsletter_id in allowed]


def _in_order(topic: str, retriever: Retriever, filters: Filters) -> list[tuple[int, Passage]]:
    """The passages that may mention `topic`, with their numbers, in order."""
    if not terms(topic):
        return []
    return sorted(likely_passages(topic, retriever, filters, MOST_PASSAGES), key=lambda numbered: numbered[0])


def _places(passage: Passage, wanted: frozenset[str]) -> list[int]:
    if not wanted <= frozenset(terms(passage.text)):
        return []
    return [place for place in range(len(passage.sentences)) if wanted <= frozenset(terms(passage.sentence(place)))]
