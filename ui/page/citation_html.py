"""A citation as HTML: the numbered chip in the text, and the card that shows the quotation and where it stands."""

from __future__ import annotations

from assistant import Citation
from ui.language import Words
from ui.render import escape, external_link, original_url, place_words, reader_path
from ui.standing import Standing


def chip(words: Words, citation: Citation) -> str:
    """The citation's number as a link to its place in the reader page."""
    label = escape(words("source_number", number=str(citation.number), about=about(words, citation)))
    return (
        f'<a class="na-chip na-read" href="{place(citation)}" target="_blank" rel="noopener" '
        f'aria-label="{label}">{escape(str(citation.number))}</a>'
    )


def card(words: Words, citation: Citation, standing: Standing = Standing.HOLDS, *, say: bool = False) -> str:
    """The source card: issue, section, quotation, links; how it stands now if that is not as it was, or if `say`."""
    heading = place_words(citation.section, citation.page)
    section = f'<div class="na-section">{escape(heading)}</div>' if heading else ""
    number = escape(str(citation.number))
    return (
        f'<li class="na-card" value="{number}"><div class="na-about">'
        f'<span class="na-number" aria-hidden="true">{number}</span>{escape(about(words, citation))}</div>'
        f'{section}<blockquote class="na-quote">{marked(citation)}</blockquote>'
        f'{_standing(words, standing, say=say)}<div class="na-links">{_links(words, citation, standing)}</div></li>'
    )


def marked(citation: Citation) -> str:
    """The quotation with the part that answers in bold."""
    if citation.highlight is None:
        return escape(citation.quote)
    start, end = citation.highlight
    quote = citation.quote
    return f"{escape(quote[:start])}<strong>{escape(quote[start:end])}</strong>{escape(quote[end:])}"


def about(words: Words, citation: Citation) -> str:
    """The cited issue in one line."""
    return words.issue(citation.title, citation.issue, citation.date)


def place(citation: Citation) -> str:
    """The address of the citation's place in the reader page, escaped."""
    return escape(reader_path(citation.newsletter_id, citation.start, citation.end))


def _links(words: Words, citation: Citation, standing: Standing) -> str:
    if standing is Standing.GONE:
        return ""
    address = original_url(citation.url, citation.quote)
    original = external_link(address, words("original_page"), css="na-original") if address else ""
    here = place(citation) if standing is not Standing.CHANGED else escape(reader_path(citation.newsletter_id))
    return (
        f'<a class="na-read na-open" href="{here}" target="_blank" rel="noopener">{escape(words("read_in_issue"))}</a>'
        f"{original}"
    )


def _standing(words: Words, standing: Standing, *, say: bool) -> str:
    if standing is Standing.HOLDS and not say:
        return ""
    return f'<div class="na-standing na-{standing.value.replace("_", "-")}">{escape(words(standing.value))}</div>'
