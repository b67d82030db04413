"""The view that "latest" and "first" add to retrieval: passages about the very thing that is asked of, ranked by date.

The thing is known by the question's terms, without the words that speak of order or of newsletters themselves.
Where a version of it is asked for, passages that give one are ranked by version, so that a maintenance release of an
old branch does not pass for the newest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from index.dates import age
from index.keywords import KeywordIndex
from index.passage import Vectors
from index.snapshot import Snapshot
from index.tokens import terms

MOST, MOST_SCANNED = 60, 5_000
COMMON, RARE, NEARLY = 1.5, 6.0, 0.7
_NAME = re.compile(r"\b(?:[A-Z][\w.+#-]*\w|[a-z]+[A-Z]\w*|\w+-\w[\w-]*|v?\d+(?:\.\d+)+)")
_SERIES = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+)(?![\w.-]*\d)")
_OF_SERIES = re.compile(
    r"\b(?:patch\w*|maintenance|point|bug-?fix\w*|minor|line|branch|series|updates?|releases?|versions?)\b", re.I
)
PRERELEASE = re.compile(r"\brcs?\d*\b|release candidates?|\b(?:alpha|beta|pre)[-.]?\d|\bcandidate\b", re.I)
_A_VERSION = re.compile(r"\d\.\d")
_ABOUT_NEWSLETTERS = frozenset(
    terms(
        "latest newest recent recently most last current currently up-to-date date first earliest oldest original originally"
        " time times ever mention mentioned mentions appear appears appeared issue issues newsletter newsletters archive"
        " report reported reports cover covered covers announce announced announces announcement introduce introduced"
        " discuss discussed describe described say said says know known heard hear come comes came turn up version versions"
        " release released releases publish published new old whole so far now here there end start began when which who"
    )
)
Version = tuple[int, ...]
_VERSION_ASKED = re.compile(r"\b(?:versions?|releases?|released)\b", re.I)
_ORDER_WORD = r"\b(?:latest|newest|most recent|most up[- ]to[- ]date|first|earliest|oldest)\s+(?:[\w-]+\s+)?"


def dated_ranking(
    snapshot: Snapshot, query: str, fused: Vectors, allowed: NDArray[np.bool_] | None, newest_first: bool
) -> list[int]:
    """Numbers of the passages about what `query` asks of, the newest (or the oldest) first; at most `MOST`.

    `fused` says how well each passage matches; it decides which are kept where too many are about it.
    """
    for pattern, about in (
        (series_pattern(query), _of_series(snapshot, query, fused, allowed)),
        (version_pattern(query), _about(snapshot, query, fused, allowed)),
    ):
        versions = _versions(snapshot, query, pattern, about[:MOST_SCANNED])
        if versions:
            return sorted(versions, key=lambda i: versions[i], reverse=newest_first)[:MOST]
    return sorted(about[:MOST], key=lambda i: _age(snapshot, i), reverse=newest_first)


def _age(snapshot: Snapshot, number: int) -> tuple[str, int]:
    return age(snapshot.newsletters[snapshot.passages[number].newsletter_id])


def _about(snapshot: Snapshot, query: str, fused: Vectors, allowed: NDArray[np.bool_] | None) -> list[int]:
    """Passages that hold nearly as much of the question's content, by rarity and names twice, as any passage does."""
    held = np.zeros(len(snapshot.passages), dtype=np.float32)
    for term, weight in _content(snapshot.keywords, query).items():
        held += snapshot.keywords.holders(term) * np.float32(weight)
    if allowed is not None:
        held *= allowed
    if not held.any():
        return []
    return _best_first(np.flatnonzero(held >= NEARLY * held.max()), fused)


def _content(keywords: KeywordIndex, query: str) -> dict[str, float]:
    """The terms of `query` that say what it is about, with their weights; a name's parts are not counted beside it."""
    named = {term for word in _NAME.findall(query) for term in terms(word)}
    content = {term for term in terms(query) if term not in _ABOUT_NEWSLETTERS and keywords.knows(term)}
    parts = {part for term in content if (pieces := re.split(r"\W", term))[1:] for part in pieces}
    rarities = {term: keywords.idf(term) for term in content - parts}
    return {
        term: min(rarity, RARE) * (2.0 if term in named and rarity >= COMMON else 1.0)
        for term, rarity in rarities.items()
    }


def _of_series(snapshot: Snapshot, query: str, fused: Vectors, allowed: NDArray[np.bool_] | None) -> list[int]:
    """Passages that may give a version of the series that is asked of, by the parts of its number."""
    parts = {part for number in _series_asked(query) for part in number.split(".")}
    if not parts:
        return []
    pool = snapshot.keywords.holders_of_all(parts)
    return _best_first(np.flatnonzero(pool if allowed is None else pool & allowed), fused)


def _best_first(numbers: NDArray[np.intp], fused: Vectors) -> list[int]:
    return [int(i) for i in numbers[np.argsort(-fused[numbers], kind="stable")]]


def _versions(
    snapshot: Snapshot, query: str, given: re.Pattern[str] | None, about: list[int]
) -> dict[int, tuple[Version, tuple[str, int]]]:
    """The highest version that each passage gives of a thing whose version is asked for, and the issue's age."""
    if given is None:
        return {}
    candidates = bool(PRERELEASE.search(query))
    found: dict[int, tuple[Version, tuple[str, int]]] = {}
    for number in about:
        passage = snapshot.passages[number]
        if not _A_VERSION.search(passage.text):  # most hold none, and sentence by sentence that takes long to see
            continue
        sentences = (passage.sentence(i) for i in range(len(passage.sentences)))
        versions = [
            version
            for text in sentences
            if (version := highest_version(text, given)) and (candidates or not PRERELEASE.search(text))
        ]
        if versions:
            found[number] = (max(versions), _age(snapshot, number))
    return found


def series_pattern(query: str) -> re.Pattern[str] | None:
    """What finds the versions of a series, where those are asked for ("the last 1.20 patch"); else None."""
    series = _series_asked(query)
    alternatives = "|".join(re.escape(number) for number in series)
    return re.compile(rf"(?<![\w.])v?((?:{alternatives})(?:\.\d+)+)", re.I) if series else None


def version_pattern(query: str) -> re.Pattern[str] | None:
    """What finds the versions of the things whose version `query` asks for; None where it asks for none."""
    names = [re.escape(word) for word in _names_asked(query)]
    if not names:
        return None
    return re.compile(rf"\b(?:{'|'.join(names)})(?:\s+(?:version|release))?\s+v?(\d+(?:\.\d+)+)", re.I)


def _series_asked(query: str) -> list[str]:
    return _SERIES.findall(query) if _OF_SERIES.search(query) else []


def highest_version(text: str, pattern: re.Pattern[str]) -> Version:
    """The highest version that `pattern` finds in `text`, () where there is none."""
    return max((tuple(map(int, match.split("."))) for match in pattern.findall(text)), default=())


def _names_asked(query: str) -> Iterator[str]:
    """Words of `query` whose version it may ask for: all where it speaks of versions, else those after "latest"."""
    words = re.findall(r"[A-Za-z][\w+#-]*", query)
    asked = bool(_VERSION_ASKED.search(query))
    for word in words:
        folded = terms(word)
        if not folded or folded[0] in _ABOUT_NEWSLETTERS:
            continue
        if asked or re.search(_ORDER_WORD + re.escape(word) + r"\b", query, re.I):
            yield word
