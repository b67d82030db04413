"""A text read once: words, figures, names, states, grammar, clauses and who does what; cached by text."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from assistant.checking.encoder import WordStates, encode
from assistant.checking.grammar import Parse, parse
from assistant.checking.lexicon import NEGATIVE, NEGATORS
from assistant.checking.names import name_words
from assistant.checking.quantities import Figures, figures
from assistant.checking.words import Word, fold, words

VERBS = frozenset(["VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD"])
_CLAUSE = frozenset(["ROOT", "ccomp", "advcl", "relcl", "acl", "conj", "xcomp", "parataxis", "pcomp", "csubj"])
_KEPT = 512


@dataclass(frozen=True, slots=True)
class Link:
    """Word `argument` has the role `role` of word `predicate`: `agent`, `patient`, `complement`, a preposition, or a modifier's label."""

    predicate: int
    role: str
    argument: int


@dataclass(frozen=True, eq=False)
class Analysis:
    """One folded text and everything that is read off it."""

    text: str
    words: tuple[Word, ...]
    states: WordStates
    parse: Parse

    @cached_property
    def figures(self) -> Figures:
        """Its quantities and dates."""
        return figures(self.text)

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The words that carry meaning."""
        return tuple(i for i, word in enumerate(self.words) if word.is_content)

    @cached_property
    def names(self) -> frozenset[int]:
        """The words that are names: by shape, or by tag at the beginning."""
        proper = {i for i in self.content if self.parse.tags[i] in ("NNP", "NNPS") and self.words[i].is_capital}
        return frozenset(name_words(self.text)) | frozenset(proper)

    @cached_property
    def anchors(self) -> frozenset[int]:
        """Names and figures: what must keep its place in the claim."""
        numbers = {q.first for q in self.figures.quantities} | {d.first for d in self.figures.days}
        return self.names | frozenset(numbers)

    @cached_property
    def clause(self) -> tuple[int, ...]:
        """For each word the verb or root that governs it."""
        return tuple(self._governor(i) for i in range(len(self.words)))

    @cached_property
    def negations(self) -> tuple[int, ...]:
        """For each word how many negations it stands under, its own meaning included."""
        return tuple(self._negations(i) for i in range(len(self.words)))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Who does what: the arguments of every predicate and the modifiers of every noun."""
        found: list[Link] = []
        for i in range(len(self.words)):
            found.extend(self._links_of(i))
        return tuple(dict.fromkeys(found))

    def distance(self, one: int, other: int) -> int:
        """Steps between two words in the tree."""
        mine, its = self._path(one), self._path(other)
        for steps, word in enumerate(mine):
            if word in its:
                return steps + its.index(word)
        return len(mine) + len(its)

    def _path(self, word: int) -> list[int]:
        path = []
        while word >= 0 and word not in path:
            path.append(word)
            word = self.parse.heads[word]
        return path

    def is_passive(self, verb: int) -> bool:
        """Whether the verb is in the passive."""
        labels = {self.parse.labels[i] for i in self.parse.children(verb)}
        if labels & {"nsubjpass", "auxpass", "agent"}:
            return True
        return self.parse.tags[verb] == "VBN" and self.parse.labels[verb] == "acl"

    def _governor(self, word: int) -> int:
        for step in self._path(word):
            if self.parse.labels[step] in _CLAUSE and (
                self.parse.tags[step] in VERBS or self.parse.labels[step] == "ROOT"
            ):
                return step
        return self._path(word)[-1]

    def _negations(self, word: int) -> int:
        count = int(self.words[word].stem in NEGATIVE)
        for depth, step in enumerate(self._path(word)[:4]):
            for child in self.parse.children(step):
                lower = self.words[child].lower
                if child != word and (
                    lower in NEGATORS
                    and self.parse.labels[child] in ("neg", "det", "advmod", "preconj", "cc", "predet")
                ):
                    count += 1
            if (
                depth
                and self.words[step].stem in NEGATIVE
                and self.parse.labels[self._path(word)[depth - 1]]
                in ("xcomp", "pobj", "dobj", "pcomp", "acl", "ccomp", "prep")
            ):
                count += 1
            if depth and self.words[step].lower in ("without", "than", "nor", "rather", "instead"):
                count += int(
                    self.words[step].lower != "than"
                    or any(self.words[c].lower == "rather" for c in self.parse.children(step))
                )
            if self.parse.labels[step] in _CLAUSE and self.parse.tags[step] in VERBS:
                break
        return count

    def _links_of(self, word: int) -> list[Link]:
        head, label = self.parse.heads[word], self.parse.labels[word]
        if head < 0:
            return []
        found: list[Link] = []
        if label in ("nsubj", "csubj", "expl"):
            found.append(Link(head, "patient" if self.is_passive(head) else "agent", word))
        elif label in ("nsubjpass", "csubjpass", "dobj", "dative"):
            found.append(Link(head, "patient" if label != "dative" else "to", word))
        elif label in ("attr", "acomp", "oprd", "ccomp", "xcomp"):
            found.append(Link(head, "complement", word))
            subjects = [c for c in self.parse.children(head) if self.parse.labels[c] in ("nsubj", "nsubjpass")]
            if label == "xcomp":
                found += [Link(word, "agent", s) for s in subjects]
            if label in ("attr", "acomp"):
                found += [Link(word, "agent", s) for s in subjects]
        elif label in ("pobj", "pcomp"):
            outer = self.parse.heads[head]
            if outer >= 0:
                name = self.words[head].lower
                agent = self.parse.labels[head] == "agent" or (name == "by" and self.is_passive(outer))
                found.append(Link(outer, "agent" if agent else name, word))
        elif label in ("compound", "amod", "nmod", "nummod", "poss", "appos", "npadvmod", "advmod", "quantmod"):
            found.append(Link(head, label, word))
        elif label in ("acl", "relcl"):
            role = "patient" if self.is_passive(word) else "agent"
            children = {self.parse.labels[c] for c in self.parse.children(word)}
            if not children & {"nsubj"}:
                found.append(Link(word, role, head))
            elif "dobj" not in children:
                found.append(Link(word, "patient", head))
        if label == "conj":
            found += self._shared(word, head)
        return found

    def _shared(self, word: int, head: int) -> list[Link]:
        """A joined verb shares its subject; a joined noun has its sibling's role."""
        if self.parse.tags[word] in VERBS and self.parse.tags[head] in VERBS:
            own = {self.parse.labels[c] for c in self.parse.children(word)}
            if own & {"nsubj", "nsubjpass"}:
                return []
            subjects = [c for c in self.parse.children(head) if self.parse.labels[c] in ("nsubj", "nsubjpass")]
            role = "patient" if self.is_passive(word) else "agent"
            return [Link(word, role, s) for s in subjects]
        return [Link(link.predicate, link.role, word) for link in self._links_of(head)]


_cache: OrderedDict[str, Analysis] = OrderedDict()
_lock = threading.Lock()


def analyse(texts: list[str]) -> list[Analysis]:
    """The analyses of folded texts; those not met before are encoded."""
    with _lock:
        known = {text: _cache[text] for text in texts if text in _cache}
    fresh = [text for text in dict.fromkeys(texts) if text not in known]
    if fresh:
        for text, states in zip(fresh, encode(fresh), strict=True):
            known[text] = Analysis(text, words(text) or words("."), states, parse(states))
    with _lock:
        for text, analysis in known.items():
            _cache[text] = analysis
            _cache.move_to_end(text)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return [known[text] for text in texts]


def forget() -> None:
    """Forget every text that was read, to measure how long reading takes."""
    with _lock:
        _cache.clear()


def read(text: str) -> Analysis:
    """The analysis of one text as it came."""
    return analyse([fold(text) or "."])[0]


def similarity(one: Analysis, other: Analysis) -> np.ndarray:
    """Cosine of every word of `one` with every word of `other`."""
    return np.asarray(one.states.meaning @ other.states.meaning.T)
