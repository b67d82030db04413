"""What is asked: the question completed from the history, its dates and issues, its order and its form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.asking.catalogue import Inquiry
from assistant.asking.correction import without_correction
from assistant.asking.courtesy import is_small_talk
from assistant.asking.dates import NamedDate, named_dates, named_issues, shifted
from assistant.asking.followup import Completed, Way, complete, last_asked, says_nothing_alone
from assistant.asking.mentioned import sought_mention
from assistant.asking.message import Question, plainly_told, read_message
from assistant.asking.order import Order, asks_of_now, order_of
from assistant.asking.said_again import asks_again
from assistant.asking.wording import Expects as Expects
from assistant.asking.wording import Form as Form
from assistant.asking.wording import expects_of, form_of
from assistant.errors import QuestionRejected
from index.dates import first_day, last_day
from index.passage import Filters

DATE_TOLERANCE_DAYS = 8


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question made ready for retrieval.

    `asked` is the whole message, `asking` what of it asks (of another one, the question in full); `resolved` is that,
    complete without message and history.
    `filters` must hold; `preferred` says which issues are likelier (a date in a question may be the issue's or the
    event's). `names_publication` where `filters` leave its issues only. `subject` is what mentions are sought of.
    `names_heading`: a heading of the archive stands in it word for word. `parts` are the questions of a message that asks
    several, each by itself. `stated` is what a reader is told of it, where that is not `resolved`.
    `inquiry` is what is asked of the archive itself, in a question of that form.
    """

    asked: str
    asking: str
    resolved: str
    filters: Filters
    preferred: Filters | None
    order: Order
    form: Form
    expects: Expects
    way: Way = Way.ALONE
    subject: str = ""
    names_publication: bool = False
    names_heading: bool = False
    parts: tuple[ParsedQuestion, ...] = ()
    stated: str = ""
    inquiry: Inquiry | None = None

    @property
    def shown(self) -> str:
        """The complete question as a reader is told it was understood."""
        return self.stated or self.resolved

    @property
    def is_unclear(self) -> bool:
        """Whether it asks nothing, or points back to what was not said."""
        if self.form is Form.CATALOGUE:
            return False
        says_nothing = self.resolved == self.asking and not self.names_heading and says_nothing_alone(self.asking)
        return self.is_small_talk or says_nothing

    @property
    def is_small_talk(self) -> bool:
        """Whether it is nothing but greeting, thanks or assent, or asks of the assistant itself."""
        return is_small_talk(self.asked)

    @property
    def wants_dated_list(self) -> bool:
        """Whether issues, a digest, a development or mentions are asked for, whose lines stand under their issues' dates."""
        return self.form in (Form.DIGEST, Form.DEVELOPMENT, Form.MENTIONS, Form.CATALOGUE)

    @property
    def needs_no_passages(self) -> bool:
        """Whether nothing has to be found for it: it asks nothing, or of the archive itself."""
        return self.is_small_talk or self.form is Form.CATALOGUE

    @property
    def asks_by_itself(self) -> bool:
        """Whether it is meant alone and asks for no order and no dated list."""
        return self.way is Way.ALONE and self.order is Order.ANY and not self.wants_dated_list

    @property
    def asks_as_it_stands(self) -> bool:
        """Whether it is read in its own words and asks for no order and no dated list."""
        return self.resolved == self.asking and self.order is Order.ANY and not self.wants_dated_list

    @property
    def names_issues(self) -> bool:
        """Whether each sentence of the answer says which issue it is from."""
        says_again = self.asking != self.asked and asks_again(self.asked)
        return says_again or self.order is not Order.ANY or self.wants_dated_list or self.asks_of_now

    @property
    def asks_of_now(self) -> bool:
        """Whether it asks how a thing stands now, of no date and no issue."""
        return self.preferred is None and not self.filters.issues and asks_of_now(self.asking)

    @property
    def reads_on(self) -> bool:
        """Whether an answer that is found may not be the one asked for, as another issue may tell otherwise or more."""
        return self.order is not Order.ANY or self.form is Form.DEVELOPMENT

    @property
    def newest_first(self) -> bool | None:
        """Whether newer issues go first (True), older ones (False), or neither (None)."""
        return None if self.order is Order.ANY else self.order is Order.LATEST


_SINCE = re.compile(r"\b(?:since|from)\s*$", re.I)
_AFTER = re.compile(r"\bafter\s*$", re.I)
_UNTIL = re.compile(r"\b(?:until|till|up to|by)\s*$", re.I)
_BEFORE = re.compile(r"\b(?:before|prior to)\s*$", re.I)
_BETWEEN = re.compile(r"\b(?:between|from)\b", re.I)


def parse_question(
    question: str,
    *,
    history: Sequence[Mapping[str, str]] = (),
    filters: Filters | None = None,
    issues_known: frozenset[int] = frozenset(),
    max_characters: int = 2000,
    way: Way | None = None,
) -> ParsedQuestion:
    """What `question` asks, without what is told beside it, completed from that or from `history` (messages with `role` and
    `content`, oldest first).

    `way` says how it is meant in the conversation; where it is None, that is told by rule. Issue numbers become a filter
    when they are in `issues_known`; dates become a preference.
    Raises QuestionRejected when the question is empty, too long or holds no letter or digit.
    """
    asked = clean_question(question, max_characters)
    given = filters or Filters()
    if is_small_talk(asked):
        return _parsed(asked, asked, _as_it_stands(asked), given, frozenset())
    if asks_again(asked) and history:
        last, history = last_asked(history)
        if not last:
            return _parsed(asked, asked, _as_it_stands(asked), given, frozenset())
        again = parse_question(last, history=history, filters=filters, issues_known=issues_known, way=way)
        return replace(again, asked=asked)
    history = plainly_told(history)
    if history and (meant := without_correction(asked)) != asked:
        again = parse_question(meant, history=history, filters=filters, issues_known=issues_known, way=way)
        return replace(again, asked=asked)
    first, *others = read_message(asked)
    completed = _completed(first, history, way)
    parts = [_parsed(first.text if others else asked, first.text, completed, given, issues_known)]
    goes_on = not first.context and completed.text != first.text
    for question_part in others:
        completed = _completed(_after(question_part, parts[-1]) if goes_on else question_part, ())
        parts.append(_parsed(question_part.text, question_part.text, completed, given, issues_known))
    if len(parts) == 1:
        return parts[0]
    asking, resolved = (" ".join(words) for words in zip(*((one.asking, one.resolved) for one in parts), strict=True))
    whole = _parsed(asked, asking, _as_it_stands(resolved), given, issues_known)
    return replace(whole, parts=tuple(parts))


def _as_it_stands(text: str) -> Completed:
    return Completed(text, text, Way.ALONE)


def _completed(question: Question, history: Sequence[Mapping[str, str]], way: Way | None = None) -> Completed:
    """A question of a message completed from what was told beside it, else from the history."""
    if question.context:
        return Completed(question.complete, question.complete, Way.ABOUT)
    return _as_it_stands(question.text) if sought_mention(question.text) else complete(question.text, history, way)


def _after(question: Question, before: ParsedQuestion) -> Question:
    """A later question of a message that goes on about the history, which the one before it was completed from."""
    if not question.context:
        return question
    return replace(question, context=before.resolved.replace("? (", ": ").rstrip(")"))


def _parsed(
    asked: str, asking: str, completed: Completed, given: Filters, issues_known: frozenset[int]
) -> ParsedQuestion:
    if completed.way is Way.ANOTHER:  # a question in full, to be treated as one that was typed so
        asking = completed.text
    # What was answered before says nothing of the dates, the order and the kind of what is asked now
    told, dates = asking, named_dates(asking)
    if not dates:
        told, dates = completed.asked, named_dates(completed.asked)
    issues = frozenset(named_issues(asking) or named_issues(completed.asked)) & issues_known
    subject = sought_mention(asking)
    return ParsedQuestion(
        asked=asked,
        asking=asking,
        resolved=completed.text,
        filters=replace(given, issues=issues) if issues and not given.issues else given,
        preferred=_preferred(told, dates),
        order=order_of(completed.asked),
        form=Form.MENTIONS if subject else form_of(completed.asked),
        expects=expects_of(asking) or expects_of(completed.asked) or Expects.THING,
        way=completed.way,
        subject=subject,
        stated="" if completed.asked == completed.text else completed.asked,
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


def named_period(text: str) -> Filters | None:
    """The days that a question's dates name, as a filter of issues; None where it names none."""
    return _period(text, named_dates(text))


def _preferred(text: str, dates: Sequence[NamedDate]) -> Filters | None:
    """The issues a question's dates make likelier; a single day reaches a week to both sides."""
    return _period(text, dates, before=1, after=DATE_TOLERANCE_DAYS)


def _period(text: str, dates: Sequence[NamedDate], *, before: int = 0, after: int = 0) -> Filters | None:
    if not dates:
        return None
    first, last = dates[0], dates[-1]
    if len(dates) >= 2 and _BETWEEN.search(text[: first.start]):
        return Filters(since=first_day(first.first), until=last_day(last.last))
    if open_ended := _open_period(text[: first.start], first):
        return open_ended
    since, until = first_day(first.first), last_day(first.last)
    if len(first.first) > 4:
        since, until = shifted(since, -before), shifted(until, after)
    return Filters(since=since, until=until)


def _open_period(told_before: str, named: NamedDate) -> Filters | None:
    """The period that only begins or ends with a date; the date lies in it, except where it comes after or before that."""
    begins, ends = first_day(named.first), last_day(named.last)
    if _SINCE.search(told_before):
        return Filters(since=begins)
    if _AFTER.search(told_before):
        return Filters(since=shifted(ends, 1))
    if _UNTIL.search(told_before):
        return Filters(until=ends)
    return Filters(until=shifted(begins, -1)) if _BEFORE.search(told_before) else None
