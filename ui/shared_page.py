"""The page of a single shared answer: no script, its quotations compared with the archive when it is opened."""

from __future__ import annotations

from urllib.parse import urlencode

from assistant import Answer, Assistant
from ui.language import Words
from ui.page.answer_html import answer_text_html, confidence_html, sources_html
from ui.render import escape
from ui.standing import Standing, compare_all


def shared_page(words: Words, assistant: Assistant, answer: Answer, *, title: str) -> str:
    """The page of `answer` as the archive is now."""
    now, standings = compare_all(assistant, answer)
    holds = all(standing is Standing.HOLDS for standing in standings.values())
    if answer.sentences:
        said = answer_text_html(words, now) + f'<div class="na-after">{confidence_html(words, answer)}</div>'
    else:
        said = f'<div class="na-verdict">{escape(words("not_found_title"))}</div><p>{escape(words("not_found"))}</p>'
    sources = sources_html(words, now.citations or now.closest, standings, label="sources", say=True)
    verdict = words("shared_all_hold" if holds else "shared_some_changed")
    again = "/?" + urlencode({"q": answer.resolved_question})
    kind = "na-found" if answer.sentences else "na-missing"
    return _page(
        words,
        words("shared_title", title=title),
        f'<p class="facts">{escape(words("shared_title", title=title))}</p><h1>{escape(answer.question)}</h1>'
        f'<p class="{"facts" if holds else "warning"}" role="status">{escape(verdict)}</p>'
        f'<div class="na-answer {kind}">{said}{sources}</div>'
        f'<p class="ask"><a href="{escape(again)}">{escape(words("ask_yourself"))}</a></p>',
    )


def broken_page(words: Words) -> str:
    """The page for an address that carries no answer of this server."""
    body = f"<h1>{escape(words('not_in_archive'))}</h1><p>{escape(words('shared_broken'))}</p>"
    return _page(words, words("not_in_archive"), f'{body}<p><a href="/">{escape(words("back_to_chat"))}</a></p>')


def _page(words: Words, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        '<link rel="icon" href="/ui/icon.svg"><link rel="stylesheet" href="/ui/answer.css">'
        f'<link rel="stylesheet" href="/ui/reader.css"></head><body><main class="shared">{body}</main></body></html>'
    )
