"""Reranking: where the larger encoder is installed it reads the sentences ranked first, and decides which answers and whether any does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant, reranking
from assistant.asking.order import Order
from assistant.evidence import Evidence, Reading
from assistant.mpnet import weights as mpnet_weights
from assistant.mpnet.encoder import SHIFT
from assistant.question import parse_question
from assistant.reader import model
from assistant.reader.cross_encoder import (
    BEFORE_TOKENS,
    HEADER_TOKENS,
    QUESTION_TOKENS,
    SENTENCE_TOKENS,
    CrossEncoder,
    Place,
    load_cross_encoder,
)
from assistant.reader.joint import load_joint_reader
from assistant.reader.model import load_reader
from assistant.reranking import (
    HOPELESS,
    HOPELESS_CHANCE,
    MOST_READ,
    POSSIBLE,
    PROMISING,
    READ,
    SURE,
    read_again,
    reranked,
)
from index.passage import Passage

THEME = "What is the theme of the thematic forum?"
ANSWER = "The harbour office will move to Fenwick Street in May, because its roof leaks."


def passage(*sentences: str, header: str = "") -> Passage:
    text = " ".join(sentences)
    starts = [text.index(sentence) for sentence in sentences]
    spans = tuple((start, start + len(sentence)) for start, sentence in zip(starts, sentences, strict=True))
    return Passage("p", "n", 0, len(text), text, header, (), spans)


@pytest.fixture(scope="module")
def cross() -> CrossEncoder:
    reader = load_cross_encoder()
    assert reader is not None
    return reader


@pytest.fixture
def without_the_larger_encoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in (mpnet_weights, model):
        monkeypatch.setattr(module, "parts", lambda: None)
    load_cross_encoder.cache_clear()
    load_reader.cache_clear()
    yield
    load_cross_encoder.cache_clear()
    load_reader.cache_clear()


@pytest.mark.parametrize(
    "question",
    [
        "Where is the harbour office going?",
        "Why does the harbour office move?",
        "When will the harbour office relocate?",
    ],
)
def test_what_answers_scores_above_nothing(cross: CrossEncoder, question: str) -> None:
    assert cross.scores(question, [(passage(ANSWER), 0)])[0] > 0


@pytest.mark.parametrize(
    "question",
    [
        "How much will the harbour office's move cost?",
        "Where does the post office move to?",
        "Who leads the harbour office?",
        "How long must an egg boil?",
    ],
)
def test_what_only_speaks_of_the_same_scores_below(cross: CrossEncoder, question: str) -> None:
    assert cross.scores(question, [(passage(ANSWER), 0)])[0] < 0


def test_one_sentence_scores_as_it_does_beside_others_and_when_asked_again(cross: CrossEncoder) -> None:
    both = passage(ANSWER, "An egg must boil for ten minutes.")
    question = "How long must an egg boil?"
    cross.forget()
    apart = [cross.scores(question, [(both, number)])[0] for number in (0, 1)]
    cross.forget()
    assert cross.scores(question, [(both, 0), (both, 1), (both, 0)]) == pytest.approx([*apart, apart[0]])
    assert cross.scores(question, [(both, 1)]) == pytest.approx(apart[1:])


def test_the_sentence_before_tells_who_is_meant(cross: CrossEncoder) -> None:
    alone = passage("She will lead the observatory from June on.")
    behind = passage("Marta Quill joined the institute in 2011.", "She will lead the observatory from June on.")
    question = "What will Marta Quill lead?"
    assert cross.scores(question, [(behind, 1)])[0] > cross.scores(question, [(alone, 0)])[0]


words = st.lists(
    st.sampled_from(["harbour", "office", "roof", "street", "leaks", "May", "moving", "3,000", "naïve"]),
    min_size=1,
    max_size=150,
)


@given(st.lists(words, min_size=1, max_size=3), words, st.integers(0, 2), words)
def test_a_window_is_the_question_the_header_and_two_sentences(
    sentences: list[list[str]], header: list[str], number: int, asked: list[str]
) -> None:
    reader = load_cross_encoder()
    assert reader is not None
    number = min(number, len(sentences) - 1)
    texts = [f"S{at} {' '.join(one)}." for at, one in enumerate(sentences)]
    ids, question, sentence = reader.window(" ".join(asked), passage(*texts, header=" ".join(header)), number)

    def cut(text: str) -> list[int]:
        return [n + SHIFT for n in reader.tokens.encode(text, add_special_tokens=False).ids]

    assert ids[question] == cut(" ".join(asked))[:QUESTION_TOKENS]
    assert ids[sentence] == cut(texts[number])[:SENTENCE_TOKENS]
    before = cut(texts[number - 1])[-BEFORE_TOKENS:] if number else []
    assert ids[question.stop + 1 : sentence.start] == cut(" ".join(header))[:HEADER_TOKENS] + before


def reading_of(shipped: Assistant, question: str) -> Reading:
    """Sentences of two passages as they stand, each as likely as the next."""
    passages = tuple(shipped.search(question, limit=2))
    ranked = tuple(Evidence(found, n, 0.0) for found in passages for n in range(len(found.passage.sentences)))
    return Reading(passages, ranked, (1 / len(ranked),) * len(ranked), 0.6)


def test_what_answers_is_believed_more_and_what_does_not_less(shipped: Assistant) -> None:
    def after(question: str) -> float:
        reader, joint, cross = load_reader(), load_joint_reader(), load_cross_encoder()
        return read_again(parse_question(question), reading_of(shipped, question), reader, joint, cross).confidence

    assert after("How do I bake sourdough bread?") < 0.2 < 0.8 < after(THEME)


def test_the_sentence_that_answers_goes_first(shipped: Assistant, cross: CrossEncoder) -> None:
    reading, weights = reading_of(shipped, THEME), load_reader().reranking
    assert weights is not None
    answers = next(p for p in reading.ranked if "Collaborative Innovation for Shared Future" in p.text)
    others = tuple(p for p in reading.ranked if p != answers)
    for place in range(READ):
        ranked = (*others[:place], answers, *others[place:])
        again = reranked(parse_question(THEME), replace(reading, ranked=ranked), weights, cross, 0.6)
        assert again.ranked[0] == answers
        assert sorted(p.place for p in again.ranked) == sorted(p.place for p in ranked)
        assert sum(again.shares) == pytest.approx(1.0) and list(again.shares) == sorted(again.shares, reverse=True)


def test_an_order_that_was_asked_for_stays(shipped: Assistant, cross: CrossEncoder) -> None:
    reading, weights = reading_of(shipped, THEME), load_reader().reranking
    assert weights is not None
    question = replace(parse_question(THEME), order=Order.LATEST)
    again = reranked(question, reading, weights, cross, 0.6)
    assert again.ranked == reading.ranked and again.confidence != reading.confidence


def test_two_things_asked_for_in_one_are_both_quoted(shipped: Assistant) -> None:
    text = shipped.ask("What is the theme of the forum and who sponsored it?").text
    assert "Collaborative Innovation" in text and "sponsored by" in text


@pytest.mark.parametrize(
    ("scores", "chance", "read"),
    [
        ([SURE + 1], 0.6, 1),
        ([HOPELESS - 1], HOPELESS_CHANCE - 0.01, 1),
        ([HOPELESS - 1, PROMISING + 1], 0.6, READ),
        ([PROMISING + 1, PROMISING - 1], 0.6, READ),
        ([PROMISING - 1] * MOST_READ, 0.6, MOST_READ),
        ([POSSIBLE - 1] * MOST_READ, 0.6, READ),
    ],
)
def test_more_is_read_only_where_it_may_change_the_answer(
    shipped: Assistant,
    cross: CrossEncoder,
    monkeypatch: pytest.MonkeyPatch,
    scores: list[float],
    chance: float,
    read: int,
) -> None:
    seen: dict[Place, float] = {}

    def given(self: CrossEncoder, question: str, places: Sequence[Place]) -> list[float]:
        for place in places:
            seen.setdefault(place, scores[min(len(seen), len(scores) - 1)])
        return [seen[place] for place in places]

    monkeypatch.setattr(CrossEncoder, "scores", given)
    monkeypatch.setattr(reranking, "ranked_anew", lambda question, reading, *_: reading)
    reading = replace(reading_of(shipped, THEME), confidence=chance)
    again = read_again(parse_question(THEME), reading, load_reader(), load_joint_reader(), cross)
    assert len(seen) == read
    assert again.ranked[0].place == reading.ranked[int(np.argmax(scores))].place


@pytest.mark.usefixtures("without_the_larger_encoder")
def test_without_it_the_second_look_decides(shipped: Assistant) -> None:
    reader = load_reader()
    assert load_cross_encoder() is None and reader.reranking is None
    assert shipped.ask(THEME).status == "answered"
    assert shipped.ask("How do I bake sourdough bread?").status == "not_found"


def test_the_cut_off_is_that_of_what_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = load_reader()
    monkeypatch.setattr(model, "parts", lambda: None)
    load_reader.cache_clear()
    without = load_reader()
    load_reader.cache_clear()
    assert with_it.threshold != without.threshold and with_it.doubt > with_it.threshold


@given(st.floats(0, 1), st.floats(-10, 10), st.floats(-10, 10), st.floats(0.1, 5))
def test_the_surer_any_of_them_the_surer_is_the_whole(chance: float, joint: float, cross: float, more: float) -> None:
    weights = load_reader().reranking
    assert weights is not None
    least = weights.confidence(chance, joint, cross)
    assert 0 <= least <= 1
    assert weights.confidence(chance, joint + more, cross) >= least
    assert weights.confidence(chance, joint, cross + more) >= least
    assert weights.confidence(min(1.0, chance + more / 10), joint, cross) >= least


def test_ranks_weigh_both(cross: CrossEncoder) -> None:
    weights = load_reader().reranking
    assert weights is not None
    ranks = weights.rank(np.array([0.0, 1.0]), np.array([3.0, -3.0]))
    assert ranks[0] > ranks[1]
