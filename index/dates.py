"""Partial ISO dates ("2019", "2019-02", "2019-02-03") as days, and which newsletter came before which."""

from __future__ import annotations

import calendar
from typing import Annotated

from pydantic import Field

from index.passage import NewsletterInfo

PARTIAL_DATE = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
PartialDate = Annotated[str, Field(pattern=PARTIAL_DATE, examples=["2019-04"])]  # what the functions below may be given


def age(newsletter: NewsletterInfo) -> tuple[str, int]:
    """What newsletters are ordered by, the oldest first: the day they begin, then the number of their issue."""
    return first_day(newsletter.date or "0001"), newsletter.issue or 0


def first_day(date: str) -> str:
    """The first day of a partial ISO date: "2019" → "2019-01-01"."""
    return f"{date}-01-01" if len(date) == 4 else f"{date}-01" if len(date) == 7 else date[:10]


def last_day(date: str) -> str:
    """The last day of a partial ISO date: "2019-02" → "2019-02-28"."""
    if len(date) == 4:
        return f"{date}-12-31"
    if len(date) == 7:
        return f"{date}-{calendar.monthrange(int(date[:4]), int(date[5:7]))[1]:02d}"
    return date[:10]
