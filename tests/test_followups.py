"""Questions of a conversation: what completes them, whose thread they go on with, and what may stand alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answer import NOT_FOUND
from assistant.asking.correction import without_correction
from assistant.asking.followup import (
    MOST_MESSAGES_OF_ANSWERS,
    QUESTION_CHARACTERS,
    Way,
    matter_of_question,
    needs_what_was_said,
    resolve,
)
from assistant.asking.history import MESSAGE_CHARACTERS
from assistant.asking.order import Order
from assistant.asking.said_again import asks_again
from assistant.question import Expects, parse_question

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
        "Who is Ada Penrose?",
        "What is Foqal?",
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


@pytest.mark.parametrize("answer", [NOT_FOUND, "Wang Zhigang gave it. The lunch was paid for by the ministry."])
def test_a_follow_up_is_completed_with_the_matter_of_the_question_not_with_its_answer(answer: str) -> None:
    history = [HISTORY[0], {"role": "assistant", "content": answer}]
    assert resolve("And when?", history) == "And when? (gave the keynote at the forum)"


def test_a_follow_up_may_be_on_what_the_last_answer_says_first() -> None:
    told = conversation("Who chairs the club?", "Ada Wren chairs it. The roof was mended.")
    resolved = resolve("Where does she live?", told, Way.ANSWERED)
    assert resolved == "Where does she live? (chairs the club: Ada Wren chairs it.)"


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("How many people did Lund save in 2017?", "people did Lund save in 2017"),
        ("And in which month was the bridge at Holm closed?", "month was the bridge at Holm closed"),
        ("Is there a shuttle to Garside Cross?", "a shuttle to Garside Cross"),
        ("Why?", "Why"),
        ("the roof gardens", "the roof gardens"),
    ],
)
def test_the_matter_of_a_question_is_what_it_asks_of(question: str, matter: str) -> None:
    assert matter_of_question(question) == matter


def test_a_reader_is_told_the_question_that_a_follow_up_goes_on_about() -> None:
    parsed = parse_question("And when was it?", history=conversation("Who gave the keynote?", "Wang Zhigang."))
    assert parsed.shown == "And when was it? (Who gave the keynote)"


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
        ("When is the Easter Open?", "And the Autumn Open?", "When is the Autumn Open?"),
        ("Who is the captain of the first team?", "And the women?", "Who is the captain of the women?"),
        ("Who is the sponsor of the club?", "and the museum", "Who is the sponsor of the museum?"),
        ("What is the price of the ticket?", "And the date?", "What is the date of the ticket?"),
        ("Who is the new owner of the mill?", "And the old one?", "Who is the old owner of the mill?"),
        ("How much is the red kite?", "what about the blue one?", "How much is the blue kite?"),
        ("What is eltoo?", "and taproot?", "What is taproot?"),
        ("who is Ada Penrose?", "and bruno matz?", "who is bruno matz?"),
    ],
)
def test_the_last_question_is_asked_again_of_another_one(last: str, question: str, resolved: str) -> None:
    assert resolve(question, conversation(last, "It was said.")) == resolved


@pytest.mark.parametrize(
    ("question", "resolved"),
    [
        ("No, I meant at Quarry Lane", "How many nights were loud at Quarry Lane in 2023?"),
        ("no, in 2022", "How many nights were loud at Tanner's Row in 2022?"),
        ("that's not what I asked, I mean at Quarry Lane", "How many nights were loud at Quarry Lane in 2023?"),
        ("sorry, i meant how many birds hit the runway lights", "how many birds hit the runway lights"),
        ("no, I'm asking about the choir", "And the choir? (nights were loud at Tanner's Row in 2023)"),
        ("no, that is wrong", "no, that is wrong (nights were loud at Tanner's Row in 2023)"),
    ],
)
def test_a_correction_asks_the_last_question_of_what_was_meant(question: str, resolved: str) -> None:
    told = conversation("How many nights were loud at Tanner's Row in 2023?", "131 nights.")
    parsed = parse_question(question, history=told)
    assert (parsed.asked, parsed.resolved) == (question, resolved)
    assert parse_question(question).resolved == question


@pytest.mark.parametrize("question", ["No, I meant", "no, i don't", "No, you know"])
def test_what_is_said_of_the_asker_corrects_nothing(question: str) -> None:
    assert without_correction(question) == question


def test_a_correction_is_what_later_questions_go_on_about() -> None:
    told = conversation(
        "How many nights were loud?", "131 nights.", "I meant how many strikes in 2023", "Four strikes."
    )
    assert parse_question("And in 2022?", history=told).resolved == "how many strikes in 2022"


def test_courtesy_beside_a_question_is_not_what_later_ones_go_on_about() -> None:
    told = conversation("Thanks a lot. Who chairs the club?", "Ada Wren.")
    assert parse_question("Since when?", history=told).resolved == "Since when? (chairs the club)"


def test_a_question_asked_of_another_one_is_the_same_as_when_it_is_typed_in_full() -> None:
    parsed = parse_question("And for 1.12?", history=conversation("Who was the release lead for 1.20?", "Ada Wren."))
    assert parsed.asking == parsed.resolved == "Who was the release lead for 1.12?"
    assert parsed.asked == "And for 1.12?"


@pytest.mark.parametrize(
    ("question", "resolved"),
    [
        ("And the year before?", "How many visitors did the mill have in 2021?"),
        ("What about the following year?", "How many visitors did the mill have in 2023?"),
    ],
)
def test_a_year_is_counted_from_the_one_that_was_asked_of(question: str, resolved: str) -> None:
    last = "How many visitors did the mill have in 2022?"
    answer = "It had 318, of which 40 came by boat."
    history = [{"role": "user", "content": last}, {"role": "assistant", "content": answer}]
    assert resolve(question, history) == resolved


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
    assert resolve("When will it be opened again?", told) == (
        "When will it be opened again? (the bridge at Holm closed)"
    )


@pytest.mark.parametrize(
    ("asked", "begun"),
    [("How much does an account cost?", "bridge"), ("And what does the Tannin Letter say?", "Tannin")],
)
def test_a_question_that_nothing_answered_begins_a_thread_only_with_a_name(asked: str, begun: str) -> None:
    told = conversation("When was the bridge at Holm closed?", "It was closed in May.", asked, NOT_FOUND)
    assert begun in resolve("Who is going to use it?", told)


def test_a_chain_of_other_ones_asks_the_first_question_of_the_last() -> None:
    told = conversation("Who was the release lead for 1.20?", "Jeremy.", "And for 1.12?", "Tim.")
    assert resolve("What about 1.13?", told) == "Who was the release lead for 1.13?"


@pytest.mark.parametrize(
    "question",
    [
        "Are you sure?",
        "you sure?",
        "Where did you get that from?",
        "source?",
        "Really??",
        "And who says so?",
        "Which newsletter says that?",
        "ok, where does it say that",
        "Is that true?",
        "tell me more",
    ],
)
def test_a_doubt_asks_the_last_question_again(question: str) -> None:
    told = conversation("Who chairs the club?", "Ada Wren.", "Since when?", "Since May.")
    again, first = parse_question(question, history=told), parse_question("Since when?", history=told[:2])
    assert again == replace(first, asked=question)
    assert again.names_issues
    further = parse_question("Why?", history=[*told, *conversation(question, "Since May.")])
    assert further.resolved.endswith("(chairs the club)")
    assert parse_question(question).resolved == question


@pytest.mark.parametrize(
    "question",
    [
        "Who says that the bridge is safe?",
        "Who wrote it?",
        "Are you sure that Ada Wren chairs it?",
        "Tell me more about Holm",
    ],
)
def test_what_says_more_than_a_doubt_is_a_question_of_its_own(question: str) -> None:
    parsed = parse_question(question, history=conversation("Who chairs the club?", "Ada Wren."))
    assert parsed.asking == question


def test_a_history_of_nothing_but_doubts_is_read_as_far_as_any_other() -> None:
    doubts = [{"role": "user", "content": "Really?"}] * 3000
    assert parse_question("Really?", history=doubts).resolved == "Really?"
    told = conversation("Who chairs the club?", "Ada Wren.")
    assert parse_question("Really?", history=[*told, *doubts[:MOST_MESSAGES_OF_ANSWERS]]).resolved == "Really?"


@pytest.mark.parametrize("wordless", ["???", "", "🎉", "." * 500 + "Who?"])
def test_a_doubt_is_not_of_a_message_without_a_word(wordless: str) -> None:
    told = conversation("Who chairs the club?", "Ada Wren.", wordless, "")
    assert parse_question("Really?", history=told).resolved == "Who chairs the club?"
    assert parse_question("Really?", history=told[2:]).resolved == "Really?"


@pytest.mark.parametrize("piece", ["and, ", "tell me more about ", "are you ", "who says ", "more "])
def test_a_long_row_of_doubting_words_is_no_doubt(piece: str) -> None:
    assert not asks_again((piece * 400)[:2000])


def test_of_a_long_message_of_the_history_only_the_beginning_is_read() -> None:
    told = conversation("Who chairs the club?", "Ada Wren. " + "word " * (MESSAGE_CHARACTERS // 5) + "Bazel")
    assert "Bazel" not in resolve("When did she begin?", told, Way.ANSWERED)


def test_a_message_without_content_says_nothing() -> None:
    told = [*conversation("Who chairs the club?", ""), {"role": "assistant"}, {}]
    assert resolve("Since when?", told) == "Since when? (chairs the club)"


def test_a_thread_begins_anew_where_another_subject_is_named() -> None:
    told = conversation("When was the bridge closed?", "In May.", "And how old is the lighthouse keeper?", "He is 80.")
    assert "bridge" not in resolve("Where does he live?", told)


@pytest.mark.parametrize(
    "question", ["how much did the repair cost?", "how many goats graze there", "how long is the long wait?"]
)
def test_how_much_of_a_thing_is_asked_is_no_further_thing(question: str) -> None:
    told = conversation("What happened to the palm house?", "A storm broke its panes.")
    assert resolve(question, told) == f"{question} (happened to the palm house)"


def test_a_question_that_only_names_something_else_is_told_with_the_one_that_began_the_thread() -> None:
    told = conversation(
        "When are leaf blowers banned?",
        "From 2027.",
        "and the original date?",
        "A year earlier.",
        "by how many votes?",
        "By 9.",
    )
    assert resolve("Why was it changed?", told) == "Why was it changed? (and the original date: leaf blowers banned)"
    assert parse_question("Why was it changed?", history=told).shown.endswith(
        "(and the original date: When are leaf blowers banned)"
    )


@pytest.mark.parametrize("asked", ["by how many votes?", "how many members?", "anything else?"])
def test_a_short_question_that_names_nothing_new_begins_no_thread(asked: str) -> None:
    told = conversation(
        "Who is the new chair of the beekeepers?", "Tamsin Quaife.", asked, "She was elected with 97 votes."
    )
    assert "new chair of the beekeepers)" in resolve("What does she want to do?", told)


@pytest.mark.parametrize(
    "asked", ["And how old is the lighthouse keeper?", "the lighthouse keeper, how old is he now?"]
)
def test_a_question_in_full_on_something_else_begins_a_thread(asked: str) -> None:
    told = conversation("When was the bridge closed?", "In May.", asked, "The keeper is 80.")
    assert "bridge" not in resolve("Where does he live?", told)


def test_a_shortened_form_of_to_be_is_no_matter() -> None:
    assert matter_of_question("What's the next deadline?") == "the next deadline"


def test_an_earlier_answer_says_nothing_of_the_order_the_kind_and_the_dates_of_a_question() -> None:
    told = conversation(
        "Who leads the release?", "12 May 2018: the final release is led for the first time by Ada Wren."
    )
    parsed = parse_question("When is its code freeze?", history=told)
    assert (parsed.order, parsed.expects, parsed.preferred) == (Order.ANY, Expects.TIME, None)


@pytest.mark.parametrize(
    ("question", "needs"),
    [
        ("And what about Bazel?", False),
        ("And the railway bridge at Holm, when will that be finished?", False),
        ("So why are there no marks in the cello exam?", False),
        ("Who is the tower captain?", False),
        ("And what does it cost in Holm?", True),
        ("And who leads it?", True),
        ("Why?", True),
    ],
)
def test_what_has_a_pronoun_or_only_asks_needs_what_was_said(question: str, needs: bool) -> None:
    assert needs_what_was_said(question) == needs


def test_the_same_question_again_is_asked_by_itself() -> None:
    asked = "What is the theme of the forum?"
    assert resolve(asked, conversation(asked, "Collaborative innovation.")) == asked
