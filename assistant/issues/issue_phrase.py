"""The words of a question that say which issue of a named publication is meant: "the April 2023 issue of", "No. 49".

Only what stands right before or behind the name counts, for a number or a date elsewhere may be of the matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.asking.dates import MONTH_NAMES, NamedDate, named_dates
from corpus.dates import SEASON_NAMES
from index.dates import first_day, last_day
from index.tokens import terms

REACH = 80
_WORD = r"(?:issue|edition|newsletter|bulletin|letter|digest|update|report|number)s?"
_NUMBERED = (
    rf"(?:(?:{_WORD}|no\.?|nr\.?|#)\s*){{0,2}}#?(?P<number>\d{{1,4}})(?:\s?/\s?(?P<year>(?:19|20)\d\d))?(?![\d.:/-]*\d)"
)
_LINK = r"\s+(?:of|from|in)\s+(?:the\s+)?"
_SEASON = rf"(?P<season>{SEASON_NAMES}|{MONTH_NAMES})\.?"
_NUMBER_BEFORE = re.compile(rf"(?<![\w#])(?=[a-z#]){_NUMBERED}{_LINK}$", re.I)
_NUMBER_BEHIND = re.compile(rf"(?:['’]s\b)?,? ?\(?{_NUMBERED}", re.I)
_IS_SURELY_ISSUE = re.compile(rf"\W*(?:{_WORD}|no\b|nr\b|#)|.*/", re.I)
_ENDS_PHRASE = re.compile(r"\s*(?:[,:;?!)]|$)")
_SEASON_BEFORE = re.compile(rf"\b{_SEASON}\s+{_WORD}{_LINK}$", re.I)
_SEASON_BEHIND = re.compile(rf"['’]s\s+(?:last\s+)?{_SEASON}\s+{_WORD}\b", re.I)
_DATE_BEFORE = re.compile(rf"\s+(?:[\w-]+\s+)?{_WORD}{_LINK}", re.I)
_DATE_BEHIND = re.compile(
    rf"(?P<own>['’]s)?(?:,?\s+|,?\s*\(|\s*[–—-]\s*|,?\s+(?:of|from|for)\s+(?:the\s+)?|,?\s+{_WORD}\s+(?:of|from|for)\s+|,?\s+(?:the\s+)?)",
    re.I,
)
_OF_ITS = re.compile(r"\b(?:its|their|the)\s+$", re.I)
_THEN_WORD = re.compile(rf"\)?\s+(?:[\w-]+\s+)?{_WORD}\b", re.I)
_PREPOSITION = r"(?:in|from|per|by|of|according to|going by|as of|as told in|as reported (?:in|by))"
_LEAD = re.compile(rf"(?P<before>^|[\s(]\(?)(?P<preposition>{_PREPOSITION}\s+)?(?:the\s+)?$", re.I)
_TAIL = re.compile(r"\s*[,:)]?\s*(?:[–—-]\s+)?")
_ALONE = re.compile(
    rf"^(?:{_PREPOSITION}\s+)?(?:the\s+)?(?:issue|edition|newsletter|bulletin)\s*(?:no\.?|number)?\s*#?(?P<number>\d{{1,4}})"
    r"\s*(?:,|:|\s[–—-]\s)\s*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class IssuePhrase:
    """Which issue the words from `start` to `end`, with a publication's name among them, mean: each None where unsaid.

    `is_sure` where a number can be nothing but an issue's.
    """

    start: int
    end: int
    number: int | None = None
    since: str | None = None
    until: str | None = None
    said: str = ""
    is_sure: bool = False

    @property
    def says_issue(self) -> bool:
        """Whether more is said than the publication's name."""
        return self.number is not None or self.since is not None or bool(self.said)


def issue_phrase(text: str, start: int, end: int) -> IssuePhrase:
    """The phrase about a publication's name that stands in `text` from `start` to `end`."""
    return next(_readings(text, start, end), IssuePhrase(start, end))


def without_phrase(text: str, phrase: IssuePhrase) -> str:
    """The question without a phrase that stands apart ("In issue 14 of X, …", "… in X 17?"); as it is where it does not."""
    lead = _LEAD.search(text, max(0, phrase.start - REACH), phrase.start)
    tail = _TAIL.match(text, phrase.end)
    if lead is None or tail is None:
        return text
    begins = not text[: lead.start()].strip()
    in_parentheses = lead["before"].endswith("(") and tail[0].startswith(")")
    if not (lead["preposition"] or in_parentheses or (begins and tail[0].strip())):
        return text
    rest = f"{text[: lead.start()]} {text[tail.end() :]}" if not begins else text[tail.end() :]
    return _as_question(re.sub(r"\s+(?=[?!.])", "", rest.strip()), text)


def without_number_ahead(text: str, numbers: frozenset[int]) -> str:
    """The question without an "In issue 14," that it begins with, where that is one of `numbers`."""
    found = _ALONE.match(text)
    return _as_question(text[found.end() :], text) if found and int(found["number"]) in numbers else text


def number_ahead(text: str) -> int | None:
    """The number of an issue that a question begins with, as in "In issue 14, who …"; None without one."""
    found = _ALONE.match(text)
    return int(found["number"]) if found else None


def _as_question(rest: str, text: str) -> str:
    return rest[0].upper() + rest[1:] if terms(rest) else text


def _readings(text: str, start: int, end: int) -> Iterator[IssuePhrase]:
    if found := _NUMBER_BEFORE.search(text, max(0, start - REACH), start):
        yield _numbered(found, found.start(), end, is_sure=True)
    if (found := _NUMBER_BEHIND.match(text, end)) and not 1900 <= int(found["number"]) <= 2099:
        is_sure = bool(_IS_SURELY_ISSUE.match(found[0]) or _ENDS_PHRASE.match(text, found.end()))
        yield _numbered(found, start, found.end(), is_sure=is_sure)
    yield from _dated(text, start, end, named_dates(text))
    if found := _SEASON_BEFORE.search(text, max(0, start - REACH), start):
        yield IssuePhrase(found.start(), end, said=found["season"].casefold())
    if found := _SEASON_BEHIND.match(text, end):
        yield IssuePhrase(start, found.end(), said=found["season"].casefold())


def _numbered(found: re.Match[str], start: int, end: int, *, is_sure: bool) -> IssuePhrase:
    return IssuePhrase(start, end, int(found["number"]), found["year"], found["year"], is_sure=is_sure)


def _dated(text: str, start: int, end: int, dates: Sequence[NamedDate]) -> Iterator[IssuePhrase]:
    for named in dates:
        then_word = _THEN_WORD.match(text, named.end)
        close = then_word.end() if then_word else named.end
        if named.end <= start and _DATE_BEFORE.fullmatch(text, named.end, start):
            yield _of_date(text, named, named.start, end)
        behind = _DATE_BEHIND.fullmatch(text, end, named.start) if named.start >= end else None
        if behind and (then_word or not behind["own"]):
            yield _of_date(text, named, start, close)
        elif then_word and named.start >= end and _OF_ITS.search(text, max(end, named.start - REACH), named.start):
            yield _of_date(text, named, start, end)


def _of_date(text: str, named: NamedDate, start: int, end: int) -> IssuePhrase:
    said = text[named.start : named.end].casefold()
    return IssuePhrase(start, end, None, first_day(named.first), last_day(named.last), said)
