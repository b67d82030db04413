"""The default writer: the newsletters' own sentences, each with its citation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answer import Citation, Sentence, SentenceKind
from assistant.evidence import Evidence
from assistant.question import Expects
from assistant.spans import best_span
from index.passage import NewsletterInfo


def quote(
    evidence: Sequence[Evidence], *, expects: Expects, question: str, with_lead: bool = False, first: int = 1
) -> Iterator[tuple[Sentence, Citation]]:
    """Each piece of evidence as a quoted sentence and its citation, numbered from `first`.

    `with_lead` puts the issue and date before each sentence, for answers about time.
    """
    for number, piece in enumerate(evidence, start=first):
        sentence = Sentence(
            text=piece.text,
            kind=SentenceKind.QUOTE,
            citations=(number,),
            support=1.0,
            lead=piece.lead or (issue_lead(piece.found.newsletter) if with_lead else ""),
        )
        yield sentence, cite(piece, number, piece.marked or best_span(piece.text, expects, question))


def cite(piece: Evidence, number: int, highlight: tuple[int, int] | None = None) -> Citation:
    """The citation of a piece of evidence."""
    info = piece.found.newsletter
    start, end = piece.span
    return Citation(
        number=number,
        newsletter_id=info.id,
        title=info.title,
        issue=info.issue,
        date=info.date,
        url=info.url,
        section=piece.found.passage.section,
        start=start,
        end=end,
        quote=piece.text,
        publisher=info.publisher,
        highlight=highlight,
    )


def issue_lead(info: NewsletterInfo | Citation) -> str:
    """What stands before a sentence that says no more than which issue it is from."""
    return f"{issue_name(info)}: "


def issue_name(info: NewsletterInfo | Citation) -> str:
    """How an issue is named in a line: "Bitcoin Optech Newsletter #53, 2019-07-03"."""
    named = info.issue is None or str(info.issue) in info.title
    title = info.title if named else f"{info.title}, issue {info.issue}"
    return f"{title}, {info.date}" if info.date and info.date not in title else title
