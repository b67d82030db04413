"""What is under the API's paths and no route: a problem document, before Gradio's page answers it."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from starlette.routing import BaseRoute, Match, Mount, Route

from ui.problems import Problem

_PREFIXES = ("/api", "/v1")
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")


def install(app: FastAPI) -> None:
    """Answer every other path under the API's prefixes; call it after the API's routes are added."""
    for prefix in _PREFIXES:
        app.router.routes.append(Route(f"{prefix}/{{rest:path}}", _unknown, methods=_METHODS, include_in_schema=False))


async def _unknown(request: Request) -> Response:
    allowed = sorted(method for method in _METHODS if _is_routed(request, method))
    if allowed:
        return Problem(405, f"Use {', '.join(allowed)} here.", headers={"Allow": ", ".join(allowed)}).response()
    return Problem(404, f"There is no {request.url.path[:200]!r} in this API.").response()


def _is_routed(request: Request, method: str) -> bool:
    """Whether another route takes the request's path by `method`."""
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes if not _is_last(route))


def _is_last(route: BaseRoute) -> bool:
    """Whether the route takes everything: ours, or Gradio's page below it."""
    return getattr(route, "endpoint", None) is _unknown or (isinstance(route, Mount) and not route.path)
