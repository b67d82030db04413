"""The sentences that answer a question: scored by the reader, then the fewest whose union answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.antecedent import leaned_on
from assistant.asking.order import Order, without_order
from assistant.lead_in import answer_behind, asks, is_echo, items_below, question_before
from assistant.padding import is_padding
from assistant.question import Expects, Form, ParsedQuestion
from assistant.reader.features import FEATURES, UNREAD, CandidateFeatures, candidate_features
from assistant.reader.joint import JointReader
from assistant.reader.model import ArchiveView, Reader
from index.dated import PRERELEASE, highest_version, series_pattern, version_pattern
from index.dates import age
from index.passage import RetrievedPassage, Vectors
from index.retriever import Retriever
from index.tokens import distinct_terms, shared_terms

JOINTLY_READ, ORDERED_READ = 5, 8
ENOUGH_SHARE = 0.9
LEAST_SHARE, STRAY_SHARE = 0.02, 0.05
LIKELY_SHARE, LIKELY_ROOM = 0.2, 1.5
SAME_WORDS = 0.8
ORDER_MARGIN, ORDER_WEIGHT, VERSION_MARGIN, PRERELEASE_COST = 3.0, 9.0, 4.0, 4.0
_ASKS_PRERELEASE = re.compile(r"\brcs?\d*\b|candidate|alpha|beta|pre-?release", re.I)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence chosen from a retrieved passage; `start` and `end` count in the newsletter's text.

    `lead` is what is said before it where that is more than its issue's name; `marked` the part of it that answers, where
    that is known already.
    """

    found: RetrievedPassage
    sentence: int
    score: float
    lead: str = ""
    marked: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The sentence."""
        return self.found.passage.sentence(self.sentence)

    @property
    def span(self) -> tuple[int, int]:
        """Where the sentence stands in the newsletter's text."""
        return self.found.passage.sentences[self.sentence]

    @property
    def place(self) -> tuple[str, tuple[int, int]]:
        """The newsletter's id and the span, for passages may overlap."""
        return self.found.newsletter.id, self.span


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the reader made of a question's passages: `ranked` best first, and the chance that they answer.

    The joint reader's highest score `best_joint` is above 0 where a sentence likelier answers than not; so is `best_cross`, None if not asked.
    """

    passages: tuple[RetrievedPassage, ...]
    ranked: tuple[Evidence, ...]
    shares: tuple[float, ...]
    confidence: float
    best_joint: float = 0.0
    best_cross: float | None = None


def retrieve(question: ParsedQuestion, retriever: Retriever, limit: int) -> list[RetrievedPassage]:
    """The `limit` passages that match a question best, with its filters, dates and order observed."""
    query = question.resolved
    return retriever.search(
        query if question.order is Order.ANY else without_order(query),
        limit=limit,
        filters=question.filters,
        prefer=question.preferred,
        newest_first=question.newest_first,
        ordered=query,
    )


def read(
    question: ParsedQuestion,
    passages: Sequence[RetrievedPassage],
    reader: Reader,
    *,
    joint: Sequence[Vectors],
    idf: Callable[[str], float],
    knows: Callable[[str], bool],
    archive_passages: int,
    previous_answer: str = "",
) -> Reading:
    """Every sentence of `passages` ranked by how likely it answers, and the probability that any does.

    `joint` holds the joint reader's scores of the first passages' sentences, one array a passage.
    """
    features = candidate_features(question, passages, idf, joint, previous_answer)
    if not features.candidates:
        return Reading(tuple(passages), (), (), 0.0)
    scores = reader.sentences.scores(features.values)
    archive = ArchiveView(archive_passages, unknown_share(question, idf, knows), idf)
    confidence = reader.confidence(question, passages, features, scores, archive)
    best_joint = float(features.values[:, FEATURES.index("joint")].max())
    scores = scores + _order_bonus(question, passages, features, scores)
    told = zip(features.candidates, scores, strict=True)
    pieces = [Evidence(passages[one.passage], one.sentence, float(score)) for one, score in told]
    return Reading(tuple(passages), *likeliest_first(pieces, scores), confidence, best_joint)


def likeliest_first(pieces: Sequence[Evidence], scores: Vectors) -> tuple[tuple[Evidence, ...], tuple[float, ...]]:
    """The sentences by their scores, the highest first, and their shares of the probability (softmax)."""
    order = np.argsort(-scores, kind="stable")
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    return tuple(pieces[i] for i in order), tuple(float(shares[i]) for i in order)


def read_jointly(question: ParsedQuestion, passages: Sequence[RetrievedPassage], reader: JointReader) -> list[Vectors]:
    """The joint reader's scores of the first passages' sentences, one array a passage.

    Reading stops at a promising sentence or where several passages hold nothing, unless it asks of several issues.
    """
    if question.asks_of_now and not question.reads_on:
        return reader.scores(question.resolved, [found.passage for found in passages[:JOINTLY_READ]])
    if not question.reads_on:
        return reader.scores_until_found(question.resolved, [found.passage for found in passages[:JOINTLY_READ]])
    return reader.scores(question.resolved, [found.passage for found in passages[:ORDERED_READ]])


def unknown_share(question: ParsedQuestion, idf: Callable[[str], float], knows: Callable[[str], bool]) -> float:
    """The share (by rarity) of the question's terms that occur nowhere in the archive."""
    asked = distinct_terms(question.resolved)
    total = sum(idf(term) for term in asked)
    return sum(idf(term) for term in asked if not knows(term)) / total if total else 1.0


def choose(question: ParsedQuestion, reading: Reading, *, max_words: int, max_sentences: int) -> list[Evidence]:
    """The fewest sentences that answer: best first until they hold most of the probability.

    Stops at `max_sentences` or before `max_words` are passed (half as many again for a sentence that is likely to
    answer); a sentence that only repeats another is left out, and so is an unlikely one on something else.
    A sentence that cannot stand alone ("It also…") brings the one before it when there is room, a question or a label
    what stands behind it, and a first one that announces a list the list's items, as many again, where things are asked for.
    """
    limit = max_sentences * 2 if question.form is Form.LIST else max_sentences
    chosen: list[Evidence] = []
    held, total, words = 0.0, 1.0, 0
    for evidence, share in zip(reading.ranked, reading.shares, strict=True):
        if chosen and (len(chosen) >= limit or held >= ENOUGH_SHARE * total or share < LEAST_SHARE * total):
            break
        if any(piece.place == evidence.place for piece in chosen):
            held += share
            continue
        if chosen and share < LIKELY_SHARE and is_padding((evidence.found, evidence.sentence), question):
            total -= share
            continue
        together = _together(question, evidence, reading.passages)
        if not together:
            total -= share
        if not together or _is_among(together[-1], chosen):
            continue
        if chosen and share < STRAY_SHARE * total and _strays(question, evidence, chosen[0]):
            continue
        together = [piece for piece in together if not _is_among(piece, chosen)]
        together = together[-1:] if len(chosen) + len(together) > limit else together
        length = _words(together)
        if chosen and words + length > max_words * (LIKELY_ROOM if share >= LIKELY_SHARE else 1.0):
            continue
        is_first, chosen = not chosen, [*chosen, *together]
        if is_first and _asks_for_things(question):
            chosen = _with_items(question, chosen, reading.passages, max_words, max_sentences * 2)
        held += share
        words = _words(chosen)
    chosen = chosen or list(reading.ranked[:1])
    return _with_antecedent(question, chosen, max_words - words) if chosen else chosen


def _asks_for_things(question: ParsedQuestion) -> bool:
    return question.form is Form.LIST or question.expects in (Expects.THING, Expects.MANNER, Expects.REASON)


def _strays(question: ParsedQuestion, further: Evidence, first: Evidence) -> bool:
    """Whether a further sentence seems to be on something else: of another newsletter, with no word asked but the first's.

    Headings count. Where even the first has none (it may be in another language), none is held to it.
    """
    asked = distinct_terms(question.resolved)
    covered = asked & distinct_terms(first.text)
    if not covered or further.found.newsletter.id == first.found.newsletter.id:
        return False
    return asked & (distinct_terms(further.text) | distinct_terms(further.found.passage.section)) <= covered


def _together(question: ParsedQuestion, evidence: Evidence, passages: Sequence[RetrievedPassage]) -> list[Evidence]:
    """A sentence with those behind it that it only leads in to; none where it leads to nothing.

    A label that says the question's words again gives way to what it stands over.
    """
    found, number = question_before((evidence.found, evidence.sentence), question, passages)
    evidence = Evidence(found, number, evidence.score) if number != evidence.sentence else evidence
    behind = answer_behind((evidence.found, evidence.sentence), question, passages)
    if behind is None:
        return [evidence]
    echo = is_echo(evidence.text, question)
    if not behind:
        return [] if echo or asks(evidence.text) else [evidence]
    following = [Evidence(found, number, evidence.score) for found, number in behind]
    return following if echo and not asks(evidence.text) else [evidence, *following]


def _with_items(
    question: ParsedQuestion,
    chosen: list[Evidence],
    passages: Sequence[RetrievedPassage],
    max_words: int,
    limit: int,
) -> list[Evidence]:
    """The chosen sentences and, behind the last of them, the items of the list that it announces, while there is room."""
    last = chosen[-1]
    for found, number in items_below((last.found, last.sentence), question, passages):
        item = Evidence(found, number, last.score)
        others = [piece for piece in chosen if piece.place != item.place]
        if len(others) >= limit or _words([*others, item]) > max_words:
            break
        chosen = [*others, item]
    return chosen


def _words(pieces: Sequence[Evidence]) -> int:
    return sum(len(piece.text.split()) for piece in pieces)


def _with_antecedent(question: ParsedQuestion, chosen: list[Evidence], room: int) -> list[Evidence]:
    """The chosen sentences with, for a first one that leans on those before it, these before it while there is `room`."""
    first, others = chosen[0], {piece.place for piece in chosen}
    places = leaned_on((first.found, first.sentence), room, asks_why=question.expects is Expects.REASON)
    before = [Evidence(found, number, first.score) for found, number in places]
    return chosen if any(piece.place in others for piece in before) else [*before, *chosen]


def _order_bonus(
    question: ParsedQuestion, passages: Sequence[RetrievedPassage], features: CandidateFeatures, scores: Vectors
) -> Vectors:
    """What "latest" and "first" add: passages near the best go by version or date, and candidates for release are no releases.

    All sentences of a passage rise together, so that what is said beside the newest mention goes before older mentions.
    """
    bonus = np.zeros(len(scores), dtype=np.float32)
    if question.order is Order.ANY:
        return bonus
    texts = [passages[c.passage].passage.sentence(c.sentence) for c in features.candidates]
    if not _ASKS_PRERELEASE.search(question.resolved):
        bonus -= np.array([PRERELEASE_COST if PRERELEASE.search(text) else 0.0 for text in texts], dtype=np.float32)
    owners = np.array([c.passage for c in features.candidates])
    joint = features.values[:, FEATURES.index("joint")]
    near = _near(question, texts, owners, np.where(joint > UNREAD, joint + bonus, -np.inf))
    places = sorted(
        near,
        key=lambda number: (near[number], age(passages[number].newsletter)),
        reverse=question.order is Order.FIRST,
    )
    for place, number in enumerate(places):
        bonus[owners == number] += ORDER_MARGIN + ORDER_WEIGHT * (1 + place) / len(places)
    return bonus


def _near(
    question: ParsedQuestion, texts: Sequence[str], owners: NDArray[np.intp], scores: Vectors
) -> dict[int, tuple[int, ...]]:
    """The passages whose best sentence is near the best of all, each with the highest version that it gives.

    Where a version is asked for and given, passages that give one reach further than others, which are left out then.
    """
    for pattern in filter(None, (series_pattern(question.resolved), version_pattern(question.resolved))):
        versions: dict[int, tuple[int, ...]] = {}
        for i in np.flatnonzero(scores >= scores.max() - VERSION_MARGIN):
            number = int(owners[i])
            versions[number] = max(highest_version(texts[int(i)], pattern), versions.get(number, ()))
        if any(versions.values()):
            return {number: version for number, version in versions.items() if version}
    return {int(owners[i]): () for i in np.flatnonzero(scores >= scores.max() - ORDER_MARGIN)}


def _same(one: Evidence, other: Evidence) -> bool:
    return one.place == other.place or shared_terms(one.text, other.text) >= SAME_WORDS


def _is_among(piece: Evidence, others: Sequence[Evidence]) -> bool:
    return any(_same(piece, other) for other in others)
