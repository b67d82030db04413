"""Whose issue a question asks of becomes a filter: the publication that it names, and which of its issues.

A newsletter's issue that the archive does not have leaves nothing that could answer. Other things are numbered too, so
that a number counts only behind a publication's name, behind "newsletter", or at the head of the question.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.asking.dates import named_dates
from assistant.asking.order import Order, asks_for_previous_issue
from assistant.asking.wording import asks_for_digest, expects_of, form_of
from assistant.issues.editions import NONE_OF_THEM, Editions
from assistant.issues.issue_phrase import IssuePhrase, issue_phrase, number_ahead, without_number_ahead, without_phrase
from assistant.issues.publications import Named, Publications
from assistant.issues.whole_issue import asks_for_whole_issue
from assistant.question import Expects, Form, ParsedQuestion, named_period
from index.dates import first_day, last_day
from index.passage import Filters
from index.snapshot import Snapshot

_SAYING = re.compile(r"^\W*(?:say|write|report|tell|print|publish|mention|cover|carry)s?\b", re.I)
_ASKING = re.compile(r"\b(?:do|does|did|has|have|according to) (?:the )?", re.I)
_NUMBER = re.compile(r"\w[ #]\d")
_ISSUE_WORD = re.compile(r"\b(?:issue|edition|newsletter|bulletin|letter|number|no\.|nr\.)", re.I)
_NEWSLETTER_NUMBER = re.compile(
    r"\b(?:newsletter|edition|bulletin)\s*(?:no\.?|number|nr\.?)?\s*#?(?P<number>\d{1,4})\b(?![.\-/:]?\d)(?!\s+(?:of|for)\s+[a-z])",
    re.I,
)
_PAPER = (
    r"(?:Herald|Times|Gazette|Post|News|Journal|Tribune|Chronicle|Observer|Courier|Telegraph|Mail|Bulletin|Newsletter)"
)
_UNKNOWN_PAPER = re.compile(
    rf"\b(?i:according to|(?:issue|no\.?|number|edition)\s*#?\d{{1,4}} of) (?i:the )?(?P<paper>(?:[A-Z][\w'’]*\s){{1,4}}{_PAPER})\b"
)


Asked = list[tuple[Named, IssuePhrase]]


def of_issue_asked(question: ParsedQuestion, publications: Publications) -> ParsedQuestion:
    """The question asked of the issues of the publication that it names, of none where it asks of one that is not there."""
    asked = _of_publication(question, publications) if may_name(question) else question
    if not asked.names_publication:
        asked = asking_only(asked, without_number_ahead(asked.resolved, asked.filters.issues))
    if not asked.names_publication and _asks_of_unknown(asked, publications):
        return replace(asked, filters=replace(asked.filters, newsletter_ids=NONE_OF_THEM))
    return asked


def may_name(question: ParsedQuestion) -> bool:
    """Whether a publication's name in the question would tell whose issues are meant."""
    text = question.resolved
    if question.form in (Form.DIGEST, Form.MENTIONS) or asks_for_digest(text):
        return True
    return any(pattern.search(text) for pattern in (_ASKING, _NUMBER, _ISSUE_WORD)) or bool(named_dates(text))


def _of_publication(question: ParsedQuestion, publications: Publications) -> ParsedQuestion:
    asked = _asked_of(question, publications)
    if not asked:
        return question
    editions, given = publications.editions, question.filters
    form = _form(question, asked)
    ids = frozenset(id for named, phrase in asked for id in _issues(question, form, named, phrase, editions))
    kept = (ids & given.newsletter_ids or NONE_OF_THEM) if given.newsletter_ids else ids
    number = asked[-1][1].number
    issues = given.issues
    if number is not None and issues <= {number}:
        issues = frozenset([number]) & _known_numbers(publications.snapshot, ids)
    filters = Filters(kept, issues, given.publishers, given.languages, given.since, given.until)
    matter = question.resolved
    for _, phrase in reversed(asked):
        matter = without_phrase(matter, phrase)
    return asking_only(replace(question, filters=filters, form=form, names_publication=True), matter)


def asking_only(question: ParsedQuestion, matter: str) -> ParsedQuestion:
    """The question for its `matter` alone: the words that became a filter stand in mastheads, not in what answers."""
    if question.wants_dated_list or matter == question.resolved:
        return question
    expects = question.expects if question.expects is not Expects.THING else expects_of(matter) or Expects.THING
    form = form_of(matter) if question.form is Form.FACT else question.form
    return replace(question, resolved=matter, stated=question.shown, form=form, expects=expects)


def _form(question: ParsedQuestion, asked: Asked) -> Form:
    says_issue = any(phrase.says_issue for _, phrase in asked)
    if question.form is Form.FACT and _is_whole(question.resolved, asked):
        return Form.DIGEST
    return Form.DIGEST if says_issue and asks_for_digest(question.resolved) else question.form


def _is_whole(text: str, asked: Asked) -> bool:
    """Whether nothing is asked but what the publications say."""
    return bool(asked) and asks_for_whole_issue(text, ((phrase.start, phrase.end) for _, phrase in asked))


def _issues(
    question: ParsedQuestion, form: Form, named: Named, phrase: IssuePhrase, editions: Editions
) -> frozenset[str]:
    """The issues of a publication that are asked for; of a digest that says no more, the newest."""
    ids = editions.meant(named.newsletters, phrase, surely=form is Form.DIGEST)
    if form is not Form.DIGEST or phrase.number is not None or phrase.since is not None or question.filters.issues:
        return ids
    period = named_period(question.resolved)
    if period is not None:
        since, until = period.since and first_day(period.since), period.until and last_day(period.until)
        return editions.within(ids, since, until) or NONE_OF_THEM
    if asks_for_previous_issue(question.resolved):
        return editions.last_but_one(ids) or NONE_OF_THEM
    return editions.newest(ids, oldest=question.order is Order.FIRST)


def _known_numbers(snapshot: Snapshot, ids: frozenset[str]) -> frozenset[int]:
    infos = (snapshot.newsletters.get(id) for id in ids)
    return frozenset(info.issue for info in infos if info is not None and info.issue is not None)


def _asked_of(question: ParsedQuestion, publications: Publications) -> Asked:
    """In a digest any publication that is named; else one whose issue is named or that is asked what it says, for others
    may be its matter.
    """
    text = question.resolved
    found = [(one, _phrase(one, text, publications.editions)) for one in publications.named(text)]
    if question.form is Form.MENTIONS:
        subject = text.find(question.subject)
        return [(o, p) for o, p in found if o.end <= subject or o.start >= subject + len(question.subject)]
    if question.form is Form.DIGEST or _is_whole(text, [(o, p) for o, p in found if o.is_title]):
        return found
    return [(one, phrase) for one, phrase in found if phrase.says_issue or _is_asked(one, text)]


def _phrase(one: Named, text: str, editions: Editions) -> IssuePhrase:
    """What is said of the issue; a number that may count something else is one of an issue only if there is one."""
    phrase = issue_phrase(text, one.start, one.end)
    is_issue = phrase.is_sure and one.is_title
    if phrase.number is None or is_issue or any(phrase.number in editions.numbers(id) for id in one.newsletters):
        return phrase
    return IssuePhrase(one.start, one.end)


def _is_asked(one: Named, text: str) -> bool:
    if not one.is_title:
        return False
    asking = next((found[0] for found in _ASKING.finditer(text) if found.end() == one.start), "")
    return asking.lower().startswith("according") or bool(asking and _SAYING.match(text[one.end :]))


def _asks_of_unknown(question: ParsedQuestion, publications: Publications) -> bool:
    """Whether a newsletter is asked of that the archive does not have, nor speaks of."""
    text = question.resolved
    if (paper := _UNKNOWN_PAPER.search(text)) and not _is_said(re.escape(paper["paper"]), publications.snapshot):
        return True
    if question.filters.issues:
        return False
    called = [int(found["number"]) for found in _NEWSLETTER_NUMBER.finditer(text)]
    ahead = number_ahead(text)
    numbers = publications.editions.all_numbers if called or ahead else frozenset()
    if not numbers:
        return False
    if ahead is not None and len(str(ahead)) <= len(str(max(numbers))):
        called = [*called, ahead]
    missing = [n for n in called if not 1900 <= n <= 2099]
    return bool(missing) and not any(n in numbers or _is_said(_as_written(n), publications.snapshot) for n in missing)


def _as_written(number: int) -> str:
    return rf"(?:#|\b(?:issue|newsletter|edition|bulletin|number|no\.|nr\.) ?#?){number}\b"


def _is_said(pattern: str, snapshot: Snapshot) -> bool:
    said = re.compile(pattern, re.I)
    return any(said.search(passage.text) or said.search(passage.header) for passage in snapshot.passages)
