"""The best passages for a question: BM25, passage vectors and sentence vectors, fused by reciprocal rank.

Reciprocal-rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009. The sentence view scores a passage by its best
sentence (MaxSim over late-chunked sentence vectors). Nothing is fitted here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.dated import dated_ranking
from index.dates import age, first_day, last_day
from index.embedding import Embedder
from index.headings import HeadingIndex, words_of
from index.identifiers import identified
from index.passage import Filters, NewsletterInfo, RetrievedPassage, Vectors
from index.snapshot import Snapshot
from index.tokens import distinct_terms
from index.views import vector_views

RANK_CONSTANT = 20
DEPTH = 100
VIEW_WEIGHTS = {"keyword": 1.0, "sentence": 1.0, "dense": 0.5}
PREFERENCE = 2.0
NAMED_WEIGHT = 3.0
DATED_WEIGHT, DATED_CONSTANT = 0.6, 5
DUPLICATE_OVERLAP = 0.9


class Retriever:
    """Searches one snapshot of the index."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder) -> None:
        self._snapshot = snapshot
        self._embedder = embedder
        places = {newsletter_id: place for place, newsletter_id in enumerate(snapshot.newsletters)}
        owners = (places.get(passage.newsletter_id, len(places)) for passage in snapshot.passages)
        self._owner = np.fromiter(owners, dtype=np.int64, count=len(snapshot.passages))

    @property
    def snapshot(self) -> Snapshot:
        """What is searched."""
        return self._snapshot

    @property
    def embedder(self) -> Embedder:
        """What embeds the questions."""
        return self._embedder

    def is_usual_word(self, word: str) -> bool:
        """Whether a small word is one of the language, not a name or a mistake: to the encoder it is of one piece."""
        return self._embedder.count_tokens(word) == 1

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        filters: Filters | None = None,
        prefer: Filters | None = None,
        newest_first: bool | None = None,
        ordered: str | None = None,
    ) -> list[RetrievedPassage]:
        """The `limit` best passages for `query`, best first; near copies of a better passage are left out.

        `filters` restricts the newsletters searched; passages of newsletters that pass `prefer` are moved up, and with
        `newest_first` True or False those of the newest or the oldest issues about the matter. `ordered` is the question
        with its words of order, where `query` lacks them.
        An empty list when nothing is left to search.
        """
        snapshot = self._snapshot
        allowed = self._allowed(filters)
        if not snapshot.passages or (allowed is not None and not allowed.any()):
            return []
        vector = self._embedder.embed_query(query)
        keyword = snapshot.keywords.scores(query)
        dense, sentence = vector_views(snapshot, vector, allowed)
        fused = np.zeros(len(snapshot.passages), dtype=np.float32)
        views = {"keyword": keyword} | ({"sentence": sentence, "dense": dense} if vector.any() else {})
        for name, scores in views.items():
            fused += VIEW_WEIGHTS[name] * _reciprocal_ranks(scores, allowed, positive=name == "keyword")
        preferred = self._allowed(prefer)
        fused += NAMED_WEIGHT * self._named(query, preferred if allowed is None else allowed)
        if preferred is not None:
            fused *= np.where(preferred, PREFERENCE, 1.0).astype(np.float32)
        if newest_first is not None:
            within = allowed if preferred is None else preferred if allowed is None else preferred & allowed
            dated = dated_ranking(snapshot, ordered or query, fused, within, newest_first)
            fused[dated] += DATED_WEIGHT / (DATED_CONSTANT + np.arange(1, len(dated) + 1, dtype=np.float32))
        ranked = np.flatnonzero(fused > 0)
        order = [int(i) for i in ranked[np.argsort(-fused[ranked], kind="stable")][: limit * 3]]
        return [
            self.passage(i, float(fused[i]), self._cosine(i, dense, vector), float(keyword[i]), vector)
            for i in self._distinct(order, limit)
        ]

    def names_heading(self, query: str) -> bool:
        """Whether a heading or an item's title of the archive stands in `query` word for word."""
        return any(True for _ in self._headings.named(query))

    @cached_property
    def _headings(self) -> HeadingIndex:
        return HeadingIndex(self._snapshot.passages)

    def _named(self, query: str, allowed: NDArray[np.bool_] | None) -> Vectors:
        """For passages whose heading, or an identifier in them, the question holds: its share of the terms (by rarity)."""
        snapshot = self._snapshot
        gains = np.zeros(len(snapshot.passages), dtype=np.float32)
        idf = snapshot.keywords.idf
        total = sum(idf(term) for term in distinct_terms(query))
        named = self._headings.named(query, allowed)
        for held, numbers in chain(named, identified(query, snapshot.keywords, snapshot.passages, allowed)):
            share = sum(idf(term) for term in held) / total if total else 1.0
            ranks = RANK_CONSTANT + np.arange(1, len(numbers) + 1, dtype=np.float32)
            gains[numbers] = np.maximum(gains[numbers], min(share, 1.0) / ranks)
        return gains

    def headed(self, title: str, filters: Filters | None = None) -> list[RetrievedPassage]:
        """The first passage of each issue that stands below a heading or begins a line with it, the newest issue first."""
        first: dict[str, RetrievedPassage] = {}
        for number in self._headings.holders(words_of(title), self._allowed(filters)):
            found = self.passage(number)
            first.setdefault(found.newsletter.id, found)
        return sorted(first.values(), key=lambda found: age(found.newsletter), reverse=True)

    def _cosine(self, number: int, dense: Vectors, vector: Vectors) -> float:
        """The passage's cosine, for those that were found by their words alone, too."""
        known = float(dense[number])
        return known if np.isfinite(known) else float(self._snapshot.passage_vectors[number] @ vector)

    def passage(
        self, number: int, score: float = 0.0, dense: float = 0.0, keyword: float = 0.0, query: Vectors | None = None
    ) -> RetrievedPassage:
        """Passage `number` of the snapshot with its scores; sentence scores are 0 without a `query` vector."""
        snapshot = self._snapshot
        passage = snapshot.passages[number]
        rows = slice(int(snapshot.sentence_offsets[number]), int(snapshot.sentence_offsets[number + 1]))
        vectors = np.asarray(snapshot.sentence_vectors[rows])
        return RetrievedPassage(
            passage=passage,
            newsletter=snapshot.newsletters[passage.newsletter_id],
            score=score,
            dense=dense,
            keyword=keyword,
            sentence_scores=vectors @ query if query is not None else np.zeros(len(vectors), dtype=np.float32),
            sentence_vectors=vectors,
        )

    def _allowed(self, filters: Filters | None) -> NDArray[np.bool_] | None:
        """Which passages the filters leave, or None for all."""
        if filters is None or filters == Filters():
            return None
        newsletters = self._snapshot.newsletters
        kept = {info.id for info in matching_newsletters(newsletters.values(), filters)}
        return np.array([*(newsletter_id in kept for newsletter_id in newsletters), False])[self._owner]

    def _distinct(self, order: list[int], limit: int) -> list[int]:
        """The first `limit` passages of `order` that are not near copies of an earlier one."""
        kept: list[int] = []
        seen: list[frozenset[str]] = []
        for number in order:
            words = distinct_terms(self._snapshot.passages[number].text)
            if any(_overlap(words, other) >= DUPLICATE_OVERLAP for other in seen):
                continue
            kept.append(number)
            seen.append(words)
            if len(kept) == limit:
                break
        return kept


def matching_newsletters(newsletters: Iterable[NewsletterInfo], filters: Filters) -> list[NewsletterInfo]:
    """The newsletters that pass `filters`; one without a date passes no date filter."""
    return [info for info in newsletters if _passes(info, filters)]


def _passes(info: NewsletterInfo, filters: Filters) -> bool:
    return (
        (not filters.newsletter_ids or info.id in filters.newsletter_ids)
        and (not filters.issues or info.issue in filters.issues)
        and (not filters.publishers or info.publisher in filters.publishers)
        and (not filters.languages or info.language in filters.languages)
        and (filters.since is None or (info.date is not None and last_day(info.date) >= first_day(filters.since)))
        and (filters.until is None or (info.date is not None and first_day(info.date) <= last_day(filters.until)))
    )


def _reciprocal_ranks(scores: Vectors, allowed: NDArray[np.bool_] | None, *, positive: bool) -> Vectors:
    """1 / (k + rank) for the `DEPTH` best of the allowed passages, 0 for the others."""
    usable = scores if allowed is None else np.where(allowed, scores, -np.inf)
    depth = min(DEPTH, len(usable))
    top = np.argpartition(-usable, depth - 1)[:depth]
    top = top[np.argsort(-usable[top], kind="stable")]
    top = top[usable[top] > (0 if positive else -np.inf)]
    gains = np.zeros(len(usable), dtype=np.float32)
    gains[top] = 1.0 / (RANK_CONSTANT + np.arange(1, len(top) + 1))
    return gains


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 1.0
