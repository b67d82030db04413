"""What a question is understood to ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import order
from assistant.answer import NOT_FOUND
from assistant.dates import named_dates, named_issues
from assistant.errors import QuestionRejected
from assistant.followup import MESSAGE_CHARACTERS, MOST_MESSAGES, QUESTION_CHARACTERS, may_stand_alone, resolve
from assistant.order import Order, order_of, without_order
from assistant.question import Expects, Form, parse_question
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


def test_an_unknown_issue_number_is_no_filter() -> None:
    assert parse_question("in issue 99", issues_known=frozenset({4})).filters == Filters()
    assert parse_question("in issue 4", issues_known=frozenset({4})).filters == Filters(issues=frozenset({4}))


HISTORY = [
    {"role": "user", "content": "Who gave the keynote at the forum?"},
    {"role": "assistant", "content": "Wang Zhigang delivered a keynote speech at the forum."},
]


@pytest.mark.parametrize(
    "question",
    [
        "And what did he suggest?",
        "Why?",
        "How many suggestions did he raise?",
        "Is there help for people who can't afford it?",
        "How much did the Labor Department pay for them?",
    ],
)
def test_a_follow_up_is_completed_from_the_history(question: str) -> None:
    resolved = resolve(question, HISTORY)
    assert resolved.startswith(question)
    assert "keynote" in resolved


@pytest.mark.parametrize(
    "question",
    [
        "Which company set up a laboratory in Bangkok for small enterprises?",
        "How did fee bumping develop?",
        "Who gave the keynote speech at the forum?",
        "Is there a laboratory for small enterprises in Bangkok?",
        "What did the company donate to schools in Bangkok before it moved there?",
        "Which laboratories were opened this year?",
        "Which gallery agreed to the loan because an anonymous donor paid for it?",
    ],
)
def test_a_complete_question_is_left_alone(question: str) -> None:
    assert resolve(question, HISTORY) == question


def test_a_question_whose_first_part_says_what_it_is_stands_alone() -> None:
    question = "What is the theme of the forum and who sponsored it?"
    assert resolve(question, HISTORY) == question


def test_a_short_question_about_the_same_is_a_follow_up() -> None:
    assert resolve("What did Wang Zhigang propose?", HISTORY) != "What did Wang Zhigang propose?"


def test_only_the_beginning_of_a_long_last_question_completes_a_follow_up() -> None:
    history = [{"role": "user", "content": "first " * 3333}, {"role": "assistant", "content": "x"}]
    resolved = resolve("And it?", history)
    assert resolved.startswith("And it? (first first")
    assert len(resolved) < len("And it?") + QUESTION_CHARACTERS + 10


def test_an_answer_that_was_not_found_adds_nothing_to_a_follow_up() -> None:
    history = [HISTORY[0], {"role": "assistant", "content": NOT_FOUND}]
    assert resolve("And when?", history) == "And when? (Who gave the keynote at the forum)"


def conversation(*turns: str) -> list[dict[str, str]]:
    """Questions and answers by turns."""
    return [{"role": ("user", "assistant")[n % 2], "content": turn} for n, turn in enumerate(turns)]


@pytest.mark.parametrize(
    ("last", "question", "resolved"),
    [
        ("Who was the release lead for 1.20?", "And for 1.12?", "Who was the release lead for 1.12?"),
        (
            "What was shown at the meeting in February 2018?",
            "And in March?",
            "What was shown at the meeting in March 2018?",
        ),
        ("What was shown in February 2018?", "No, I meant March 2019", "What was shown in March 2019?"),
        ("Who chairs SIG-UI?", "and SIG-Scheduling?", "Who chairs SIG-Scheduling?"),
        ("Who won the men's race?", "what about the women's race", "Who won the women's race?"),
        ("Who won in the under-14s?", "And in the under-16s?", "Who won in the under-16s?"),
        ("Who is the chair of the club?", "And the treasurer?", "Who is the treasurer of the club?"),
        ("When was dockershim deprecated?", "What about Bazel?", "When was Bazel deprecated?"),
        ("What does a ticket cost for guests?", "and for members?", "What does a ticket cost for members?"),
    ],
)
def test_the_last_question_is_asked_again_of_another_one(last: str, question: str, resolved: str) -> None:
    assert resolve(question, conversation(last, "It was said.")) == resolved


@pytest.mark.parametrize(
    "question", ["And who pays?", "And when was it?", "And the other one?", "Why?", "What about it?", "and is it safe?"]
)
def test_what_names_no_other_one_goes_on_about_the_last(question: str) -> None:
    assert resolve(question, conversation("Who chairs the club?", "Ada Wren chairs the club.")).startswith(
        f"{question} ("
    )


def test_a_long_thread_keeps_the_question_that_names_its_subject() -> None:
    told = conversation(
        "When was the bridge at Holm closed?", "It was closed in May.", "Why?", "Rust was found.", "Really?", NOT_FOUND
    )
    resolved = resolve("When will it be opened again?", told)
    assert "bridge at Holm" in resolved
    assert "Rust was found" in resolved
    assert NOT_FOUND not in resolved


def test_a_chain_of_other_ones_asks_the_first_question_of_the_last() -> None:
    told = conversation("Who was the release lead for 1.20?", "Jeremy.", "And for 1.12?", "Tim.")
    assert resolve("What about 1.13?", told) == "Who was the release lead for 1.13?"


@pytest.mark.parametrize("question", ["Are you sure?", "Where did you get that from?", "source?", "Really??"])
def test_a_doubt_asks_the_last_question_again(question: str) -> None:
    told = conversation("Who chairs the club?", "Ada Wren.", "Since when?", "Since May.")
    assert resolve(question, told) == resolve("Since when?", told[:2])
    assert resolve(question, [*told, *conversation(question, "Since May.")]).startswith(
        "Since when? (Who chairs the club"
    )
    assert resolve(question, []) == question


def test_a_history_of_nothing_but_doubts_is_read_as_far_as_any_other() -> None:
    doubts = [{"role": "user", "content": "Really?"}] * 3000
    assert resolve("Really?", doubts) == "Really?"
    told = conversation("Who chairs the club?", "Ada Wren.")
    assert resolve("Really?", [*told, *doubts[:MOST_MESSAGES]]) == "Really?"


def test_of_a_long_message_of_the_history_only_the_beginning_is_read() -> None:
    told = conversation("Who chairs the club?", "Ada Wren. " + "word " * (MESSAGE_CHARACTERS // 5) + "Bazel")
    assert may_stand_alone("And what about Bazel?", told)


def test_a_message_without_content_says_nothing() -> None:
    told = [*conversation("Who chairs the club?", ""), {"role": "assistant"}, {}]
    assert resolve("Since when?", told) == "Since when? (Who chairs the club)"


def test_a_thread_begins_anew_where_another_subject_is_named() -> None:
    told = conversation("When was the bridge closed?", "In May.", "And how old is the lighthouse keeper?", "He is 80.")
    assert "bridge" not in resolve("Where does he live?", told)


def test_an_earlier_answer_says_nothing_of_the_order_the_kind_and_the_dates_of_a_question() -> None:
    told = conversation(
        "Who leads the release?", "12 May 2018: the final release is led for the first time by Ada Wren."
    )
    parsed = parse_question("When is its code freeze?", history=told)
    assert (parsed.order, parsed.expects, parsed.preferred) == (Order.ANY, Expects.TIME, None)


@pytest.mark.parametrize(
    ("question", "may"),
    [
        ("And what about Bazel?", True),
        ("And the railway bridge at Holm, when will that be finished?", True),
        ("So why are there no marks in the cello exam?", True),
        ("And what does it cost in Holm?", False),
        ("And who leads it?", False),
        ("Why?", False),
    ],
)
def test_what_opens_as_if_it_went_on_may_ask_of_something_else(question: str, may: bool) -> None:
    assert may_stand_alone(question, conversation("Who leads the club?", "Ada Wren.")) == may


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
