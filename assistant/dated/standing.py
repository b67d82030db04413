"""What stands at the top of issue after issue of a publication ("Welcome to another issue of …") says nothing of any one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from assistant.asking.dates import MONTH_NAMES
from index.passage import NewsletterInfo, Passage
from index.snapshot import Snapshot

LEAST_ISSUES, SHARE_OF_ISSUES = 3, 0.2
_CHANGING = re.compile(rf"\d+|\b(?:{MONTH_NAMES})\b", re.I)


class StandingLines:
    """The sentences that open at least so many issues, and such a share, of a publication, whatever their figures and months."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._publications = {id: _publication(info) for id, info in snapshot.newsletters.items()}
        issues = Counter(self._publications.values())
        openings = Counter(
            (self._publications[passage.newsletter_id], line)
            for passage in _first_passages(snapshot)
            for line in {as_every_issue_says(passage.sentence(n)) for n in range(len(passage.sentences))}
        )
        self._standing = {
            (publication, line)
            for (publication, line), count in openings.items()
            if count >= max(LEAST_ISSUES, SHARE_OF_ISSUES * issues[publication])
        }

    def holds(self, passage: Passage, sentence: int) -> bool:
        """Whether a sentence is one of its publication's."""
        line = as_every_issue_says(passage.sentence(sentence))
        return (self._publications[passage.newsletter_id], line) in self._standing


def as_every_issue_says(text: str) -> str:
    """A line without case, and without what differs from issue to issue."""
    return " ".join(_CHANGING.sub("", text.casefold()).split())


def _publication(info: NewsletterInfo) -> str:
    return info.publisher or as_every_issue_says(info.title)


def _first_passages(snapshot: Snapshot) -> Iterator[Passage]:
    first: dict[str, Passage] = {}
    for passage in snapshot.passages:
        known = first.get(passage.newsletter_id)
        if known is None or passage.start < known.start:
            first[passage.newsletter_id] = passage
    yield from first.values()
