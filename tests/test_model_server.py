"""The model's server: which one is asked, what it is sent, and that its failures cost the reader nothing."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from model_support import QUESTION, Behaviour, Handler, ModelScript, fails, says, with_model

from assistant import Assistant, Settings
from assistant.answer import Answer, SentenceKind, Status
from assistant.events import DoneEvent, SentenceEvent


def test_an_endless_reply_ends(assistant: Assistant, script: ModelScript) -> None:
    def behave(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin()
        while True:
            handler.piece("The moon is made of cheese and so is the sun. ")

    script.behaviour = behave
    answer = assistant.ask(QUESTION)
    assert "cheese" not in answer.text
    assert answer.status is Status.ANSWERED
    assert script.hung_up.wait(5)


def _breaks_off(handler: Handler, body: dict[str, Any]) -> None:
    handler.begin()
    handler.piece("The forum was")
    handler.wfile.write(b"data: {broken json\n\n")


def _hangs_up(handler: Handler, body: dict[str, Any]) -> None:
    handler.connection.close()


@pytest.mark.parametrize(
    "behaviour",
    [
        fails(500),
        fails(429),
        fails(404),
        fails(401),
        lambda handler, body: handler.reply(200, b"<html>hello</html>", "text/html"),
        _breaks_off,
        _hangs_up,
        says(""),
    ],
    ids=["500", "429", "404", "401", "wrong content type", "broken stream", "disconnect", "silence"],
)
def test_a_failing_server_leaves_the_newsletters_own_words_and_a_note(
    assistant: Assistant, script: ModelScript, quoted: Answer, behaviour: Behaviour
) -> None:
    script.behaviour = behaviour
    answer = assistant.ask(QUESTION)
    assert answer.text == quoted.text
    assert "newsletters' own words" in answer.note


def test_a_server_that_fails_once_is_asked_again(assistant: Assistant, script: ModelScript, quoted: Answer) -> None:
    def behave(handler: Handler, body: dict[str, Any]) -> None:
        (fails(500) if len(script.asked) == 1 else says(quoted.sentences[0].text + " [1]"))(handler, body)

    script.behaviour = behave
    answer = assistant.ask(QUESTION)
    assert len(script.asked) == 2
    assert answer.sentences[0].kind is SentenceKind.GENERATED


def test_a_server_that_keeps_failing_is_left_alone(shipped: Assistant, script: ModelScript) -> None:
    assistant = with_model(shipped, script, retries=0)
    script.behaviour = fails(500)
    for _ in range(5):
        assistant.ask(QUESTION)
    assert len(script.asked) == 3


def test_a_server_slower_than_the_timeout_is_not_waited_for(
    shipped: Assistant, script: ModelScript, quoted: Answer
) -> None:
    assistant = with_model(shipped, script, timeout=0.6, retries=0)
    script.behaviour = lambda handler, body: time.sleep(3)
    started = time.monotonic()
    answer = assistant.ask(QUESTION)
    assert answer.text == quoted.text
    assert time.monotonic() - started < 2.5


def test_stopping_frees_the_model_server_at_once(assistant: Assistant, script: ModelScript, quoted: Answer) -> None:
    def behave(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin()
        handler.piece(quoted.sentences[0].text + " [1] And ")
        while True:
            time.sleep(0.05)
            handler.piece("so on ")

    script.behaviour = behave
    events = assistant.stream(QUESTION)
    assert any(isinstance(event, SentenceEvent) for event in events)
    events.close()  # type: ignore[attr-defined]
    assert script.hung_up.wait(3)


def test_a_question_the_newsletters_do_not_answer_is_not_sent(assistant: Assistant, script: ModelScript) -> None:
    answer = assistant.ask("Who won the football world cup?")
    assert answer.status is Status.NOT_FOUND
    assert not script.asked


def test_newsletter_text_is_fenced_and_the_prompt_fits_the_window(shipped: Assistant, script: ModelScript) -> None:
    assistant = with_model(shipped, script, context_window=512, max_tokens=64)
    assistant.ask(QUESTION)
    evidence = script.prompt.split("<evidence>\n")[-1].split("\n</evidence>")[0]
    assert evidence.startswith("[1] (")
    assert len(script.prompt) / 3 < 512
    assert script.prompt.count("</evidence>") == 2


def test_a_base_model_is_asked_for_a_completion(shipped: Assistant, script: ModelScript) -> None:
    with_model(shipped, script, style="completion").ask(QUESTION)
    assert script.asked[0]["prompt"].endswith("Answer:")


def test_without_a_model_no_server_is_looked_for(shipped: Assistant, script: ModelScript) -> None:
    assert Assistant(shipped._library, Settings())._generative is None
    done = [event for event in shipped.stream(QUESTION) if isinstance(event, DoneEvent)]
    assert all(sentence.kind is SentenceKind.QUOTE for sentence in done[0].answer.sentences)


def test_models_lists_what_a_server_offers_and_asks_it(script: ModelScript, capsys: pytest.CaptureFixture[str]) -> None:
    script.behaviour = says("yes")
    from ui.cli.main import app

    app(["models", "--base-url", script.base_url, "--json"], standalone_mode=False)
    (server,) = json.loads(capsys.readouterr().out)
    assert server["models"] == ["scripted"]
    assert server["works"]


def test_auto_takes_the_first_model_that_the_server_offers(
    shipped: Assistant, script: ModelScript, quoted: Answer
) -> None:
    script.behaviour = says(quoted.sentences[0].text + " [1]")
    answer = with_model(shipped, script, model="auto").ask(QUESTION)
    assert answer.sentences[0].kind is SentenceKind.GENERATED
    assert script.asked[0]["model"] == "scripted"
