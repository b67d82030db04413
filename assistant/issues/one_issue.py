"""The one issue at an end of the archive, "the latest issue", "the oldest newsletter": its words become a filter.

Where the question asks of that issue and of no matter in it, its digest is asked for. Words of an end that is not known,
as no issue has a date or number, filter nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.asking.dates import named_dates
from assistant.issues.issue_phrase import IssuePhrase, without_phrase
from assistant.issues.publications import Publications
from assistant.issues.whole_issue import asks_for_whole_issue
from assistant.issues.whose_issue import asking_only
from assistant.question import Form, ParsedQuestion
from index.dates import age
from index.passage import Filters, NewsletterInfo
from index.retriever import matching_newsletters

WHOLE_ISSUE = "What is in the issue?"
_ISSUE = r"(?:(?:newsletter )?(?:issue|newsletter|edition|bulletin))"
_END = re.compile(
    rf"\b(?:the|your) (?:very )?(?:(?P<newest>newest|latest|most recent|last)|(?P<oldest>oldest|earliest|first)|"
    rf"(?P<second>last but one|next to last|second[- ](?:to[- ])?last|penultimate)) {_ISSUE}\b(?!['’-]\w)"
    rf"|\bthe (?P<before>{_ISSUE} before (?:the )?last(?: one)?)\b",
    re.I,
)
_ARCHIVE = re.compile(
    r" (?:(?:that )?you have|(?:in|of) (?:the|this|your) (?:archives?|collection|newsletters?))\b", re.I
)
_OF = re.compile(r" of (?:the )?(?=\S)", re.I)
# What is told of an issue behind its name, which makes it another's: "the latest issue of the bug", "the first issue that"
_TOLD_OF = re.compile(
    r" (?:of|with|for|about(?!\W*$)|on|that|which|who|to|from|since|before|after|by|when|where)\b", re.I
)
_POINTED_AT = re.compile(r"\b(?:in|of|from|according to|do|does|did) $", re.I)
_ABOUT = re.compile(
    r"^(?:so |and )?(?:what(?: is| was|['’]s)\s+about|what does\s+(?:deal with|talk about|tell(?: us| me)?)|(?:tell (?:me|us) about|describe))\s*\W*$",
    re.I,
)
_LEFT_HANGING = re.compile(r"\b(is|are|was|were)\s?\?$", re.I)


def of_end_issue(question: ParsedQuestion, publications: Publications) -> ParsedQuestion:
    """The question asked of the one issue at an end that its words mean; as it is where they mean none."""
    if question.form not in (Form.FACT, Form.LIST) or question.filters.issues:
        return question
    text = question.resolved
    found = _END.search(text)
    if found is None or named_dates(text):
        return question
    end, named = _end_and_publication(text, found, publications)
    issue = _issue_at(found, publications, question.filters, named) if end else None
    if issue is None:
        return question
    phrase = IssuePhrase(found.start(), end)
    is_whole = _is_whole(text, phrase)
    if not (is_whole or _POINTED_AT.search(text[: found.start()])):
        return question
    filters = replace(question.filters, newsletter_ids=frozenset([issue.id]))
    asked = replace(question, filters=filters, names_publication=True)
    if is_whole:
        return replace(asked, form=Form.DIGEST, resolved=WHOLE_ISSUE, stated=question.shown)
    return _of_matter(asked, phrase)


def _end_and_publication(text: str, found: re.Match[str], publications: Publications) -> tuple[int, frozenset[str]]:
    """Where the issue's words end, and the issues of the publication that they name, if any; 0 where they mean another thing."""
    archive = _ARCHIVE.match(text, found.end())
    if archive is not None:
        return archive.end(), frozenset()
    of = _OF.match(text, found.end())
    if of is None:
        return (0 if _TOLD_OF.match(text, found.end()) else found.end()), frozenset()
    named = next((one for one in publications.named(text) if one.start <= of.end() <= one.end), None)
    if named is not None and named.end > of.end():
        return named.end, named.newsletters
    rest = text[of.end() :].rstrip(" ?!.")
    held = publications.holding(rest)
    return (of.end() + len(rest), held) if held else (0, frozenset())


def _issue_at(
    found: re.Match[str], publications: Publications, given: Filters, named: frozenset[str]
) -> NewsletterInfo | None:
    """The issue that the words mean among those given, of the publication that is named."""
    infos = [
        info
        for info in matching_newsletters(publications.snapshot.newsletters.values(), given)
        if not named or info.id in named
    ]
    ordered = sorted((info for info in infos if info.date), key=age)
    if not ordered and (named or publications.are_one):
        ordered = sorted((info for info in infos if info.issue is not None), key=age)
    place = 0 if found["oldest"] else -1 if found["newest"] else -2
    return ordered[place] if len(ordered) > 1 else None


def _is_whole(text: str, phrase: IssuePhrase) -> bool:
    """Whether nothing is asked but what the issue holds."""
    around = f"{text[: phrase.start].rstrip()} {text[phrase.end :].lstrip()}"
    return _ABOUT.match(around) is not None or asks_for_whole_issue(text, [(phrase.start, phrase.end)])


def _of_matter(question: ParsedQuestion, phrase: IssuePhrase) -> ParsedQuestion:
    """The question without the words that became a filter, where they can be left out."""
    matter = without_phrase(question.resolved, phrase)
    if matter == question.resolved:
        return question
    return asking_only(question, _LEFT_HANGING.sub(r"\1 there?", matter))
