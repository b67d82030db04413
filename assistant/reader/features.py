"""What the reader sees of a candidate sentence: one row of numbers a sentence, described by `FEATURES`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from assistant.question import Expects, ParsedQuestion
from assistant.spans import REASON_WORDS, answer_spans
from index.passage import RetrievedPassage, Vectors
from index.retriever import matching_newsletters
from index.tokens import distinct_terms, terms

UNREAD = -8.0
NEAR_TERMS = 10
MOST_SPANS = 20
FEATURES = (
    "cosine",
    "cosine_behind_best",
    "cosine_rank",
    "cosine_previous",
    "cosine_next",
    "passage_cosine",
    "passage_cosine_behind_best",
    "keyword",
    "keyword_behind_best",
    "passage_rank",
    "covered_by_sentence",
    "covered_by_neighbours",
    "covered_by_header",
    "covered_by_passage",
    "covered_by_all",
    "covered_nearby",
    "covered_near_kind",
    "rarest_covered",
    "names_in_sentence",
    "names_in_passage",
    "names_missing",
    "adds",
    "length",
    "short",
    "first",
    "last",
    "is_question",
    "dangling_start",
    "preferred_date",
    "answers_kind",
    "lacks_kind",
    "kind_number",
    "kind_person",
    "kind_time",
    "kind_version",
    "reason_given",
    "reason_lacking",
    "already_said",
    "agreement",
    "centrality",
    "joint",
    "joint_behind_best",
    "joint_rank",
    "jointly_read",
)

_NAMED = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-Z][\w.-]*\w|\b\w*\d[\w.%-]*|\b\w+[A-Z]\w*")
_WORD = re.compile(r"\S+")
_DANGLING = re.compile(
    r"^(?:it|they|this|these|that|those|he|she|both|such|also|however|but|and|its|their|his|her)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: its passage's place in the ranking and its own place in the passage."""

    passage: int
    sentence: int


@dataclass(frozen=True, slots=True, eq=False)
class CandidateFeatures:
    """All candidate sentences of a question with their features, (number of candidates, len(FEATURES))."""

    candidates: tuple[Candidate, ...]
    values: Vectors


def candidate_features(
    question: ParsedQuestion,
    passages: Sequence[RetrievedPassage],
    idf: Callable[[str], float],
    joint: Sequence[Vectors],
    previous_answer: str = "",
) -> CandidateFeatures:
    """Features of every sentence of `passages`, in their order.

    `idf` gives the inverse document frequency of a term; `joint` holds the joint reader's scores of the first
    passages' sentences, one array a passage; `previous_answer` is the last turn of the conversation.
    """
    if not passages:
        return CandidateFeatures((), np.zeros((0, len(FEATURES)), dtype=np.float32))
    asked = _Asked(question, idf, distinct_terms(previous_answer))
    cosines = np.concatenate([p.sentence_scores for p in passages])
    vectors = np.concatenate([p.sentence_vectors for p in passages])
    shared = _Shared(
        best_cosine=float(cosines.max(initial=0.0)),
        ranks=_ranks(cosines),
        best_dense=max(p.dense for p in passages),
        best_keyword=max(max(p.keyword for p in passages), 1e-6),
        agreement=vectors @ vectors[np.argsort(-cosines)[:5]].mean(0),
    )
    candidates: list[Candidate] = []
    rows: list[list[float]] = []
    for number, passage in enumerate(passages):
        rows.extend(_passage_rows(asked, passage, number, shared, len(rows)))
        candidates.extend(Candidate(number, i) for i in range(len(passage.passage.sentences)))
    values = np.concatenate([np.asarray(rows, dtype=np.float32), _joint_part(passages, joint)], axis=1)
    return CandidateFeatures(tuple(candidates), values.reshape(-1, len(FEATURES)))


def _joint_part(passages: Sequence[RetrievedPassage], joint: Sequence[Vectors]) -> Vectors:
    """The joint reader's score of each candidate, how far it is behind the best, its rank, and whether it was read."""
    sizes = [len(p.passage.sentences) for p in passages]
    unread = [np.full(size, UNREAD, dtype=np.float32) for size in sizes[len(joint) :]]
    scores = np.clip(np.concatenate([*joint, *unread]), UNREAD, -UNREAD)
    was_read = np.repeat(np.arange(len(passages)) < len(joint), sizes)
    behind = scores.max(initial=UNREAD) - scores
    return np.stack([scores, behind, 1.0 / (1 + _ranks(scores)), was_read], axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """What the candidates of one question are compared with."""

    best_cosine: float
    ranks: Vectors
    best_dense: float
    best_keyword: float
    agreement: Vectors


class _Asked:
    """The question's terms and their weights."""

    def __init__(self, question: ParsedQuestion, idf: Callable[[str], float], previous: frozenset[str]) -> None:
        self.question = question
        self.previous = previous
        self.terms = distinct_terms(question.resolved)
        self.weights = {term: idf(term) for term in self.terms}
        self.total = sum(self.weights.values()) or 1.0
        # Equally rare ones by the alphabet: a set's order is another in every process
        self.rarest = max(self.weights, key=lambda t: (self.weights[t], t), default="")
        self.names = frozenset(t for name in _NAMED.findall(question.resolved) for t in terms(name))

    def coverage(self, words: frozenset[str]) -> float:
        """The share of the question's weight that `words` hold."""
        return sum(self.weights[term] for term in self.terms & words) / self.total

    def named(self, words: frozenset[str]) -> float:
        """The share of the question's names that `words` hold; 1 when it names nothing."""
        return len(self.names & words) / len(self.names) if self.names else 1.0


def _passage_rows(
    asked: _Asked, found: RetrievedPassage, number: int, shared: _Shared, first_row: int
) -> list[list[float]]:
    passage = found.passage
    sentences = [passage.sentence(i) for i in range(len(passage.sentences))]
    words = [distinct_terms(sentence) for sentence in sentences]
    header = distinct_terms(passage.header)
    everything = header.union(*words) if words else header
    preferred = asked.question.preferred
    in_date = 0.5 if preferred is None else float(bool(matching_newsletters([found.newsletter], preferred)))
    passage_part = [
        found.dense,
        shared.best_dense - found.dense,
        found.keyword / (asked.total * 2.2),
        (shared.best_keyword - found.keyword) / shared.best_keyword,
        1.0 / (1 + number),
    ]
    centrality = found.sentence_vectors @ found.sentence_vectors.mean(0)
    rows = []
    for i, sentence in enumerate(sentences):
        cosine = float(found.sentence_scores[i])
        spans = answer_spans(sentence, asked.question.expects, asked.question.resolved)
        near = words[i].union(*words[max(0, i - 1) : i + 2])
        row_number = first_row + i
        rows.append(
            [
                cosine,
                shared.best_cosine - cosine,
                1.0 / (1 + float(shared.ranks[row_number])),
                float(found.sentence_scores[i - 1]) if i else 0.0,
                float(found.sentence_scores[i + 1]) if i + 1 < len(sentences) else 0.0,
                *passage_part,
                asked.coverage(words[i]),
                asked.coverage(near),
                asked.coverage(header),
                asked.coverage(everything),
                asked.coverage(words[i] | header),
                *_nearness(sentence, spans, asked),
                float(asked.rarest in words[i]) + 0.5 * float(asked.rarest in everything),
                asked.named(words[i]),
                asked.named(everything),
                1.0 - asked.named(words[i] | header),
                *_shape(sentence, words[i], asked, i, len(sentences)),
                in_date,
                *_kind(sentence, spans, asked.question.expects),
                _said(words[i], asked.previous),
                float(shared.agreement[row_number]),
                float(centrality[i]),
            ]
        )
    return rows


def _nearness(sentence: str, spans: Sequence[tuple[int, int]], asked: _Asked) -> list[float]:
    """The most of the question that a stretch of `NEAR_TERMS` terms covers: any stretch, and one around what can answer.

    A long list holds every word and name somewhere; an answer has its name beside the words asked about.
    """
    places = _term_places(sentence)
    found = [term for _, term in places]
    anywhere = max((asked.coverage(frozenset(w)) for w in _windows(found, range(0, len(found), 3))), default=0.0)
    starts = [bisect_left(places, (start, "")) for start, _ in spans[:MOST_SPANS]]
    beside = max(
        (asked.coverage(frozenset(w)) for w in _windows(found, [s - NEAR_TERMS // 2 for s in starts])), default=0.0
    )
    return [anywhere, beside if spans else 0.5 * anywhere]


def _windows(found: Sequence[str], starts: Iterable[int]) -> Iterator[Sequence[str]]:
    return (found[max(0, start) : max(0, start) + NEAR_TERMS] for start in starts)


@lru_cache(maxsize=50_000)
def _term_places(text: str) -> tuple[tuple[int, str], ...]:
    """The terms of a text with the code points at which their words begin, in order."""
    return tuple((match.start(), term) for match in _WORD.finditer(text) for term in _terms_of_word(match.group()))


@lru_cache(maxsize=50_000)
def _terms_of_word(word: str) -> tuple[str, ...]:
    return tuple(terms(word))


def _shape(sentence: str, words: frozenset[str], asked: _Asked, place: int, places: int) -> list[float]:
    length = len(sentence.split())
    adds = len(words - asked.terms) / len(words) if words else 0.0
    return [
        adds,
        min(length, 60) / 30,
        float(length < 5),
        float(place == 0),
        float(place == places - 1),
        float(sentence.rstrip().endswith(("?", "？"))),
        float(bool(_DANGLING.match(sentence))),
    ]


def _kind(sentence: str, spans: Sequence[tuple[int, int]], expects: Expects) -> list[float]:
    """Whether the sentence holds what the question word asks for; `spans` are its parts of that kind."""
    typed = expects in (Expects.NUMBER, Expects.TIME, Expects.VERSION, Expects.PERSON, Expects.PLACE)
    reason = bool(REASON_WORDS.search(sentence))
    return [
        float(bool(spans)),
        float(typed and not spans),
        float(expects is Expects.NUMBER and bool(spans)),
        float(expects is Expects.PERSON and bool(spans)),
        float(expects is Expects.TIME and bool(spans)),
        float(expects is Expects.VERSION and bool(spans)),
        float(expects is Expects.REASON and reason),
        float(expects is Expects.REASON and not reason),
    ]


def _said(words: frozenset[str], previous: frozenset[str]) -> float:
    return len(words & previous) / len(words) if words and previous else 0.0


def _ranks(scores: Vectors) -> Vectors:
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return ranks
