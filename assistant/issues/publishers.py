"""Where a text names those who publish the newsletters of an archive: the publication or its publisher.

Publishers say "we", so that a name which the text holds often is its matter ("Bitcoin") and none of these. One that is short
for a longer name ("Oxmere" of "Oxmere Rowing Club") has to be rare in the other publications, and no part of another name;
typed small ("at oxmere") it has to be what the newsletters never write so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from assistant.issues.publications import is_rare_elsewhere
from assistant.issues.publisher_names import (
    JOINING,
    MOST_WORDS,
    POSSESSIVE,
    WORD,
    Words,
    is_generic,
    is_numbered,
    is_telling,
    names_in_label,
    names_in_masthead,
)
from index import NewsletterNotFound
from index.passage import Passage
from index.snapshot import Snapshot
from index.tokens import distinct_terms

FEW, MATTER_SHARE = 2, 0.12
MATTER_SHARE_OF_PUBLISHERS = 0.25  # of a club is also told by its name, most of all when it plays another
MASTHEAD_CHARACTERS, MASTHEADS_A_SERIES, MOST_SERIES = 240, 2, 500

_NAME_BEHIND_FIRST = re.compile(r"(?<=.)\b[A-Z][a-z]", re.S)
_ARTICLE = re.compile(r"\b(?:the|an?) \Z", re.I)
_CAPITALISED_BEFORE = re.compile(r"\b[A-Z][\w'’-]* (?:of (?:the )?)?\Z")


@dataclass(frozen=True, slots=True)
class Own:
    """A publisher's or publication's name that stands in a text from `start` to `end`, and the ids of the issues."""

    start: int
    end: int
    newsletters: frozenset[str]


class Publishers:
    """The names of those who publish what a snapshot holds.

    `text_of` a newsletter's id gives its text; `is_usual` says whether a small word is one of the language.
    """

    def __init__(
        self, snapshot: Snapshot, text_of: Callable[[str], str], is_usual: Callable[[str], bool] = lambda word: False
    ) -> None:
        self.snapshot = snapshot
        self._text_of = text_of
        self._is_usual = is_usual
        self._own: dict[tuple[Words, bool], bool] = {}
        self._small: dict[Words, bool] = {}

    def named(self, text: str) -> list[Own]:
        """The names in `text`, in order, the longest at each place."""
        words = list(WORD.finditer(POSSESSIVE.sub(lambda found: " " * len(found[0]), text)))
        found: list[Own] = []
        at = 0
        while at < len(words):
            ends = range(min(len(words), at + MOST_WORDS), at, -1)
            end = next((end for end in ends if self._is_named(words, at, end, text)), at)
            if end > at:
                found.append(Own(words[at].start(), words[end - 1].end(), self._parts[_folded(words[at:end])]))
            at = max(end, at + 1)
        return found

    def _is_named(self, words: list[re.Match[str]], start: int, end: int, text: str) -> bool:
        name = _folded(words[start:end])
        if name not in self._parts or not is_telling(name):
            return False
        whole = name in self._whole and (len(name) > 1 or text[: words[start].start()].endswith(" The "))
        if whole:
            return _is_written_as_name(words[start:end], text) and self._is_own(name, whole=True)
        opens = start == 0 and len(name) == 1 and not POSSESSIVE.match(text, words[0].end())
        if opens or _is_part_of_longer(words, start, end, text):
            return False
        is_written = _is_capitalised(words[start:end]) or self._is_typed_small(words[start:end], text)
        return is_written and self._is_own(name, whole=False)

    def _is_typed_small(self, words: list[re.Match[str]], text: str) -> bool:
        """Whether it is a name without its capitals, in a text without others: the newsletters never write it so.

        A single word that is usual ("physics") is rather one that they happen to lack, and behind an article ("the oxmere
        bank") it only says which thing is meant.
        """
        if _NAME_BEHIND_FIRST.search(text) or any(word[0][0].isupper() for word in words):
            return False
        if len(words) == 1 and _ARTICLE.search(text, 0, words[0].start()):
            return False
        name = _folded(words)
        if name not in self._small:
            is_common = len(name) == 1 and self._is_usual(name[0])
            self._small[name] = not is_common and not self._is_written_small(name)
        return self._small[name]

    def _is_written_small(self, name: Words) -> bool:
        """Whether a passage has the words without any capital, addresses apart."""
        pattern = re.compile(r"(?<![\w.@/#-])" + r"\W+".join(map(re.escape, name)) + r"(?![\w@/]|[.-]\w)")
        holders = self.snapshot.keywords.holders_of_all(distinct_terms(" ".join(name))).nonzero()[0]
        return any(pattern.search(self.snapshot.passages[int(number)].text) for number in holders)

    def _is_own(self, name: Words, *, whole: bool) -> bool:
        known = (name, whole)
        if known not in self._own:
            rare = whole or any(
                is_rare_elsewhere(word, self._parts[name], self.snapshot) for word in name if is_telling((word,))
            )
            self._own[known] = rare and not self._is_matter(name)
        return self._own[known]

    def _is_matter(self, name: Words) -> bool:
        pattern = re.compile(r"\b" + r"\W+".join(map(re.escape, name)) + r"\b", re.I)
        ids, firsts = self._parts[name], {first.id for first in self._firsts.values()}
        bodies = [p.text for p in self.snapshot.passages if p.newsletter_id in ids and p.id not in firsts]
        held = sum(any(found[0][0].isupper() for found in pattern.finditer(body)) for body in bodies)
        share = MATTER_SHARE_OF_PUBLISHERS if self._publishing.issuperset(name) else MATTER_SHARE
        return held > max(FEW, share * len(bodies))

    @cached_property
    def _parts(self) -> dict[Words, frozenset[str]]:
        """The issues of each run of words of a name that neither begins nor ends with a joining word."""
        found: dict[Words, set[str]] = {}
        for name, ids in self._whole.items():
            for start in range(len(name)):
                for end in range(start + 1, len(name) + 1):
                    if name[start] not in JOINING and name[end - 1] not in JOINING:
                        found.setdefault(name[start:end], set()).update(ids)
        return {name: frozenset(ids) for name, ids in found.items()}

    @cached_property
    def _whole(self) -> dict[Words, frozenset[str]]:
        """The issues of each name, with the others of the same title."""
        holders: dict[Words, set[str]] = {}
        for label, ids in self._series.items():
            for name in label:
                holders.setdefault(name, set()).update(ids)
        for newsletter_id, names in self._publishers.items():
            for name in names:
                holders.setdefault(name, set()).add(newsletter_id)
        series = self._series.values()
        return {
            name: frozenset(ids.union(*(one for one in series if not ids.isdisjoint(one))))
            for name, ids in holders.items()
        }

    @cached_property
    def _publishing(self) -> frozenset[str]:
        """The words of the names of publishers."""
        return frozenset(word for names in self._publishers.values() for name in names for word in name)

    @cached_property
    def _publishers(self) -> dict[str, set[Words]]:
        """Who publishes each newsletter of a series, by its data, its title and what the first mastheads share."""
        told = [(info.id, info.publisher) for info in self.snapshot.newsletters.values() if info.publisher]
        times = Counter(publisher for _, publisher in told)
        found = {newsletter_id: set(names_in_label(label)) for newsletter_id, label in told if times[label] > 1}
        for ids in list(self._series.values())[:MOST_SERIES]:
            by_masthead = set.intersection(*map(self._in_masthead, ids[:MASTHEADS_A_SERIES]))
            for newsletter_id in ids:
                info = self.snapshot.newsletters[newsletter_id]
                names = {*names_in_label(info.publisher or ""), *names_in_masthead(info.title), *by_masthead}
                found.setdefault(newsletter_id, set()).update(names)
        return found

    def _in_masthead(self, newsletter_id: str) -> set[Words]:
        """Who publishes, by what stands before the first section, or in one without a heading of its own."""
        first = self._firsts.get(newsletter_id)
        if first is None:
            return set()
        end = MASTHEAD_CHARACTERS if len(first.heading_path) < 2 else min(first.start, MASTHEAD_CHARACTERS)
        with suppress(NewsletterNotFound):
            return set(names_in_masthead(self._text_of(newsletter_id)[:end]))
        return set()

    @cached_property
    def _series(self) -> dict[tuple[Words, ...], list[str]]:
        """The newsletters of each title and of each heading that all of one stands under, by the names in it.

        Where only one has it and it bears no number, it is what an article is about.
        """
        series: dict[tuple[Words, ...], list[str]] = {}
        numbered: set[tuple[Words, ...]] = set()
        for newsletter_id, label in self._labels():
            names = tuple(names_in_label(label))
            ids = series.setdefault(names, [])
            if newsletter_id not in ids[-1:]:
                ids.append(newsletter_id)
            numbered |= {names} if is_numbered(label) else set()
        return {names: ids for names, ids in series.items() if names and (len(ids) > 1 or names in numbered)}

    def _labels(self) -> Iterator[tuple[str, str]]:
        tops: dict[str, set[str]] = {}
        for passage in self.snapshot.passages:
            tops.setdefault(passage.newsletter_id, set()).add(passage.heading_path[0] if passage.heading_path else "")
        for info in self.snapshot.newsletters.values():
            yield info.id, info.title
            if len(tops.get(info.id, ())) == 1:
                yield info.id, min(tops[info.id])

    @cached_property
    def _firsts(self) -> dict[str, Passage]:
        """The passage that each newsletter begins with."""
        firsts: dict[str, Passage] = {}
        for passage in self.snapshot.passages:
            known = firsts.setdefault(passage.newsletter_id, passage)
            if passage.start < known.start:
                firsts[passage.newsletter_id] = passage
        return firsts


def _is_written_as_name(words: list[re.Match[str]], text: str) -> bool:
    """Whether whole names are capitalised somewhere, or nothing is."""
    return any(word[0][0].isupper() for word in words) or not any(c.isupper() for c in text[1:])


def _is_capitalised(words: list[re.Match[str]]) -> bool:
    return all(word[0][0].isupper() for word in words if word[0] not in JOINING)


def _is_part_of_longer(words: list[re.Match[str]], start: int, end: int, text: str) -> bool:
    """Whether the name of something else goes on before or behind ("Oxmere Bank", "the Bank of Oxmere")."""
    before = _CAPITALISED_BEFORE.search(text, words[max(0, start - 4)].start(), words[start].start())
    if before and before.start() > 0:
        return True
    if end == len(words) or is_generic(words[end][0].casefold()):
        return False
    return words[end][0][0].isupper() and text[words[end - 1].end() : words[end].start()] == " "


def _folded(words: Iterable[re.Match[str]]) -> Words:
    return tuple(word[0].casefold() for word in words)
