"""What shape of answer and what kind of thing a question's words ask for."""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.asking.dates import named_dates, named_issues
from assistant.asking.order import Order, asks_for_previous_issue, order_of


class Form(StrEnum):
    """What shape the answer has."""

    FACT = "fact"
    LIST = "list"
    DIGEST = "digest"
    DEVELOPMENT = "development"
    MENTIONS = "mentions"
    CATALOGUE = "catalogue"


class Expects(StrEnum):
    """What kind of thing answers the question."""

    PERSON = "person"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    VERSION = "version"
    REASON = "reason"
    MANNER = "manner"
    YES_NO = "yes_no"
    THING = "thing"


_DIGEST = re.compile(
    r"^(?:what(?:'s| is| was| are| were)? (?:new|happening|happened|in|covered|the news|discussed|reported|the (?:main )?topics?)"
    r"|what ha(?:s|ve) happened|what(?: has| have| was| is)? changed (?:\S+ ){0,8}?(?:between|since|after)"
    r"|what d(?:o|id) the (?:newsletter|issue|bulletin|letter)s (?:say|report|tell|write)"
    r"(?= (?:(?:in|from|during|of) [^,;?]{3,24}|(?:this|(?:the )?last) (?:month|year))\W*$)"
    r"|summari[sz]e|give me (?:a|the) (?:digest|summary)|digest)\b",
    re.I,
)
_JOINED_NAME = r"(?:(?:(?-i:[A-Z0-9])[\w'’.&-]*|the|of|and|for|&) ){0,6}"
_ABOUT_ISSUE = re.compile(
    rf"^what(?:['’]s| is| was| does| did) {_JOINED_NAME}(?:issue|edition|newsletter|bulletin) (?:no\.? ?|number )?#?\d{{1,4}}"
    r"(?: (?:all )?about| (?:talk|speak|tell(?: us| me)?) about| deal with| cover| contain)\W*$",
    re.I,
)
_NEWS = re.compile(
    r"^(?:what(?:['’]s| is| are)?|any|(?:give|show|tell) me)\s*(?:the )?(?:(?:latest|newest|most recent|recent|new) )?(?:news|new|latest|headlines)\W*$",
    re.I,
)
_DEVELOPMENT = re.compile(
    r"\bhow (?:did|has|have|had) .+ (?:develop|evolve|progress|change|advance)\w*|\b(?:history|timeline|development|evolution|progress) of\b"
    r"|\bover (?:time|the (?:years|months))\b|\btrace\b",
    re.I,
)
_NO_NOUN = r"(?!(?:is|was|has|does|goes|as|its|his|us|always|yours?|ours?|theirs|hers)\b)"
# A word in -s is a plural unless it is a verb ("which drug costs the most") or merely ends so ("which bus")
_PLURAL = rf"{_NO_NOUN}\w+s(?<!ss)(?<!us)(?<!is)\b(?! (?:the|an?|most|least|best|more|less|it|you|us|me|them)\b)"
_LIST = re.compile(
    rf"^(?:list|name|which (?:{_NO_NOUN}\w+ )?{_PLURAL}|"
    r"what (?:\w+ )?\w+s (?:are|were|did|do|have|can|was)|what are|what were|who (?:are|were)|give (?:me )?(?:all|the)|(?:show|find|get|tell|give) (?:me |us )?all)\b"
    r"|\b(?:two|three|four|five|six|seven|eight|several|all (?:the|of)|both) \w+s?\b|^in (?:what|which) (?:two|three|four|several) ",
    re.I,
)
_EXPECTS = [
    (
        Expects.VERSION,
        re.compile(r"\b(?:which|what) (?:\w+ ){0,3}(?:version|release)\b|\bversion (?:number|of)\b", re.I),
    ),
    (
        Expects.NUMBER,
        re.compile(
            r"\bhow (?:many|much|often|long|far|large|big|old|fast|high|tall|deep|wide|soon|expensive|heavy)\b|\b(?:what|which) "
            r"(?:\w+ ){0,2}(?:percent(?:age)?|share|number|amount|proportion|fraction|price|cost|size|rate|count|total|portion|sum|fee)\b"
            r"|\bby how\b|\bat what (?:\w+ )?(?:rate|price|speed)\b",
            re.I,
        ),
    ),
    (
        Expects.TIME,
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|month|date|day|week|hour|time|quarter|deadline)\b|\b(?:until|since) when\b",
            re.I,
        ),
    ),
    (
        Expects.PERSON,
        re.compile(r"\bwho(?:m|se)?\b|\bwhich (?:person|developer|company|organi[sz]ation|agency|team|author)\b", re.I),
    ),
    (
        Expects.PLACE,
        re.compile(
            r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:city|country|place|town|state|venue|location|continent)\b", re.I
        ),
    ),
    (
        Expects.REASON,
        re.compile(
            r"\bwhy\b|\bwhat (?:\w+ )?(?:reason|cause[ds]?|explains?|motivat\w+)\b|\bhow come\b|\bwhat for\b", re.I
        ),
    ),
    (Expects.MANNER, re.compile(r"\bhow\b", re.I)),
    (
        Expects.YES_NO,
        re.compile(r"^(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|must|may)\b", re.I),
    ),
]


def expects_of(text: str) -> Expects | None:
    """What kind of thing a question's words ask for; None where they do not say."""
    return next((kind for kind, pattern in _EXPECTS if pattern.search(text)), None)


def asks_for_digest(text: str) -> bool:
    """Whether a question asks for what is new or what issues are about, of whichever issues it names."""
    return _DIGEST.search(text) is not None or _ABOUT_ISSUE.match(text) is not None


def form_of(text: str) -> Form:
    """What shape the answer to a question has, by its words."""
    says_which = named_issues(text) or named_dates(text) or order_of(text) is Order.LATEST
    if asks_for_digest(text) and (says_which or asks_for_previous_issue(text)):
        return Form.DIGEST
    if _NEWS.search(text):
        return Form.DIGEST
    if _DEVELOPMENT.search(text):
        return Form.DEVELOPMENT
    return Form.LIST if _LIST.search(text) else Form.FACT
