"""What the question log and the judgements tell an editor: what is asked in vain, what is wrong, what is not read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from typing import Any

from index.passage import NewsletterInfo
from index.tokens import terms
from ui.questions import PAGE, Asked

LEAST_ASKED = 3
MOST_GROUPS = 30
MOST_SHOWN = 5
MOST_DAYS = 120
LONGEST_ENDING = 6
_WORD = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Group:
    """Questions without an answer that share a subject, each with how often it was asked; and how often all were."""

    subject: str
    questions: tuple[tuple[str, int], ...]
    count: int
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Insights:
    """The editor's to-do list. Times are milliseconds; `days` and `latency` are by day, or by month over a long time."""

    asked: int
    answered: int
    channels: tuple[tuple[str, int], ...]
    median_ms: int
    slow_ms: int
    unanswered: tuple[Group, ...]
    disliked: tuple[dict[str, Any], ...]
    never_cited: tuple[NewsletterInfo, ...]
    days: tuple[tuple[str, float], ...]
    latency: tuple[tuple[str, float], ...]


def insights(
    entries: Sequence[Asked], judgements: Sequence[dict[str, Any]], newsletters: Iterable[NewsletterInfo]
) -> Insights:
    """What `entries` (questions asked) and `judgements` (of answers) say about the archive."""
    times = sorted(entry.milliseconds for entry in entries)
    cited = {newsletter for entry in entries for newsletter in entry.newsletters}
    by_period = _by_period(entries)
    latest = {str(judgement.get("question")): judgement for judgement in judgements}
    return Insights(
        asked=len(entries),
        answered=sum(entry.status == "answered" for entry in entries),
        channels=tuple(Counter(entry.channel for entry in entries).most_common()),
        median_ms=round(median(times)) if times else 0,
        slow_ms=round(times[int(len(times) * 0.95)]) if times else 0,
        unanswered=tuple(_in_vain([entry for entry in entries if entry.status != "answered"])),
        disliked=tuple(judgement for judgement in latest.values() if judgement.get("verdict") == "bad"),
        never_cited=_newest(info for info in newsletters if info.id not in cited) if entries else (),
        days=tuple((period, float(len(found))) for period, found in by_period.items()),
        latency=tuple((period, median(found) if found else 0.0) for period, found in by_period.items()),
    )


def _by_period(entries: Iterable[Asked]) -> dict[str, list[float]]:
    """The milliseconds of each day in order, days without questions too; of each month where that would be many days."""
    days = sorted(entry.at[:10] for entry in entries)
    if not days:
        return {}
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    every = [(first + timedelta(number)).isoformat() for number in range((last - first).days + 1)]
    length = len("2026-11-25" if len(every) <= MOST_DAYS else "2026-11")
    found: dict[str, list[float]] = {day[:length]: [] for day in every}
    for entry in entries:
        found[entry.at[:length]].append(entry.milliseconds)
    return found


def _newest(newsletters: Iterable[NewsletterInfo]) -> tuple[NewsletterInfo, ...]:
    return tuple(sorted(newsletters, key=lambda info: (info.date or "", info.id), reverse=True))


def grouped(questions: Iterable[str]) -> list[Group]:
    """Questions put together by the word they share with most others, the most asked group first.

    Each group's subject is the word whose stem most of the questions not yet grouped have in common; greedy set cover,
    so every question stands in one group.
    """
    counts = Counter(questions)
    left = {question: frozenset(terms(question)) for question in counts}
    groups: list[Group] = []
    while left and len(groups) < MOST_GROUPS:
        uses = Counter(term for question, stems in left.items() for term in stems for _ in range(counts[question]))
        subject = max(uses, key=lambda term: (uses[term], len(term), term), default="")
        members = [question for question, stems in left.items() if subject in stems or not subject]
        found = sorted(((question, counts[question]) for question in members), key=lambda pair: -pair[1])
        groups.append(Group(_as_written(subject, members), tuple(found), sum(count for _, count in found)))
        for question in members:
            del left[question]
    return sorted(groups, key=lambda group: -group.count)


def _as_written(stem: str, questions: Iterable[str]) -> str:
    """The word that most of `questions` write for `stem`."""
    words = (word for question in questions for word in _WORD.findall(question))
    written = Counter(word for word in words if len(word) <= len(stem) + LONGEST_ENDING and stem in terms(word))
    return max(written, key=written.__getitem__, default=stem)


def _in_vain(entries: Sequence[Asked]) -> list[Group]:
    """The groups of the questions of `entries`, each with where its questions were asked."""
    channels: dict[str, dict[str, None]] = {}
    for entry in entries:
        channels.setdefault(entry.question, {})[entry.channel] = None
    return [
        replace(group, channels=tuple(dict.fromkeys(c for question, _ in group.questions for c in channels[question])))
        for group in grouped(entry.question for entry in entries)
    ]


def often_asked(entries: Iterable[Asked], newsletter_id: str) -> list[str]:
    """The questions most often answered from one issue on the page; what fewer than `LEAST_ASKED` visits asked stays theirs.

    A visit has a question kept once. One that took something from a conversation would show what else its reader asked,
    and programs and portals ask over other channels: none of theirs is shown to everybody.
    """
    asked = (entry for entry in entries if entry.channel == PAGE and entry.alone and newsletter_id in entry.newsletters)
    counts = Counter(entry.question for entry in asked)
    return [question for question, count in counts.most_common(MOST_SHOWN) if count >= LEAST_ASKED]
