"""Periods told from today: "What happened last month?" asks of a month that has a name.

Newsletters are of the past: where the newest issue is not of late, its own date is what "last month" is counted from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from assistant.asking.dates import MONTHS, named_dates
from assistant.asking.wording import asks_for_digest
from index.dates import last_day

OF_LATE = timedelta(days=62)
_PERIOD = re.compile(
    r"\b(?:in |of |from |during )?(?P<which>this|last|the last|the past|the previous) (?P<unit>month|year)\b", re.I
)


def with_named_periods(question: str, *, today: date, issue_dates: Iterable[str]) -> str:
    """A question for news with the month or the year named that it tells from today; any other question as it is."""
    found = _PERIOD.search(question)
    newest = max(map(last_day, issue_dates), default="")
    if found is None or not newest or not asks_for_digest(question) or named_dates(question):
        return question
    now = min(today, date.fromisoformat(newest))
    now = today if today - now <= OF_LATE else now
    named = _named(now, found["unit"].lower(), before=found["which"].lower() != "this")
    return f"{question[: found.start()]}in {named}{question[found.end() :]}"


def _named(now: date, unit: str, *, before: bool) -> str:
    if unit == "year":
        return str(now.year - before)
    month = now.replace(day=1) - timedelta(days=1) if before else now
    name = next(name for name, number in MONTHS.items() if number == month.month)
    return f"{name.title()} {month.year}"
