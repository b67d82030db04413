"""The answer in a language model's words: each sentence shown only after the gate has passed it.

A sentence that the evidence it names does not support may rest on other evidence; else the evidence sentence itself is
quoted in its place, or it is dropped. What the model says is never trusted further than that, so a careless, small or
malicious one can make an answer shorter, not wrong. Without a sentence left, and whenever the server fails, the
newsletters are quoted as without a model; where nothing but quotations stands, those are completed. The answer's note says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answer import Citation, Dropped, Sentence, SentenceKind
from assistant.errors import ModelServerError
from assistant.evidence import Evidence
from assistant.question import Form, ParsedQuestion
from assistant.settings import AnswerSettings
from assistant.spans import best_span
from assistant.verification import Verdict, check_sentence, is_statement
from assistant.writers.extractive import cite, issue_name
from assistant.writers.model_server import ModelServer
from assistant.writers.prompt import fitting, messages
from assistant.writers.stream import Written, written_sentences
from index.tokens import distinct_terms, shared_terms, terms

MOST_EVIDENCE = 6
MOST_FAULTS = 8
SAME_WORDS = 0.7
REPAIR_OVERLAP = 0.35
MOST_OTHERS = 3
BROKEN_OFF = "The language model broke off; what stands here was checked."


@dataclass(slots=True)
class Draft:
    """What has been shown so far, and what was not."""

    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    note: str = ""

    @property
    def words(self) -> int:
        """Words shown so far."""
        return sum(len(sentence.text.split()) for sentence in self.sentences)

    @property
    def is_written(self) -> bool:
        """Whether a sentence in the model's words stands."""
        return any(sentence.kind is SentenceKind.GENERATED for sentence in self.sentences)


class GenerativeWriter:
    """Writes answers with a model server. Threads may share it."""

    def __init__(self, server: ModelServer, limits: AnswerSettings) -> None:
        self.server = server
        self._limits = limits

    def write(
        self, question: ParsedQuestion, evidence: Sequence[Evidence], draft: Draft, *, chosen: int
    ) -> Iterator[Sentence | None]:
        """Each checked sentence as soon as it passed, None while there is nothing to show; `draft` keeps the whole.

        `evidence` comes strongest first; the first `chosen` are what would be quoted without a model. Closing the iterator
        stops the model server. Raises ModelServerError when the server failed before anything was shown.
        """
        given = fitting(question, evidence[:MOST_EVIDENCE], self.server.settings)
        state = _State(question, given, evidence[:chosen], draft, show_dropped=self.server.settings.show_dropped)
        reply = self.server.stream(messages(question, given, self.server.settings))
        try:
            for written in written_sentences(reply):
                if written is None:
                    yield None
                    continue
                sentence = state.consider(written)
                if sentence is not None:
                    yield sentence
                if self._is_enough(question, draft) or len(draft.dropped) >= MOST_FAULTS:
                    break
        except ModelServerError:
            if not draft.sentences:
                raise
            draft.note = BROKEN_OFF
        finally:
            reply.close()  # type: ignore[attr-defined]
        if draft.sentences:
            yield from state.completed(self._limits.max_words)

    def _is_enough(self, question: ParsedQuestion, draft: Draft) -> bool:
        most = self._limits.max_sentences * (1 if question.form is Form.FACT else 2)
        return len(draft.sentences) >= most or draft.words >= self._limits.max_words


def _fault(text: str, evidence: Sequence[str]) -> str:
    """What makes a sentence unfit to be judged: no statement at all (it would borrow its claim from the question, which
    nobody checked), or a model that turns in circles; or ""."""
    if not is_statement(text):
        return "fragment"
    mine, its = Counter(terms(text)), Counter(term for piece in evidence for term in terms(piece))
    circling = [term for term, count in mine.items() if count > max(1, its[term])]
    return "repeated" if len(circling) >= 2 else ""


class _State:
    """The gate's way through one reply."""

    def __init__(
        self,
        question: ParsedQuestion,
        evidence: Sequence[Evidence],
        chosen: Sequence[Evidence],
        draft: Draft,
        *,
        show_dropped: bool,
    ) -> None:
        self._question = question
        self._evidence = evidence
        self._chosen = chosen
        self._draft = draft
        self._show_dropped = show_dropped
        issues = {piece.found.newsletter.id for piece in evidence}
        timed = question.names_issues
        self._with_lead = timed or len(issues) > 1
        self.used: list[Evidence] = []

    def consider(self, written: Written) -> Sentence | None:
        """The sentence to show for what was written: itself, the evidence in its place, or None."""
        if self._is_repeated(written.text):
            self._drop(written, Verdict(False, 0.0, "repeated"))
            return None
        if fault := _fault(written.text, [piece.text for piece in self._evidence]):
            return self._instead(written, Verdict(False, 0.0, fault), [])
        named = [self._evidence[n - 1] for n in written.numbers if 1 <= n <= len(self._evidence)]
        verdict = Verdict(False, 0.0, "citation")
        if named:
            verdict = check_sentence(written.text, [piece.text for piece in named])
        if not verdict.supported:
            other, found = self._supporting(written, named)
            if found is not None and found.supported:
                named, verdict = other, found
        if verdict.supported:
            return self._show(written.text, SentenceKind.GENERATED, named, verdict.score)
        return self._instead(written, verdict, named)

    def _instead(self, written: Written, verdict: Verdict, named: Sequence[Evidence]) -> Sentence | None:
        """The evidence that was meant, quoted in place of a sentence that failed, or None."""
        meant = self._meant(written, named)
        self._drop(written, verdict, repaired=meant is not None)
        return None if meant is None else self.quote(meant)

    def quote(self, piece: Evidence) -> Sentence:
        """The evidence sentence itself, shown."""
        return self._show(piece.text, SentenceKind.QUOTE, [piece], 1.0)

    def completed(self, most_words: int) -> Iterator[Sentence]:
        """What is quoted at the end: the strongest evidence, and where no sentence of the model's stands, all that was chosen
        and has room in `most_words`, or in as many as were chosen. Written steps of a dated list are not completed, their order
        says when."""
        is_written = self._draft.is_written
        if is_written and self._question.wants_dated_list:
            return
        strongest = max(self._chosen, key=lambda piece: piece.score)
        most_words = max(most_words, sum(len(piece.text.split()) for piece in self._chosen))
        for piece in [strongest] if is_written else self._chosen:
            has_room = self._draft.words + len(piece.text.split()) <= most_words
            if piece not in self.used and not self._is_repeated(piece.text) and (has_room or piece is strongest):
                yield self.quote(piece)

    def _show(self, text: str, kind: SentenceKind, pieces: Sequence[Evidence], support: float) -> Sentence:
        numbers = tuple(dict.fromkeys(self._number(piece, kind) for piece in pieces))
        infos = {piece.found.newsletter.id: piece.found.newsletter for piece in pieces}
        lead = f"{issue_name(next(iter(infos.values())))}: " if self._with_lead and len(infos) == 1 else ""
        sentence = Sentence(text=text, kind=kind, citations=numbers, support=support, lead=lead)
        self._draft.sentences.append(sentence)
        return sentence

    def _number(self, piece: Evidence, kind: SentenceKind) -> int:
        """The citation number of a piece of evidence, given at its first use; what answers is marked in a quotation."""
        if piece in self.used:
            return self.used.index(piece) + 1
        self.used.append(piece)
        asked = self._question
        marked = best_span(piece.text, asked.expects, asked.resolved) if kind is SentenceKind.QUOTE else None
        self._draft.citations.append(cite(piece, len(self.used), marked))
        return len(self.used)

    def _supporting(self, written: Written, named: Sequence[Evidence]) -> tuple[list[Evidence], Verdict | None]:
        """The one piece of evidence that supports the sentence best, of those that share most words with it; other than a single one
        `named`, which was checked."""
        mine = distinct_terms(written.text)
        others = [piece for piece in self._evidence if [piece] != named]
        others = sorted(others, key=lambda piece: -len(mine & distinct_terms(piece.text)))[:MOST_OTHERS]
        verdicts = [(piece, check_sentence(written.text, [piece.text])) for piece in others]
        best = max(verdicts, key=lambda pair: pair[1].score, default=None)
        return ([best[0]], best[1]) if best else ([], None)

    def _meant(self, written: Written, named: Sequence[Evidence]) -> Evidence | None:
        """The evidence that the sentence was drawn from and that has not been shown yet, where that is plain: what it names, else
        what would be quoted without a model."""
        mine = distinct_terms(written.text)
        for piece in named or self._chosen:
            its = distinct_terms(piece.text)
            if piece not in self.used and mine and len(mine & its) / min(len(mine), len(its) or 1) >= REPAIR_OVERLAP:
                return piece
        return None

    def _is_repeated(self, text: str) -> bool:
        return any(shared_terms(text, sentence.text) >= SAME_WORDS for sentence in self._draft.sentences)

    def _drop(self, written: Written, verdict: Verdict, *, repaired: bool = False) -> None:
        outcome = "repaired" if repaired else "dropped"
        text = written.text if self._show_dropped else ""
        self._draft.dropped.append(Dropped(verdict.reason, verdict.score, outcome, text))
