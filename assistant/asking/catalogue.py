"""What a question asks of the archive itself: how many newsletters there are, which is the newest, when one came out.

Read off a small grammar that the whole question has to fit. What a publication is called is not known here: the words
that may name one are kept, and a question that names none of the archive's is a plain one (`inventory.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.answer import SAYING_NOTHING
from assistant.asking.dates import MONTH_NAMES, named_dates
from assistant.asking.history import last_said_by
from assistant.asking.said_again import asks_for_more
from corpus.dates import SEASON_NAMES

MOST_CHARACTERS = 200


class Wanted(StrEnum):
    """What of the archive a question asks for."""

    COUNT = "count"
    NEWEST = "newest"
    OLDEST = "oldest"
    SPAN = "span"
    PUBLICATIONS = "publications"
    ISSUES = "issues"
    DATE = "date"
    PUBLISHER = "publisher"
    EDITOR = "editor"
    FREQUENCY = "frequency"
    SOURCE = "source"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question about the archive: what is `wanted`, of which issues.

    `name` may be a publication's, "" where none is named; `season` is a season or month without its year. `dated` holds
    the words of a period. `says_issue`: the issues are called newsletters or issues, not by a name alone. `said` is the
    last answer, where the issues that it quotes are meant.
    """

    wanted: Wanted
    name: str = ""
    number: int | None = None
    season: str = ""
    dated: str = ""
    says_issue: bool = False
    said: str = ""


_NEWSLETTERS = r"(?:newsletters?|editions?|bulletins?)"
_ISSUES = r"(?:newsletters?|editions?|bulletins?|issues?)"
_ISSUE = r"(?:newsletter|edition|bulletin|issue)"
_PUBLICATIONS = r"(?:(?:different |other )?(?:publications?|periodicals?|newsletters?|bulletins?))"
_ARCHIVE = r"(?:(?:the|this|your) (?:whole |entire )?(?:newsletter )?archives?|your (?:newsletter )?(?:collection|library)|here)"
_HELD = (
    rf"(?:(?:do|can) you (?:have|hold|know|keep|search)|have you got|(?:are|is) (?:there |held |stored )?in {_ARCHIVE}|"
    rf"(?:do|does) {_ARCHIVE} (?:have|hold|contain|include))"
)
_THERE = rf"(?: (?:(?:that )?you have|(?:held |there (?:is|are) )?in {_ARCHIVE}|{_ARCHIVE}))"
_SLOT = r"(?P<slot>\S.{0,120}?)"
_IN_TIME = r"(?:from|in|dated|since|before|after|until|between)"
_MAY_SLOT = rf"(?: {_SLOT})?"
_LAST = r"(?P<newest>newest|latest|most recent|last)|(?P<oldest>oldest|earliest|first)"
_OUT = r"(?:published|issued|printed|sent(?: out)?|mailed(?: out)?|come out|came out|go out|appear)"
_WHEN = r"(?:when|(?:on |in )?(?:what|which) (?:date|day|month|year))"
_IS = r"(?: is| was|['’]s)"
_ITSELF = rf"(?:this|your) {_NEWSLETTERS}"
_FRAMES = [
    (wanted, re.compile(pattern, re.I))
    for wanted, pattern in (
        (Wanted.COUNT, rf"how many {_ISSUES} {_HELD}{_MAY_SLOT}"),
        (Wanted.COUNT, rf"how many {_ISSUES} (?P<slot>{_IN_TIME} .{{1,80}}?) (?:are there|{_HELD})"),
        (Wanted.COUNT, rf"how many {_NEWSLETTERS} (?:are|(?:were|was|are|did) {_OUT}) (?P<slot>{_IN_TIME} .{{1,80}})"),
        (Wanted.COUNT, rf"how many {_NEWSLETTERS} are there(?: {_SLOT})?"),
        (Wanted.COUNT, rf"how many {_ISSUES} of {_SLOT} (?:are there|{_HELD})"),
        (
            Wanted.PUBLICATIONS,
            rf"how many (?:different )?(?:publications?|periodicals?) (?:{_HELD}|are there){_MAY_SLOT}",
        ),
        (Wanted.PUBLICATIONS, rf"(?:which|what) {_PUBLICATIONS} {_HELD}{_MAY_SLOT}"),
        (
            Wanted.PUBLICATIONS,
            rf"(?:list|name|show(?: me)?|give me)(?: me)?(?: all)?(?: of)?(?: the| your)? {_PUBLICATIONS}{_THERE}?",
        ),
        (Wanted.PUBLICATIONS, rf"(?:what{_IS} in|tell me about|describe) {_ARCHIVE}"),
        (Wanted.ISSUES, rf"(?:which|what) {_ISSUES} of {_SLOT} (?:{_HELD}|are there)"),
        (Wanted.ISSUES, rf"(?:do you have|have you got|(?:do|does) {_ARCHIVE} (?:have|hold|contain|include)) {_SLOT}"),
        (Wanted.ISSUES, rf"(?:is|are) there (?P<any>anything|any|an?|one|some) {_SLOT}"),
        (Wanted.NEWEST, rf"(?:what|which){_IS} (?:the|your) (?:{_LAST}) {_ISSUES}(?:{_THERE}| of {_SLOT})"),
        (Wanted.NEWEST, rf"(?:what|which)(?: one)?{_IS} (?:the|your) (?:{_LAST}) {_ISSUE}"),
        (Wanted.NEWEST, rf"(?:what|which) {_ISSUE}{_IS} (?:the|your) (?:{_LAST})(?: one)?{_THERE}?"),
        (
            Wanted.NEWEST,
            rf"(?:{_WHEN} (?:was|were|did)|what{_IS} the (?:publication )?date of) (?:the|your) (?:{_LAST}) {_ISSUES}"
            rf"(?:{_THERE}| of {_SLOT})(?: {_OUT})?",
        ),
        (
            Wanted.NEWEST,
            rf"(?:{_WHEN} (?:was|did)|what{_IS} the (?:publication )?date of) (?:the|your) (?:{_LAST}) newsletter(?: {_OUT})?",
        ),
        (
            Wanted.SPAN,
            rf"(?:what|which) (?:time )?(?:period|span|time|years?|dates?|months)(?: of time)? (?:(?:do|does) (?:{_ARCHIVE}|you|"
            rf"(?:the|these|your) newsletters) (?:cover|span|include)|(?:is|are) covered (?:by|in) (?:{_ARCHIVE}|(?:the|these|your) newsletters))",
        ),
        (Wanted.SPAN, rf"how far back (?:do|does) (?:{_ARCHIVE}|you|(?:the|these|your) newsletters) (?:go|reach)"),
        (Wanted.DATE, rf"{_WHEN} (?:was|were|did|is) {_SLOT} (?:{_OUT}|(?P<released>released))"),
        (Wanted.DATE, rf"what(?: date)?{_IS} the (?:publication )?date of {_SLOT}"),
        (Wanted.PUBLISHER, rf"who (?:publishes|produces|issues|is the publisher of) {_ITSELF}"),
        (
            Wanted.EDITOR,
            rf"(?:who|(?:which|what) (?:authors?|editors?|writers?|people)) (?:edits?|writes?(?: for)?|compiles?|curates?|"
            rf"(?:is|are) the (?:editors?|authors?|writers?) of) {_ITSELF}",
        ),
        (Wanted.PUBLISHER, rf"(?:who|which \w+) (?:publishes|is the publisher of) {_SLOT}"),
        (
            Wanted.FREQUENCY,
            rf"how (?:often|frequently) (?:is|does|do|are) {_SLOT} (?:{_OUT}|publish(?: its (?:news)?letter)?)",
        ),
    )
]
_SOURCE = re.compile(
    rf"(?:which|what) (?:{_ISSUES}|publication) (?:is|was|did|does) (?:that|this|it) (?:from|in|(?:come|taken) from|appear in|stand in)"
    rf"|(?:from|in) (?:which|what) (?:{_ISSUES}|publication) (?:is|was|did|does) (?:that|this|it)(?: taken| come| from| appear)?"
    rf"|(?:in |from )?(?:which|what) {_ISSUES}(?: (?:is|was) (?:that|this|it))?"
    rf"|when was (?:that|this) (?:published|printed)"
    rf"|(?:when was|what{_IS} the date of) (?:that|this) {_ISSUES}(?: published| printed| from| sent)?",
    re.I,
)
# What is itself published, so that "When was that published?" asks of it
_PUBLISHED = re.compile(
    r"\b(?:publi(?!c\b)\w+|reports?|stud(?:y|ies)|papers?|books?|guid(?:e|ance|elines?)\w*|articles?|drafts?|posts?|lists?|"
    r"releases?d?|versions?|documents?|standards?|surveys?|reviews?|printed|wr(?:ote|itten))\b",
    re.I,
)
_POLITE = re.compile(r"^(?:(?:please|so|and|well|ok(?:ay)?|(?:can|could) you (?:please )?tell me),? ){1,2}", re.I)
# "The" with a capital belongs to a name
_ARTICLE = re.compile(r"^(?:(?:the|your|any|an?|all|some) )+")
_BEFORE_DATE = re.compile(
    r"(?:(?:^|(?<=[\s,]))(?:from|of|in|for|dated|since|before|after|until|between|prior to|older than|newer than|and|to|the)\s*)+$",
    re.I,
)
_AFTER_DATE = re.compile(r"^,? (?:onwards?|and (?:later|earlier)|or (?:later|earlier|before|after))$", re.I)
_NUMBER = re.compile(
    r"(?:^|(?<=[\s,]))(?:(?:issue|newsletter|edition|bulletin|number|no\.?|nr\.?) ?){0,2}#?(?P<number>\d{1,4})$"
    r"|^(?:(?:issue|newsletter|edition|bulletin|number|no\.?|nr\.?) ?){1,2}#?(?P<first>\d{1,4})\b",
    re.I,
)
_SEASON = re.compile(
    rf"^(?P<season>{SEASON_NAMES}|{MONTH_NAMES})(?= (?:issue|newsletter|edition|bulletin|number)\b)",
    re.I,
)
_CALLED = re.compile(r"^(?:(?:issues?|newsletters?|editions?|bulletins?|numbers?|anything|something)\b,? ?)+", re.I)
_OF = re.compile(r"^(?:of|in) (?:the )?|^the ")
_SAYS_ISSUE = re.compile(r"\b(?:issue|newsletter|edition|bulletin)s?\b", re.I)


def inquiry_of(question: str, history: Sequence[Mapping[str, str]] = ()) -> Inquiry | None:
    """What `question` asks of the archive itself; None where it asks something else, or may."""
    if len(question) > MOST_CHARACTERS:
        return None
    text = _POLITE.sub("", question.strip().rstrip(" ?!."))
    if _SOURCE.fullmatch(text):
        return _of_the_last_answer(text, history)
    if asks_for_more(text):
        said = _last_answer(history)
        return Inquiry(Wanted.MORE, said=said) if said else None
    for wanted, frame in _FRAMES:
        found = frame.fullmatch(text)
        if found is not None:
            return _inquiry(wanted, found)
    return None


def _inquiry(wanted: Wanted, found: re.Match[str]) -> Inquiry | None:
    groups = found.groupdict()
    if groups.get("oldest"):
        wanted = Wanted.OLDEST
    slot = groups.get("slot")
    if slot is None:
        return Inquiry(wanted)
    asked = _of_issues(wanted, slot if groups.get("any") != "anything" else f"anything {slot}")
    is_enough = _is_enough(asked, asks_whether_there_is="any" in groups)
    return asked if is_enough and (asked.says_issue or not groups.get("released")) else None


def _is_enough(asked: Inquiry, *, asks_whether_there_is: bool) -> bool:
    """Whether the words that say which issues are meant say it as one says it of newsletters."""
    says_which = asked.number is not None or bool(asked.dated or asked.season)
    if asked.wanted is Wanted.DATE:
        return says_which and bool(asked.name or asked.says_issue)
    if asked.wanted is Wanted.ISSUES and asks_whether_there_is:
        return bool(asked.name and asked.says_issue) or (not asked.name and bool(asked.dated))
    return bool(asked.name or says_which)


def _of_issues(wanted: Wanted, slot: str) -> Inquiry:
    """The issues that words name: a publication, a number, a season, a period, in the order that people say them."""
    says_issue = _SAYS_ISSUE.search(slot) is not None
    rest, dated = _undated(_ARTICLE.sub("", slot))
    season = _SEASON.match(rest)
    rest = rest[season.end() :].strip() if season else rest
    number = _NUMBER.search(rest)
    rest = (rest[: number.start()] + rest[number.end() :]).strip(" ,") if number else rest
    name = _OF.sub("", _CALLED.sub("", rest).strip(" ,"))
    return Inquiry(
        wanted,
        name=name.strip(" ,\"'“”‘’"),
        number=int(number["number"] or number["first"]) if number else None,
        season=season["season"].lower() if season else "",
        dated=dated,
        says_issue=says_issue,
    )


def _undated(slot: str) -> tuple[str, str]:
    """A text without its period and that period's words: ("The Smoker", "of April 2023")."""
    dates = named_dates(slot)
    if not dates:
        return slot, ""
    before = _BEFORE_DATE.sub("", slot[: dates[0].start])
    after = slot[dates[-1].end :]
    said = slot[len(before) : dates[-1].end]
    if _AFTER_DATE.match(after):
        said, after = said + after, ""
    return _ARTICLE.sub("", f"{before.strip()} {after.strip()}".strip()), said


def _of_the_last_answer(text: str, history: Sequence[Mapping[str, str]]) -> Inquiry | None:
    asked = last_said_by("user", history)
    said = _last_answer(history)
    may_mean_another = text.lower().startswith("when was") and not _SAYS_ISSUE.search(text) and _PUBLISHED.search(asked)
    return Inquiry(Wanted.SOURCE, said=said) if said and not may_mean_another else None


def _last_answer(history: Sequence[Mapping[str, str]]) -> str:
    """The last answer, "" where it says nothing."""
    said = last_said_by("assistant", history)
    return "" if said in SAYING_NOTHING else said
