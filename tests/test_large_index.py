"""A large index is searched through a coarse view and finds what the exact search finds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant
from corpus import shipped_newsletters
from index import Filters, Library, Retriever, Snapshot
from index.vectors import CoarseView, PackedVectors

QUESTIONS = (
    "Where was the Silk Road of Innovation forum held?",
    "Which countries signed agreements?",
    "How many young scientists came to China?",
    "What is said of technology transfer centres?",
)


@pytest.fixture
def large(shipped: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    """The shipped newsletter, indexed, cached and opened again as if it were large."""
    assert shipped._library.snapshot().coarse is None
    monkeypatch.setattr("index.growing.EXACT_SENTENCES", 10)
    with Library.open(tmp_path / "data") as library:
        library.sync([shipped_newsletters()])
        library.snapshot()
    with Library.open(tmp_path / "data") as library:
        return library.snapshot()


def found(retriever: Retriever, question: str, filters: Filters | None = None) -> list[tuple[str, float]]:
    return [(entry.passage.id, round(entry.dense, 4)) for entry in retriever.search(question, filters=filters)]


def test_a_large_index_finds_what_the_exact_search_finds(
    large: Snapshot, shipped: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = shipped._library.snapshot()
    embedder = shipped._library.embedder
    assert large.coarse is not None
    monkeypatch.setattr("index.views.RESCORED", len(large.passages) // 2 + 2)
    for question in QUESTIONS:
        assert found(Retriever(large, embedder), question)[:5] == found(Retriever(exact, embedder), question)[:5]


def test_sentences_are_scored_as_exactly_as_in_a_small_index(large: Snapshot, shipped: Assistant) -> None:
    embedder = shipped._library.embedder
    for question in QUESTIONS:
        scores = [entry.sentence_scores for entry in Retriever(large, embedder).search(question)]
        exact = [entry.sentence_scores for entry in Retriever(shipped._library.snapshot(), embedder).search(question)]
        np.testing.assert_allclose(np.concatenate(scores), np.concatenate(exact), atol=1e-5)


def test_only_what_the_filters_leave_is_found_in_a_large_index(
    large: Snapshot, shipped: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.views.RESCORED", 3)
    (info,) = large.newsletters.values()
    chosen = large.passages[-4:]
    two = replace(
        large,
        newsletters={info.id: info, "other": replace(info, id="other")},
        passages=(*large.passages[:-4], *(replace(passage, newsletter_id="other") for passage in chosen)),
    )
    retriever = Retriever(two, shipped._library.embedder)
    for question in QUESTIONS:
        ids = {passage_id for passage_id, _ in found(retriever, question, Filters(newsletter_ids=frozenset({"other"})))}
        assert ids
        assert ids <= {passage.id for passage in chosen}


def test_packed_vectors_give_unit_vectors_and_their_products() -> None:
    rows = np.random.default_rng(0).integers(-127, 128, size=(50, 16), dtype=np.int8)
    packed = PackedVectors.of(rows)
    expected = rows / np.linalg.norm(rows.astype(float), axis=1, keepdims=True)
    np.testing.assert_allclose(packed[:], expected, atol=1e-6)
    np.testing.assert_allclose(packed[7], expected[7], atol=1e-6)
    chosen = np.array([3, 9, 40])
    np.testing.assert_allclose(packed.products(chosen, packed[3]), expected[chosen] @ expected[3], atol=1e-5)


def test_a_coarse_view_keeps_products_of_vectors_that_lie_in_few_directions() -> None:
    random = np.random.default_rng(1)
    flat = random.normal(size=(300, 8)) @ random.normal(size=(8, 64))
    packed = PackedVectors.of(np.rint(flat / np.abs(flat).max(axis=1, keepdims=True) * 127).astype(np.int8))
    view = CoarseView.of(packed[:20], packed)
    question = packed[5]
    np.testing.assert_allclose(view.sentences @ (question @ view.basis), packed[:] @ question, atol=0.02)
