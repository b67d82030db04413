"""Answers about the shipped newsletter: verbatim, short, and refused when the newsletter does not say."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers.no_text import NoText

from assistant import Assistant
from assistant.answer import Answer
from assistant.asking.followup import leans_on_history
from assistant.errors import QuestionRejected
from assistant.evaluation import evaluate, load_questions
from index.passage import Filters

QUESTIONS = load_questions(Path(__file__).parent / "questions" / "shipped.jsonl")


@pytest.fixture(scope="module")
def answers(shipped: Assistant) -> list[Answer]:
    return [shipped.ask(question.question, history=question.messages) for question in QUESTIONS]


def test_every_citation_is_the_newsletters_own_text(shipped: Assistant, answers: list[Answer]) -> None:
    cited = [citation for answer in answers for citation in (*answer.citations, *answer.closest)]
    assert len(cited) > len(QUESTIONS)
    for citation in cited:
        assert shipped.newsletter(citation.newsletter_id).text[citation.start : citation.end] == citation.quote


def test_every_sentence_of_an_answer_is_cited(answers: list[Answer]) -> None:
    for answer in answers:
        assert all(sentence.citations for sentence in answer.sentences if sentence.kind == "quote")
        assert bool(answer.sentences) == (answer.status == "answered")


def test_the_figures_of_the_shipped_questions_do_not_fall(shipped: Assistant, answers: list[Answer]) -> None:
    report = evaluate(shipped, QUESTIONS)
    figures = {name: metric.value for name, metric in report.metrics.items()}
    # A question less than measured: sums in bfloat16 differ a little by thread
    assert figures["answer_hit"] >= 0.92
    assert figures["wrongly_refused"] <= 0.03
    assert figures["rightly_refused"] >= 0.63
    assert mean(len(answer.text.split()) for answer in answers if answer.status == "answered") <= 60


@pytest.mark.parametrize("question", ["And when was it?", "Why?", "Which one?"])
def test_a_question_that_points_back_to_nothing_is_asked_to_say_more(shipped: Assistant, question: str) -> None:
    answer = shipped.ask(question)
    assert answer.status == "unclear"
    assert "name it" in answer.text
    assert not answer.sentences
    assert not answer.closest


FORUM = (
    {"role": "user", "content": "Where was the Silk Road of Innovation Thematic Forum held?"},
    {"role": "assistant", "content": "The Silk Road of Innovation Thematic Forum was held in Beijing."},
)


def test_what_is_asked_in_full_and_answered_is_not_given_up_for_an_unsure_follow_up(shipped: Assistant) -> None:
    question = "What does the newsletter say about “Ministry of Science and Technology”?"
    before = "Where was the Silk Road of Innovation forum held?"
    history = [{"role": "user", "content": before}, {"role": "assistant", "content": shipped.ask(before).text}]
    assert shipped.ask(question, history).status == shipped.ask(question).status == "answered"


def test_a_question_that_may_go_on_about_the_last_exchange_does_so_where_that_is_surer(shipped: Assistant) -> None:
    assert not leans_on_history("which keynote speakers were present?")
    answer = shipped.ask("which keynote speakers were present?", FORUM)
    assert "Thematic Forum" in answer.resolved_question
    assert "speakers" in answer.text


def test_a_question_on_something_else_stays_as_it_was_asked(shipped: Assistant) -> None:
    answer = shipped.ask("Who spoke about IP protection?", FORUM)
    assert answer.resolved_question == answer.question
    assert "Gurry" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Who won the football world cup?",
        "How do I bake sourdough bread?",
        "What is the capital of Peru?",
    ],
)
def test_what_is_off_topic_is_refused_with_the_closest_passages(shipped: Assistant, question: str) -> None:
    answer = shipped.ask(question)
    assert answer.status == "not_found"
    assert not answer.sentences
    assert answer.closest


@pytest.mark.parametrize("question", ["", "   \n\t", "\x00\x01", "?"])
def test_an_empty_question_is_refused_in_one_sentence(shipped: Assistant, question: str) -> None:
    with pytest.raises(QuestionRejected) as caught:
        shipped.ask(question)
    assert "\n" not in str(caught.value)


def test_a_question_of_100_000_characters_is_refused(shipped: Assistant) -> None:
    with pytest.raises(QuestionRejected, match="characters"):
        shipped.ask("why " * 25_000)


def test_script_in_a_question_stays_text(shipped: Assistant) -> None:
    asked = "<script>alert(1)</script> Who spoke about IP protection?"
    answer = shipped.ask(asked)
    assert answer.question == asked
    assert "<script>" not in answer.text
    assert "Gurry" in shipped.ask("<b>Who spoke about IP protection?</b>").text


def test_a_follow_up_is_resolved_from_the_history(shipped: Assistant) -> None:
    first = shipped.ask("Who spoke about IP protection?")
    history = [
        {"role": "user", "content": "Who spoke about IP protection?"},
        {"role": "assistant", "content": first.text},
    ]
    answer = shipped.ask("At which event?", history=history)
    assert answer.resolved_question != "At which event?"
    assert answer.citations


def test_an_answer_is_one_json_document(shipped: Assistant) -> None:
    document = json.loads(json.dumps(shipped.ask("Who spoke about IP protection?").to_dict()))
    assert document["status"] == "answered"
    assert {"number", "newsletter_id", "title", "issue", "date", "url", "section", "start", "end", "quote"} <= set(
        document["citations"][0]
    )


def test_a_llama_index_query_engine_answers_with_source_nodes(shipped: Assistant) -> None:
    response = shipped.as_query_engine().query("Who spoke about IP protection?")
    assert "Gurry" in str(response)
    assert response.source_nodes


@pytest.mark.parametrize("query", ["Who spoke about IP protection?", "Belt and Road", "latest issue"])
def test_a_llama_index_retriever_finds_passages_that_stand_where_they_say(shipped: Assistant, query: str) -> None:
    found = shipped.as_retriever(limit=3).retrieve(query)
    searched = shipped.search(query, limit=3)
    assert [(node.node_id, node.text, node.score) for node in found] == [
        (item.passage.id, item.passage.text, item.score) for item in searched
    ]
    for node in found:
        newsletter = shipped.newsletter(node.metadata["newsletter_id"])
        assert newsletter.text[node.metadata["start"] : node.metadata["end"]] == node.text
        known = (newsletter.title, newsletter.date, newsletter.issue, newsletter.url)
        assert tuple(node.metadata[key] for key in ("title", "date", "issue", "url")) == known
        assert node.metadata["section"]


def test_a_llama_index_retriever_is_the_source_of_other_query_engines(shipped: Assistant) -> None:
    engine = RetrieverQueryEngine(shipped.as_retriever(), response_synthesizer=NoText(llm=MockLLM()))
    assert any("Gurry" in node.text for node in engine.query("Who spoke about IP protection?").source_nodes)


def test_a_llama_index_retriever_finds_nothing_outside_its_filters(shipped: Assistant) -> None:
    assert shipped.as_retriever(filters=Filters(since="2999")).retrieve("Belt and Road") == []
