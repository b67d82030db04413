"""Examples for the scorer and the refusal: a question's candidates with their features, and which of them are right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.evidence import JOINTLY_READ, Reading, read, read_jointly, unknown_share
from assistant.question import ParsedQuestion
from assistant.reader.features import CandidateFeatures, candidate_features
from assistant.reader.joint import load_joint_reader, until_found
from assistant.reader.model import ArchiveView, Reader
from benchmarks.training.asked import Asked
from benchmarks.training.data import Item
from index.passage import RetrievedPassage, Vectors
from index.retriever import Retriever


@dataclass(frozen=True, eq=False)
class Example:
    """A question with its retrieved passages, features, and which candidates are right; `fold` is -1 in the test part."""

    item: Item
    parsed: ParsedQuestion
    passages: list[RetrievedPassage]
    features: CandidateFeatures
    right: np.ndarray
    archive: ArchiveView
    retriever: Retriever
    joint: list[Vectors]
    previous: str
    made: str
    fold: int


def examples(asked: Iterable[Asked], scores: Iterable[list[Vectors] | None], cache: Path) -> Iterator[Example]:
    """Examples of questions with the joint `scores` of their first passages; None has the packaged reader score them."""
    for one, scored in zip(asked, scores, strict=True):
        found = _example(one, scored, cache)
        if len(found.right):
            yield found


def _example(asked: Asked, scored: list[Vectors] | None, cache: Path) -> Example:
    retriever = asked.retriever(cache)
    snapshot = retriever.snapshot
    passages = list(asked.passages)
    if scored is None:
        joint = read_jointly(asked.parsed, passages, load_joint_reader())
    else:
        joint = until_found(min(JOINTLY_READ, len(passages)), lambda begin, end: scored[begin:end])
    features = candidate_features(asked.parsed, passages, snapshot.keywords.idf, joint, asked.previous)
    right = np.array([(c.passage, c.sentence) in asked.gold for c in features.candidates], dtype=bool)
    unknown = unknown_share(asked.parsed, snapshot.keywords.idf, snapshot.keywords.knows)
    archive = ArchiveView(len(snapshot.passages), unknown, snapshot.keywords.idf)
    return Example(
        asked.item,
        asked.parsed,
        passages,
        features,
        right,
        archive,
        retriever,
        joint,
        asked.previous,
        asked.made,
        asked.fold,
    )


def first_reading(e: Example, reader: Reader) -> Reading:
    """What the reader makes of an example before the second look."""
    keywords = e.retriever.snapshot.keywords
    return read(
        e.parsed,
        e.passages,
        reader,
        joint=e.joint,
        idf=keywords.idf,
        knows=keywords.knows,
        archive_passages=e.archive.passages,
        previous_answer=e.previous,
    )
