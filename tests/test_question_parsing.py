"""What a question is understood to ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.asking import order
from assistant.asking.dates import named_dates, named_issues
from assistant.asking.order import Order, order_of, without_order
from assistant.errors import QuestionRejected
from assistant.question import Expects, Form, named_period, parse_question
from assistant.spans import best_span
from index.passage import Filters


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on 14 January 2018", [("2018-01-14", "2018-01-14")]),
        ("January 14th, 2018", [("2018-01-14", "2018-01-14")]),
        ("released 2018-01-14", [("2018-01-14", "2018-01-14")]),
        ("in March 2020", [("2020-03", "2020-03")]),
        ("autumn 2021", [("2021-09", "2021-11")]),
        ("late 2019", [("2019-09", "2019-12")]),
        ("Q3 2020", [("2020-07", "2020-09")]),
        ("the second quarter of 2024", [("2024-04", "2024-06")]),
        ("its first quarter 2023 letter", [("2023-01", "2023-03")]),
        ("in the 4th quarter of 2021", [("2021-10", "2021-12")]),
        ("Q2/2024", [("2024-04", "2024-06")]),
        ("Second Half 2023", [("2023-07", "2023-12")]),
        ("Winter 2024/25", [("2024-12", "2025-02")]),
        ("the winter of 2024-2025", [("2024-12", "2025-02")]),
        ("in winter 2020", [("2019-12", "2021-02")]),
        ("between May 2019 and 2020", [("2019-05", "2019-05"), ("2020", "2020")]),
        ("31 February 2019", [("2019-02", "2019-02")]),
        ("in early April 2019", [("2019-04-01", "2019-04-10")]),
        ("mid-June 2018", [("2018-06-10", "2018-06-20")]),
        ("at the end of February 2020", [("2020-02-20", "2020-02-29")]),
        ("the second half of May 2020", [("2020-05-16", "2020-05-31")]),
        ("the first half of 2020", [("2020-01", "2020-06")]),
        ("the last newsletter of June 2018", [("2018-06-21", "2018-06-30")]),
        ("the first issue of 2020", [("2020-01-01", "2020-01-14")]),
        ("from November to January 2020", [("2019-11", "2020-01")]),
        ("version 2019.4 of it", []),
        ("nothing here", []),
    ],
)
def test_dates_in_a_question_are_found_as_ranges_of_days(text: str, days: list[tuple[str, str]]) -> None:
    assert [(named.first, named.last) for named in named_dates(text)] == days


@pytest.mark.parametrize(
    ("text", "issues"),
    [
        ("What is new in issue 53?", [53]),
        ("newsletter #12 and issue no. 7", [12, 7]),
        ("No. 4 of 2019", [4]),
        ("in the 2019 newsletter", []),
        ("the number 0.21 release", []),
    ],
)
def test_issue_numbers_are_told_from_years_and_versions(text: str, issues: list[int]) -> None:
    assert sorted(named_issues(text)) == sorted(issues)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("What is the latest LND release?", Order.LATEST),
        ("the most recent review club", Order.LATEST),
        ("When was taproot first mentioned?", Order.FIRST),
        ("What was the last Idris release reported?", Order.LATEST),
        ("The final 1.20 patch that was announced", Order.LATEST),
        ("Who was fined last week?", Order.ANY),
        ("Signet first turns up as whose project?", Order.FIRST),
        ("Who won first prize?", Order.ANY),
        ("Where do the speakers get their first names?", Order.ANY),
        ("What was announced last, and for whom?", Order.LATEST),
        ("As of the last count, how many are there?", Order.LATEST),
        ("How many have signed so far?", Order.LATEST),
        ("Who last reported on it?", Order.LATEST),
        ("What happened in the last two weeks?", Order.ANY),
        ("How long did the meeting last?", Order.ANY),
        ("What was announced last Thursday?", Order.ANY),
        ("The earliest use of the name bech32m?", Order.FIRST),
        ("Who rang the bell for the first time?", Order.FIRST),
    ],
)
def test_latest_and_first_are_understood_as_an_order_of_issues(text: str, order: Order) -> None:
    assert parse_question(text).order is order


@pytest.mark.parametrize(
    "text",
    [
        "Would first-seen have been recorded as a rule?",
        "First of all, a lovely site. What is used for dyeing, as reported here?",
        "I have two questions. First, how is felt made? Second, who reported on it?",
        "I'm currently writing an essay. What is said of looms?",
        "We have recently moved here, and I first heard of you at the fair. Who runs the choir?",
        "How do I name my first loom, of those mentioned here?",
        "Is it first come, first served at the fair reported?",
        "Which is the oldest version of the pattern mentioned?",
    ],
)
def test_what_is_said_by_the_way_is_no_order_of_issues(text: str) -> None:
    assert order_of(text) is Order.ANY


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Who was given the first-ever prize that was reported?", Order.FIRST),
        ("What does the oldest issue say of looms?", Order.FIRST),
        ("What do we currently know of looms?", Order.LATEST),
        ("I am new here. Which loom is the latest?", Order.LATEST),
    ],
)
def test_an_order_beside_an_aside_is_still_asked_for(text: str, order: Order) -> None:
    assert order_of(text) is order


def written_questions() -> Iterator[str]:
    root = Path(__file__).parents[1]
    for path in (*root.glob("tests/questions/*.jsonl"), *root.glob("benchmarks/questions/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["question"]


def test_the_order_of_every_question_is_what_one_pattern_would_find() -> None:
    last = re.compile(f"{order._LAST.pattern}(?=.*{order._RELEASED.pattern})", re.I)
    first = re.compile(f"{order._EARLIEST.pattern}(?=.*{order._MENTIONED.pattern})", re.I)
    questions = [
        *written_questions(),
        "the last of them\nthe first to be mentioned",
        "the first\nwas reported, the last",
    ]
    found = {
        question: Order.LATEST
        if order._LATEST.search(text) or last.search(text)
        else Order.FIRST
        if order._FIRST.search(text) or first.search(text)
        else Order.ANY
        for question in questions
        for text in [order._NO_ORDER.sub(" ", question)]
    }
    assert {question: order_of(question) for question in questions} == found
    assert set(found.values()) == set(Order)


@pytest.mark.parametrize("word", ["first ", "last ", "first names ", "last week ", "I ", "First, ", "first-", "my "])
def test_a_long_row_of_words_of_order_is_read_through_once(word: str) -> None:
    assert order_of(word * 15_000) is Order.ANY


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("What is new in issue 53?", Form.DIGEST),
        ("What happened in June 2019?", Form.DIGEST),
        ("How did channel jamming develop?", Form.DEVELOPMENT),
        ("Which countries signed the proposal?", Form.LIST),
        ("Which library books were lost?", Form.LIST),
        ("Which is the oldest stand?", Form.FACT),
        ("Which stand was built first?", Form.FACT),
        ("Which team has the most points?", Form.FACT),
        ("Which drug costs the least?", Form.FACT),
        ("Which bus goes to the harbour?", Form.FACT),
        ("Who opened the forum?", Form.FACT),
    ],
)
def test_the_form_of_the_answer_follows_the_question(text: str, form: Form) -> None:
    assert parse_question(text).form is form


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("Who opened it?", Expects.PERSON),
        ("How many people came?", Expects.NUMBER),
        ("In which year did it start?", Expects.TIME),
        ("Which version fixes it?", Expects.VERSION),
        ("Why was it removed?", Expects.REASON),
        ("Where was it held?", Expects.PLACE),
    ],
)
def test_the_question_word_says_what_kind_of_thing_answers(text: str, expects: Expects) -> None:
    assert parse_question(text).expects is expects


def test_a_month_prefers_that_months_issues_and_a_little_after() -> None:
    assert parse_question("What changed in June 2018?").preferred == Filters(since="2018-05-31", until="2018-07-08")


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("What was built before 2023?", None, "2022-12-31"),
        ("What was built until 2023?", None, "2023-12-31"),
        ("What was built by March 2023?", None, "2023-03-31"),
        ("What was built after 2022?", "2023-01-01", None),
        ("What was built since 2022?", "2022-01-01", None),
        ("What was built after 14 May 2022?", "2022-05-15", None),
    ],
)
def test_before_and_after_a_date_leave_the_date_itself_out(text: str, since: str | None, until: str | None) -> None:
    assert named_period(text) == Filters(since=since, until=until)


def test_an_unknown_issue_number_is_no_filter() -> None:
    assert parse_question("in issue 99", issues_known=frozenset({4})).filters == Filters()
    assert parse_question("in issue 4", issues_known=frozenset({4})).filters == Filters(issues=frozenset({4}))


@pytest.mark.parametrize(
    ("question", "says"),
    [("", "empty"), (" \t\n", "empty"), ("\u200b\x00", "empty"), ("?!…", "no word"), ("x" * 100_000, "100,000")],
)
def test_a_question_without_anything_to_look_for_is_rejected_in_one_sentence(question: str, says: str) -> None:
    with pytest.raises(QuestionRejected, match=says):
        parse_question(question)


@pytest.mark.parametrize(
    ("sentence", "expects", "question", "marked"),
    [
        ("About 150 delegates attended the forum.", Expects.NUMBER, "How many delegates attended?", "150"),
        ("Wang Zhigang delivered a keynote speech.", Expects.PERSON, "Who delivered the keynote?", "Wang Zhigang"),
        ("In 2015, the Group brought new furnaces.", Expects.TIME, "When did the Group bring furnaces?", "2015"),
        ("LND 0.7.1 is out; upgrade from 0.7.0.", Expects.VERSION, "Which version of LND is out?", "0.7.1"),
        (
            "On April 25, the Silk Road Forum of the Second Belt and Road Forum was held at the Convention Center in Beijing.",
            Expects.PLACE,
            "Where was the Silk Road Forum held?",
            "the Convention Center in Beijing",
        ),
        (
            "Support for Schnorr: Pieter Wuille posted to the Bitcoin-Dev mailing list a proposed BIP for Taproot.",
            Expects.PERSON,
            "Who proposed it?",
            "Pieter Wuille",
        ),
    ],
)
def test_the_span_that_answers_is_marked(sentence: str, expects: Expects, question: str, marked: str) -> None:
    span = best_span(sentence, expects, question)
    assert span is not None
    assert sentence[slice(*span)] == marked


def test_a_name_that_is_no_place_is_not_marked_as_where() -> None:
    sentence = "The event was sponsored by the Ministry of Science."
    assert best_span(sentence, Expects.PLACE, "Where was the event?") is None


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("What is the latest version of Stack that was announced?", "What is the version of Stack that was announced?"),
        ("How is kustomize described the first time it comes up?", "How is kustomize described ?"),
        ("How many agencies have joined so far?", "How many agencies have joined ?"),
        ("Latest Eclair version", "Latest Eclair version"),
    ],
)
def test_the_matter_of_a_question_is_told_without_its_words_of_order(question: str, matter: str) -> None:
    assert without_order(question) == matter
