"""The library's issues and search results as HTML."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index import NewsletterInfo, RetrievedPassage
from ui.render import date_words, escape, external_link, issue_line, reader_path, snippet


def issues_html(newsletters: Sequence[NewsletterInfo], *, first: int, total: int) -> str:
    """A page of issues: `newsletters` are numbers `first` (from 0) and following of `total`."""
    if not total:
        return '<p class="na-empty">The archive is empty. Fill it with <code>newsletter-assistant sync PATH</code>.</p>'
    rows = "".join(_issue(info) for info in newsletters)
    shown = f"{first + 1:,}–{first + len(newsletters):,} of {total:,}" if total > len(newsletters) else f"{total:,}"
    noun = "issue" if total == 1 else "issues"
    return f'<div class="na-label">{shown} {noun}, newest first</div><ul class="na-issues">{rows}</ul>'


def results_html(query: str, found: Sequence[RetrievedPassage]) -> str:
    """The passages found for `query`, each at its sentence nearest to it."""
    if not found:
        return f'<p class="na-empty">Nothing found for “{escape(snippet(query, 80))}”.</p>'
    rows = "".join(_result(passage) for passage in found)
    return (
        f'<div class="na-label">Passages nearest to “{escape(snippet(query, 80))}”</div>'
        f'<ol class="na-results na-answer">{rows}</ol>'
    )


def _issue(info: NewsletterInfo) -> str:
    number = f"No. {info.issue}" if info.issue is not None else ""
    facts = " · ".join(part for part in (number, date_words(info.date), info.publisher or "") if part)
    original = external_link(info.url, "Original page", css="na-original") if info.url else ""
    return (
        f'<li><a class="na-read" href="{escape(reader_path(info.id))}" target="_blank" rel="noopener">'
        f'{escape(info.title)}</a><span class="na-facts">{escape(facts)}</span>{original}</li>'
    )


def _result(found: RetrievedPassage) -> str:
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
        f'<li class="na-card"><div class="na-about">{escape(issue_line(info.title, info.issue, info.date))}</div>'
        f'{section}<blockquote class="na-quote">{escape(_tail(before))}<strong>{escape(best)}</strong>'
        f"{escape(_head(after))}</blockquote>"
        f'<div class="na-links"><a class="na-read na-open" href="{escape(reader_path(info.id, start, end))}" '
        'target="_blank" rel="noopener">Read in the issue</a></div></li>'
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
