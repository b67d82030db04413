"""The steps from a question to the sentences that answer it: parsed, retrieved, read, chosen, over what is indexed now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.addresses import address_asked
from assistant.answering import Limits, answer
from assistant.asking.followup import Way
from assistant.asking.history import last_said_by
from assistant.asking.relative import asks_of_days_untold, with_named_periods
from assistant.asking.sought_name import plainly
from assistant.doubts.unsaid import without_unsaid
from assistant.evidence import Reading, read, read_jointly, retrieve
from assistant.issues.editions import NONE_OF_THEM
from assistant.issues.going_on import has_more
from assistant.issues.inventory import about_the_archive
from assistant.issues.matter import of_matter
from assistant.issues.one_issue import of_end_issue
from assistant.issues.publications import Publications
from assistant.issues.publishers import Publishers
from assistant.issues.whose_issue import of_issue_asked
from assistant.parts import Part
from assistant.question import Form, ParsedQuestion, clean_question, parse_question
from assistant.reader.cross_encoder import load_cross_encoder
from assistant.reader.joint import load_joint_reader
from assistant.reader.model import load_reader
from assistant.readings.alternatives import surer_alternative
from assistant.readings.surer import surer
from assistant.readings.undated import surer_without_year
from assistant.readings.unnamed import read_unnamed
from assistant.reranking import read_again
from assistant.settings import AnswerSettings
from index import Library
from index.passage import Filters, NewsletterInfo, RetrievedPassage
from index.retriever import Retriever

History = Sequence[Mapping[str, str]]
# Of follow-ups that the newsletters do not answer .42 are refused so, and .27 at .50, for .03 more wrongly
LEAST_OF_FOLLOW_UPS = 0.6
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


class Pipeline:
    """Answers from one library as `settings()` say then; what is derived from the index is made anew when that changes."""

    def __init__(self, library: Library, settings: Callable[[], AnswerSettings]) -> None:
        self._library = library
        self._settings = settings
        self._retriever: Retriever | None = None
        self._publications: Publications | None = None
        self._publishers: Publishers | None = None

    def parse(
        self, question: str, history: History = (), filters: Filters | None = None, way: Way | None = None
    ) -> ParsedQuestion:
        """What a question asks of this archive; `way` as in `parse_question`."""
        infos = self._library.newsletters()
        named = with_named_periods(question, today=date.today(), issue_dates=_dates_of(infos))
        if asks_of_days_untold(question, today=date.today(), issue_dates=_dates_of(infos)):
            filters = replace(filters or Filters(), newsletter_ids=NONE_OF_THEM)
        parsed = parse_question(
            named,
            history=history,
            filters=filters,
            issues_known=frozenset(info.issue for info in infos if info.issue is not None),
            max_characters=self._settings().max_question_characters,
            way=way,
        )
        if named != question:
            parsed = replace(parsed, asked=clean_question(question, self._settings().max_question_characters))
        of_archive = about_the_archive(parsed, self._named_publications(), history, filters)
        parsed = of_archive if has_more(of_archive, self.retriever) else parsed
        if parsed.form is not Form.CATALOGUE and parsed.is_unclear:
            return replace(parsed, names_heading=self.retriever().names_heading(parsed.asked))
        if not infos:
            return parsed
        parts = tuple(map(self._of_issue, parsed.parts))
        return of_matter(replace(self._of_issue(parsed), parts=parts), self._library.snapshot())

    def _of_issue(self, parsed: ParsedQuestion) -> ParsedQuestion:
        if parsed.form is Form.CATALOGUE:
            return parsed
        if parsed.resolved == parsed.asking:
            parsed = replace(parsed, resolved=plainly(_MARKUP.sub(" ", parsed.asking).strip() or parsed.asking))
        at_an_end = of_end_issue(parsed, self._named_publications())
        return at_an_end if at_an_end is not parsed else of_issue_asked(parsed, self._named_publications())

    def retrieve(self, parsed: ParsedQuestion, limit: int | None = None) -> list[RetrievedPassage]:
        """The passages that match best; twice as many where several issues count, unless a `limit` is given."""
        wanted = limit or self._settings().passages
        if limit is None and parsed.reads_on:
            wanted *= 2
        return retrieve(parsed, self.retriever(), wanted)

    def read(self, parsed: ParsedQuestion, passages: list[RetrievedPassage], history: History) -> Reading:
        """What the reader makes of the passages."""
        snapshot = self.retriever().snapshot
        keywords = snapshot.keywords
        previous = last_said_by("assistant", history)
        reader, joint = load_reader(), load_joint_reader()
        reading = read(
            parsed,
            passages,
            reader,
            joint=read_jointly(parsed, passages, joint),
            idf=keywords.idf,
            knows=keywords.knows,
            archive_passages=len(snapshot.passages),
            previous_answer=previous if parsed.way is Way.ANOTHER else "",
        )
        return read_again(parsed, reading, reader, joint, load_cross_encoder())

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
            said = [{"role": "user", "content": parts[-1].parsed.shown}] if parts else history
            parsed, reading = question, self.read(question, found, said)
            if parsed.form is not Form.CATALOGUE:
                parsed, reading = self._surer(question, reading, said, filters)
            part = self.part(parsed, reading, among=len(questions))
            parts.append(without_unsaid(part, said, threshold=self.threshold(parsed)))
        return parts

    def part(self, parsed: ParsedQuestion, reading: Reading, *, among: int = 1) -> Part:
        """A question with the sentences to answer it with, none where the newsletters do not say; one of `among` in a message."""
        limits, threshold = self._settings(), self.threshold(parsed)
        linked = address_asked(parsed, threshold=threshold, read=self._read_anew, newsletter=self._library.newsletter)
        return linked or answer(
            parsed,
            reading,
            self.retriever(),
            self._named_publications(),
            Limits(
                limits.max_words // among,
                max(1, limits.max_sentences // among),
                threshold,
                load_reader().doubt,
            ),
        )

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
        self._retriever = self._publications = self._publishers = None

    def _named_publications(self) -> Publications:
        snapshot = self._library.snapshot()
        if self._publications is None or self._publications.snapshot is not snapshot:
            self._publications = Publications(snapshot)
        return self._publications

    def _known_publishers(self) -> Publishers:
        snapshot = self._library.snapshot()
        if self._publishers is None or self._publishers.snapshot is not snapshot:
            self._publishers = Publishers(
                snapshot,
                lambda newsletter_id: self._library.newsletter(newsletter_id).text,
                self.retriever().is_usual_word,
            )
        return self._publishers

    def _surer(
        self, parsed: ParsedQuestion, reading: Reading, history: History, filters: Filters | None
    ) -> tuple[ParsedQuestion, Reading]:
        threshold = self.threshold(parsed)
        parsed, reading = surer(
            parsed,
            read_unnamed(parsed, reading, threshold=threshold, publishers=self._known_publishers, read=self._read_anew),
            history,
            threshold=self.threshold,
            retriever=self.retriever(),
            publications=self._named_publications,
            parse=lambda way: self.parse(parsed.asked, history, filters, way),
            read=lambda other: self.read(other, self.retrieve(other), history),
        )
        doubt, anew = load_reader().doubt, self._read_anew
        parsed, reading = surer_alternative(parsed, reading, threshold=threshold, doubt=doubt, read=anew)
        if any(_dates_of(self._library.newsletters())):
            return parsed, reading
        knows = self.retriever().snapshot.keywords.knows
        return surer_without_year(parsed, reading, threshold=threshold, doubt=doubt, knows=knows, read=anew)

    def _read_anew(self, parsed: ParsedQuestion) -> Reading:
        return self.read(parsed, self.retrieve(parsed), ())


def _dates_of(infos: Iterable[NewsletterInfo]) -> Iterator[str]:
    return (info.date for info in infos if info.date)
