"""Which of several issues a question asks of: the latest, the first, or any; read off a small grammar of English."""

from __future__ import annotations

import re
from enum import StrEnum


class Order(StrEnum):
    """Which of several matching issues is asked for."""

    ANY = "any"
    LATEST = "latest"
    FIRST = "first"


_PERIOD = (
    r"(?:\d+ (?:day|week|month|year)s?\b|(?:few|couple|two|three|four|five|six|seven|eight|nine|ten|several|mon|tues|wednes|thurs|fri|satur|sun)\w*\b|"
    r"(?:day|night|week|weekend|month|year|quarter|decade|century|winter|spring|summer|autumn|fall|season|name|resort|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\b)"
)
_TOLD = (
    r"(?:\w+ed|seen|heard|told|said|spoken|spoke|known|put out|brought|sent|given|shown|written|made|held|taken|got|"
    r"(?:came|come|comes|turn\w*|crop\w*|pop\w*) (?:out|up))"
)
_THING = (
    r"(?:time|ever|mention|issue|newsletter|edition|bulletin|number|word|news|count|figure|tally|status|state|update|version|"
    r"release|patch|build|report|account|announcement)s?"
)
_LATEST = re.compile(
    r"\b(?:latest|newest|freshest|most recent(?:ly)?|up[- ]to[- ]date|current(?:ly)?|at present|presently|nowadays|these days|"
    r"right now|as of (?:now|today|late)|so far|to date)\b"
    rf"|\b(?:last|final)(?!\s+{_PERIOD})\s+(?:{_TOLD}|{_THING})\b"
    rf"|\b{_TOLD}\s+(?:last|of late)\b(?!\s+\w)"
    r"|\bvery last\b|\blast of all\b",
    re.I,
)
_LAST = re.compile(rf"\b(?:last|final)\b(?!\s+{_PERIOD})", re.I)
_RELEASED = re.compile(r"\b(?:versions?|releases?d?|patch\w*|announced|reported|mentioned|you know)\b", re.I)
_MENTIONED = re.compile(
    r"\b(?:mention|appear|issue|newsletter|bulletin|archive|report|cover|time|quot|cite[sd]|speak|spoke|spoken|tell|told|account|"
    r"us(?:e|age) of|treat|introduc|nam(?:e|es|ed)|here|anywhere|rais|brought|seen|heard|announc|describ|discuss|propos|record)",
    re.I,
)
_EARLIEST = re.compile(r"\b(?:first|earliest|oldest)\b(?!\s+names?\b)", re.I)
_FIRST = re.compile(
    r"\bfor the (?:very )?first time\b|\bvery first\b|\bfirst[- ]ever\b|\binitially\b"
    r"|\b(?:first|originally) (?:\w+ed|appears?|turns? up|shows? up|crops? up|comes? up|came up|came out|speaks? of|spoke of|"
    r"mentions?|reports?|brought|heard|seen|told|said|spoken|put|shown|written|made|known)\b",
    re.I,
)
_WORDS_OF_ORDER = re.compile(
    r"(?:,?\s*for)?\s*\bthe (?:very )?(?:first|last|earliest|latest|most recent) time(?: ever| (?:that )?it (?:comes?|turns?|crops?|came|turned) \w+)?\b"
    r"|\b(?:as of (?:now|today|late|the (?:last|latest) \w+)|(?:up[- ])?to[- ]date|so far|right now|at present|these days|nowadays|"
    r"presently|current(?:ly)?|(?:most )?recent(?:ly)?|originally|initially|of late|latest|newest|freshest|earliest|oldest|"
    r"(?:very )?(?:first|last)(?:[- ]ever)?|final)\b",
    re.I,
)
_CLAUSE = r"(?:^|(?<=[.?!,;:]) ?)(?:(?:and|but|so|as|since|because|while|also) )?"
# Said by the way: how the asker counts or what the asker does now, compounds, and the age of a thing
_NO_ORDER = re.compile(
    rf"{_CLAUSE}(?:first of all|first off|firstly|at first|at last|last but not least|last of all,|(?:first|last)(?=,))(?!\w)"
    rf"|{_CLAUSE}(?:I|we)(?:['’]\w+| am| are| have| had| was| were| have been)? "
    r"(?:currently|presently|at present|right now|these days|nowadays|recently|most recently|initially|originally|first|last)\b"
    r"|\bmy (?:own )?(?:very )?(?:current|latest|newest|most recent|first|last|oldest|final)\b"
    r"|\b(?:than|as) (?:was |were |is |had been )?(?:first|originally|initially|last)\b"
    r"|\bfirst come,? first served?\b|\b(?:first|last)-(?!ever\b)\w+"
    r"|\boldest\b(?! (?:\w+ )?(?:mention|issue|newsletter|edition|bulletin|digest|report|account|news|record|reference|us(?:e|age)\b|"
    r"time|announcement|entry|post|article|item|ticket))",
    re.I,
)
_ASKS_WHETHER = re.compile(r"^(?:is|are|isn['’]t|aren['’]t|do|does|has|have|can|when)\b", re.I)
_NOW = re.compile(r"\b(?:still|yet|already|again|now|any ?more|any longer)\b", re.I)
_WHEN_WILL = re.compile(r"^when will\b|\bthe latest (?:news )?(?:on|about|of|from|with)\b", re.I)
_ISSUE = r"(?:issue|edition|number|newsletter|bulletin|digest)"
_PREVIOUS = re.compile(
    rf"\b(?:previous|penultimate|last but one|next to last|second[- ](?:to[- ])?last) {_ISSUE}\b|\b{_ISSUE} before (?:the )?last\b",
    re.I,
)
_LEAST_WORDS = 3


def order_of(question: str) -> Order:
    """The order that `question` asks for."""
    question = _NO_ORDER.sub(" ", question)
    if _LATEST.search(question) or _stands_before(_LAST, _RELEASED, question):
        return Order.LATEST
    if _FIRST.search(question) or _stands_before(_EARLIEST, _MENTIONED, question):
        return Order.FIRST
    return Order.ANY


def asks_of_now(question: str) -> bool:
    """Whether `question` asks how a thing stands now, so that a newer issue may have overtaken an older one."""
    asks_whether = _ASKS_WHETHER.search(question) and _NOW.search(question)
    return bool(asks_whether or _WHEN_WILL.search(question))


def asks_for_previous_issue(question: str) -> bool:
    """Whether `question` asks of the last issue but one."""
    return _PREVIOUS.search(question) is not None


def without_order(question: str) -> str:
    """The question without its words of order, which speak of no matter; whole where little else would be left."""
    rest = " ".join(_WORDS_OF_ORDER.sub(" ", question).split())
    return rest if len(rest.split()) >= _LEAST_WORDS else question


def _stands_before(word: re.Pattern[str], later: re.Pattern[str], text: str) -> bool:
    """Whether `word` stands before `later` on some line.

    What `word(?=.*later)` finds, which would look through the rest of the line again at each `word`: the first has most
    of the line behind it, and is the only one that need be asked.
    """
    start = 0
    while found := word.search(text, start):
        start = _line_end(text, found.end())
        if later.search(text, found.end(), start):
            return True
    return False


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
