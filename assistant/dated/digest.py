"""Short dated lists: what is new in an issue or a month, which issues mention a subject, and how it developed."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.asking.dates import named_issues
from assistant.asking.order import asks_for_previous_issue
from assistant.dated.development import developing, development, is_sentence
from assistant.dated.standing import StandingLines
from assistant.dated.topic import LEAST_WORDS, one_mention_an_issue
from assistant.evidence import Evidence, Reading
from assistant.question import Form, ParsedQuestion, named_period
from index.dates import age, first_day, last_day
from index.passage import Filters, NewsletterInfo, Passage
from index.retriever import Retriever, matching_newsletters
from index.snapshot import Snapshot

DIGEST_ITEMS = 6
MENTIONS = 6
SaysNothing = Callable[[Passage, int], bool]
_ISSUE_WORD = re.compile(r"\b(?:issue|newsletter|edition|bulletin)s?\b", re.I)


def digest_evidence(question: ParsedQuestion, reading: Reading, retriever: Retriever) -> list[Evidence]:
    """The list's lines: first sentences of an issue's sections that do not open every issue, or a subject's best sentence in each issue by date.

    Mentions stand newest first, developments oldest first.

    Empty when the question names no issue or date that is indexed, or nothing is near the subject.
    """
    if question.form is Form.DIGEST:
        return _opening_sentences(question, retriever)
    if question.form is Form.MENTIONS:
        return _newest_mentions(question, retriever, question.subject)
    return development(question, reading, retriever.snapshot.keywords.idf)


def asks_for_issues(question: ParsedQuestion) -> bool:
    """Whether a digest is asked of issues, so that without them nothing can answer; one of a month may be of its events."""
    asks = question.names_publication or _ISSUE_WORD.search(question.resolved) is not None
    return question.form is Form.DIGEST and asks


def _issues_asked_for(question: ParsedQuestion, snapshot: Snapshot) -> list[NewsletterInfo]:
    """The issues whose numbers and dates are named, of a digest else the newest; oldest first."""
    found = sorted(matching_newsletters(snapshot.newsletters.values(), question.filters), key=age)
    numbers, period = frozenset(named_issues(question.resolved)), named_period(question.resolved)
    if question.names_publication:
        return found
    if numbers and not numbers & question.filters.issues:
        return []
    if period is not None:
        return [info for info in found if lies_within(info, period)]
    newest = found[-2:-1] if asks_for_previous_issue(question.resolved) else found[-1:]
    return newest if question.form is Form.DIGEST and not numbers else found


def lies_within(info: NewsletterInfo, period: Filters) -> bool:
    """Whether all that an issue's date may mean lies in a period: "2023" lies in no month."""
    return info.date is not None and (
        (period.since is None or first_day(info.date) >= first_day(period.since))
        and (period.until is None or last_day(info.date) <= last_day(period.until))
    )


def _opening_sentences(question: ParsedQuestion, retriever: Retriever) -> list[Evidence]:
    issues = _issues_asked_for(question, retriever.snapshot)
    standing = StandingLines(retriever.snapshot)
    told = _openings(issues, retriever, standing.holds)
    told = told | _openings([info for info in issues if not told[info.id]], retriever, _leaves_none_out)
    return _spread([_sentences_first(lines) for lines in told.values() if lines])


def _openings(
    issues: list[NewsletterInfo], retriever: Retriever, says_nothing: SaysNothing
) -> dict[str, list[Evidence]]:
    """Of each issue the first sentence of each section, without those that say nothing."""
    openings: dict[str, list[Evidence]] = {info.id: [] for info in issues}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for number, passage in enumerate(retriever.snapshot.passages):
        place = (passage.newsletter_id, passage.heading_path)
        if passage.newsletter_id not in openings or place in seen:
            continue
        first = opening_sentence(passage, says_nothing)
        if first is not None:
            seen.add(place)
            openings[passage.newsletter_id].append(Evidence(retriever.passage(number), first, 0.0))
    return openings


def _leaves_none_out(_passage: Passage, _sentence: int) -> bool:
    return False


def opening_sentence(passage: Passage, says_nothing: SaysNothing = _leaves_none_out) -> int | None:
    """The first sentence that is one, else the first line of some length: a masthead, a row of a table."""
    long = [
        i
        for i in range(len(passage.sentences))
        if len(passage.sentence(i).split()) >= LEAST_WORDS and not says_nothing(passage, i)
    ]
    return next((i for i in long if is_sentence(passage.sentence(i))), long[0] if long else None)


def _sentences_first(lines: list[Evidence]) -> list[Evidence]:
    return sorted(lines, key=lambda line: not is_sentence(line.text))


def _spread(issues: list[list[Evidence]]) -> list[Evidence]:
    """The first lines of each of some issues in turn, issue by issue; of too many issues those evenly apart."""
    kept = min(len(issues), DIGEST_ITEMS)
    chosen = [issues[place * len(issues) // kept] for place in range(kept)]
    turns = sorted((turn, place) for place, lines in enumerate(chosen) for turn in range(len(lines)))
    return [chosen[place][turn] for place, turn in sorted((place, turn) for turn, place in turns[:DIGEST_ITEMS])]


def mentions_by_date(question: ParsedQuestion, retriever: Retriever) -> list[Evidence]:
    """A sentence of each issue asked of that holds all words of the matter, the oldest first; none where but one issue has it."""
    found = _newest_mentions(question, retriever, question.subject or " ".join(sorted(developing(question))))[::-1]
    return found if question.subject or len(found) > 1 else []


def _newest_mentions(question: ParsedQuestion, retriever: Retriever, subject: str) -> list[Evidence]:
    ids = frozenset(info.id for info in _issues_asked_for(question, retriever.snapshot))
    if not ids or not subject:
        return []
    return one_mention_an_issue(subject, retriever, Filters(newsletter_ids=ids))[:MENTIONS]
