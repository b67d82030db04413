"""The line of an issue that shows which it is: its masthead, with its date or number, else its first sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from assistant.asking.dates import named_dates
from assistant.dated.digest import opening_sentence
from assistant.evidence import Evidence
from assistant.writers.extractive import issue_name
from corpus.dates import SEASON_NAMES
from index.dates import first_day
from index.passage import NewsletterInfo
from index.retriever import Retriever

MASTHEAD_SENTENCES = 4
MASTHEAD_WORDS = 30
OPENING_PASSAGES = 3
NEWEST_READ = 3
_ROW = re.compile(r"^[^;]{1,200}; [^:;]{1,60}: ")
_SEASON = re.compile(rf"\b(?:{SEASON_NAMES})\W{{1,3}}(?:19|20)\d\d\b", re.I)
_FREQUENCY = re.compile(
    r"\b(?:daily|weekly|fortnightly|bi-?weekly|monthly|bi-?monthly|quarterly|half-?yearly|yearly|annual(?:ly)?|"
    r"(?:once|twice|\w+ times) (?:a|per|every) (?:week|month|quarter|year)|(?:issues|numbers) (?:a|per) year|"
    r"(?:appears?|published|comes out|sent(?: out)?|issued) (?:on |once )?every)\b",
    re.I,
)
_NEWSLETTER = re.compile(
    r"\b(?:newsletter|letter|bulletin|digest|circular|report|review|notes|issue|edition|paper|appear|publish|comes out|the \w+ for)",
    re.I,
)


class Mastheads:
    """The mastheads of the issues that a retriever searches."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever
        self._first: dict[str, int] = {}
        self._above: dict[str, set[str]] = {}
        for number, passage in enumerate(retriever.snapshot.passages):
            self._first.setdefault(passage.newsletter_id, number)
            self._above.setdefault(passage.newsletter_id, set()).add("".join(passage.heading_path[:1]))

    def name(self, info: NewsletterInfo) -> str:
        """How an issue is named; one whose title is but its file's name by the heading that all of it stands under, too."""
        above = self._above.get(info.id, set())
        if len(above) > 1 or "" in above or _words(info.title) != _words(PurePosixPath(info.id).stem):
            return issue_name(info)
        return f"{min(above)} ({issue_name(info)})"

    def line(self, info: NewsletterInfo, lead: str) -> Evidence:
        """The masthead of an issue, else its opening, behind a `lead`."""
        first = self._first[info.id]
        shown = next((place for place in self._heads(info) if _shows(self._said(info, place), info)), None)
        if shown is not None:
            return Evidence(self._retriever.passage(first), shown, 0.0, lead)
        passages = self._retriever.snapshot.passages
        openings = [
            (number, place)
            for number in range(first, min(first + OPENING_PASSAGES, len(passages)))
            if passages[number].newsletter_id == info.id
            and (place := opening_sentence(passages[number])) is not None
            and not _ROW.search(passages[number].sentence(place))
        ]
        number, place = openings[0] if openings else (first, 0)
        return Evidence(self._retriever.passage(number), place, 0.0, lead)

    def shows_date(self, info: NewsletterInfo) -> bool:
        """Whether the masthead shows when an issue without a known date is from."""
        said = self.line(info, "").text
        return bool(named_dates(said)) or _SEASON.search(said) is not None

    def frequency(self, issues: Sequence[NewsletterInfo]) -> list[Evidence]:
        """The newest masthead or title that says how often some issues, the oldest first, appear."""
        for info in list(reversed(issues))[:NEWEST_READ]:
            line = self.line(info, f"{self.name(info)}: ")
            for place in self._heads(info):
                said = self._said(info, place)
                if _FREQUENCY.search(said) and _NEWSLETTER.search(said):
                    return [replace(line, found=self._retriever.passage(self._first[info.id]), sentence=place)]
            if _FREQUENCY.search(info.title):
                return [line]
        return []

    def _heads(self, info: NewsletterInfo) -> range:
        passage = self._retriever.snapshot.passages[self._first[info.id]]
        return range(min(MASTHEAD_SENTENCES, len(passage.sentences)))

    def _said(self, info: NewsletterInfo, place: int) -> str:
        return self._retriever.snapshot.passages[self._first[info.id]].sentence(place)


def _shows(said: str, info: NewsletterInfo) -> bool:
    if len(said.split()) > MASTHEAD_WORDS:
        return False
    if info.date and any(first_day(named.first) == first_day(info.date) for named in named_dates(said)):
        return True
    return (
        info.issue is not None
        and re.search(rf"(?:\bno\.?|\bnr\.?|\bnumber|\bissue|#) ?{info.issue}\b", said, re.I) is not None
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
