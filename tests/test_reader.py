"""The joint reader: a score a sentence, the answering one highest, and weights that are what the card says."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import Assistant
from assistant.question import parse_question
from assistant.reader import joint
from assistant.reader.features import FEATURES, UNREAD
from assistant.reader.joint import HOPELESS_AFTER, is_decided, load_joint_reader, until_found
from assistant.reader.model import ANSWERABLE_FEATURES, is_foreign, load_reader, tells_of_name
from index import ModelUnavailable, bert
from index.passage import Vectors


def test_the_sentence_that_answers_has_the_highest_score(shipped: Assistant) -> None:
    question = "What is the theme of the thematic forum?"
    passages = [found.passage for found in shipped.search(question, limit=3)]
    scored = [
        (float(score), passage.sentence(number))
        for passage, scores in zip(passages, load_joint_reader().scores(question, passages), strict=True)
        for number, score in enumerate(scores)
    ]
    assert "Collaborative Innovation for Shared Future" in max(scored)[1]


def test_there_is_one_score_a_sentence(shipped: Assistant) -> None:
    passages = [found.passage for found in shipped.search("innovation", limit=4)]
    scores = load_joint_reader().scores("innovation", passages)
    assert [len(of_passage) for of_passage in scores] == [len(passage.sentences) for passage in passages]
    assert load_joint_reader().scores("innovation", []) == []


def test_a_very_long_question_leaves_the_passages_their_room(shipped: Assistant) -> None:
    passages = [found.passage for found in shipped.search("innovation", limit=2)]
    scores = load_joint_reader().scores("How is innovation shared between countries? " * 100, passages)
    assert all((of_passage > UNREAD).any() for of_passage in scores)


def test_reading_stops_where_a_passage_is_likely_to_answer_or_several_hold_nothing(shipped: Assistant) -> None:
    question = "What is the theme of the thematic forum?"
    passages = [found.passage for found in shipped.search(question, limit=5)]
    joint_reader = load_joint_reader()
    whole = joint_reader.scores(question, passages)
    read = joint_reader.scores_until_found(question, passages)
    assert is_decided(read) == (len(read) < len(passages))
    assert all((one == other).all() for one, other in zip(read, whole, strict=False))
    assert len(joint_reader.scores_until_found("How do I bake sourdough bread?", passages)) == HOPELESS_AFTER


@pytest.mark.parametrize(
    ("promising", "others", "asked_for"),
    [
        (0, -5.0, [(0, 1)]),
        (1, -5.0, [(0, 1), (1, 3)]),
        (4, -5.0, [(0, 1), (1, 3), (3, 5)]),
        (9, -5.0, [(0, 1), (1, 3), (3, 5)]),
        (4, -7.0, [(0, 1), (1, 3)]),
    ],
    ids=["first", "second", "fifth", "none", "three hold nothing"],
)
def test_the_first_passage_is_read_alone_and_then_two_by_two_until_it_is_decided(
    promising: int, others: float, asked_for: list[tuple[int, int]]
) -> None:
    ranges: list[tuple[int, int]] = []

    def scores(first: int, last: int) -> list[Vectors]:
        ranges.append((first, last))
        return [np.array([1.0 if n == promising else others], dtype=np.float32) for n in range(first, last)]

    until_found(5, scores)
    assert ranges == asked_for


def test_scores_are_the_same_however_many_are_read_at_once(shipped: Assistant) -> None:
    question = "In which building was the forum hosted?"
    passages = [found.passage for found in shipped.search(question, limit=5)]
    together = load_joint_reader().scores(question, passages)
    load_joint_reader.cache_clear()
    afresh = load_joint_reader()
    with ThreadPoolExecutor(4) as readers:
        apart = list(readers.map(lambda passage: afresh.scores(question, [passage])[0], passages))
    assert all((one == other).all() for one, other in zip(together, apart, strict=True))


def test_scores_are_the_same_while_other_questions_are_cut_into_tokens(shipped: Assistant) -> None:
    question = "In which building was the forum hosted?"
    passages = [found.passage for found in shipped.search(question, limit=5)]
    load_joint_reader.cache_clear()
    reader = load_joint_reader()
    alone = reader.scores(question, passages)
    asking = ThreadPoolExecutor(3)
    others = [asking.submit(reader.scores, f"Where was it held, number {n}?", passages[:1]) for n in range(24)]
    among = [list(reader._each.map(lambda passage: reader._read(question, passage), passages)) for _ in range(2)]
    asking.shutdown(wait=True)
    assert all(other.result() for other in others)
    assert all((one == other).all() for again in among for one, other in zip(alone, again, strict=True))


def test_passages_are_read_at_few_lengths_whatever_else_is_asked(
    shipped: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    passages = [found.passage for found in shipped.search("innovation", limit=5)]
    load_joint_reader.cache_clear()
    reader = load_joint_reader()
    lengths: list[int] = []
    attention = reader._encoder._attention

    def noting(together: Any, seen: Any) -> Any:
        lengths.append(len(together))
        return attention(together, seen)

    monkeypatch.setattr(reader._encoder, "_attention", noting)
    with ThreadPoolExecutor(4) as asking:
        list(asking.map(lambda n: reader.scores(f"Who spoke {'there ' * n}?", passages), range(12)))
    load_joint_reader.cache_clear()
    assert lengths
    assert all(length % bert.TOKENS_STEP == 0 and length <= joint.MAX_TOKENS for length in lengths)


def test_a_question_of_another_field_scores_lower_than_one_that_is_answered(shipped: Assistant) -> None:
    def best(question: str) -> float:
        passages = [found.passage for found in shipped.search(question, limit=4)]
        return max(float(scores.max(initial=UNREAD)) for scores in load_joint_reader().scores(question, passages))

    assert best("How do I bake sourdough bread?") < best("In which building was the forum hosted?")


def test_changed_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = tmp_path / "joint.json"
    card.write_text(json.dumps({"sha256": "0" * 64, "scale": 1.0}), encoding="utf-8")
    card.with_suffix(".safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(joint, "CARD", card)
    load_joint_reader.cache_clear()
    with pytest.raises(ModelUnavailable, match="reinstall"):
        load_joint_reader()
    load_joint_reader.cache_clear()


def test_the_weights_fit_the_features() -> None:
    reader = load_reader()
    assert reader.sentences.mean.shape == (len(FEATURES),)
    assert int(reader.answerable.feature.max()) < len(ANSWERABLE_FEATURES)
    assert 0 < reader.threshold < reader.doubt < 1


@pytest.mark.parametrize(
    ("likeness", "joint", "size", "unknown", "foreign"),
    [
        (0.2, -1.0, 0.8, 0.0, True),
        (0.2, 4.0, 0.8, 0.0, False),
        (0.2, 4.0, 0.3, 0.0, False),
        (0.2, -4.0, 0.3, 0.0, True),
        (0.4, -1.0, 0.8, 0.0, False),
        (0.6, 0.5, 0.8, 1.0, True),
        (0.6, 0.5, 0.8, 0.3, False),
    ],
    ids=[
        "unlike",
        "unlike one that answers",
        "a small one that answers",
        "unlike a small one",
        "like",
        "unknown words",
        "known words",
    ],
)
def test_a_question_unlike_all_that_is_said_or_of_unknown_words_is_of_another_field(
    likeness: float, joint: float, size: float, unknown: float, foreign: bool
) -> None:
    values = {"best_cosine": likeness, "joint_best": joint, "archive_size": size, "unknown_terms": unknown}
    row = np.array([values.get(name, 0.0) for name in ANSWERABLE_FEATURES], dtype=np.float32)
    assert is_foreign(row) == foreign


@pytest.mark.parametrize(
    ("question", "covered", "unknown", "joint", "told"),
    [
        ("What is Gorsebot?", 1.0, 0.0, -1.7, True),
        ("Who is Ada Penrose?", 1.0, 0.0, -1.7, True),
        ("What is Gorsebot?", 0.0, 0.0, -1.7, False),
        ("What is Gorsebot?", 1.0, 0.4, -1.7, False),
        ("What is Gorsebot?", 1.0, 0.0, -6.0, False),
        ("What is love?", 1.0, 0.0, -1.7, False),
        ("What is the capital of Mongolia?", 1.0, 0.0, -1.7, False),
    ],
    ids=["a thing", "a person", "another's sentence", "unknown", "nothing is seen", "a plain word", "more than a name"],
)
def test_a_name_that_the_best_sentence_tells_of_is_of_the_archives_field(
    question: str, covered: float, unknown: float, joint: float, told: bool
) -> None:
    values = {"covered_by_sentence": covered, "unknown_terms": unknown, "joint_best": joint}
    row = np.array([values.get(name, 0.0) for name in ANSWERABLE_FEATURES], dtype=np.float32)
    assert tells_of_name(parse_question(question), row) == told
