"""Which evidence word says what a sentence's word says: the same stem, the same name, the same figure, a near meaning.

Near meaning is the cosine of contextual vectors (BERTScore, Zhang et al., ICLR 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.checking.analysis import Analysis, similarity
from assistant.checking.figure_check import agrees
from assistant.checking.names import holds
from assistant.checking.thesaurus import same_group
from index.passage import Vectors

SAME, ALIAS, GROUP = 1.0, 0.95, 0.85
CONTEXT = 0.15
PLACED = 0.6


@dataclass(frozen=True, slots=True)
class Match:
    """The evidence word that a sentence's word stands for: which evidence, which word, how surely (0 to 1), and their cosine."""

    evidence: int
    word: int
    strength: float
    cosine: float


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """A match for every content word and figure of a sentence."""

    sentence: Analysis
    evidence: tuple[Analysis, ...]
    matches: dict[int, Match]
    strengths: tuple[Vectors, ...]
    placed: dict[int, list[tuple[int, int]]]

    def places(self, word: int) -> list[tuple[int, int]]:
        """Every place (evidence, word) that says `word` about as surely as the best one."""
        return self.placed.get(word, [])

    def strength(self, word: int) -> float:
        """How surely the evidence says `word`; 0 for a word without match."""
        match = self.matches.get(word)
        return match.strength if match else 0.0


def align(sentence: Analysis, evidence: Sequence[Analysis]) -> Alignment:
    """The best match of every content word and figure of the sentence; neighbours decide between equals."""
    cosines = [similarity(sentence, given) for given in evidence]
    strengths = [_strengths(sentence, given, cosine) for given, cosine in zip(evidence, cosines, strict=True)]
    wanted = sorted(set(sentence.content) | {first for first, _ in sentence.figures.spans})
    support = [_neighbourhood(found, wanted) for found in strengths]
    matches = {}
    for i in wanted:
        best: Match | None = None
        rank = -1.0
        for e, (strength, cosine, around) in enumerate(zip(strengths, cosines, support, strict=True)):
            total = strength[i] + CONTEXT * cosine[i] + around[i]
            j = int(total.argmax())
            if total[j] > rank:
                rank = float(total[j])
                best = Match(e, j, float(strength[i, j]), float(cosine[i, j]))
        if best is not None:
            matches[i] = best
    placed = {i: _places(i, match, strengths) for i, match in matches.items() if match.strength >= PLACED}
    return Alignment(sentence, tuple(evidence), matches, tuple(strengths), placed)


def _places(word: int, match: Match, strengths: Sequence[Vectors]) -> list[tuple[int, int]]:
    least = max(PLACED, match.strength - 0.1)
    return [(e, int(j)) for e, found in enumerate(strengths) for j in np.flatnonzero(found[word] >= least)]


def _strengths(sentence: Analysis, given: Analysis, cosine: Vectors) -> Vectors:
    """How surely each word of `given` says each word of `sentence`."""
    found = np.clip(cosine, 0.0, 1.0) * 0.8
    content = np.zeros(len(given.words), dtype=bool)
    content[list(given.content)] = True
    found[:, ~content] = 0.0
    by_stem: dict[str, list[int]] = {}
    for j in given.content:
        by_stem.setdefault(given.words[j].stem, []).append(j)
        by_stem.setdefault(given.words[j].lower, []).append(j)
    for i in sentence.content:
        word = sentence.words[i]
        same = by_stem.get(word.stem, []) + by_stem.get(word.lower, [])
        found[i, same] = SAME
        if not same:
            for j in given.content:
                other = given.words[j]
                if same_group(word.stem, other.stem) or _derived(word.stem, other.stem):
                    found[i, j] = max(found[i, j], GROUP)
            if i in sentence.names and holds(given.text, sentence.text, i):
                j = int(found[i].argmax())
                found[i, j] = max(found[i, j], ALIAS)
    _figures(sentence, given, found)
    return found


def _figures(sentence: Analysis, given: Analysis, found: Vectors) -> None:
    for stated in sentence.figures.quantities:
        for other in given.figures.quantities:
            if agrees(stated, other):
                found[stated.first : stated.last, other.first : other.last] = SAME
    for day in sentence.figures.days:
        for known in given.figures.days:
            if day.month == known.month and day.day in (0, known.day):
                found[day.first : day.last, known.first : known.last] = SAME


def _derived(one: str, other: str) -> bool:
    """Whether two stems look like forms of one word ("decis" and "decid" do not; "certif" and "certifi" do)."""
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= 5 and shared >= 0.7 * max(len(one), len(other))


def _neighbourhood(strength: Vectors, wanted: Sequence[int]) -> Vectors:
    """A small bonus for a match whose neighbours match neighbours of the sentence's word."""
    bonus = np.zeros_like(strength)
    for place, i in enumerate(wanted):
        for other in (*wanted[max(0, place - 2) : place], *wanted[place + 1 : place + 3]):
            row = np.where(strength[other] >= GROUP, strength[other], 0.0)
            for shift in range(1, 5):
                bonus[i, shift:] = np.maximum(bonus[i, shift:], row[:-shift] * (0.10 - 0.02 * shift))
                bonus[i, :-shift] = np.maximum(bonus[i, :-shift], row[shift:] * (0.10 - 0.02 * shift))
    return bonus
