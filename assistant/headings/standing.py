"""What stands in many issues under one heading, asked for of no issue: "What is the package of the week?".

It is told of the newest issues by the first sentence below the heading. The heading has two words or more and is the
whole of what is asked for, so that no other question is meant by it.
"""

from __future__ import annotations

import re

from assistant.asking.order import Order
from assistant.dated.digest import opening_sentence
from assistant.evidence import Evidence
from assistant.question import ParsedQuestion
from assistant.writers.extractive import issue_lead
from index.dates import age
from index.retriever import Retriever, matching_newsletters

MOST_ISSUES = 3
LEAST_ISSUES = 3
LEAST_SHARE = 1 / 3
_ASKED = re.compile(
    r"^(?:what|which)(?: is| was|['’]s) (?:the|this) (?P<heading>[^\s?,;:]+(?: [^\s?,;:]+){1,6})\W*$", re.I
)


def standing_section(question: ParsedQuestion, retriever: Retriever) -> list[Evidence]:
    """The first sentence below the heading that is asked for, of each of the newest issues; none where few have it."""
    found = _ASKED.match(question.resolved[:300])
    if found is None or question.order is not Order.ANY or question.preferred or question.filters.issues:
        return []
    sought = found["heading"].casefold()
    snapshot = retriever.snapshot
    allowed = {info.id: info for info in matching_newsletters(snapshot.newsletters.values(), question.filters)}
    first: dict[str, tuple[int, int]] = {}
    for number, passage in enumerate(snapshot.passages):
        below = passage.newsletter_id in allowed and any(one.casefold() == sought for one in passage.heading_path)
        if below and passage.newsletter_id not in first and (place := opening_sentence(passage)) is not None:
            first[passage.newsletter_id] = (number, place)
    if len(first) < max(LEAST_ISSUES, LEAST_SHARE * len(allowed)):
        return []
    newest = sorted((allowed[id] for id in first), key=age, reverse=True)[:MOST_ISSUES]
    return [Evidence(retriever.passage(first[info.id][0]), first[info.id][1], 0.0, issue_lead(info)) for info in newest]
