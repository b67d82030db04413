"""What is asked: the question that a message holds, completed from the history, its dates and issues, its order and its form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.courtesy import is_small_talk
from assistant.dates import NamedDate, named_dates, named_issues, shifted
from assistant.errors import QuestionRejected
from assistant.followup import resolve, says_nothing_alone
from assistant.message import Question, read_message
from assistant.order import Order, order_of
from index.dates import first_day, last_day
from index.passage import Filters

DATE_TOLERANCE_DAYS = 8


class Form(StrEnum):
    """What shape the answer has."""

    FACT = "fact"
    LIST = "list"
    DIGEST = "digest"
    DEVELOPMENT = "development"


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


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question made ready for retrieval.

    `asked` is the whole message, `asking` what of it asks; `resolved` is that, complete without message and history. `filters` must hold; `preferred` says which issues are likelier
    (a date in a question may be the issue's or the event's). `subject` is the topic of a digest or development. `parts` are the questions of a message that asks several, each by itself.
    """

    asked: str
    asking: str
    resolved: str
    filters: Filters
    preferred: Filters | None
    order: Order
    form: Form
    expects: Expects
    parts: tuple[ParsedQuestion, ...] = ()

    @property
    def is_unclear(self) -> bool:
        """Whether it asks nothing, or points back to what was not said."""
        return self.is_small_talk or (not self.is_completed and says_nothing_alone(self.asking))

    @property
    def is_small_talk(self) -> bool:
        """Whether it is nothing but greeting, thanks or assent."""
        return is_small_talk(self.asked)

    @property
    def is_completed(self) -> bool:
        """Whether it leans on what was said before, which was added."""
        return self.resolved != self.asking

    @property
    def wants_dated_list(self) -> bool:
        """Whether a digest or a development is asked for, whose lines stand under their issues' dates."""
        return self.form in (Form.DIGEST, Form.DEVELOPMENT)

    @property
    def names_issues(self) -> bool:
        """Whether each sentence of the answer says which issue it is from."""
        return self.order is not Order.ANY or self.wants_dated_list

    @property
    def newest_first(self) -> bool | None:
        """Whether newer issues go first (True), older ones (False), or neither (None)."""
        return None if self.order is Order.ANY else self.order is Order.LATEST


_DIGEST = re.compile(
    r"^(?:what(?:'s| is| was| are| were)? (?:new|happening|happened|in|covered|the news|discussed|reported|the (?:main )?topics?)"
    r"|summari[sz]e|give me (?:a|the) (?:digest|summary)|digest)\b",
    re.I,
)
_DEVELOPMENT = re.compile(
    r"\bhow (?:did|has|have|had) .+ (?:develop|evolve|progress|change|advance)\w*|\b(?:history|timeline|development|evolution|progress) of\b"
    r"|\bover (?:time|the (?:years|months))\b|\btrace\b",
    re.I,
)
_LIST = re.compile(
    r"^(?:list|name|which (?:\w+ )?\w+s\b|what (?:\w+ )?\w+s (?:are|were|did|do|have|can|was)|what are|what were|who (?:are|were)|give (?:me )?(?:all|the))\b"
    r"|\b(?:two|three|four|five|six|seven|eight|several|all (?:the|of)|both) \w+s?\b|^in (?:what|which) (?:two|three|four|several) ",
    re.I,
)
_SINCE = re.compile(r"\b(?:since|after|from)\s*$", re.I)
_BEFORE = re.compile(r"\b(?:before|until|till|up to|prior to|by)\s*$", re.I)
_BETWEEN = re.compile(r"\b(?:between|from)\b", re.I)

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


def parse_question(
    question: str,
    *,
    history: Sequence[Mapping[str, str]] = (),
    filters: Filters | None = None,
    issues_known: frozenset[int] = frozenset(),
    max_characters: int = 2000,
    continues: bool | None = None,
) -> ParsedQuestion:
    """What `question` asks, without what is told beside it, completed from that or from `history` (messages with `role` and
    `content`, oldest first).

    `continues` says whether it goes on about the last exchange; where it is None, that is told by rule. Issue numbers
    become a filter when they are in `issues_known`; dates become a preference.
    Raises QuestionRejected when the question is empty, too long or holds no letter or digit.
    """
    asked = clean_question(question, max_characters)
    if is_small_talk(asked):
        return _parsed(asked, asking=asked, resolved=asked, given=filters or Filters(), issues_known=frozenset())
    told = read_message(asked)
    given = filters or Filters()
    first = told[0].complete if told[0].context else resolve(told[0].text, history, continues)
    parts = [_parsed(asked if len(told) == 1 else told[0].text, told[0].text, first, given, issues_known)]
    goes_on = not told[0].context and parts[0].is_completed
    for part in told[1:]:
        resolved = _after(part, parts[-1]) if goes_on else part.complete
        parts.append(_parsed(part.text, part.text, resolved, given, issues_known))
    if len(parts) == 1:
        return parts[0]
    asking, resolved = (
        " ".join(words) for words in zip(*((part.asking, part.resolved) for part in parts), strict=True)
    )
    return replace(_parsed(asked, asking, resolved, given, issues_known), parts=tuple(parts))


def _after(question: Question, before: ParsedQuestion) -> str:
    """A later question of a message that goes on about the history, which the one before it was completed from."""
    if not question.context:
        return question.complete
    return replace(question, context=before.resolved.replace("? (", ": ").rstrip(")")).complete


def _parsed(asked: str, asking: str, resolved: str, given: Filters, issues_known: frozenset[int]) -> ParsedQuestion:
    dates = named_dates(resolved)
    issues = frozenset(named_issues(resolved)) & issues_known
    if issues and not given.issues:
        given = replace(given, issues=issues)
    return ParsedQuestion(
        asked=asked,
        asking=asking,
        resolved=resolved,
        filters=given,
        preferred=_preferred(resolved, dates),
        order=order_of(resolved),
        form=_form(resolved),
        expects=next((kind for kind, pattern in _EXPECTS if pattern.search(resolved)), Expects.THING),
    )


def clean_question(question: str, max_characters: int) -> str:
    """The question without control characters and surplus white space.

    Raises QuestionRejected when it is empty, too long or holds nothing to look for.
    """
    if len(question) > max_characters:
        raise QuestionRejected(
            "The question has {count:,} characters; ask in at most {most:,}.", count=len(question), most=max_characters
        )
    visible = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in question
        if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn")
    )
    text = " ".join(visible.split())
    if not text:
        raise QuestionRejected("The question is empty: write what you want to know.")
    if not any(c.isalnum() for c in text):
        raise QuestionRejected(
            "The question {asked!r} holds no word to look for: write what you want to know.", asked=text[:40]
        )
    return text


def _form(text: str) -> Form:
    if _DIGEST.search(text) and (named_issues(text) or named_dates(text) or order_of(text) is Order.LATEST):
        return Form.DIGEST
    if _DEVELOPMENT.search(text):
        return Form.DEVELOPMENT
    return Form.LIST if _LIST.search(text) else Form.FACT


def _preferred(text: str, dates: Sequence[NamedDate]) -> Filters | None:
    """The issues a question's dates make likelier; a single day reaches a week to both sides."""
    if not dates:
        return None
    first, last = dates[0], dates[-1]
    if len(dates) >= 2 and _BETWEEN.search(text[: first.start]):
        return Filters(since=first_day(first.first), until=last_day(last.last))
    if _SINCE.search(text[: first.start]):
        return Filters(since=first_day(first.first))
    if _BEFORE.search(text[: first.start]):
        return Filters(until=last_day(first.last))
    since, until = first_day(first.first), last_day(first.last)
    if len(first.first) > 4:
        since, until = shifted(since, -1), shifted(until, DATE_TOLERANCE_DAYS)
    return Filters(since=since, until=until)
