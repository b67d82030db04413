"""The routes that change the index; each needs the admin key.

An uploaded file lands in `data_dir/uploads` under a name of ours, and that folder is synchronised as a
source.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Path as PathParameter

from corpus import SourceUnreadable
from corpus.readers import known_suffixes
from index import SyncReport
from ui.administrator import COOKIE, LIFETIME, cookie_for, require_admin
from ui.api.models import SyncBody
from ui.api.service import Service, service_of
from ui.problems import Problem
from ui.sites import write_private

router = APIRouter(prefix="/api/v1/admin", tags=["admin"])
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,150}")


@router.post("/session", status_code=204)
async def sign_in(request: Request, response: Response) -> None:
    """Give a browser that shows the admin key a cookie that stands for it on this server's own pages."""
    service = _service(request)
    secure = (service.settings.server.public_url or "").startswith("https://")
    response.set_cookie(
        COOKIE, cookie_for(service.settings), max_age=LIFETIME, httponly=True, samesite="strict", secure=secure
    )


@router.delete("/session", status_code=204)
async def sign_out(response: Response) -> None:
    """Take the cookie away."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")


@router.post("/sync")
async def sync(body: SyncBody, request: Request) -> dict[str, Any]:
    """Bring the index level with files and folders on the server."""
    service = _service(request)
    work = lambda: service.assistant.sync(body.paths, dry_run=body.dry_run, rebuild=body.rebuild)  # noqa: E731
    report: SyncReport = await service.maintenance.call(work)
    return report.to_dict()


@router.put("/newsletters/{name}", status_code=201)
async def upload(
    name: Annotated[str, PathParameter(max_length=160, examples=["2019-07-03-newsletter.md"])],
    request: Request,
) -> dict[str, Any]:
    """Add the newsletter file that is the request's body, or put it in place of the one of that name."""
    service = _service(request)
    path = _upload_path(service, name)
    content = await request.body()
    if not content:
        raise Problem(422, "The body is empty; send the newsletter's file as it is.")
    report = await service.maintenance.call(lambda: _store(service, path, content))
    return report.to_dict()


@router.delete("/newsletters/{newsletter_id}", status_code=204)
async def delete(newsletter_id: str, request: Request) -> None:
    """Take one newsletter out of the index."""
    service = _service(request)
    await service.maintenance.call(lambda: service.assistant.remove(newsletter_id))


def _service(request: Request) -> Service:
    service = service_of(request)
    require_admin(request, service.settings)
    return service


def _upload_path(service: Service, name: str) -> Path:
    suffix = PurePosixPath(name).suffix.lower()
    if not _NAME.fullmatch(name) or suffix not in known_suffixes():
        raise Problem(422, f"The name must be letters, digits, . _ - and end in one of {', '.join(known_suffixes())}.")
    return service.settings.data_dir / "uploads" / name


def _store(service: Service, path: Path, content: bytes) -> SyncReport:
    """Keep the file and index it; a file that cannot be read is removed again."""
    previous = path.read_bytes() if path.exists() else None
    write_private(path, content)
    report = service.assistant.sync([path.parent])
    reason = next((failed.reason for failed in report.failed if Path(failed.source).name == path.name), None)
    if reason is None:
        return report
    if previous is None:
        path.unlink()
    else:
        write_private(path, previous)
    raise SourceUnreadable(reason)
