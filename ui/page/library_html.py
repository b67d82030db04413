"""The library's issues and search results as HTML."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index import NewsletterInfo, RetrievedPassage
from ui.language import Words
from ui.render import escape, external_link, reader_path, snippet


def issues_html(words: Words, newsletters: Sequence[NewsletterInfo], *, first: int, total: int) -> str:
    """A page of issues: `newsletters` are numbers `first` (from 0) and following of `total`."""
    if not total:
        return f'<p class="na-empty">{empty_html(words)}</p>'
    last = first + len(newsletters)
    ranged = words("issues_range", first=first + 1, last=last, count=total)
    shown = ranged if total > len(newsletters) else words.count("issues_newest", total)
    return f'<div class="na-label" role="status">{escape(shown)}</div>{_list(words, newsletters)}'


def empty_html(words: Words) -> str:
    """What to do about an empty archive."""
    command = "<code>newsletter-assistant sync PATH</code>"
    return escape(words("archive_empty", command="{command}")).replace("{command}", command)


def results_html(words: Words, query: str, titled: Sequence[NewsletterInfo], found: Sequence[RetrievedPassage]) -> str:
    """The issues whose title has `query`, and the passages found for it, each at its nearest sentence."""
    short = snippet(query, 80)
    if not found and not titled:
        return f'<p class="na-empty" role="status">{escape(words("nothing_found", query=short))}</p>'
    titles = (
        f'<div class="na-label">{escape(words("titles_found", query=short))}</div>{_list(words, titled)}'
        if titled
        else ""
    )
    rows = "".join(_result(words, passage) for passage in found)
    passages = (
        f'<div class="na-label" role="status">{escape(words("passages_found", query=short))}</div>'
        f'<ol class="na-results na-answer">{rows}</ol>'
        if rows
        else ""
    )
    return titles + passages


def _list(words: Words, newsletters: Sequence[NewsletterInfo]) -> str:
    return f'<ul class="na-issues">{"".join(_issue(words, info) for info in newsletters)}</ul>'


def _issue(words: Words, info: NewsletterInfo) -> str:
    number = words("issue_number", number=str(info.issue)) if info.issue is not None else ""
    facts = " · ".join(part for part in (number, words.date(info.date), info.publisher or "") if part)
    original = external_link(info.url, words("original_page"), css="na-original") if info.url else ""
    return (
        f'<li><a class="na-read" href="{escape(reader_path(info.id))}" target="_blank" rel="noopener">'
        f'{escape(info.title)}</a><span class="na-facts">{escape(facts)}</span>'
        f'<span class="na-links"><button type="button" class="na-only" data-id="{escape(info.id)}">'
        f"{escape(words('ask_about_issue'))}</button>{original}</span></li>"
    )


def _result(words: Words, found: RetrievedPassage) -> str:
    info, passage = found.newsletter, found.passage
    start, end = passage.start, passage.end
    if len(passage.sentences):
        start, end = passage.sentences[int(np.argmax(found.sentence_scores))]
    before, best, after = (
        passage.text[: start - passage.start],
        passage.text[start - passage.start : end - passage.start],
        passage.text[end - passage.start :],
    )
    heading = passage.heading_path[-1] if passage.heading_path else ""
    section = f'<div class="na-section">{escape(heading)}</div>' if heading else ""
    return (
        f'<li class="na-card"><div class="na-about">{escape(words.issue(info.title, info.issue, info.date))}</div>'
        f'{section}<blockquote class="na-quote">{escape(_tail(before))}<strong>{escape(best)}</strong>'
        f"{escape(_head(after))}</blockquote>"
        f'<div class="na-links"><a class="na-read na-open" href="{escape(reader_path(info.id, start, end))}" '
        f'target="_blank" rel="noopener">{escape(words("read_in_issue"))}</a></div></li>'
    )


def _tail(text: str) -> str:
    """The last words of what stands before the sentence, with an ellipsis where it is cut."""
    line = " ".join(text.split())
    if not line:
        return ""
    return (line if len(line) <= 100 else "… " + line[-100:].split(" ", 1)[-1]) + " "


def _head(text: str) -> str:
    """The first words of what stands after the sentence."""
    line = snippet(text, 160)
    return f" {line}" if line else ""
