"""The routes that answer: whole, as a stream of server-sent events, and the reader's opinion of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from assistant import Answer, CitationEvent, DoneEvent, Event, SentenceEvent, StatusEvent
from assistant.question import clean_question
from index.passage import Filters
from ui.addresses import counted_as
from ui.api.access import Reader, identify, limit_reader
from ui.api.conversations import continued, keep
from ui.api.models import AskBody, FeedbackBody, FilterBody
from ui.api.service import Service, service_of
from ui.feedback import FeedbackLog
from ui.problems import Problem, log, problem_of
from ui.questions import API, SITE
from ui.workers import Waiting

router = APIRouter(prefix="/api/v1", tags=["ask"])
HEARTBEAT_SECONDS = 10.0
FEEDBACK_RATE = "20/minute;100/hour"  # of an address, whatever sites it judges for
SITE_FEEDBACK_RATE = "300/hour"  # so that what others said stays for hours, whoever floods
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {"application/problem+json": {}}}
    for status, text in {
        400: "Not JSON",
        401: "No session",
        403: "Origin not allowed",
        413: "Too large",
        422: "Empty, too long or not following the schema",
        429: "Too many questions; see Retry-After",
        503: "Busy; see Retry-After",
    }.items()
}


@router.post("/ask", responses=_PROBLEMS)
async def ask(body: AskBody, request: Request) -> dict[str, Any]:
    """The answer to one question, with its citations."""
    service, reader = await admit(request, body.question)
    body = continued(service, reader, body)
    filters = filters_of(service, reader, body)
    started = time.perf_counter()
    answer = await service.workers.call(lambda: answer_of(service, body, filters), reader.share)
    count(service, reader, answer, started)
    keep(service, reader, body, answer)
    return answer.to_dict()


@router.post(
    "/ask/stream",
    response_class=StreamingResponse,
    responses={
        **_PROBLEMS,
        200: {"content": {"text/event-stream": {}}, "description": "status, sentence, citation, done"},
    },
)
async def ask_stream(body: AskBody, request: Request) -> StreamingResponse:
    """The answer as server-sent events: status, sentence, citation, then done (all of it) or error."""
    service, reader = await admit(request, body.question)
    body = continued(service, reader, body)
    filters = filters_of(service, reader, body)
    service.workers.require_place(reader.share)
    lines = with_heartbeat(_sse(service, reader, body, filters), HEARTBEAT_SECONDS)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines, media_type="text/event-stream", headers=headers)


@router.post("/feedback", status_code=204, responses=_PROBLEMS)
async def feedback(body: FeedbackBody, request: Request) -> None:
    """Keep a reader's opinion of an answer, one JSON line in the data directory; the oldest go when there are many."""
    service = service_of(request)
    reader = identify(request, service)
    site = reader.site.id if reader.site else None
    await service.limiter.check(FEEDBACK_RATE, "feedback", counted_as(reader.address))
    await service.limiter.check(SITE_FEEDBACK_RATE, "feedback of site", site or "")
    record = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "verdict": "good" if body.rating == "up" else "bad",
        "site": site,
        **body.model_dump(exclude={"rating"}),
    }
    await asyncio.to_thread(FeedbackLog(service.settings.data_dir).append, record)
    service.metrics.feedback.labels(body.rating).inc()


async def admit(request: Request, question: str) -> tuple[Service, Reader]:
    """The service and the reader of a question that may be asked; a problem otherwise."""
    service = service_of(request)
    reader = identify(request, service)
    clean_question(question, service.settings.answer.max_question_characters)
    await limit_reader(reader, service)
    return service, reader


def filters_of(service: Service, reader: Reader, body: AskBody) -> Filters:
    """What the question asks for within what `reader` may see; a 422 problem for a collection the site has not."""
    scope, wanted = reader.scope, body.filters or FilterBody()
    name = wanted.collection
    if name is not None:
        part = reader.site.collections.get(name) if reader.site else None
        if part is None:
            raise Problem(422, "The site's record names no such collection; `sites add --record` sets them.")
        scope = service.within(scope, part.filters())
    return service.within(scope, wanted.filters())


def answer_of(service: Service, body: AskBody, filters: Filters) -> Answer:
    """The answer from the newsletters that pass `filters`, those of `filters_of` (blocking)."""
    return service.assistant.ask(body.question, history=body.messages(), filters=filters)


def events_of(service: Service, body: AskBody, filters: Filters) -> Iterator[Event]:
    """The answer piece by piece from the newsletters that pass `filters`, those of `filters_of` (blocking)."""
    return service.assistant.stream(body.question, history=body.messages(), filters=filters)


def count(service: Service, reader: Reader, answer: Answer, started: float, *, channel: str = API) -> None:
    """Count an answer that was asked for at `started` (perf_counter seconds), and keep its question for the editor."""
    seconds = time.perf_counter() - started
    service.metrics.questions.labels(answer.status.value).inc()
    for sentence in answer.sentences:
        service.metrics.sentences.labels(sentence.kind.value).inc()
    for dropped in answer.dropped:
        service.metrics.dropped.labels(dropped.reason, dropped.outcome).inc()
    service.metrics.seconds.observe(seconds)
    where = f"{SITE}{reader.site.id}" if reader.site else channel
    service.questions.record(answer, seconds=seconds, channel=where)


async def with_heartbeat(lines: AsyncIterator[str], seconds: float) -> AsyncIterator[str]:
    """`lines`, with an SSE comment whenever none came for `seconds`, so that proxies keep the connection."""
    pending = asyncio.ensure_future(anext(lines, None))
    try:
        while True:
            done, _ = await asyncio.wait({pending}, timeout=seconds)
            if not done:
                yield ": waiting\n\n"
                continue
            line = pending.result()
            if line is None:
                return
            yield line
            pending = asyncio.ensure_future(anext(lines, None))
    finally:
        pending.cancel()
        await asyncio.gather(pending, return_exceptions=True)
        await lines.aclose()  # type: ignore[attr-defined]


async def _sse(service: Service, reader: Reader, body: AskBody, filters: Filters) -> AsyncIterator[str]:
    started = time.perf_counter()
    events = service.workers.iterate(lambda: events_of(service, body, filters), reader.share)
    try:
        async for event in events:
            yield _event_line(event)
            if isinstance(event, DoneEvent):
                count(service, reader, event.answer, started)
                keep(service, reader, body, event.answer)
    except Exception as error:  # noqa: BLE001 -- the status line is sent already: the stream itself must tell
        yield _line("error", logged(error).document())
    finally:
        await events.aclose()  # type: ignore[attr-defined]


def logged(error: Exception) -> Problem:
    """The problem for `error`, after logging the trace of one that was not foreseen."""
    problem = problem_of(error)
    if problem.status == 500:
        log.error("an answer failed while it was streamed", exc_info=error)
    return problem


def _event_line(event: Event | Waiting) -> str:
    match event:
        case Waiting(ahead):
            return _line("status", {"message": f"{ahead} questions before yours", "queue": ahead})
        case StatusEvent(message):
            return _line("status", {"message": message})
        case SentenceEvent(sentence):
            return _line("sentence", asdict(sentence))
        case CitationEvent(citation):
            return _line("citation", asdict(citation))
        case DoneEvent(answer):
            return _line("done", answer.to_dict())


def _line(event: str, data: dict[str, Any]) -> str:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=True)}\n\n"
