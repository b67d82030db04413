"""The one place that turns an error into an HTTP answer: RFC 9457 problem documents, never a traceback.

A `Problem` is raised by the routes; the errors of the packages below are mapped here. Anything else is a
fault of the program: it is logged with its trace and answered with a plain 500.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from assistant import AssistantError, ModelServerError, QuestionRejected
from corpus import CorpusError
from index.dates import PARTIAL_DATE
from index.errors import (
    IndexBusy,
    IndexDamaged,
    IndexingError,
    IndexNotWritable,
    ModelUnavailable,
    NewsletterNotFound,
)

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (QuestionRejected, 422),
    (NewsletterNotFound, 404),
    (IndexBusy, 503),
    (IndexDamaged, 503),
    (IndexNotWritable, 503),
    (ModelUnavailable, 503),
    (ModelServerError, 503),
    (CorpusError, 422),
    (IndexingError, 503),
    (AssistantError, 503),
)


class Problem(Exception):
    """An error to answer with: `status`, a sentence in `detail`, `headers` and extension `members`."""

    def __init__(self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def document(self) -> dict[str, Any]:
        """The problem as RFC 9457 asks, JSON-ready."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.members,
        }

    def response(self) -> Response:
        """The problem as an HTTP response."""
        body = json.dumps(self.document(), ensure_ascii=True)
        return Response(body, self.status, {"Cache-Control": "no-store", **self.headers}, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """The problem that tells of `error`; a 500 without details for errors not made to be shown."""
    if isinstance(error, Problem):
        return error
    for kind, status in _STATUS:
        if isinstance(error, kind):
            headers = {"Retry-After": "5"} if status == 503 else {}
            return Problem(status, str(error), headers=headers)
    return Problem(500, "Something went wrong on the server; its log says what.")


def install_handlers(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""
    app.add_exception_handler(Problem, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in (AssistantError, IndexingError, CorpusError):
        app.add_exception_handler(kind, _known)
    app.add_exception_handler(Exception, _unknown)


async def _known(_: Request, error: Exception) -> Response:
    return problem_of(error).response()


async def _unknown(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem_of(error).response()


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return Problem(error.status_code, str(error.detail), headers=error.headers).response()


def _reason(item: Mapping[str, Any]) -> str:
    """What is wrong with a field, in words that a person can act on."""
    if item.get("ctx", {}).get("pattern") == PARTIAL_DATE:
        return "this is no date: write 2019, 2019-04 or 2019-04-25"
    return str(item["msg"])


async def _invalid(_: Request, error: Exception) -> Response:
    """400 for what is not JSON, 422 naming the fields for JSON that does not follow the schema."""
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return Problem(400, "The body is not JSON; send an object with Content-Type: application/json.").response()
    fields = [{"field": ".".join(str(part) for part in item["loc"]), "reason": _reason(item)} for item in found[:20]]
    named = "; ".join(f"{field['field']}: {field['reason']}" for field in fields[:3])
    return Problem(422, f"The request does not follow the schema ({named}).", errors=fields).response()
