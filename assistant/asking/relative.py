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
_COUNTS = {
    word: n for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], 1)
} | {"a": 1}
_PERIOD = re.compile(
    r"\b(?:in |of |from |during )?(?P<which>this|last|the last|the past|the previous) (?P<unit>month|year)\b"
    rf"|\b(?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}) (?P<units>month|year)s? ago\b",
    re.I,
)
_LATE_DAY = re.compile(r"\b(?:yesterday|last night|\w{1,8} (?:day|week)s? ago)\b", re.I)


def with_named_periods(question: str, *, today: date, issue_dates: Iterable[str]) -> str:
    """A question for news with the month or the year named that it tells from today; any other question as it is."""
    found = _PERIOD.search(question)
    if found is None or not _asks_news_of_no_date(question) or not (newest := _newest(issue_dates)):
        return question
    now = min(today, date.fromisoformat(newest))
    now = today if today - now <= OF_LATE else now
    unit = (found["unit"] or found["units"]).lower()
    named = _named(now, unit, _count(found))
    return f"{question[: found.start()]}in {named}{question[found.end() :]}"


def asks_of_days_untold(question: str, *, today: date, issue_dates: Iterable[str]) -> bool:
    """Whether news are asked for of a day, told from today, that an archive which ended long ago cannot tell of."""
    if not _LATE_DAY.search(question) or not _asks_news_of_no_date(question) or not (newest := _newest(issue_dates)):
        return False
    return today - date.fromisoformat(newest) > OF_LATE


def _asks_news_of_no_date(question: str) -> bool:
    return asks_for_digest(question) and not named_dates(question)


def _newest(issue_dates: Iterable[str]) -> str:
    """The last day of the newest issue's date; one of a year alone counts only where there is no other."""
    dates = list(issue_dates)
    return max(map(last_day, [told for told in dates if len(told) > len("2033")] or dates), default="")


def _count(found: re.Match[str]) -> int:
    """How many months or years before the present one a period lies."""
    if found["count"]:
        count = found["count"].lower()
        return _COUNTS.get(count) or int(count)
    return int(found["which"].lower() != "this")


def _named(now: date, unit: str, before: int) -> str:
    if unit == "year":
        return str(now.year - before)
    years, month = divmod(now.year * 12 + now.month - 1 - before, 12)
    name = next(name for name, number in MONTHS.items() if number == month + 1)
    return f"{name.title()} {years}"
