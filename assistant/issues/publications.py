"""Which publication a question names, where the archive has several: by its title, its heading or its publisher.

Only whole names count. A name of one word has to be written as a name and to be rare in the other publications, for it
may be a common word ("The Pulse").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from assistant.asking.dates import MONTHS
from assistant.issues.editions import Editions
from corpus.dates import SEASON_NAMES
from index.snapshot import Snapshot
from index.tokens import stem

MOST_WORDS = 14
LEAST_LETTERS = 4
COMMON_SHARE = 0.01
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s\b")
_SEPARATOR = re.compile(r"\s[–—|·-]\s|[:–—|·,(]\s?")
_NUMBERING = frozenset([*MONTHS, *SEASON_NAMES.split("|"), "no", "nr", "number", "issue", "edition", "volume", "vol"])
_GENERIC = frozenset(
    ["newsletter", "bulletin", "digest", "news", "letter", "update", "weekly", "monthly", "notes", "report"]
)
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A publication that stands in a text from `start` to `end`, its issues' ids, and whether by a title of its own."""

    start: int
    end: int
    newsletters: frozenset[str]
    is_title: bool


class Publications:
    """The names of the publications that a snapshot holds."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._rare: dict[Words, bool] = {}

    def named(self, text: str) -> list[Named]:
        """The publications that `text` names, in order, the longest name at each place; none where there is but one."""
        words = list(_WORD.finditer(_POSSESSIVE.sub(lambda found: " " * len(found[0]), text)))
        found: list[Named] = []
        at = 0
        while at < len(words):
            end = next((end for end in _ends(at, len(words)) if self._is_name(words[at:end], text)), at)
            if end > at:
                name = tuple(word[0].casefold() for word in words[at:end])
                found.append(Named(words[at].start(), words[end - 1].end(), self._names[name], name in self._titles))
            at = max(end, at + 1)
        return found

    @cached_property
    def editions(self) -> Editions:
        """The issues with what they say of themselves."""
        return Editions(self.snapshot)

    def holding(self, name: str) -> frozenset[str]:
        """The ids of the issues of the publication that is called `name`, however written; none where none is."""
        words = _words(name)
        shorter = words[:-1] if words and words[-1] in _GENERIC else words
        ways = [words, shorter, *((*words, what) for what in sorted(_GENERIC))]
        named = next((self._issues_named[way] for way in ways if way in self._issues_named), frozenset())
        return next((group for group in self.groups() if named and named < group <= named | self._unnamed), named)

    @property
    def are_one(self) -> bool:
        """Whether all issues are of one publication."""
        return len(self.groups()) == 1

    def groups(self) -> list[frozenset[str]]:
        """The ids of the issues of each publication: those whose titles or headings begin alike before the numbering.

        Issues without a name ("Issue 7") are of the only publication that has one.
        """
        named = [group for group in self._groups_named if not group <= self._unnamed]
        return self._groups_named if len(named) > 1 else [frozenset(self.snapshot.newsletters)]

    @cached_property
    def _unnamed(self) -> frozenset[str]:
        """The issues whose titles are nothing but numbering."""
        infos = self.snapshot.newsletters.values()
        return frozenset(info.id for info in infos if all(map(_is_numbering, _words(info.title))))

    @cached_property
    def _groups_named(self) -> list[frozenset[str]]:
        group_of = {newsletter_id: {newsletter_id} for newsletter_id in self.snapshot.newsletters}
        first_of: dict[Words, str] = {}
        for newsletter_id, label in self._titles_told:
            for name, _ in _names_in(label):
                if _is_telling(name):
                    _join(group_of, first_of.setdefault(name, newsletter_id), newsletter_id)
        for name, newsletter_id in first_of.items():
            for end in range(2, len(name)):
                if name[:end] in first_of:
                    _join(group_of, first_of[name[:end]], newsletter_id)
        return list({id(group): frozenset(group) for group in group_of.values()}.values())

    @cached_property
    def _names(self) -> dict[Words, frozenset[str]]:
        """The issues of each name that is not one of all issues."""
        everything = len(self.snapshot.newsletters)
        return {name: ids for name, ids in self._issues_named.items() if len(ids) < everything}

    @cached_property
    def _issues_named(self) -> dict[Words, frozenset[str]]:
        """The issues of each name."""
        holders: dict[Words, set[str]] = {}
        series: set[Words] = set()
        for newsletter_id, label in (*self._titles_told, *self._publishers_told()):
            for name, is_series in _names_in(label):
                holders.setdefault(name, set()).add(newsletter_id)
                series |= {name} if is_series else set()
        return {
            name: frozenset(ids)
            for name, ids in holders.items()
            if (name in series or len(ids) > 1) and _is_telling(name)
        }

    @cached_property
    def _titles(self) -> frozenset[Words]:
        return frozenset(name for _, label in self._titles_told for name, _ in _names_in(label))

    def _publishers_told(self) -> list[tuple[str, str]]:
        return [(info.id, info.publisher) for info in self.snapshot.newsletters.values() if info.publisher]

    @cached_property
    def _titles_told(self) -> list[tuple[str, str]]:
        """The title of each newsletter, and the heading that all of it stands under."""
        headings: dict[str, set[str]] = {}
        for passage in self.snapshot.passages:
            headings.setdefault(passage.newsletter_id, set()).add(
                passage.heading_path[0] if passage.heading_path else ""
            )
        alone = [(newsletter_id, min(tops)) for newsletter_id, tops in headings.items() if len(tops) == 1 and min(tops)]
        return [(info.id, info.title) for info in self.snapshot.newsletters.values()] + alone

    def _is_name(self, words: list[re.Match[str]], text: str) -> bool:
        name = tuple(word[0].casefold() for word in words)
        if name not in self._names:
            return False
        if len(name) == 1:
            return words[0].start() > 0 and words[0][0][0].isupper() and self._is_rare(name)
        return any(word[0][0].isupper() for word in words) or not any(c.isupper() for c in text[1:])

    def _is_rare(self, name: Words) -> bool:
        if name not in self._rare:
            self._rare[name] = is_rare_elsewhere(name[0], self._names[name], self.snapshot)
        return self._rare[name]


def is_rare_elsewhere(word: str, own: frozenset[str], snapshot: Snapshot) -> bool:
    """Whether hardly any passage of other issues than its `own` has a word."""
    holders = snapshot.keywords.holders(stem(word)).nonzero()[0]
    others = sum(snapshot.passages[int(number)].newsletter_id not in own for number in holders)
    return others <= max(1.0, COMMON_SHARE * len(snapshot.passages))


def _ends(start: int, count: int) -> Iterable[int]:
    return range(min(count, start + MOST_WORDS), start, -1)


def _join(group_of: dict[str, set[str]], one: str, other: str) -> None:
    """Make one group of the groups of two."""
    small, large = sorted((group_of[one], group_of[other]), key=len)
    if small is not large:
        large |= small
        group_of.update(dict.fromkeys(small, large))


def _names_in(label: str) -> Iterator[tuple[Words, bool]]:
    """The names in a label, each with whether one issue is enough to know it for a name: it is whole, or was numbered."""
    first = _SEPARATOR.split(label, maxsplit=1)[0]
    for text in dict.fromkeys((label, first)):
        words = _words(text)
        name = tuple(takewhile(lambda word: not _is_numbering(word), words))
        if name and len(name) <= MOST_WORDS:
            yield name, any(map(_is_numbering, _words(label))) or (text == label and len(name) > 1)


def _is_telling(name: Words) -> bool:
    return sum(map(len, name)) >= LEAST_LETTERS and not _GENERIC.issuperset(name)


def _words(text: str) -> Words:
    words = tuple(word.casefold() for word in _WORD.findall(_POSSESSIVE.sub(" ", text)))
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _is_numbering(word: str) -> bool:
    return word in _NUMBERING or word[0].isdigit()
