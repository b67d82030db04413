"""The steps from a question to the sentences that answer it: parsed, retrieved, read, chosen, over what is indexed now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.below import SURE, below_heading
from assistant.digest import asks_for_issues, digest_evidence
from assistant.evidence import Evidence, Reading, choose, read, read_jointly, retrieve
from assistant.followup import Way
from assistant.introduced import introduced
from assistant.order import Order
from assistant.parts import Part
from assistant.publications import Publications, may_name, of_publication
from assistant.question import ParsedQuestion, parse_question
from assistant.reader.joint import load_joint_reader
from assistant.reader.model import load_reader
from assistant.settings import AnswerSettings
from assistant.sought_name import plainly
from assistant.spelled_out import spelled_out
from assistant.surer import surer
from index import Library
from index.passage import Filters, RetrievedPassage
from index.retriever import Retriever

History = Sequence[Mapping[str, str]]
# What stands beside the last answer looks like an answer: of 45 follow-ups answered with .39 to .50, 11 were answered right
LEAST_OF_FOLLOW_UPS = 0.5


class Pipeline:
    """Answers from one library as `settings()` say then; what is derived from the index is made anew when that changes."""

    def __init__(self, library: Library, settings: Callable[[], AnswerSettings]) -> None:
        self._library = library
        self._settings = settings
        self._retriever: Retriever | None = None
        self._publications: Publications | None = None

    def parse(
        self, question: str, history: History = (), filters: Filters | None = None, way: Way | None = None
    ) -> ParsedQuestion:
        """What a question asks of this archive; `way` as in `parse_question`."""
        infos = self._library.newsletters()
        parsed = parse_question(
            question,
            history=history,
            filters=filters,
            issues_known=frozenset(info.issue for info in infos if info.issue is not None),
            max_characters=self._settings().max_question_characters,
            way=way,
        )
        if parsed.is_unclear:
            return replace(parsed, names_heading=self.retriever().names_heading(parsed.asked))
        if parsed.resolved == parsed.asking:
            parsed = replace(parsed, resolved=plainly(parsed.asking))
        return of_publication(parsed, self._named_publications()) if may_name(parsed) else parsed

    def retrieve(self, parsed: ParsedQuestion, limit: int | None = None) -> list[RetrievedPassage]:
        """The passages that match best; twice as many where order counts, unless a `limit` is given."""
        wanted = limit or self._settings().passages
        if limit is None and parsed.order is not Order.ANY:
            wanted *= 2
        return retrieve(parsed, self.retriever(), wanted)

    def read(self, parsed: ParsedQuestion, passages: list[RetrievedPassage], history: History) -> Reading:
        """What the reader makes of the passages."""
        snapshot = self.retriever().snapshot
        keywords = snapshot.keywords
        previous = next((str(m.get("content", "")) for m in reversed(history) if m.get("role") == "assistant"), "")
        return read(
            parsed,
            passages,
            load_reader(),
            joint=read_jointly(parsed, passages, load_joint_reader()),
            idf=keywords.idf,
            knows=keywords.knows,
            archive_passages=len(snapshot.passages),
            previous_answer="" if parsed.way is Way.ALONE else previous,
        )

    def parts(
        self,
        questions: Sequence[ParsedQuestion],
        passages: Sequence[list[RetrievedPassage]],
        history: History,
        filters: Filters | None,
    ) -> list[Part]:
        """Each question of a message, read by itself; a later one may go on about the one before it."""
        parts: list[Part] = []
        for question, found in zip(questions, passages, strict=True):
            said = [{"role": "user", "content": parts[-1].parsed.resolved}] if parts else history
            parsed, reading = self._surer(question, self.read(question, found, said), said, filters)
            parts.append(self.part(parsed, reading, among=len(questions)))
        return parts

    def part(self, parsed: ParsedQuestion, reading: Reading, *, among: int = 1) -> Part:
        """A question with the sentences to answer it with, none where the newsletters do not say; one of `among` in a message."""
        limits = self._settings()
        words, sentences = limits.max_words // among, max(1, limits.max_sentences // among)
        below = below_heading(parsed, self.retriever(), max_words=words, max_sentences=sentences)
        if below:
            return Part(parsed, replace(reading, confidence=max(reading.confidence, SURE)), below)
        part = Part(parsed, reading, self._evidence(parsed, reading, words, sentences))
        part = spelled_out(part, self.retriever(), max_words=words, max_sentences=sentences)
        return introduced(part, self.retriever(), max_words=words, max_sentences=sentences)

    def _evidence(self, parsed: ParsedQuestion, reading: Reading, max_words: int, max_sentences: int) -> list[Evidence]:
        if parsed.is_unclear:
            return []
        if parsed.wants_dated_list:
            found = digest_evidence(parsed, reading, self.retriever())
            if found or asks_for_issues(parsed):
                return found
        if reading.confidence < self.threshold(parsed):
            return []
        return choose(parsed, reading, max_words=max_words, max_sentences=max_sentences)

    def threshold(self, parsed: ParsedQuestion) -> float:
        """The confidence below which a question is not answered: the chosen one, else the reader's, for follow-ups a higher one."""
        chosen = self._settings().refusal_threshold
        if chosen is not None:
            return chosen
        least = load_reader().threshold
        return max(least, LEAST_OF_FOLLOW_UPS) if parsed.way is Way.ABOUT else least

    def retriever(self) -> Retriever:
        """What searches the index as it is now."""
        snapshot = self._library.snapshot()
        if self._retriever is None or self._retriever.snapshot is not snapshot:
            self._retriever = Retriever(snapshot, self._library.embedder_of(snapshot))
        return self._retriever

    def forget(self) -> None:
        """Let go of what was derived from the index."""
        self._retriever = self._publications = None

    def _named_publications(self) -> Publications:
        snapshot = self._library.snapshot()
        if self._publications is None or self._publications.snapshot is not snapshot:
            self._publications = Publications(snapshot)
        return self._publications

    def _surer(
        self, parsed: ParsedQuestion, reading: Reading, history: History, filters: Filters | None
    ) -> tuple[ParsedQuestion, Reading]:
        return surer(
            parsed,
            reading,
            history,
            threshold=self.threshold(parsed),
            retriever=self.retriever(),
            parse=lambda way: self.parse(parsed.asked, history, filters, way),
            read=lambda other: self.read(other, self.retrieve(other), history),
        )
