"""What a question for news is about besides its issues: "What happened to the weir after 2031?" asks of the weir.

A digest lists what stands first in an issue, which says nothing of a matter. So one that names a matter is read as
other questions are: as a development where several issues are asked of, else as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.asking.dates import MONTHS, named_dates, named_issues
from assistant.question import Form, ParsedQuestion, named_period
from index.passage import Filters, NewsletterInfo
from index.retriever import matching_newsletters
from index.snapshot import Snapshot
from index.tokens import terms

_FRAME = frozenset(
    terms(
        "new news happen happened happening has covered cover talk speak deal contain discussed reported report main topic topics important highlights"
        " summarise summarize summary summaries digest overview give show tell me us you your our please short brief briefly"
        " newsletter newsletters issue issues edition editions bulletin bulletins number no nr archive letter letters"
        " say tell write"
        " latest last newest recent recently first next previous past current early mid late beginning start middle end half"
        " year years month months week weeks day days quarter spring summer autumn fall winter season time"
        " changed change changes different compared comparison compare going thing things anything everything something"
        " say says said tell tells told write wrote its their published appeared was were is are since until before after between"
    )
) | frozenset(MONTHS)
_BETWEEN = re.compile(r"\bbetween\b", re.I)
_NUMBERED = re.compile(r"#?\d{1,4}(?:st|nd|rd|th)?")


def matter_of(text: str) -> frozenset[str]:
    """The terms of a question for news that say neither which issues are meant nor that news are."""
    for date in reversed(named_dates(text)):
        text = f"{text[: date.start]} {text[date.end :]}"
    numbers = {str(number) for number in named_issues(text)}
    return frozenset(term for term in terms(text) if term not in _FRAME and term.lstrip("#") not in numbers)


def of_matter(question: ParsedQuestion, snapshot: Snapshot) -> ParsedQuestion:
    """A digest of a publication's issues where its matter is nothing but their name, else the question asked of its matter."""
    if question.form is not Form.DIGEST:
        return question
    matter = matter_of(question.resolved)
    found = matching_newsletters(snapshot.newsletters.values(), question.filters)
    labels = _labels(found, snapshot)
    if question.names_publication:
        matter = frozenset(term for term in matter - _union(labels.values()) if not _NUMBERED.fullmatch(term))
    if not matter:
        return question
    ids = frozenset(id for id, label in labels.items() if matter <= label)
    if len(ids) == len(labels):
        return question
    if ids:
        return replace(question, filters=replace(question.filters, newsletter_ids=ids), names_publication=True)
    question = replace(question, subject=" ".join(sorted(matter)))
    if len(question.filters.issues) > 1:
        return replace(question, form=Form.DEVELOPMENT)
    period = named_period(question.resolved)
    if period is None or (period.since and period.until and not _BETWEEN.search(question.resolved)):
        return replace(question, form=Form.FACT)
    return replace(question, form=Form.DEVELOPMENT, filters=_limited(question.filters, period))


def _limited(filters: Filters, period: Filters) -> Filters:
    return replace(filters, since=filters.since or period.since, until=filters.until or period.until)


def _union(labels: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*labels)


def _labels(issues: Iterable[NewsletterInfo], snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """The terms of each issue's title and publisher, and of the heading that all of it stands under."""
    tops: dict[str, set[str]] = {info.id: set() for info in issues}
    for passage in snapshot.passages:
        if passage.newsletter_id in tops:
            tops[passage.newsletter_id].add(passage.heading_path[0] if passage.heading_path else "")
    return {
        id: frozenset(terms(" ".join([info.title, info.publisher or "", *(headings if len(headings) == 1 else ())])))
        for id, headings in tops.items()
        if (info := snapshot.newsletters[id])
    }
