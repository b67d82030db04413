"""Conversations that a site's reader asked to be kept: read and forgotten with their own session's token only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter

from assistant import Answer
from ui.addresses import counted_as
from ui.api.access import Reader, identify
from ui.api.models import CONVERSATION_NAME, AskBody, Message
from ui.api.service import Service, service_of
from ui.memory import ConversationKey
from ui.problems import Problem

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])
Name = Annotated[str, PathParameter(pattern=CONVERSATION_NAME, examples=["b3f1c2d4e5"])]
TOLD = 6
RATE = "120/minute"


@router.get("/{name}")
async def read(name: Name, request: Request) -> dict[str, Any]:
    """The turns of a conversation, oldest first; 404 for every session but its own."""
    service, key = await _own(name, request)
    turns = service.memory.turns(key)
    if turns is None:
        raise _unknown(name)
    return {"id": name, "turns": turns}


@router.delete("/{name}", status_code=204)
async def forget(name: Name, request: Request) -> None:
    """Forget a conversation; 404 for every session but its own."""
    service, key = await _own(name, request)
    if not service.memory.forget(key):
        raise _unknown(name)


def continued(service: Service, reader: Reader, body: AskBody) -> AskBody:
    """The question with the kept turns as its history, where it names a conversation and brings no history."""
    if body.conversation is None:
        return body
    if reader.site is None:
        raise Problem(422, "Conversations are kept for a site's sessions; send `history` instead of `conversation`.")
    turns = service.memory.turns(ConversationKey(reader.owner, body.conversation))
    if body.history or not turns:
        return body
    told = [(turn["question"], turn["answer"]["text"]) for turn in turns[-TOLD:]]
    history = [
        Message(role=role, content=text[:20_000])
        for question, answer in told
        for role, text in (("user", question), ("assistant", answer))
    ]
    return body.model_copy(update={"history": history})


def keep(service: Service, reader: Reader, body: AskBody, answer: Answer) -> None:
    """Keep the turn, where the question names a conversation."""
    if body.conversation is not None:
        turn = {"question": body.question, "answer": answer.to_dict()}
        service.memory.add(ConversationKey(reader.owner, body.conversation), turn)


async def _own(name: str, request: Request) -> tuple[Service, ConversationKey]:
    service = service_of(request)
    reader = identify(request, service)
    if reader.site is None:
        raise Problem(
            401,
            "A conversation is read and deleted with X-Site and its own session's token.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    await service.limiter.check(RATE, "conversations", counted_as(reader.address))
    return service, ConversationKey(reader.owner, name)


def _unknown(name: str) -> Problem:
    return Problem(404, f"This session has no conversation {name!r}.")
