"""An `Answer` as HTML for the chat page.

Every text goes through `escape`, and the result is one line: Gradio's chat reads messages as Markdown, in which a
line that opens with a block element is left as it is. Buttons carry no script; `static/actions.js` listens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant import Answer, Citation, Sentence, Status
from assistant.answer import ABOUT_ASSISTANT, BEHIND_ADDRESS, NOTHING_ASKED
from assistant.writers.extractive import issue_lead
from ui.language import Words
from ui.page.citation_html import about, card, chip, marked
from ui.page.offers import Offers
from ui.render import escape, external_link
from ui.standing import Standing, Standings

_SURE, _PROBABLE = 0.9, 0.6


def question_html(words: Words, question: str) -> str:
    """A reader's question, shown exactly as typed, with a button to edit it."""
    return (
        f'<div class="na-asked"><span class="na-question">{_lines(question)}</span>'
        f'<button type="button" class="na-edit" title="{escape(words("edit"))}" aria-label="{escape(words("edit"))}">'
        "✎</button></div>"
    )


def waiting_html(message: str) -> str:
    """What the assistant is doing before the first sentence."""
    return f'<div class="na-answer na-waiting" role="status">{escape(message)} …</div>'


def stopped_html(words: Words, shown: str) -> str:
    """What was `shown` of an answer when the reader stopped it, and that it was stopped, with a way to ask again."""
    begun = "" if "na-waiting" in shown else shown
    return (
        f'{begun}<div class="na-after na-stopped"><span role="status">{escape(words("stopped"))}</span>'
        f'<span class="na-tools">{_tool(words, "retry")}</span></div>'
    )


def error_html(message: str) -> str:
    """An error, as a sentence the reader can act on."""
    return f'<div class="na-answer na-error" role="alert">{escape(message)}</div>'


def answer_html(
    words: Words,
    answer: Answer,
    *,
    finished: bool = True,
    offers: Offers | None = None,
    link: str = "",
    standings: Standings | None = None,
) -> str:
    """An answer with citation chips and a card a source; while it is being written, without notes and buttons.

    `link` is the address of the answer by itself; `standings` say which quotations changed since it was given.
    """
    kind = "na-found" if answer.sentences else "na-missing"
    stands = standings or {}
    body = _found(words, answer, stands) if answer.sentences else _missing(words, answer, stands)
    after = _after(words, answer, link) + _offers(words, answer, offers or Offers()) if finished else ""
    return f'<div class="na-answer {kind}">{_resolved(words, answer)}{body}{after}</div>'


def answer_text_html(words: Words, answer: Answer) -> str:
    """The answer's sentences with their chips, and what it leaves open."""
    by_number = {citation.number: citation for citation in answer.citations}
    sentences = [_sentence(words, sentence, by_number) for sentence in answer.sentences]
    separate = any(sentence.lead for sentence in answer.sentences)
    text = "".join(f"<p>{piece}</p>" for piece in sentences) if separate else f"<p>{' '.join(sentences)}</p>"
    missing = f'<p class="na-verdict">{escape(words("not_said", part=answer.not_said))}</p>' if answer.not_said else ""
    return f'<div class="na-text">{text}</div>{missing}'


def sources_html(words: Words, citations: tuple[Citation, ...], standings: Standings, *, label: str, say: bool) -> str:
    """A card for each citation, under one label."""
    cards = "".join(card(words, c, standings.get(c.number, Standing.HOLDS), say=say) for c in citations)
    return f'<ol class="na-sources" aria-label="{escape(words(label))}">{cards}</ol>'


def confidence_html(words: Words, answer: Answer) -> str:
    """How sure the answer is, in words."""
    if answer.doubt or answer.confidence < _PROBABLE:
        kind, key = "na-unsure", "doubtful"
    elif answer.confidence < _SURE:
        kind, key = "na-probable", "probably"
    else:
        kind, key = "na-sure", "says_so"
    return f'<span class="na-confidence {kind}">{escape(words(key))}</span>'


def _found(words: Words, answer: Answer, standings: Standings) -> str:
    sources = sources_html(words, answer.citations, standings, label="sources", say=False)
    return f"{answer_text_html(words, answer)}{sources}"


def _missing(words: Words, answer: Answer, standings: Standings) -> str:
    said = "not_found" if answer.status is Status.NOT_FOUND else "unclear"
    if answer.note == NOTHING_ASKED:
        said = "nothing_asked"
    if answer.note == ABOUT_ASSISTANT:
        said = "about_assistant"
    closest = (
        f'<div class="na-label">{escape(words("closest"))}</div>'
        f"{sources_html(words, answer.closest, standings, label='closest_label', say=False)}"
        if answer.closest
        else ""
    )
    title = f'<div class="na-verdict">{escape(words(f"{said}_title"))}</div>'
    return f'{title}<div class="na-text"><p>{escape(words(said))}</p></div>{closest}'


def _resolved(words: Words, answer: Answer) -> str:
    if answer.resolved_question == answer.question:
        return ""
    said = words("understood_as", question=answer.resolved_question)
    is_added_to = answer.resolved_question not in answer.question
    alone = f'<button type="button" class="na-alone">{escape(words("ask_alone"))}</button>' if is_added_to else ""
    return f'<div class="na-understood"><div class="na-resolved">{escape(said)}</div>{alone}</div>'


def _after(words: Words, answer: Answer, link: str) -> str:
    confidence = confidence_html(words, answer) if answer.sentences else ""
    share = f'<a class="na-share" href="{escape(link)}" target="_blank">{escape(words("share"))}</a>' if link else ""
    return (
        f'<div class="na-after">{confidence}<span class="na-tools">'
        f"{_tool(words, 'copy')}{share}{_tool(words, 'retry')}"
        f"{_tool(words, 'good', '✓')}{_tool(words, 'bad', '✗')}</span></div>"
    )


def _tool(words: Words, name: str, sign: str = "") -> str:
    label = escape(words(name))
    if sign:
        return f'<button type="button" class="na-{name}" aria-label="{label}" title="{label}">{sign}</button>'
    return f'<button type="button" class="na-{name}">{label}</button>'


def _offers(words: Words, answer: Answer, offers: Offers) -> str:
    if not offers.questions and not offers.wider:
        return ""
    wider = (
        f'<p class="na-wider">{escape(words("wider"))} <button type="button" class="na-ask na-unfiltered" '
        f'data-question="{escape(answer.resolved_question)}">{escape(words("ask_wider"))}</button></p>'
        if offers.wider
        else ""
    )
    label = words("ask_next" if answer.sentences else "other_wordings")
    buttons = "".join(
        f'<li><button type="button" class="na-ask" data-question="{escape(q)}">{escape(q)}</button></li>'
        for q in offers.questions
    )
    listed = f'<div class="na-label">{escape(label)}</div><ul class="na-asks">{buttons}</ul>' if buttons else ""
    return f'<div class="na-offers">{wider}{listed}</div>'


def _sentence(words: Words, sentence: Sentence, by_number: Mapping[int, Citation]) -> str:
    cited = [by_number[number] for number in sentence.citations if number in by_number]
    quoted = next((citation for citation in cited if citation.quote == sentence.text), None)
    text = marked(quoted) if quoted else escape(sentence.text)
    return f"{_lead(words, sentence, cited)}{text}{''.join(chip(words, citation) for citation in cited)}"


def _lead(words: Words, sentence: Sentence, cited: Sequence[Citation]) -> str:
    """What is said before a quotation: an address as a link, an issue with its date in the reader's language, else as it is."""
    if not sentence.lead:
        return ""
    address = sentence.lead.removesuffix(BEHIND_ADDRESS)
    if address != sentence.lead:
        return f'<span class="na-lead">{external_link(address, address)}{BEHIND_ADDRESS}</span>'
    is_issue = bool(cited) and sentence.lead == issue_lead(cited[0])
    named = words("lead", about=about(words, cited[0])) if is_issue else sentence.lead
    return f'<span class="na-lead">{escape(named)}</span>'


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())
