"""A follow-up that asks the last question again of another one: "And for 1.12?", "What about the women's race?".

The last complete question is asked with the new thing in the place of the one that is like it: a version for a version, a
month for a month, a name for a name, what stands behind "in the" for what stood there, the old one for the new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.asking.contrary import asked_of_contrary, kind_of_one
from assistant.asking.dates import MONTH_NAMES, named_dates
from assistant.asking.sought_name import sought_name
from assistant.asking.wording import asks_for_digest
from corpus.dates import SEASON_NAMES

MOST_WORDS = 6
_FRAME = re.compile(
    r"^(?:(?:ok(?:ay)?|thanks|no|sorry|and|but|so|well)\b[,.!]?\s+)*(?:(?:and|or|but)\b,?|(?:what|how) (?:about|of)\b|(?:no,? )?i meant?\b)\s+",
    re.I,
)
_NOT_A_THING = re.compile(
    r"^(?:wh\w+|how|is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|must|may|if|not|also|then|else)\b"
    r"|^(?:i|we|you)(?:['’ ]|$)"
    r"|\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|one|ones)\b|\b(?:is|are|was|were|did|does|do|has|have)\b",
    re.I,
)
_PREPOSITION = r"(?:for|in|on|at|of|from|with|by|to|about|against|under|during|after|before|since)"
# A noun of someone who does something, or holds an office
_OF_A_PERSON = re.compile(
    r"(?:[a-z]{2}(?:er|or|ist|ian|ee)|man|woman|person|(?<!m)ent|ant|tary|chair|head|lead|deputy|captain|coach|judge|mayor|chief|king|queen"
    r"|champion|runner-up|patron|dean|host|guest|architect|vet|nurse|bishop|clerk|executive|ceo|cfo|cto)$",
    re.I,
)
_BEHIND = re.compile(rf"^(?P<preposition>{_PREPOSITION})\s+(?P<thing>.+)$", re.I)
_LIKE = (
    re.compile(rf"\b(?:(?:{MONTH_NAMES}|{SEASON_NAMES})\.?,?\s+(?:of\s+)?)?(?:19|20)\d\d\b", re.I),
    re.compile(rf"\b(?:{MONTH_NAMES})\b", re.I),
    re.compile(r"\bv?\d+(?:\.\d+)+\b", re.I),
    re.compile(r"#?\b\d+(?:st|nd|rd|th)?\b"),
)
_NAME = re.compile(
    r"(?<!^)(?<![.?!] )\b[A-Z][\w.'’&/-]*(?:\s+(?:(?:of|and|the|for|de|van|von)\s+)?(?:[A-Z][\w.'’&/-]*|#?\d[\w.]*))*"
)
_ARTICLE = re.compile(r"^(?:the|an?|our|its)\s+", re.I)
_ENDS_IN_ARTICLE = re.compile(r"\b(?:the|an?|our|its) $", re.I)
_ROLE = re.compile(r"\b(?:is|was|are|were)\s+(?P<like>the\s+[\w'’-]+)(?=\s+(?:of|for|at|in)\b|\W*$)", re.I)
_WHO = re.compile(r"who\b", re.I)
_SUBJECT = re.compile(r"\b(?:was|were|did|does)\s+(?P<like>[\w.'’-]+)(?=\s+[a-z]+)")
_ISSUE = re.compile(r"(?:the )?\b(?:issue|number|no\.?|edition|newsletter|bulletin)\s*#?(?P<other>\d{1,4})\b", re.I)
_DATED_ISSUE = re.compile(r"(?:the )?(?P<other>[^ ].*) (?:issue|edition|newsletter|bulletin|letter)", re.I)
_COUNT = re.compile(r"#?\b(?!(?:19|20)\d\d\b)\d{1,4}\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_YEARS_AWAY = (
    (re.compile(r"^(?:in |for )?the (?:year before(?: that)?|previous year|preceding year)$", re.I), -1),
    (re.compile(r"^(?:in |for )?the (?:year after(?: that)?|next year|following year)$", re.I), 1),
)


def asked_of_another(question: str, last: str) -> str:
    """The complete question `last` asked of what `question` names instead; "" where that is not what it asks."""
    framed = _FRAME.match(question)
    thing = question[framed.end() :].rstrip(" ?.!") if framed else ""
    if year := _year_away(thing, last):
        return year
    if contrary := asked_of_contrary(thing, last):
        return contrary
    if not thing or len(thing.split()) > MOST_WORDS or _NOT_A_THING.search(thing):
        return ""
    return next(_exchanged(thing, last), "")


def names_a_thing(words: str) -> bool:
    """Whether words may be what a question is asked of instead, even as "the old one"."""
    return not _NOT_A_THING.search(kind_of_one(words) or words)


def _year_away(thing: str, last: str) -> str:
    """`last` asked of the year before or after the only one that it names; "" where `thing` is something else."""
    years = list(_YEAR.finditer(last))
    away = next((away for pattern, away in _YEARS_AWAY if pattern.match(thing)), 0)
    if not away or len(years) != 1:
        return ""
    return _put(str(int(years[0][0]) + away), *years[0].span(), last)


def _exchanged(thing: str, last: str) -> Iterator[str]:
    """The ways to put `thing` into the place of what is like it in `last`, the surest first."""
    behind = _BEHIND.match(thing)
    bare = behind["thing"] if behind else thing
    if (issue := _ISSUE.fullmatch(bare)) or (named_dates(bare) and (issue := _DATED_ISSUE.fullmatch(bare))):
        yield from _of_issue(issue["other"], bare, last)
    for like in _LIKE:
        if like.fullmatch(bare):
            places = list(like.finditer(last))
            if len(places) == 1:
                yield _put(bare, *places[0].span(), last)
            return
    if behind and (phrase := _phrase(behind["preposition"], last)):
        yield _put(thing, *phrase, last)
    if not behind and not _ARTICLE.match(bare) and (sought := sought_name(last)) and last.count(sought.name) == 1:
        begins = last.index(sought.name)
        yield _put(bare, begins, begins + len(sought.name), last)
    if any(c.isupper() for c in bare):
        names = [name.span() for name in _NAME.finditer(last)]
        names = names or [subject.span("like") for subject in _SUBJECT.finditer(last)]
        if len(names) == 1:
            has_article = _ENDS_IN_ARTICLE.search(last[: names[0][0]])
            yield _put(_ARTICLE.sub("", bare) if has_article else bare, *names[0], last)
    if _ARTICLE.match(bare) and " of " not in bare:
        noun = re.escape(bare.split()[-1])
        if same := re.search(rf"\b(?:the|an?|our|its)\s+(?:[\w'’-]+\s+){{0,3}}{noun}\b", last, re.I):
            yield _put(bare, *same.span(), last)
        elif role := _ROLE.search(last):
            yield _of_role(bare, role, last)


def _of_role(thing: str, role: re.Match[str], last: str) -> str:
    """`last` asked of another office, or, of who holds an office, elsewhere: "And the women?" behind "the captain of the men"."""
    of = _phrase("of", last) if _WHO.match(last) and not _OF_A_PERSON.search(thing) else None
    return _put(f"of {thing}", *of, last) if of else _put(thing, *role.span("like"), last)


def _of_issue(other: str, said: str, last: str) -> Iterator[str]:
    """`last` asked of the issue that a number or a date names instead of the one it names, or, where it is a digest, names not."""
    places = [named.span("other") for named in _ISSUE.finditer(last)] or [n.span() for n in _COUNT.finditer(last)]
    places = places if other.isdigit() else [(named.start, named.end) for named in named_dates(last)]
    if len(places) == 1:
        yield _put(other, *places[0], last)
    elif not places and asks_for_digest(last):
        yield f"{last.rstrip(' ?.!')}, {said}"


def _phrase(preposition: str, last: str) -> tuple[int, int] | None:
    """Where the phrase that begins with the preposition stands in `last`, if there is one."""
    found = list(re.finditer(rf"\b{preposition}\s+[^,;?]+?(?=\s+{_PREPOSITION}\s|[,;?]|$)", last, re.I))
    return found[-1].span() if found else None


def _put(thing: str, start: int, end: int, last: str) -> str:
    """`last` with `thing` at a place; a month without a year keeps the year that stood there."""
    year = _YEAR.search(last[start:end])
    if year and not _YEAR.search(thing) and re.fullmatch(MONTH_NAMES, thing, re.I):
        thing = f"{thing} {year[0]}"
    return f"{last[:start]}{thing}{last[end:]}"
