"""An index that grew newsletter by newsletter equals one that is read anew, in every array and every score."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import bm25s
import numpy as np
import pytest

from corpus import Newsletter, read_newsletters
from index.cache import NAME, load_snapshot
from index.chunking import chunk
from index.embedding import PassageVectors
from index.keywords import K1, B, KeywordIndex
from index.passage import NewsletterInfo, Passage
from index.records import Record
from index.settings import StoreSettings
from index.snapshot import Snapshot
from index.store import Entry, Store
from index.tokens import terms
from index.vectors import PackedVectors

WORDS = [
    "tulip",
    "rose",
    "lily",
    "bed",
    "spring",
    "water",
    "soil",
    "seed",
    "leaf",
    "root",
    "north",
    "south",
    "gardener",
    "plan",
    "Don't-stop",
    "v0.21.2",
    "种子",
    "café",
]
FINGERPRINT, DIMENSION, STEPS = "model/chunker", 16, 14
QUERIES = ("tulip bed", "Which rose came in spring, in spring?", "v0.21.2 种子", "unknown words", "")


def text_of(number: int, random: random.Random) -> str:
    sections = [
        f"## Bed {part}\n\n"
        + " ".join(f"{' '.join(random.choices(WORDS, k=9))} {number}." for _ in range(random.randint(1, 5)))
        for part in range(random.randint(0, 4))
    ]
    return f"# Garden News {number}\n\n" + "\n\n".join(sections)


def entry_of(folder: Path, number: int, random: random.Random) -> Entry:
    """Newsletter `number` with words and vectors of chance."""
    (folder / f"garden-{number}.md").write_text(text_of(number, random), encoding="utf-8")
    newsletter: Newsletter = read_newsletters(folder / f"garden-{number}.md")[0]
    version = newsletter.content_hash[:12]
    passages = chunk(newsletter, lambda text: 40 * len(text.split()), version=version)
    numbers = np.random.default_rng(random.randrange(10**9))

    def vectors(count: int) -> np.ndarray:
        rows = numbers.normal(size=(count, DIMENSION)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    info = NewsletterInfo(newsletter.id, newsletter.title, None, None, None, None, None, (), len(passages))
    record = Record(info, newsletter.content_hash, FINGERPRINT, version, ())
    return Entry(
        newsletter, record, passages, [PassageVectors(vectors(1)[0], vectors(len(p.sentences))) for p in passages]
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "data", StoreSettings())
    yield store
    store.close()


def assert_same(grown: Snapshot, anew: Snapshot) -> None:
    assert grown.passages == anew.passages
    assert grown.newsletters == anew.newsletters
    assert grown.versions == anew.versions
    assert grown.fingerprint == anew.fingerprint
    assert type(grown.sentence_vectors) is type(anew.sentence_vectors)
    for one, other in (
        (grown.passage_vectors, anew.passage_vectors),
        (grown.sentence_vectors[:], anew.sentence_vectors[:]),
        (grown.sentence_offsets, anew.sentence_offsets),
        *((grown.keywords.scores(query), anew.keywords.scores(query)) for query in QUERIES),
        *((grown.keywords.holders(word), anew.keywords.holders(word)) for word in ("tulip", "bed", "nothing")),
    ):
        np.testing.assert_array_equal(one, other)
    words = {term for passage in anew.passages for term in terms(f"{passage.header} {passage.text}")} | {"2", "gone"}
    assert [grown.keywords.knows(word) for word in words] == [anew.keywords.knows(word) for word in words]
    assert [grown.keywords.idf(word) for word in words] == [anew.keywords.idf(word) for word in words]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("exact", [10**9, 40], ids=["small", "growing large"])
def test_what_grew_equals_what_is_read_anew(
    store: Store, tmp_path: Path, seed: int, exact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.growing.EXACT_SENTENCES", exact)
    chance = random.Random(seed)
    in_memory: Snapshot | None = None
    for step in range(STEPS):
        held = store.records()
        if held and chance.random() < 0.3:
            for newsletter_id in chance.sample(sorted(held), chance.randint(1, len(held))):
                store.delete(newsletter_id)
        else:
            count = 12 if step == 0 else chance.randint(1, 3)
            entries = [entry_of(tmp_path, number, chance) for number in chance.sample(range(30), count)]
            store.put(entries, replaced=held)
        records = store.records()
        in_memory = load_snapshot(store, tmp_path / "kept", records, in_memory)
        anew = load_snapshot(store, tmp_path / f"anew-{step}", records)
        assert_same(in_memory, anew)
        assert_same(load_snapshot(store, tmp_path / "kept", records), anew)


def test_only_what_changed_is_read_from_the_store(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(7)
    store.put([entry_of(tmp_path, number, chance) for number in range(40)])
    before = load_snapshot(store, tmp_path / "cache", store.records())
    written = (tmp_path / "cache" / NAME).stat().st_mtime_ns
    (new,) = entries = [entry_of(tmp_path, 50, random.Random(3))]
    store.put(entries)
    asked = []
    passages = store.passages
    monkeypatch.setattr(store, "passages", lambda of=None: passages(asked.append(list(of or ["all"])) or of))
    for base in (before, None):
        grown = load_snapshot(store, tmp_path / "cache", store.records(), base)
        assert len(grown.passages) == len(before.passages) + len(new.passages)
        assert load_snapshot(store, tmp_path / "cache", store.records(), grown) is grown
    assert asked == [["garden-50"]] * 2
    assert (tmp_path / "cache" / NAME).stat().st_mtime_ns == written


def test_a_newsletter_that_lacks_passages_is_asked_for_again(store: Store, tmp_path: Path) -> None:
    chance = random.Random(5)
    entries = [entry_of(tmp_path, number, chance) for number in range(8)]
    store.put(entries)
    whole = next(entry for entry in entries if len(entry.passages) > 1)
    store._passages.delete(ids=[whole.passages[0].id])
    lacking = load_snapshot(store, tmp_path / "cache", store.records())
    assert whole.passages[0] not in lacking.passages
    store.put([whole])
    for base in (lacking, None):
        mended = load_snapshot(store, tmp_path / "cache", store.records(), base)
        assert whole.passages[0] in mended.passages


def test_a_cache_that_cannot_be_written_is_done_without(store: Store, tmp_path: Path) -> None:
    store.put([entry_of(tmp_path, 1, random.Random(1))])
    (tmp_path / "file").write_text("no folder can be made here", encoding="utf-8")
    assert len(load_snapshot(store, tmp_path / "file" / "cache", store.records()).newsletters) == 1


def test_scores_are_those_of_bm25s() -> None:
    chance = random.Random(2)
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(0, 30))) for _ in range(60)]
    passages = [Passage(f"p{i}", "n", 0, len(text), text, "Garden", (), ()) for i, text in enumerate(texts)]
    documents = [terms(f"{p.header}\n{p.text}") for p in passages]
    theirs = bm25s.BM25(method="lucene", k1=K1, b=B)
    theirs.index(documents, show_progress=False)
    ours = KeywordIndex.build(passages)
    for query in ("tulip bed", "garden roses and roses", "v0.21.2 种子 café"):
        np.testing.assert_array_equal(ours.scores(query), theirs.get_scores(terms(query)))


def test_all_of_several_terms_are_held_where_each_is() -> None:
    texts = ("red barn", "red mill", "barn and red mill")
    passages = [Passage(f"{n}", "n", 0, len(text), text, "", (), ((0, len(text)),)) for n, text in enumerate(texts)]
    keywords = KeywordIndex.build(passages)
    assert keywords.holders_of_all(["red", "barn"]).tolist() == [True, False, True]
    assert keywords.holders_of_all(["heron"]).tolist() == [False] * 3
    assert keywords.holders_of_all([]).tolist() == [True] * 3


def test_a_grown_large_index_keeps_its_view_until_a_quarter_is_new(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.growing.EXACT_SENTENCES", 10)
    chance = random.Random(4)
    store.put([entry_of(tmp_path, number, chance) for number in range(30)])
    first = load_snapshot(store, tmp_path / "cache", store.records())
    grown, bases = first, []
    for number in range(30, 60):
        store.put([entry_of(tmp_path, number, chance)])
        grown = load_snapshot(store, tmp_path / "cache", store.records(), grown)
        assert grown.coarse is not None and isinstance(grown.sentence_vectors, PackedVectors)
        expected = grown.sentence_vectors[:] @ grown.coarse.basis
        np.testing.assert_allclose(grown.coarse.sentences, expected, atol=1e-5)
        np.testing.assert_allclose(grown.coarse.passages, grown.passage_vectors @ grown.coarse.basis, atol=1e-5)
        bases.append(grown.coarse.basis)
    assert first.coarse is not None
    assert bases[0] is first.coarse.basis
    assert bases[-1] is not first.coarse.basis
