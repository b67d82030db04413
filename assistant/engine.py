"""The assistant: question in, answer with checked citations out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from assistant.answer import Answer, Citation
from assistant.asking.courtesy import is_small_talk
from assistant.asking.followup import Way
from assistant.composer import Composer
from assistant.errors import AssistantError
from assistant.events import DoneEvent, Event, StatusEvent
from assistant.parts import Part, joined
from assistant.pipeline import History, Pipeline
from assistant.question import Form, ParsedQuestion, clean_question
from assistant.reader.cross_encoder import load_cross_encoder
from assistant.reader.joint import load_joint_reader
from assistant.reader.model import load_reader
from assistant.settings import Settings
from assistant.verification import warm_check
from assistant.writers.condense import condensed
from assistant.writers.discovery import connect
from assistant.writers.generative import GenerativeWriter
from assistant.writers.model_server import load_client
from corpus import Newsletter
from index import Library, SyncReport
from index.passage import Filters, NewsletterInfo, RetrievedPassage
from index.snapshot import Snapshot

if TYPE_CHECKING:
    from llama_index.core.base.base_query_engine import BaseQueryEngine
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.chat_engine.types import BaseChatEngine

LIKELY_COSINE = 0.38  # all 27 topics of two archives so near were answered, asked as suggestions.py does


class Assistant:
    """Answers questions over one index. Use it as a context manager, or call `close`."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._pipeline = Pipeline(library, lambda: self.settings.answer)
        self._suggested: tuple[Snapshot, int, list[str]] | None = None
        self.settings = settings
        server = connect(settings.llm)
        self._generative = GenerativeWriter(server, settings.answer) if server else None
        self._composer = Composer(self._generative, self.newsletter)

    def ask(self, question: str, history: History = (), *, filters: Filters | None = None) -> Answer:
        """The answer to `question`.

        `history` holds earlier messages (`role` "user" or "assistant", and `content`), oldest first; `filters`
        restricts the newsletters that may answer. Raises QuestionRejected when there is nothing to look for.
        """
        for event in self.stream(question, history=history, filters=filters):
            if isinstance(event, DoneEvent):
                return event.answer
        raise AssistantError("The answer was not finished; ask again.")

    def stream(self, question: str, history: History = (), *, filters: Filters | None = None) -> Iterator[Event]:
        """The answer piece by piece; the last event holds it whole. Raises as `ask` does."""
        started = time.perf_counter()
        parsed = self._parse_for_answer(question, history, filters)
        yield StatusEvent(f"Searching {len(self.newsletters()):,} newsletters")
        questions = parsed.parts or (parsed,)
        passages = [[] if question.needs_no_passages else self._pipeline.retrieve(question) for question in questions]
        retrieved = time.perf_counter()
        parts = self._pipeline.parts(questions, passages, history, filters)
        answer = yield from self._composer.compose(joined(parsed, parts), parts)
        done = time.perf_counter()
        timings = {
            "retrieve": (retrieved - started) * 1000,
            "read": (done - retrieved) * 1000,
            "total": (done - started) * 1000,
        }
        yield DoneEvent(_with_timings(answer, timings))

    def parse(
        self, question: str, *, history: History = (), filters: Filters | None = None, way: Way | None = None
    ) -> ParsedQuestion:
        """What a question asks; `way` as in `parse_question`."""
        return self._pipeline.parse(question, history, filters, way)

    def search(
        self, query: str, *, limit: int = 10, history: History = (), filters: Filters | None = None
    ) -> list[RetrievedPassage]:
        """The `limit` passages that match `query` best, with its dates, issues and history observed as in `ask`."""
        return self._pipeline.retrieve(self.parse(query, history=history, filters=filters), limit=limit)

    def mentions(self, topic: str, *, filters: Filters | None = None) -> list[Citation]:
        """Every sentence that mentions `topic`, the newest issue first, each checked like an answer's citations."""
        from assistant.dated.topic import mentions

        asked = clean_question(topic, self.settings.answer.max_question_characters)
        return list(self._composer.checked(mentions(asked, self._pipeline.retriever(), filters)))

    def snapshot(self) -> Snapshot:
        """The committed state that is searched; the same object until a sync changes the index."""
        return self._library.snapshot()

    def newsletters(self) -> list[NewsletterInfo]:
        """Every indexed newsletter."""
        return self._library.newsletters()

    def newsletter(self, newsletter_id: str) -> Newsletter:
        """One newsletter with its text; raises NewsletterNotFound."""
        return self._library.newsletter(newsletter_id)

    def sync(
        self,
        paths: Iterable[str | Path],
        *,
        progress: Callable[[Any], None] | None = None,
        dry_run: bool = False,
        rebuild: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> SyncReport:
        """Make the index equal to what is in `paths`; newsletters from elsewhere stay.

        Once `stop()` is true what was read is committed and SyncStopped raised.
        """
        try:
            return self._library.sync(list(paths), progress=progress, dry_run=dry_run, rebuild=rebuild, stop=stop)
        finally:
            self._pipeline.forget()

    def resync(self, *, progress: Callable[[Any], None] | None = None) -> SyncReport:
        """Read again every place that newsletters came from; a place that is gone keeps what came from it."""
        return self.sync(self._library.roots(), progress=progress)

    def remove(self, newsletter_id: str) -> None:
        """Take one newsletter out of the index; raises NewsletterNotFound."""
        self._library.remove(newsletter_id)
        self._pipeline.forget()

    def status(self) -> dict[str, Any]:
        """What the index holds and whether it is healthy, JSON-ready."""
        return self._library.status().to_dict()

    def warm(self) -> None:
        """Load the model and the index, so that the first question is as fast as the others."""
        load_reader()
        load_joint_reader()
        load_cross_encoder()
        if self.newsletters():
            self.search("newsletter")
        if self._generative is not None:
            load_client()
            warm_check()

    def suggested_questions(self, limit: int = 4) -> list[str]:
        """Questions the archive answers without doubt, made from its own headings: publications in turn, newest issues first."""
        from assistant.suggestions import by_turns, suggest

        snapshot = self._library.snapshot()
        if self._suggested is None or self._suggested[0] is not snapshot or self._suggested[1] < limit:
            issues = [self.newsletter(info.id) for info in by_turns(self.newsletters())]
            found = suggest(issues, limit, answers=self._answers_from)
            self._suggested = (snapshot, limit, found)
        return self._suggested[2][:limit]

    def surely_answers(self, question: str, *, near: Filters | None = None, filters: Filters | None = None) -> bool:
        """Whether `question` is answered, tried by the reader only where a sentence among those that pass `near` is like it."""
        return self.is_likely(question, filters=near) and self.answers(question, filters=filters)

    def _answers_from(self, question: str, newsletter: Newsletter) -> bool:
        """Whether `question` is answered without doubt, first by `newsletter`."""
        if not self.is_likely(question, filters=Filters(newsletter_ids=frozenset([newsletter.id]))):
            return False
        part = self._part_of(question)
        first = part.evidence[0].found.newsletter.id if part.evidence else None
        return first == newsletter.id and part.reading.confidence >= load_reader().doubt

    def answers(self, question: str, *, filters: Filters | None = None) -> bool:
        """Whether the archive answers `question`, by the reader; takes as long as quoting an answer does."""
        return bool(self._part_of(question, filters).evidence)

    def _part_of(self, question: str, filters: Filters | None = None) -> Part:
        parsed = self.parse(question, filters=filters)
        return self._pipeline.part(parsed, self._pipeline.read(parsed, self._pipeline.retrieve(parsed), ()))

    def is_likely(self, question: str, *, filters: Filters | None = None) -> bool:
        """Whether a sentence is so near to `question` that the archive likely answers it; quick, no reader is asked."""
        found = self.search(question, filters=filters)
        return max((float(p.sentence_scores.max(initial=0.0)) for p in found), default=0.0) >= LIKELY_COSINE

    def as_retriever(self, *, limit: int = 10, filters: Filters | None = None) -> BaseRetriever:
        """This assistant's search as a LlamaIndex retriever of at most `limit` passages."""
        from assistant.llama import NewsletterRetriever

        return NewsletterRetriever(self, limit=limit, filters=filters)

    def as_query_engine(self) -> BaseQueryEngine:
        """This assistant as a LlamaIndex query engine."""
        from assistant.llama import NewsletterQueryEngine

        return NewsletterQueryEngine(self)

    def as_chat_engine(self) -> BaseChatEngine:
        """This assistant as a LlamaIndex chat engine; it keeps the conversation."""
        from assistant.llama import chat_engine

        return chat_engine(self)

    def close(self) -> None:
        """Release the index; other processes may open it then."""
        self._library.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _parse_for_answer(self, question: str, history: History, filters: Filters | None) -> ParsedQuestion:
        """As `parse`, with a follow-up completed by the model where there is one."""
        if self._generative is None or not history or not self.settings.llm.condense:
            return self.parse(question, history=history, filters=filters)
        as_it_stands = self.parse(question, history=history, filters=filters)
        if as_it_stands.form is Form.CATALOGUE:
            return as_it_stands
        asked = clean_question(question, self.settings.answer.max_question_characters)
        complete = None if is_small_talk(asked) else condensed(asked, history, self._generative.server)
        if complete is None:
            return as_it_stands
        return replace(self.parse(complete, filters=filters), asked=asked, asking=asked, way=Way.ANOTHER)


def _with_timings(answer: Answer, timings: dict[str, float]) -> Answer:
    return replace(answer, timings={step: round(value, 3) for step, value in timings.items()})


__all__ = ["Assistant", "History", "clean_question"]
