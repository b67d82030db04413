"""The assistant behind OpenAI's chat API, so that any OpenAI client can ask it.

The last user message is the question, the messages before it the history; system messages and sampling
options change nothing. Citations stand in the text as numbered notes and, structured, in the extension
field `citations`. Errors are problem documents with the status that makes the clients raise the right
kind.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant import Answer, DoneEvent, Sentence, SentenceEvent, Status
from assistant.answer import NOT_SAID
from assistant.errors import QuestionRejected
from index.passage import Filters
from ui.api.access import Reader, identify
from ui.api.ask import HEARTBEAT_SECONDS, admit, answer_of, count, events_of, filters_of, logged, with_heartbeat
from ui.api.models import AskBody
from ui.api.service import Service, service_of
from ui.problems import Problem
from ui.questions import OPENAI

router = APIRouter(prefix="/v1", tags=["openai"])
MODEL = "newsletter-assistant"


class TextPart(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = Field(default="", max_length=20_000)


class ChatMessage(BaseModel):
    """A message as OpenAI's clients send it."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[TextPart] | None = None

    def text(self) -> str:
        """The message's text, its parts joined."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class ChatBody(BaseModel):
    """A chat completion request; options that steer a language model are accepted and change nothing."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"examples": [{"model": MODEL, "messages": [{"role": "user", "content": "What changed?"}]}]},
    )

    model: str = Field(default=MODEL, max_length=200)
    messages: list[ChatMessage] = Field(min_length=1, max_length=200)
    stream: bool | None = False

    def ask_body(self) -> AskBody:
        """The question and its history; QuestionRejected without a user message at the end."""
        told = [message for message in self.messages if message.role in ("user", "assistant")]
        if not told or told[-1].role != "user":
            raise QuestionRejected("The last message must be the user's question.")
        history = [{"role": message.role, "content": message.text()[:20_000]} for message in told[:-1]]
        return AskBody.model_validate({"question": told[-1].text(), "history": history[-100:]})


@router.get("/models")
async def models(request: Request) -> dict[str, Any]:
    """The one model there is."""
    identify(request, service_of(request))
    return {"object": "list", "data": [_model()]}


@router.get("/models/{name}")
async def model(name: str, request: Request) -> dict[str, Any]:
    """The one model there is."""
    identify(request, service_of(request))
    if name != MODEL:
        raise Problem(404, f"The only model is {MODEL!r}.")
    return _model()


@router.post("/chat/completions", response_model=None)
async def chat_completions(body: ChatBody, request: Request) -> Response:
    """The answer as a chat completion, or as its chunks with `stream`."""
    started = time.perf_counter()
    question = body.ask_body()
    service, reader = await admit(request, question.question)
    filters = filters_of(service, reader, question)
    head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": MODEL}
    if body.stream:
        service.workers.require_place(reader.share)
        lines = with_heartbeat(_chunks(service, reader, question, filters, head), HEARTBEAT_SECONDS)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(lines, media_type="text/event-stream", headers=headers)
    answer = await service.workers.call(lambda: answer_of(service, question, filters), reader.share)
    count(service, reader, answer, started, channel=OPENAI)
    return JSONResponse(completion(answer, head))


def completion(answer: Answer, head: dict[str, Any]) -> dict[str, Any]:
    """`answer` as a chat completion."""
    words = len(answer.text.split())
    return {
        **head,
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": annotated(answer), "refusal": None},
                "finish_reason": "stop",
                "logprobs": None,
            }
        ],
        "usage": {"prompt_tokens": 0, "completion_tokens": words, "total_tokens": words},
        **extension(answer),
    }


def extension(answer: Answer) -> dict[str, Any]:
    """What our answers have beyond OpenAI's."""
    return {
        "status": answer.status.value,
        "citations": [asdict(citation) for citation in answer.citations],
        "closest": [asdict(citation) for citation in answer.closest],
    }


def annotated(answer: Answer) -> str:
    """The answer's text with its citations as numbered notes."""
    if not answer.sentences:
        return answer.text
    return " ".join(_marked(sentence) for sentence in answer.sentences) + _notes(answer)


def _marked(sentence: Sentence) -> str:
    return sentence.lead + sentence.text + "".join(f" [{number}]" for number in sentence.citations)


def _notes(answer: Answer) -> str:
    """What the answer leaves open, and its citations."""
    lines = [f"{NOT_SAID}{answer.not_said}"] if answer.not_said else []
    lines += [
        f"[{c.number}] {', '.join(part for part in (c.title, c.date, c.section) if part)}"
        + (f" {c.url}" if c.url else "")
        for c in answer.citations
    ]
    return "\n\n" + "\n".join(lines) if lines else ""


async def _chunks(
    service: Service, reader: Reader, body: AskBody, filters: Filters, head: dict[str, Any]
) -> AsyncIterator[str]:
    started = time.perf_counter()
    yield _chunk(head, {"role": "assistant", "content": ""})
    separator = ""
    events = service.workers.iterate(lambda: events_of(service, body, filters), reader.share)
    try:
        async for event in events:
            if isinstance(event, SentenceEvent):
                yield _chunk(head, {"content": separator + _marked(event.sentence)})
                separator = " "
            elif isinstance(event, DoneEvent):
                answer = event.answer
                count(service, reader, answer, started, channel=OPENAI)
                rest = _notes(answer) if answer.status is Status.ANSWERED else answer.text
                yield _chunk(head, {"content": rest})
                yield _chunk({**head, **extension(answer)}, {}, finish="stop")
        yield "data: [DONE]\n\n"
    except Exception as error:  # noqa: BLE001 -- the status line is sent already: the stream itself must tell
        problem = logged(error)
        yield f"data: {json.dumps({'error': {'message': problem.detail, 'type': 'server_error'}})}\n\n"
    finally:
        await events.aclose()  # type: ignore[attr-defined]


def _chunk(head: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return f"data: {json.dumps({**head, 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
