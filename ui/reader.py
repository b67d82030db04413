"""The reader page: one whole newsletter as HTML, with a cited span marked and scrolled to.

The page is made of `Newsletter.blocks` and shows every character of `Newsletter.text` that is not white space, so
the text of the mark equals the quotation. It needs no script: the address's fragment names the mark. The script
only turns an address with a fragment alone into one with the span, and steps from mark to mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from urllib.parse import urlencode

from corpus import Block, BlockKind, Link, Newsletter
from ui.language import Words, languages
from ui.render import LINK_REL, escape, external_link, original_url, public_url, safe_url

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_PARAGRAPH = re.compile(r"\S(?:.*?\S)?(?=\s*\n\s*\n|\s*\Z)", re.S)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in a newsletter's text."""

    start: int
    end: int


def reader_page(
    newsletter: Newsletter, span: Span | None = None, *, words: Words | None = None, asked: Sequence[str] = ()
) -> str:
    """The page of `newsletter` with `span` marked; a span outside the text is passed over, and said so.

    `words` is the reader's language (English if not given), `asked` questions that this issue answers.
    """
    words = words or languages()["en"]
    inside = span is not None and 0 <= span.start < span.end <= len(newsletter.text)
    marked = span if inside else None
    blocks = newsletter.blocks or tuple(_paragraphs(newsletter.text))
    warning = (
        "" if span is None or inside else f'<p class="warning" role="status">{escape(words("not_this_version"))}</p>'
    )
    return (
        f'<!doctype html><html lang="{escape(newsletter.language or "en")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(newsletter.title)}</title>'
        '<link rel="stylesheet" href="/ui/reader.css"><script src="/ui/reader.js" defer></script>'
        f'<link rel="icon" href="/ui/icon.svg"></head><body lang="{words.language}">'
        f'<a class="skip" href="#text">{escape(words("skip"))}</a>{_header(words, newsletter, marked)}{warning}'
        f'<div class="page">{_aside(words, newsletter, blocks, asked)}<main id="text" tabindex="-1" lang="{escape(newsletter.language or "en")}">'
        f"{_body(newsletter, blocks, marked)}</main></div></body></html>"
    )


def missing_page(newsletter_id: str, words: Words | None = None) -> str:
    """The page for an id that is not in the index."""
    words = words or languages()["en"]
    title = escape(words("not_in_archive"))
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/ui/reader.css"></head><body><main class="missing">'
        f"<h1>{title}</h1><p>{escape(words('not_indexed', id=newsletter_id[:200]))} "
        f'<a href="/">{escape(words("back_to_chat"))}</a></p></main></body></html>'
    )


def _header(words: Words, newsletter: Newsletter, span: Span | None) -> str:
    number = words("issue_number", number=str(newsletter.issue)) if newsletter.issue is not None else None
    known = (newsletter.publisher, number, words.date(newsletter.date))
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in known if fact)
    quote = newsletter.text[span.start : span.end] if span else ""
    address = original_url(newsletter.url, quote) if quote else safe_url(newsletter.url)
    links = external_link(address, words("original_at" if quote else "original")) if address else ""
    if span:
        links = f'<a href="#c-{span.start}-{span.end}">{escape(words("cited_passage"))}</a>{links}'
    ask = escape("/?" + urlencode({"newsletter": newsletter.id}))
    links += (
        f'<a class="ask-about" target="_top" href="{ask}" data-id="{escape(newsletter.id)}">'
        f"{escape(words('ask_about_issue'))}</a>"
    )
    return (
        f'<header><h1>{escape(newsletter.title)}</h1><ul class="facts">{facts}</ul>'
        f'<nav class="links" aria-label="{escape(newsletter.title)}">{links}</nav></header>'
    )


def _aside(words: Words, newsletter: Newsletter, blocks: Iterable[Block], asked: Sequence[str]) -> str:
    """The issue's outline, and what is often asked of it."""
    outline = _outline(words, newsletter, blocks)
    links = "".join(
        f'<li><a target="_top" href="{escape("/?" + urlencode({"newsletter": newsletter.id, "q": question}))}">'
        f"{escape(question)}</a></li>"
        for question in asked
    )
    title = escape(words("often_asked"))
    often = f'<details open class="asked"><summary>{title}</summary><ol>{links}</ol></details>' if links else ""
    if not outline and not often:
        return ""
    return f'<nav class="outline" aria-label="{escape(words("in_this_issue"))}">{outline}{often}</nav>'


def _outline(words: Words, newsletter: Newsletter, blocks: Iterable[Block]) -> str:
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    if len(headings) < 2:
        return ""
    entries = "".join(
        f'<li class="level-{min(block.level, 4)}"><a href="#s-{block.start}">'
        f"{escape(newsletter.text[block.start : block.end])}</a></li>"
        for block in headings
    )
    return f"<details open><summary>{escape(words('in_this_issue'))}</summary><ol>{entries}</ol></details>"


def _body(newsletter: Newsletter, blocks: Iterable[Block], span: Span | None) -> str:
    shown = ((block, _inline(newsletter, block, span)) for block in blocks)
    return "".join(_group(kind, list(run)) for kind, run in groupby(shown, key=lambda pair: pair[0].kind))


def _group(kind: BlockKind, run: list[tuple[Block, str]]) -> str:
    if kind is BlockKind.ITEM:
        items = "".join(f'<li class="level-{min(block.level, 4)}">{content}</li>' for block, content in run)
        return f"<ul>{items}</ul>"
    return "".join(_element(block, content) for block, content in run)


def _element(block: Block, content: str) -> str:
    match block.kind:
        case BlockKind.HEADING:
            rank = min(max(block.level, 1) + 1, 6)
            return f'<h{rank} id="s-{block.start}">{content}</h{rank}>'
        case BlockKind.QUOTATION:
            return f"<blockquote><p>{content}</p></blockquote>"
        case BlockKind.CODE:
            return f'<pre tabindex="0">{content}</pre>'
        case BlockKind.ROW:
            return f'<p class="row">{content}</p>'
        case _:
            return f"<p>{content}</p>"


def _inline(newsletter: Newsletter, block: Block, span: Span | None) -> str:
    """The block's text with its links, and the part of `span` that lies in it marked."""
    links = [link for link in newsletter.links if block.start <= link.start < link.end <= block.end]
    edges = {block.start, block.end, *(edge for link in links for edge in (link.start, link.end))}
    if span is not None:
        edges |= {edge for edge in (span.start, span.end) if block.start < edge < block.end}
    ordered = sorted(edges)
    pieces = [
        (_is_marked(start, end, span), _piece(newsletter.text[start:end], _link_at(links, start)))
        for start, end in pairwise(ordered)
    ]
    runs = groupby(pieces, key=lambda piece: piece[0])
    return "".join(_run(marked, "".join(html for _, html in run), block, span) for marked, run in runs)


def _run(marked: bool, content: str, block: Block, span: Span | None) -> str:
    if not marked or span is None:
        return content
    first = f' id="c-{span.start}-{span.end}"' if block.start <= span.start < block.end else ""
    return f'<mark{first} class="cited" tabindex="-1">{content}</mark>'


def _is_marked(start: int, end: int, span: Span | None) -> bool:
    return span is not None and span.start <= start and end <= span.end


def _piece(text: str, link: Link | None) -> str:
    address = public_url(link.url) if link else None
    if address is None:
        return escape(text)
    return f'<a href="{escape(address)}" target="_blank" rel="{LINK_REL}">{escape(text)}</a>'


def _link_at(links: list[Link], offset: int) -> Link | None:
    return next((link for link in links if link.start <= offset < link.end), None)


def _paragraphs(text: str) -> Iterator[Block]:
    """Paragraphs by blank lines, for a newsletter whose reader gave no blocks."""
    for found in _PARAGRAPH.finditer(text):
        yield Block(BlockKind.PARAGRAPH, found.start(), found.end())
