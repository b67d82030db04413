"""An `Answer` as HTML for the chat page.

Nothing but an `Answer` comes in, every text goes through `escape`, and the result is one line: Gradio's chat reads
messages as Markdown, in which a line that opens with a block element is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant import Answer, Citation, Sentence, Status
from ui.render import (
    confidence_words,
    escape,
    external_link,
    issue_line,
    original_url,
    reader_path,
    section_words,
)

_SURE = 0.9


def question_html(question: str) -> str:
    """A reader's question, shown exactly as typed."""
    return f'<div class="na-question">{_lines(question)}</div>'


def waiting_html(message: str) -> str:
    """What the assistant is doing before the first sentence."""
    return f'<div class="na-answer na-waiting" role="status">{escape(message)} …</div>'


def error_html(message: str) -> str:
    """An error, as a sentence the reader can act on."""
    return f'<div class="na-answer na-error" role="alert">{escape(message)}</div>'


def answer_html(answer: Answer, *, finished: bool = True) -> str:
    """An answer with citation chips and a card a source; while it is being written, without notes and buttons."""
    kind = "na-found" if answer.sentences else "na-missing"
    body = _found(answer, finished=finished) if answer.sentences else _missing(answer)
    return f'<div class="na-answer {kind}">{_resolved(answer)}{body}</div>'


def _found(answer: Answer, *, finished: bool) -> str:
    by_number = {citation.number: citation for citation in answer.citations}
    separate = any(sentence.lead for sentence in answer.sentences)
    sentences = [_sentence(sentence, by_number) for sentence in answer.sentences]
    text = "".join(f"<p>{piece}</p>" for piece in sentences) if separate else f"<p>{' '.join(sentences)}</p>"
    cards = "".join(_card(citation) for citation in answer.citations)
    after = _after(answer) if finished else ""
    return f'<div class="na-text">{text}</div>{after}<ol class="na-sources" aria-label="Sources">{cards}</ol>'


def _missing(answer: Answer) -> str:
    title = "Not in the newsletters" if answer.status is Status.NOT_FOUND else "Please say more"
    cards = "".join(_card(citation) for citation in answer.closest)
    closest = (
        '<div class="na-label">Closest passages – they may not answer your question</div>'
        f'<ol class="na-sources" aria-label="Closest passages">{cards}</ol>'
        if cards
        else ""
    )
    return f'<div class="na-verdict">{title}</div><div class="na-text"><p>{escape(answer.text)}</p></div>{closest}'


def _resolved(answer: Answer) -> str:
    if answer.resolved_question == answer.question:
        return ""
    return f'<div class="na-resolved">Understood as: {escape(answer.resolved_question)}</div>'


def _after(answer: Answer) -> str:
    css = "na-sure" if answer.confidence >= _SURE and not answer.note else "na-unsure"
    words = answer.note or confidence_words(answer.confidence)
    return (
        f'<div class="na-after"><span class="na-confidence {css}">{escape(words.rstrip("."))}</span>'
        '<button type="button" class="na-copy">Copy with sources</button></div>'
    )


def _sentence(sentence: Sentence, by_number: Mapping[int, Citation]) -> str:
    cited = [by_number[number] for number in sentence.citations if number in by_number]
    quoted = next((citation for citation in cited if citation.quote == sentence.text), None)
    text = _marked(quoted) if quoted else escape(sentence.text)
    lead = f'<span class="na-lead">{escape(sentence.lead)}</span>' if sentence.lead else ""
    return f"{lead}{text}{''.join(_chip(citation) for citation in cited)}"


def _chip(citation: Citation) -> str:
    label = escape(f"Source {citation.number}: {_about(citation)}")
    return (
        f'<a class="na-chip na-read" href="{_place(citation)}" target="_blank" rel="noopener" '
        f'aria-label="{label}">{citation.number}</a>'
    )


def _card(citation: Citation) -> str:
    heading = section_words(citation.section)
    section = f'<div class="na-section">{escape(heading)}</div>' if heading else ""
    address = original_url(citation.url, citation.quote)
    original = external_link(address, "Original page", css="na-original") if address else ""
    return (
        f'<li class="na-card" value="{citation.number}"><div class="na-about">'
        f'<span class="na-number" aria-hidden="true">{citation.number}</span>{escape(_about(citation))}</div>{section}'
        f'<blockquote class="na-quote">{_marked(citation)}</blockquote><div class="na-links">'
        f'<a class="na-read na-open" href="{_place(citation)}" target="_blank" rel="noopener">Read in the issue</a>'
        f"{original}</div></li>"
    )


def _marked(citation: Citation) -> str:
    """The quotation with the part that answers in bold."""
    if citation.highlight is None:
        return escape(citation.quote)
    start, end = citation.highlight
    quote = citation.quote
    return f"{escape(quote[:start])}<strong>{escape(quote[start:end])}</strong>{escape(quote[end:])}"


def _about(citation: Citation) -> str:
    return issue_line(citation.title, citation.issue, citation.date)


def _place(citation: Citation) -> str:
    return escape(reader_path(citation.newsletter_id, citation.start, citation.end))


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())
