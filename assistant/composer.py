"""From chosen evidence to an answer: written by a model or quoted, every citation checked.

Every citation is checked here, in one place, against the newsletter's own text before it leaves; a citation that
does not hold is an error of the program, never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from assistant.answer import (
    ABOUT_ASSISTANT,
    NOT_FOUND,
    NOTHING_ASKED,
    UNCLEAR,
    Answer,
    Citation,
    Dropped,
    Sentence,
    Status,
)
from assistant.asking.courtesy import asks_of_the_assistant
from assistant.errors import AssistantError, ModelServerError
from assistant.events import CitationEvent, Event, SentenceEvent, StatusEvent
from assistant.evidence import Evidence, Reading
from assistant.parts import Part, quoted, with_what_is_not_said
from assistant.question import Form, ParsedQuestion
from assistant.reader.model import load_reader
from assistant.writers.extractive import cite
from assistant.writers.generative import Draft, GenerativeWriter
from corpus import Newsletter

CLOSEST = 3
QUOTED_INSTEAD = "The language model could not write this answer; these are the newsletters' own words."
NOTHING_PASSED = "Nothing that the language model wrote passed the check; these are the newsletters' own words."
FURTHER = 3
DOUBTFUL = "This may not answer your question."


class Composer:
    """Makes answers of evidence; `writer` is asked first where there is one, `newsletter` gives a newsletter by id."""

    def __init__(self, writer: GenerativeWriter | None, newsletter: Callable[[str], Newsletter]) -> None:
        self._writer = writer
        self._newsletter = newsletter

    def compose(self, whole: Part, parts: Sequence[Part]) -> Generator[Event, None, Answer]:
        """The answer's sentences as events, each after its check, and the whole answer.

        `whole` is what a message asks, and `parts` the same question by question.
        """
        parsed, reading, evidence = whole.parsed, whole.reading, whole.evidence
        note = ""
        dropped: tuple[Dropped, ...] = ()
        is_told_of_the_archive = any(part.parsed.form is Form.CATALOGUE for part in parts)
        if evidence and self._writer is not None and not is_told_of_the_archive:
            draft = Draft()
            try:
                widened = _widened(parsed, reading, evidence)
                yield from self._generated(self._writer, parsed, widened, draft, len(evidence))
            except ModelServerError as error:
                note = f"{QUOTED_INSTEAD} ({error})"
            if draft.sentences:
                return with_what_is_not_said(self._finished(parsed, reading, draft), parts)
            dropped = tuple(draft.dropped)
            note = note or (NOTHING_PASSED if dropped else QUOTED_INSTEAD)
        answer = self._write(whole, parts)
        for sentence in answer.sentences:
            yield SentenceEvent(sentence)
            for number in sentence.citations:
                yield CitationEvent(answer.citations[number - 1])
        noted = replace(answer, note=" ".join(filter(None, (answer.note, note))), dropped=dropped)
        return with_what_is_not_said(noted, parts)

    def _generated(
        self, writer: GenerativeWriter, parsed: ParsedQuestion, evidence: list[Evidence], draft: Draft, chosen: int
    ) -> Generator[Event, None, None]:
        yield StatusEvent("Writing the answer")
        told = 0
        pieces = writer.write(parsed, evidence, draft, chosen=chosen)
        try:
            for sentence in pieces:
                if sentence is None:
                    yield StatusEvent("Writing the answer")
                    continue
                self.checked(draft.citations[told:])
                yield SentenceEvent(sentence)
                for citation in draft.citations[told:]:
                    yield CitationEvent(citation)
                told = len(draft.citations)
        finally:
            pieces.close()  # type: ignore[attr-defined]

    def _finished(self, parsed: ParsedQuestion, reading: Reading, draft: Draft) -> Answer:
        return Answer(
            question=parsed.asked,
            resolved_question=parsed.shown,
            status=Status.ANSWERED,
            sentences=tuple(draft.sentences),
            citations=self.checked(draft.citations),
            confidence=reading.confidence,
            note=" ".join(
                filter(None, (_doubt(parsed, reading), draft.note, "" if draft.is_written else NOTHING_PASSED))
            ),
            dropped=tuple(draft.dropped),
        )

    def _write(self, whole: Part, parts: Sequence[Part]) -> Answer:
        parsed, reading = whole.parsed, whole.reading
        if not whole.evidence:
            return self._unanswered(parsed, reading)
        written = list(quoted(parts))
        sentences: tuple[Sentence, ...] = tuple(sentence for sentence, _ in written)
        return Answer(
            question=parsed.asked,
            resolved_question=parsed.shown,
            status=Status.ANSWERED,
            sentences=sentences,
            citations=self.checked([citation for _, citation in written]),
            confidence=reading.confidence,
            note=_doubt(parsed, reading),
        )

    def _unanswered(self, parsed: ParsedQuestion, reading: Reading) -> Answer:
        absent = Answer(
            question=parsed.asked,
            resolved_question=parsed.shown,
            status=Status.UNCLEAR,
            confidence=reading.confidence,
            note=_said_of_nothing_asked(parsed),
        )
        if parsed.is_unclear:
            return absent
        return replace(absent, status=Status.NOT_FOUND, closest=self._closest(reading), note=NOT_FOUND)

    def _closest(self, reading: Reading) -> tuple[Citation, ...]:
        """The best sentence of each of the best passages."""
        best: dict[str, Evidence] = {}
        for piece in reading.ranked:
            best.setdefault(piece.found.passage.id, piece)
        return self.checked([cite(piece, n) for n, piece in enumerate(list(best.values())[:CLOSEST], start=1)])

    def checked(self, citations: list[Citation]) -> tuple[Citation, ...]:
        """The citations, each compared with the newsletter's own text."""
        checked = []
        for citation in citations:
            newsletter = self._newsletter(citation.newsletter_id)
            if newsletter.text[citation.start : citation.end] != citation.quote:
                raise AssistantError(
                    f"The index of {citation.newsletter_id!r} does not match its text: run `newsletter-assistant repair`."
                )
            page = newsletter.page_at(citation.start)
            checked.append(citation if page is None else replace(citation, page=page))
        return tuple(checked)


def _said_of_nothing_asked(parsed: ParsedQuestion) -> str:
    if asks_of_the_assistant(parsed.asked):
        return ABOUT_ASSISTANT
    return NOTHING_ASKED if parsed.is_small_talk else UNCLEAR


def _doubt(parsed: ParsedQuestion, reading: Reading) -> str:
    """What is said of an answer that is none too sure, or ""; lists that were made without the reader are not doubted."""
    is_read = parsed.form not in (Form.DIGEST, Form.MENTIONS)
    return DOUBTFUL if is_read and reading.confidence < load_reader().doubt else ""


def _widened(parsed: ParsedQuestion, reading: Reading, evidence: list[Evidence]) -> list[Evidence]:
    """The evidence for a model to write from: what was chosen, strongest first, and the next best sentences."""
    if parsed.wants_dated_list:
        return evidence
    chosen = {piece.place for piece in evidence}
    ranked = sorted(evidence, key=lambda piece: -piece.score)
    return ranked + [piece for piece in reading.ranked[: len(ranked) + FURTHER] if piece.place not in chosen][:FURTHER]
