"""Answers, citations and passages as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.text import Text

from ui.render import confidence_words, issue_line, place_words, snippet

if TYPE_CHECKING:
    from assistant import Answer, Citation
    from index import NewsletterInfo, RetrievedPassage


def answer_text(answer: Answer) -> str:
    """The answer with bracketed citation numbers, and its sources as footnotes."""
    lines = []
    if answer.resolved_question != answer.question:
        lines += [f"(understood as: {answer.resolved_question})", ""]
    if answer.sentences:
        joiner = "\n" if any(sentence.lead for sentence in answer.sentences) else " "
        lines.append(joiner.join(_marked(s.lead + s.text, s.citations) for s in answer.sentences))
        note = answer.doubt or confidence_words(answer.confidence)
        lines += ["", answer.note.removeprefix(answer.doubt).strip()] if answer.not_said else []
        lines += ["", f"{note.rstrip('.')}. Sources:" if note else "Sources:"]
        lines += [footnote(citation) for citation in answer.citations]
    else:
        lines.append(answer.note)
        if answer.closest:
            lines += ["", "The closest passages, which may not answer the question:"]
            lines += [footnote(citation) for citation in answer.closest]
    return "\n".join(lines)


def answer_rich(answer: Answer) -> Text:
    """`answer_text` with what answers in bold and the citations' numbers coloured, where the terminal shows it."""
    text = Text(answer_text(answer))
    parts = [citation.quote[slice(*citation.highlight)] for citation in answer.citations if citation.highlight]
    text.highlight_words(parts, style="bold")
    text.highlight_regex(r"\[\d+\]", style="cyan")
    return text


def footnote(citation: Citation) -> str:
    """One source: number, issue, section and the quotation."""
    about = issue_line(citation.title, citation.issue, citation.date)
    place = place_words(citation.section, citation.page)
    section = f" · {place}" if place else ""
    return f"  [{citation.number}] {about}{section}\n      “{snippet(citation.quote, 400)}”"


def found_passage(number: int, found: RetrievedPassage) -> str:
    """One search result."""
    info = found.newsletter
    section = f" · {found.passage.heading_path[-1]}" if found.passage.heading_path else ""
    about = issue_line(info.title, info.issue, info.date)
    return f"{number:>3}. {about}{section}\n     {snippet(found.passage.text, 300)}"


def passage_document(found: RetrievedPassage) -> dict[str, Any]:
    """One search result as JSON-ready data."""
    return {
        **found.place,
        "publisher": found.newsletter.publisher,
        "text": found.passage.text,
        "score": round(float(found.score), 6),
    }


def newsletter_lines(newsletters: Iterable[NewsletterInfo]) -> str:
    """A list of newsletters, one a line."""
    return "\n".join(
        "\t".join(
            (
                info.id,
                issue_line(info.title, info.issue, info.date, info.publisher),
                f"{info.passages} passages",
            )
        )
        for info in newsletters
    )


def _marked(text: str, numbers: tuple[int, ...]) -> str:
    return text + "".join(f" [{number}]" for number in numbers)
