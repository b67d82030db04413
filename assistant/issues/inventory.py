"""What the archive holds: the questions of it, and the lines that answer them from what is known of each issue.

Each line is a quotation of the issue that it tells of, which shows its date or number where a line of it does; what is
known stands before it. Nothing is told of an issue that is not indexed, nor a fact that is not known of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.asking.catalogue import Inquiry, Wanted, inquiry_of
from assistant.asking.dates import named_dates, shifted
from assistant.asking.followup import Way
from assistant.asking.said_again import asks_for_more
from assistant.dated.digest import lies_within
from assistant.evidence import Evidence
from assistant.issues.editions import NONE_OF_THEM
from assistant.issues.going_on import sentences_behind
from assistant.issues.issue_lines import Mastheads
from assistant.issues.makers import says_who_makes_it
from assistant.issues.publications import Publications
from assistant.issues.quoted import issues_quoted
from assistant.question import Form, ParsedQuestion
from index.dates import age, first_day, last_day
from index.passage import Filters, NewsletterInfo
from index.retriever import Retriever, matching_newsletters
from index.snapshot import Snapshot

MOST_LINES = 8
MOST_DATED = 3
_FROM_TO = re.compile(r"\b(?:between|from)\b", re.I)
_BEFORE = re.compile(r"\b(?:before|prior to|older than)\s*$", re.I)
_AFTER = re.compile(r"\b(?:after|newer than)\s*$", re.I)
_SINCE = re.compile(r"\bsince\s*$", re.I)
_UNTIL = re.compile(r"\buntil\s*$", re.I)
_PLAIN = re.compile(r"[^\w\s&'’.,–-]")  # what a name may be written with; the asker's own words are shown
_ONWARDS = re.compile(r"\b(?:onwards?|later|after)$", re.I)


def about_the_archive(
    question: ParsedQuestion,
    publications: Publications,
    history: Sequence[Mapping[str, str]] = (),
    given: Filters | None = None,
) -> ParsedQuestion:
    """The question as one of the archive itself, where it is one; of the issues that it names, among those `given`."""
    if question.parts:
        return replace(
            question, parts=tuple(about_the_archive(part, publications, (), given) for part in question.parts)
        )
    asking = _asking(question)
    inquiry = inquiry_of(asking, history)
    if inquiry is None or question.form is Form.MENTIONS:
        return question
    named = publications.holding(inquiry.name) if inquiry.name else frozenset()
    filters = _of(named, given or Filters())
    issues = _meant(inquiry, publications.snapshot, filters)
    if _asks_who_makes_it(inquiry) and _publications_of(issues, publications):
        return question
    if (inquiry.name and not named) or not _is_of_newsletters(inquiry, named, issues):
        return question
    return replace(
        question, form=Form.CATALOGUE, inquiry=inquiry, filters=filters, preferred=None, resolved=asking, stated=""
    )


def _asking(question: ParsedQuestion) -> str:
    """The words that ask: those of the last question again where it is not more that is asked for."""
    if asks_for_more(question.asked):
        return question.asked
    return question.resolved if question.way is Way.ANOTHER else question.asking


def inventory_evidence(question: ParsedQuestion, retriever: Retriever, publications: Publications) -> list[Evidence]:
    """The lines that answer a question about the archive, each with its own lead; none where it is not known."""
    inquiry = question.inquiry
    if inquiry is None:
        return []
    if inquiry.wanted is Wanted.SOURCE:
        return issues_quoted(inquiry.said, retriever, question.filters)
    if inquiry.wanted is Wanted.MORE:
        return sentences_behind(inquiry.said, retriever, question.filters)
    issues = _meant(inquiry, retriever.snapshot, question.filters)
    if not issues:
        return []
    mastheads = Mastheads(retriever)
    if inquiry.wanted in (Wanted.NEWEST, Wanted.OLDEST):
        return _at_one_end(inquiry, issues, mastheads, are_one=bool(inquiry.name) or publications.are_one)
    if inquiry.wanted is Wanted.DATE:
        known = [info for info in issues if info.date or mastheads.shows_date(info)]
        return [mastheads.line(info, f"{mastheads.name(info)}: ") for info in known[-MOST_DATED:]]
    if inquiry.wanted is Wanted.PUBLISHER:
        newest = {info.publisher: info for info in issues if info.publisher}
        told = [mastheads.line(info, f"{mastheads.name(info)}, published by {who}: ") for who, info in newest.items()]
        return told or says_who_makes_it(inquiry.wanted, issues, retriever, mastheads)
    if inquiry.wanted is Wanted.EDITOR:
        return says_who_makes_it(inquiry.wanted, issues, retriever, mastheads)
    if inquiry.wanted is Wanted.FREQUENCY:
        return mastheads.frequency(issues)
    return _holdings(inquiry, issues, mastheads, publications)


def _of(named: frozenset[str], given: Filters) -> Filters:
    if not named:
        return given
    return replace(given, newsletter_ids=given.allowed(named) or NONE_OF_THEM)


def _asks_who_makes_it(inquiry: Inquiry) -> bool:
    return inquiry.wanted is Wanted.EDITOR or (inquiry.wanted is Wanted.PUBLISHER and not inquiry.name)


def _is_of_newsletters(inquiry: Inquiry, named: frozenset[str], issues: Sequence[NewsletterInfo]) -> bool:
    """Whether the words can only mean newsletters of the archive: other things have numbers, dates and publishers, too."""
    if inquiry.wanted is Wanted.PUBLISHER and inquiry.name:
        return any(info.publisher for info in issues)
    if inquiry.wanted is Wanted.DATE and not inquiry.says_issue:
        return bool(issues)  # "When did Tannin 8 come out?" may ask of what the publication writes about
    if not named and (inquiry.number is not None or inquiry.season):
        asks_for_an_issue = inquiry.wanted is Wanted.ISSUES and inquiry.says_issue and not inquiry.season
        return bool(issues) or asks_for_an_issue
    return True


def _meant(inquiry: Inquiry, snapshot: Snapshot, filters: Filters) -> list[NewsletterInfo]:
    """The issues that an inquiry is about, the oldest first."""
    found = matching_newsletters(snapshot.newsletters.values(), filters)
    if inquiry.number is not None:
        found = [info for info in found if _has_number(info, inquiry.number)]
    if inquiry.season:
        found = [info for info in found if _is_of_season(info, inquiry.season)]
    if inquiry.dated:
        period = period_of(inquiry.dated)
        found = [info for info in found if lies_within(info, period)]
    return sorted(found, key=age)


def period_of(words: str) -> Filters:
    """The days that the words of a period cover: "before 2010" ends with 2009, "from 2019" is that year."""
    dates = named_dates(words)
    first, last = first_day(dates[0].first), last_day(dates[0].last)
    before = words[: dates[0].start]
    if len(dates) > 1 and _FROM_TO.search(before):
        return Filters(since=first, until=last_day(dates[-1].last))
    if _BEFORE.search(before):
        return Filters(until=shifted(first, -1))
    if _AFTER.search(before):
        return Filters(since=shifted(last, 1))
    if _SINCE.search(before) or _ONWARDS.search(words[dates[-1].end :]):
        return Filters(since=first)
    return Filters(until=last) if _UNTIL.search(before) else Filters(since=first, until=last)


def _has_number(info: NewsletterInfo, number: int) -> bool:
    return info.issue == number or (info.issue is None and re.search(rf"\b{number}$", info.title) is not None)


def _is_of_season(info: NewsletterInfo, season: str) -> bool:
    """Whether an issue is named after a season or month, or lies in it by its date."""
    if re.search(rf"\b{season}\b", info.title, re.I):
        return True
    days = named_dates(f"{season} {info.date[:4]}") if info.date and len(info.date) > 4 else []
    return bool(days) and lies_within(info, Filters(since=days[0].first, until=days[0].last))


def _at_one_end(
    inquiry: Inquiry, issues: Sequence[NewsletterInfo], mastheads: Mastheads, *, are_one: bool
) -> list[Evidence]:
    """The newest or the oldest issue; by number where none has a date and all are of one publication."""
    dated = [info for info in issues if info.date] or [info for info in issues if are_one and info.issue is not None]
    if not dated:
        return []
    one = dated[-1 if inquiry.wanted is Wanted.NEWEST else 0]
    among = f"The {inquiry.wanted} of {_counted(inquiry, len(issues))} in the archive{_without_date(issues)}: "
    return [mastheads.line(one, f"{among}{mastheads.name(one)}: ")]


def _holdings(
    inquiry: Inquiry, issues: Sequence[NewsletterInfo], mastheads: Mastheads, publications: Publications
) -> list[Evidence]:
    """How many issues there are, from when to when, and the newest of them, or of each publication."""
    groups = [] if inquiry.name else _publications_of(issues, publications)
    total = f"The archive holds {_counted(inquiry, len(issues))}"
    total += f" of {len(groups):,} publications" if groups else ""
    total += f"{_span(issues)}{_without_date(issues)}"
    if inquiry.wanted is Wanted.PUBLICATIONS and groups:
        return _newest_of_each(total, groups, mastheads)
    dated = [info for info in issues if info.date]
    if inquiry.wanted is Wanted.SPAN and len(dated) > 1:
        ends = {f"{total}. The oldest: ": dated[0], "The newest: ": dated[-1]}
        return [mastheads.line(info, f"{before}{mastheads.name(info)}: ") for before, info in ends.items()]
    if inquiry.wanted is Wanted.ISSUES:
        return _lines(f"{total}: ", list(reversed(issues))[:MOST_LINES], mastheads)
    return _lines(f"{total}. The newest: " if len(issues) > 1 else f"{total}: ", issues[-1:], mastheads)


def _publications_of(issues: Sequence[NewsletterInfo], publications: Publications) -> list[list[NewsletterInfo]]:
    """The issues by publication, that of the newest issue first; none where titles group few of them, or all."""
    groups = [[info for info in issues if info.id in group] for group in publications.groups()]
    groups = sorted(filter(None, groups), key=lambda group: age(group[-1]), reverse=True)
    are_publications = len(groups) > 1 and sum(len(group) == 1 for group in groups) * 2 < len(issues)
    return groups if are_publications else []


def _newest_of_each(total: str, groups: Sequence[Sequence[NewsletterInfo]], mastheads: Mastheads) -> list[Evidence]:
    told = groups[:MOST_LINES]
    before = f"{total}; the newest issue of {'each' if len(told) == len(groups) else f'{len(told)} of them'}: "
    counts = [f", {_plural(len(group), 'issue')}" for group in told]
    return _lines(before, [group[-1] for group in told], mastheads, counts)


def _lines(
    before: str, issues: Sequence[NewsletterInfo], mastheads: Mastheads, behind: Sequence[str] = ()
) -> list[Evidence]:
    """A line for each issue behind its name, the first with what is said `before`; `behind` is said after each name."""
    leads = [f"{mastheads.name(info)}{said}: " for info, said in zip(issues, behind or [""] * len(issues), strict=True)]
    leads[0] = before + leads[0]
    return [mastheads.line(info, lead) for info, lead in zip(issues, leads, strict=True)]


def _counted(inquiry: Inquiry, count: int) -> str:
    """How many of which issues: "3 issues of Copper Pour", "12 newsletters from 2019"."""
    what = (
        f"{_plural(count, 'issue')} of {_PLAIN.sub('', inquiry.name)}" if inquiry.name else _plural(count, "newsletter")
    )
    which = f" {inquiry.season}" if inquiry.season else ""
    dated = inquiry.dated if not inquiry.dated[:1].isdigit() else f"of {inquiry.dated}"
    return f"{what}{which} {dated}".rstrip()


def _plural(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def _span(issues: Sequence[NewsletterInfo]) -> str:
    dates = [info.date for info in issues if info.date]
    return f", from {dates[0]} to {dates[-1]}" if dates and dates[0] != dates[-1] else ""


def _without_date(issues: Sequence[NewsletterInfo]) -> str:
    undated = sum(info.date is None for info in issues)
    if not undated or undated == len(issues):
        return ""
    return f" ({undated:,} without a date)"
