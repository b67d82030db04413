"""Which publication a question names, where the archive has several: by its title, its heading or its publisher.

Only whole names count. A name of one word has to be written as a name and to be rare in the other publications, for it
may be a common word ("The Pulse").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

from assistant.dates import MONTHS
from assistant.question import Form, ParsedQuestion
from assistant.wording import asks_for_digest
from index.passage import Filters
from index.snapshot import Snapshot
from index.tokens import stem

MOST_WORDS = 14
LEAST_LETTERS = 4
COMMON_SHARE = 0.01
NOTHING = frozenset({""})
_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’]s\b")
_SEPARATOR = re.compile(r"\s[–—|·-]\s|[:–—|·,(]\s?")
_NUMBERING = frozenset(
    [*MONTHS, "spring", "summer", "autumn", "fall", "winter", "no", "nr", "number", "issue", "edition", "volume", "vol"]
)
_SAYING = re.compile(r"^\W*(?:say|write|report|tell|print|publish|mention|cover|carry)s?\b", re.I)
_ASKING = re.compile(r"\b(?:do|does|did|has|according to) (?:the )?", re.I)
_NUMBER_BEHIND = re.compile(r",? ?(?:no\.?|nr\.?|number|issue)? ?#?(\d{1,4})\b(?![.\-/:]\d)", re.I)
_NUMBER = re.compile(r"\w[ #]\d")
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

    def issue_behind(self, one: Named, text: str) -> int | None:
        """The number of an issue of a publication that follows its name, as in "The Beacon 17"; None without one."""
        found = _NUMBER_BEHIND.match(text, one.end)
        issues = {self.snapshot.newsletters[newsletter_id].issue for newsletter_id in one.newsletters}
        return int(found[1]) if found and int(found[1]) in issues else None

    @cached_property
    def _names(self) -> dict[Words, frozenset[str]]:
        """The issues of each name that is not one of all issues."""
        holders: dict[Words, set[str]] = {}
        series: set[Words] = set()
        for newsletter_id, label in (*self._titles_told, *self._publishers_told()):
            for name, is_series in _names_in(label):
                holders.setdefault(name, set()).add(newsletter_id)
                series |= {name} if is_series else set()
        everything = len(self.snapshot.newsletters)
        return {
            name: frozenset(ids)
            for name, ids in holders.items()
            if len(ids) < everything and (name in series or len(ids) > 1) and _is_telling(name)
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
            own = self._names[name]
            holders = self.snapshot.keywords.holders(stem(name[0])).nonzero()[0]
            others = sum(self.snapshot.passages[int(number)].newsletter_id not in own for number in holders)
            self._rare[name] = others <= max(1.0, COMMON_SHARE * len(self.snapshot.passages))
        return self._rare[name]


def of_publication(question: ParsedQuestion, publications: Publications) -> ParsedQuestion:
    """The question asked of the issues of the publication that it names, or as it is."""
    named = _asked_of(question, publications)
    if not named:
        return question
    ids = frozenset(id for one in named for id in one.newsletters)
    given = question.filters
    kept = (ids & given.newsletter_ids or NOTHING) if given.newsletter_ids else ids
    numbers = (publications.issue_behind(one, question.resolved) for one in named)
    issues = given.issues or frozenset(number for number in numbers if number is not None)
    filters = Filters(kept, issues, given.publishers, given.languages, given.since, given.until)
    form = Form.DIGEST if issues and asks_for_digest(question.resolved) else question.form
    return replace(question, filters=filters, form=form, names_publication=True)


def may_name(question: ParsedQuestion) -> bool:
    """Whether a publication's name in the question would tell whose issues are meant."""
    text = question.resolved
    return question.form in (Form.DIGEST, Form.MENTIONS) or bool(_ASKING.search(text) or _NUMBER.search(text))


def _asked_of(question: ParsedQuestion, publications: Publications) -> list[Named]:
    """In a digest any publication that is named; else one that is asked what it says, for others may be its matter."""
    text = question.resolved
    found = publications.named(text)
    if question.form is Form.MENTIONS:
        subject = text.find(question.subject)
        return [one for one in found if one.end <= subject or one.start >= subject + len(question.subject)]
    if question.form is Form.DIGEST:
        return found
    return [one for one in found if _is_asked(one, text) or publications.issue_behind(one, text) is not None]


def _is_asked(one: Named, text: str) -> bool:
    if not one.is_title:
        return False
    asking = next((found[0] for found in _ASKING.finditer(text) if found.end() == one.start), "")
    return asking.lower().startswith("according") or bool(asking and _SAYING.match(text[one.end :]))


def _ends(start: int, count: int) -> Iterable[int]:
    return range(min(count, start + MOST_WORDS), start, -1)


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
