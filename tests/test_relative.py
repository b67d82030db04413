"""Periods that a question tells from today."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.asking.relative import asks_of_days_untold, with_named_periods


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What happened last month?", "What happened in April 2033?"),
        ("What happened this month?", "What happened in May 2033?"),
        ("What was reported last year?", "What was reported in 2032?"),
        ("What happened two years ago?", "What happened in 2031?"),
        ("What happened 6 months ago?", "What happened in November 2032?"),
        ("What did the newsletters say last month?", "What did the newsletters say in April 2033?"),
    ],
)
def test_news_of_a_period_told_from_today_are_asked_of_its_name(question: str, named: str) -> None:
    assert with_named_periods(question, today=date(2033, 5, 20), issue_dates=["2031-01", "2033-04-28"]) == named


def test_in_an_archive_that_ended_long_ago_the_period_is_told_from_its_newest_issue() -> None:
    found = with_named_periods("What happened last month?", today=date(2040, 5, 20), issue_dates=["2033-04-28"])
    assert found == "What happened in March 2033?"


def test_an_issue_dated_by_its_year_alone_does_not_tell_which_month_is_the_newest() -> None:
    found = with_named_periods("What happened last month?", today=date(2040, 5, 20), issue_dates=["2033-04-28", "2033"])
    assert found == "What happened in March 2033?"


@pytest.mark.parametrize("question", ["Who was fined last year?", "What happened last month in June 2031?"])
def test_a_question_of_a_fact_or_of_a_named_date_is_left_as_it_is(question: str) -> None:
    assert with_named_periods(question, today=date(2033, 5, 20), issue_dates=["2033-04-28"]) == question


@pytest.mark.parametrize(
    ("question", "today", "untold"),
    [
        ("What happened yesterday?", date(2040, 5, 20), True),
        ("What happened three weeks ago?", date(2040, 5, 20), True),
        ("What happened yesterday?", date(2033, 5, 20), False),
        ("Who said that all is lost since yesterday?", date(2040, 5, 20), False),
        ("What happened in April 2033?", date(2040, 5, 20), False),
    ],
)
def test_yesterdays_news_are_untold_in_an_archive_that_ended_long_ago(question: str, today: date, untold: bool) -> None:
    assert asks_of_days_untold(question, today=today, issue_dates=["2031-01", "2033-04-28"]) is untold
