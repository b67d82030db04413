"""The page on which readers sign in and out; where a proxy knows who asks, it says to come by the proxy."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ui.addresses import client_address, counted_as
from ui.api.service import Service, service_of
from ui.language import Words, words_for
from ui.problems import Problem
from ui.render import escape
from ui.signin import COOKIE, LIFETIME, LOGIN

router = APIRouter(include_in_schema=False)
RATE = "10/minute"
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
}  # without a referrer, a form has no origin either


@router.get(LOGIN, response_class=HTMLResponse)
async def login_page(request: Request) -> Response:
    """The form, or who is signed in."""
    service = _service(request)
    words, onward = words_for(request.headers.get("accept-language", "")), local(request.query_params.get("next", ""))
    name = service.sign_in.reader(request)
    if not service.sign_in.by_password:
        text = words("signed_in_as", name=name) if name else words("sign_in_by_proxy")
        return _page(words, f"<p>{escape(text)}</p>", status=200 if name else 401)
    if name is None:
        return _page(words, _form(words, onward))
    return _page(words, _signed_in(words, name))


@router.post(LOGIN)
async def login(request: Request) -> Response:
    """Sign in with name and password; a wrong pair is told without saying which of the two is wrong."""
    service = _service(request)
    if not service.sign_in.by_password:
        raise Problem(404, "Nobody signs in with a password here.")
    words = words_for(request.headers.get("accept-language", ""))
    address, _ = client_address(request, service.settings.server.trusted_proxies)
    await service.limiter.check(RATE, "login", counted_as(address))
    said = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=10)
    name, password, onward = (said.get(field, [""])[0] for field in ("username", "password", "next"))
    if not await asyncio.to_thread(service.sign_in.users.fits, name, password):
        return _page(words, _form(words, local(onward), words("sign_in_wrong")), status=401)
    answer = RedirectResponse(local(onward), status_code=303, headers=_HEADERS)
    secure = (service.settings.server.public_url or "").startswith("https://")
    answer.set_cookie(
        COOKIE, service.sign_in.cookie_for(name), max_age=LIFETIME, httponly=True, samesite="lax", secure=secure
    )
    return answer


@router.post("/logout")
async def logout() -> Response:
    """Sign out."""
    answer = RedirectResponse(LOGIN, status_code=303, headers=_HEADERS)
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


def local(onward: str) -> str:
    """`onward` if it is a path of this server, else the chat page."""
    plain = onward.startswith("/") and not onward.startswith("//") and onward.isprintable() and "\\" not in onward
    return onward if plain and not any(urlsplit(onward)[:2]) else "/"


def _service(request: Request) -> Service:
    service = service_of(request)
    if not service.sign_in.required:
        raise Problem(404, "Nobody has to sign in here.")
    return service


def _form(words: Words, onward: str, wrong: str = "") -> str:
    warning = f'<p class="warning" role="alert">{escape(wrong)}</p>' if wrong else ""
    return (
        f'{warning}<form method="post" action="{LOGIN}" class="sign-in">'
        f'<input type="hidden" name="next" value="{escape(onward)}">'
        f'<label>{escape(words("user_name"))}<input name="username" autocomplete="username" required autofocus></label>'
        f"<label>{escape(words('password'))}"
        '<input name="password" type="password" autocomplete="current-password" required></label>'
        f"<button>{escape(words('sign_in'))}</button></form>"
    )


def _signed_in(words: Words, name: str) -> str:
    return (
        f'<p>{escape(words("signed_in_as", name=name))}</p><p><a href="/">{escape(words("back_to_chat"))}</a></p>'
        f'<form method="post" action="/logout" class="sign-in"><button>{escape(words("sign_out"))}</button></form>'
    )


def _page(words: Words, body: str, status: int = 200) -> HTMLResponse:
    title = escape(words("sign_in"))
    page = (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/reader.css"></head>'
        f'<body><main class="shared"><h1>{title}</h1>{body}</main></body></html>'
    )
    return HTMLResponse(page, status_code=status, headers={**_HEADERS, "Vary": "Accept-Language"})
