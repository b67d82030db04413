"""Periods that a question tells from today."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.asking.relative import with_named_periods


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What happened last month?", "What happened in April 2033?"),
        ("What happened this month?", "What happened in May 2033?"),
        ("What was reported last year?", "What was reported in 2032?"),
    ],
)
def test_news_of_a_period_told_from_today_are_asked_of_its_name(question: str, named: str) -> None:
    assert with_named_periods(question, today=date(2033, 5, 20), issue_dates=["2031-01", "2033-04-28"]) == named


def test_in_an_archive_that_ended_long_ago_the_period_is_told_from_its_newest_issue() -> None:
    found = with_named_periods("What happened last month?", today=date(2040, 5, 20), issue_dates=["2033-04-28"])
    assert found == "What happened in March 2033?"


@pytest.mark.parametrize("question", ["Who was fined last year?", "What happened last month in June 2031?"])
def test_a_question_of_a_fact_or_of_a_named_date_is_left_as_it_is(question: str) -> None:
    assert with_named_periods(question, today=date(2033, 5, 20), issue_dates=["2033-04-28"]) == question
