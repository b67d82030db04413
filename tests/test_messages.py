"""What a message of several sentences asks, and what is said in it and asks nothing."""

from __future__ import annotations

import pytest
from model_support import ModelScript

from assistant import Assistant
from assistant.answer import ABOUT_ASSISTANT, NOT_FOUND, NOTHING_ASKED, Status
from assistant.asking.courtesy import is_small_talk
from assistant.asking.message import read_message
from assistant.events import CitationEvent, DoneEvent, SentenceEvent
from assistant.question import Expects, Form, parse_question
from index.passage import Filters
from ui.cli.text import answer_text
from ui.language import languages
from ui.page.answer_html import answer_html


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Hi, I'm Tom. What is the Silk Road Forum?", "What is the Silk Road Forum?"),
        ("I'm Sandra from the Denver office of HUD. How many databases does TOXNET list?", "How many databases does TOXNET list?"),
        ("How many databases does TOXNET list? Thanks!", "How many databases does TOXNET list?"),
        ("How many databases does TOXNET list? Best regards, Sandra Miller", "How many databases does TOXNET list?"),
        ("How many databases does TOXNET list? 12 May 2016", "How many databases does TOXNET list?"),
        ("How many databases does TOXNET list? 😊", "How many databases does TOXNET list?"),
        ("I read about it. Name the sponsors of Can I Eat This. Thanks.", "Name the sponsors of Can I Eat This."),
        ("hello. i'm new here. who runs the bakery on the corner", "who runs the bakery on the corner"),
        ("My shop is new. What changed in v0.21. for e.g. Go.USA.gov or No. 4?", "What changed in v0.21. for e.g. Go.USA.gov or No. 4?"),
        ("你好！谁在论坛上发言？", "谁在论坛上发言？"),
    ],
)  # fmt: skip
def test_of_a_message_only_what_asks_is_searched(message: str, asked: str) -> None:
    parsed = parse_question(message)
    assert (parsed.asked, parsed.asking, parsed.resolved) == (message, asked, asked)


def test_what_leans_on_what_was_told_keeps_it_in_parentheses() -> None:
    parsed = parse_question(
        "Good morning, I'm preparing a talk on Thunderclap. My colleague says it was sold. In which year was that?"
    )
    assert parsed.asking == "In which year was that?"
    assert parsed.resolved == (
        "In which year was that? (I'm preparing a talk on Thunderclap. My colleague says it was sold)"
    )


def test_what_was_told_before_a_sentence_that_names_the_thing_is_left_out() -> None:
    parsed = parse_question(
        "I have sold apps before. Somebody told me about Open Opportunities. How many personas did they make?"
    )
    assert parsed.resolved == "How many personas did they make? (Somebody told me about Open Opportunities)"


@pytest.mark.parametrize("piece", ["why 2. ", "May 1. ", "Why? ", "what's 1. "])
def test_a_long_row_of_little_questions_is_one(piece: str) -> None:
    row = piece * (2000 // len(piece))
    assert [question.text for question in read_message(row)] == [row]


def test_of_a_long_story_the_last_sentences_are_kept() -> None:
    story = "I went to a long meeting with all of my colleagues about our letters. " * 8
    parsed = parse_question(f"{story}There is a law about plain words that we must obey. What is that law called?")
    assert "plain words" in parsed.resolved
    assert len(parsed.resolved) < 250


@pytest.mark.parametrize(
    "message",
    [
        "Who spoke about IP protection?",
        "Hello, who spoke about IP protection?",
        "Naumenko wants stake certificates on Lightning. Against which nuisance?",
        "With Eclair 0.4 the interface was retired. Which two apps should be taken?",
        "Who wrote the post on data portability? (Feb 2015)",
        "How many parcels were sent back? Halvern's traders last year",
        "How late was the inquiry's paper? Give the year.",
        "Which collisions were late? I mean the ones at night",
        "What became of the new signs? Why?",
        'Who wrote "Web Design Changes? Let the Metrics be Your Guide"?',
        "What is known of a bank holiday in v0.21. Maybe nothing.",
        "The forum was held in Beijing. It was large.",
    ],
)
def test_a_message_all_of_which_is_needed_stays_as_it_is(message: str) -> None:
    parsed = parse_question(message)
    assert parsed.resolved == parsed.asking == message


def test_what_the_writer_says_of_themselves_is_no_date_and_no_list() -> None:
    parsed = parse_question(
        "We are 3 people and our two reports are due in May 2016. Is the service free of charge for towns?"
    )
    assert parsed.preferred is None
    assert parsed.filters == Filters()
    assert parsed.form is Form.FACT
    assert parsed.expects is Expects.YES_NO


def test_a_message_with_a_history_goes_on_about_it_where_what_asks_does() -> None:
    history = [{"role": "user", "content": "Who gave the keynote at the forum?"}]
    parsed = parse_question("I see. Thanks. And when was it?", history=history)
    assert parsed.resolved == "And when was it? (gave the keynote at the forum)"


@pytest.mark.parametrize(
    "said", ["thanks", "Great, thank you!", "ok", "hi there", "Hello! I hope this finds you well. Have a nice day.", "How are you?", "谢谢", "你好！"]
)  # fmt: skip
def test_greeting_thanks_and_assent_are_small_talk(said: str) -> None:
    assert is_small_talk(said)


@pytest.mark.parametrize(
    "said",
    ["Good Friday", "Great Britain", "Is that right?", "Great, so who spoke?", "Why?", "help desk", "issue 4", "好处"],
)
def test_what_names_or_asks_anything_is_no_small_talk(said: str) -> None:
    assert not is_small_talk(said)


@pytest.mark.parametrize(
    "piece",
    [
        "i mean ",
        "a? ",
        "dear x",
        "jan ",
        "12",
        "hi ",
        "so and ",
        "best ",
        "how is ",
        "你好",
        "(",
        "Hi, ",
        'Why "is? ',
        "May 2016 ",
    ],
)
def test_any_message_of_two_thousand_characters_asks_one_to_three_things(piece: str) -> None:
    for end in ("", "x", "?", "? 1"):
        message = (piece * 2000)[:1990] + end
        assert 1 <= len(read_message(message)) <= 3
        assert not is_small_talk(f"{message} Gurry")


def test_a_question_behind_a_long_greeting_is_answered_as_it_is_alone(shipped: Assistant) -> None:
    alone = shipped.ask("Who spoke about IP protection?")
    told = shipped.ask(
        "Dear all, I hope that you are well. I started at the Denver office in May 2016, and we are 3 people with 2 laptops, "
        "so please forgive me that I ask. My report is due soon and my boss is nervous. Who spoke about IP protection? Thanks!"
    )
    assert told.text == alone.text
    assert told.resolved_question == "Who spoke about IP protection?"


@pytest.mark.parametrize("said", ["thanks", "Hello! I hope this finds you well. Have a nice day.", "好的"])
def test_small_talk_is_told_what_can_be_asked(shipped: Assistant, said: str) -> None:
    history = [
        {"role": "user", "content": "Who spoke about IP protection?"},
        {"role": "assistant", "content": "Gurry."},
    ]
    answer = shipped.ask(said, history=history)
    assert (answer.status, answer.text) == (Status.UNCLEAR, NOTHING_ASKED)
    assert answer.resolved_question == said
    assert not answer.sentences
    assert not answer.closest


def test_small_talk_is_told_in_the_readers_language_what_can_be_asked(shipped: Assistant) -> None:
    html = answer_html(languages()["zh"], shipped.ask("谢谢"))
    assert languages()["zh"]("nothing_asked") in html
    assert languages()["zh"]("unclear") not in html


@pytest.mark.parametrize(
    "asked",
    [
        "What are you?",
        "Who made you?",
        "Hello, what can you do?",
        "What can I ask?",
        "What topics do you cover?",
        "help",
    ],
)
def test_who_asks_of_the_assistant_is_told_what_it_does(shipped: Assistant, asked: str) -> None:
    answer = shipped.ask(asked)
    assert (answer.status, answer.text) == (Status.UNCLEAR, ABOUT_ASSISTANT)
    assert languages()["zh"]("about_assistant") in answer_html(languages()["zh"], answer)


@pytest.mark.parametrize(
    "asked",
    [
        "What can you do about goats?",
        "Who made the film?",
        "What are your hours?",
        "Did the scheme help?",
        "How does this work?",
    ],
)
def test_what_may_be_asked_of_the_newsletters_is_not_asked_of_the_assistant(asked: str) -> None:
    assert not is_small_talk(asked)


def test_with_a_model_nothing_is_asked_of_it_for_small_talk(assistant: Assistant, script: ModelScript) -> None:
    answer = assistant.ask("Great, thank you!", history=[{"role": "user", "content": PLACE}])
    assert answer.text == NOTHING_ASKED
    assert not script.asked


PLACE, TAX = "Where was the Silk Road Forum held?", "What is the sales tax in Oregon?"


def test_of_two_questions_each_is_read_by_itself_and_quoted_for_in_order(shipped: Assistant) -> None:
    who = "Who spoke about IP protection?"
    answer = shipped.ask(f"{PLACE} {who}")
    assert answer.status is Status.ANSWERED
    assert answer.sentences[0].text in shipped.ask(PLACE).text
    assert "Gurry" in answer.text
    assert answer.resolved_question == f"{PLACE} {who}"
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.confidence == min(shipped.ask(PLACE).confidence, shipped.ask(who).confidence)


def test_a_question_that_is_not_answered_beside_one_that_is_is_named_in_the_note(shipped: Assistant) -> None:
    answer = shipped.ask(f"{PLACE} {TAX}")
    assert answer.text == " ".join(s.text for s in shipped.ask(PLACE).sentences[: len(answer.sentences)])
    assert answer.not_said == TAX
    assert answer.note.endswith(f"The newsletters don't say: {TAX}")
    assert answer_text(answer).count(f"don't say: {TAX}") == 1
    assert f"don&#x27;t say: {TAX}" in answer_html(languages()["en"], answer)
    assert f"通讯中没有提到：{TAX}" in answer_html(languages()["zh"], answer)


def test_two_questions_neither_of_which_is_answered_are_refused_as_one_is(shipped: Assistant) -> None:
    answer = shipped.ask(f"{TAX} Who won the football world cup?")
    assert (answer.status, answer.text) == (Status.NOT_FOUND, NOT_FOUND)
    assert answer.closest


def test_a_later_question_goes_on_about_the_one_before_it() -> None:
    parts = parse_question("Who can use the link shortener? Do the links expire? And what does it cost?").parts
    assert [part.resolved for part in parts] == [
        "Who can use the link shortener?",
        "Do the links expire? (Who can use the link shortener)",
        "what does it cost? (Who can use the link shortener? Do the links expire)",
    ]


def test_a_later_question_goes_on_about_what_the_first_goes_on_about() -> None:
    history = [{"role": "user", "content": "What is the forum on innovation?"}]
    parts = parse_question("Where was it held? Who opened it?", history=history).parts
    assert "forum on innovation" in parts[0].resolved
    assert "forum on innovation" in parts[1].resolved


def test_the_sentences_of_two_questions_come_one_by_one_with_their_citations(shipped: Assistant) -> None:
    events = list(shipped.stream(f"{PLACE} Who spoke about IP protection?"))
    done = events[-1]
    assert isinstance(done, DoneEvent)
    assert tuple(event.sentence for event in events if isinstance(event, SentenceEvent)) == done.answer.sentences
    assert tuple(event.citation for event in events if isinstance(event, CitationEvent)) == done.answer.citations


def test_a_model_writes_from_what_answers_either_question(assistant: Assistant) -> None:
    answer = assistant.ask(f"{PLACE} {TAX}")
    assert answer.sentences
    assert answer.not_said == TAX
