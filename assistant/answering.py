"""Which sentences answer a question: by rule where its form says what to quote, else those that the reader finds likeliest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.dated.digest import asks_for_issues, digest_evidence, mentions_by_date
from assistant.dated.newer import brought_up_to_date
from assistant.doubts.direction import directed
from assistant.doubts.kinds import doubted_by_kind
from assistant.doubts.numbered import of_numbered_asked
from assistant.doubts.ordinals import of_part_asked
from assistant.doubts.predicate import without_its_predicate
from assistant.doubts.roles import of_role_asked
from assistant.doubts.versions import of_versions_asked
from assistant.doubts.yes_no import doubted_whether_so
from assistant.evidence import Evidence, Reading, choose
from assistant.headings.below import SURE, below_heading
from assistant.headings.section_asked import section_asked
from assistant.headings.standing import standing_section
from assistant.issues.inventory import inventory_evidence
from assistant.issues.publications import Publications
from assistant.names.introduced import introduced
from assistant.names.spelled_out import spelled_out
from assistant.parts import Part
from assistant.question import Form, ParsedQuestion
from assistant.tables.by_value import rows_by_value
from assistant.tables.cell_asked import cells_asked
from assistant.tables.compared import compared_columns
from assistant.tables.extreme_asked import doubted_among_issues, extreme_asked
from index.retriever import Retriever


@dataclass(frozen=True, slots=True)
class Limits:
    """The most words and sentences of an answer; the confidence below which nothing is answered, and below which it is doubted."""

    max_words: int
    max_sentences: int
    threshold: float
    doubt: float


def answer(
    parsed: ParsedQuestion, reading: Reading, retriever: Retriever, publications: Publications, limits: Limits
) -> Part:
    """The question with the sentences to answer it with, none where the newsletters do not say."""
    if parsed.form is Form.CATALOGUE:
        issues = inventory_evidence(parsed, retriever, publications)
        return Part(parsed, replace(reading, confidence=SURE if issues else 0.0), issues)
    trust = {"threshold": limits.threshold, "doubt": limits.doubt}
    reading = of_numbered_asked(parsed, of_versions_asked(parsed, reading, **trust), **trust)
    told = below_heading(parsed, retriever, max_words=limits.max_words, max_sentences=limits.max_sentences)
    told = told or section_asked(parsed, retriever, max_words=limits.max_words, most=2 * limits.max_sentences)
    told = told or standing_section(parsed, retriever) or _of_table(parsed, reading, retriever, limits)
    if told:
        return Part(parsed, replace(reading, confidence=max(reading.confidence, SURE)), told)
    if reading.confidence >= limits.threshold:
        extreme = extreme_asked(parsed, reading, trusted=True, passages=retriever.snapshot.passages)
        if extreme:
            return Part(parsed, reading, extreme)
    reading = of_part_asked(parsed, reading, **trust)
    reading = doubted_by_kind(parsed, directed(parsed, reading, **trust), **trust)
    reading = of_role_asked(parsed, doubted_among_issues(parsed, reading, **trust))
    room = {"max_words": limits.max_words, "max_sentences": limits.max_sentences}
    part = Part(parsed, reading, _likeliest(parsed, reading, retriever, limits))
    part = doubted_whether_so(without_its_predicate(part, **trust), **trust)
    return introduced(spelled_out(part, retriever, **room), retriever, **room)


def _of_table(parsed: ParsedQuestion, reading: Reading, retriever: Retriever, limits: Limits) -> list[Evidence]:
    answered = reading.confidence >= limits.threshold
    cells = cells_asked(parsed, reading, surely_answered=answered, most=limits.max_sentences)
    cells = cells or compared_columns(parsed, reading)
    cells = cells or rows_by_value(parsed, reading, surely_answered=answered, most=limits.max_sentences)
    return cells or extreme_asked(parsed, reading, trusted=False, passages=retriever.snapshot.passages)


def _likeliest(parsed: ParsedQuestion, reading: Reading, retriever: Retriever, limits: Limits) -> list[Evidence]:
    if parsed.is_unclear:
        return []
    answered = reading.confidence >= limits.threshold
    if parsed.form is Form.DEVELOPMENT and not answered:
        return mentions_by_date(parsed, retriever)
    if parsed.wants_dated_list:
        found = digest_evidence(parsed, reading, retriever)
        if found or parsed.form is Form.DEVELOPMENT or asks_for_issues(parsed):
            return found
    if not answered:
        return []
    chosen = choose(parsed, reading, max_words=limits.max_words, max_sentences=limits.max_sentences)
    return brought_up_to_date(parsed, reading, chosen, limits.max_sentences, retriever.snapshot.keywords.idf)
