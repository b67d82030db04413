"""Rule-made faults: a supported sentence turned into one that its evidence does not support."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from assistant.checking.analysis import VERBS, Analysis
from assistant.checking.lexicon import OPPOSITES

_AUXILIARIES = {
    "is",
    "are",
    "was",
    "were",
    "will",
    "can",
    "could",
    "should",
    "would",
    "may",
    "might",
    "has",
    "have",
    "had",
    "must",
}
_STEPS = {
    "may": ["will", "must"], "might": ["will"], "could": ["will"], "can": ["must"], "should": ["must"], "will": ["has to", "may"],
    "some": ["all"], "most": ["all", "few"], "many": ["few", "all"], "several": ["all"], "often": ["always"], "usually": ["always"],
    "likely": ["certainly"], "probably": ["certainly"], "possible": ["certain"], "proposed": ["adopted"], "proposes": ["implements"],
    "suggests": ["requires"], "plans": ["has begun"], "recommends": ["requires"], "allows": ["requires", "prevents"], "allow": ["require", "prevent"],
    "almost": ["more than"], "about": ["exactly"], "first": ["last"], "before": ["after"], "after": ["before"], "more": ["less"], "less": ["more"],
    "all": ["some", "none of"], "any": ["no"], "every": ["hardly any"], "up": ["down"], "always": ["never", "sometimes"], "new": ["old"],
    "without": ["with"], "with": ["without"], "from": ["to"], "to": ["from"], "for": ["against"], "hopes": ["knows"], "expects": ["has confirmed"],
    "and": ["or"], "increases": ["decreases"], "reduces": ["increases"], "adds": ["removes"], "removes": ["adds"], "fixes": ["introduces"],
    "now": ["no longer"], "also": ["only"],
}  # fmt: skip
_ADDED = [
    ", which users had long asked for", " at a cost of several thousand hours", ", and its maintainers have praised it", " for the first time",
    " in every supported release", ", making it the most popular choice", " by the end of the year", " after a long debate", ", according to a survey",
    " on all platforms", ", which caused problems for many users", " and is faster than before", " without any further changes", ", mainly for security reasons",
]  # fmt: skip


def corruptions(sentence: Analysis, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Kinds and texts of faulty variants, some of each kind, in random order."""
    yield from _sample(list(_swaps(sentence)), 3, rng)
    yield from _sample(list(_negated(sentence)), 1, rng)
    yield from _sample(list(_opposites(sentence, rng)), 1, rng)
    yield from _sample(list(_stepped(sentence, rng)), 2, rng)
    yield "addition", re.sub(r"\s*([.!?]?)$", lambda m: rng.choice(_ADDED) + (m[1] or "."), sentence.text, count=1)


def _sample(found: list[tuple[str, str]], most: int, rng: random.Random) -> list[tuple[str, str]]:
    rng.shuffle(found)
    return found[:most]


def _replaced(sentence: Analysis, changes: dict[int, str]) -> str:
    text = sentence.text
    for i in sorted(changes, reverse=True):
        word = sentence.words[i]
        text = text[: word.start] + changes[i] + text[word.end :]
    return text[:1].upper() + text[1:]


def _swaps(sentence: Analysis) -> Iterator[tuple[str, str]]:
    """Two like words exchanged, where they are not joined by "and" or parts of one phrase."""
    tags = sentence.parse.tags
    for place, i in enumerate(sentence.content):
        for k in sentence.content[place + 1 :]:
            like = (tags[i][:2] == tags[k][:2] and tags[i][:2] in ("NN", "JJ", "CD")) or (
                i in sentence.anchors and k in sentence.anchors
            )
            if not like or k - i < 2 or sentence.words[i].stem == sentence.words[k].stem:
                continue
            joined = sentence.parse.heads[k] == i and sentence.parse.labels[k] in (
                "conj",
                "compound",
                "appos",
                "amod",
                "nmod",
            )
            siblings = sentence.parse.labels[k] == "conj" and _first(sentence, k) == _first(sentence, i)
            if joined or siblings or sentence.parse.heads[i] == k:
                continue
            yield "relation", _replaced(sentence, {i: sentence.words[k].text, k: sentence.words[i].text})


def _first(sentence: Analysis, word: int) -> int:
    while sentence.parse.labels[word] == "conj" and sentence.parse.heads[word] >= 0:
        word = sentence.parse.heads[word]
    return word


def _negated(sentence: Analysis) -> Iterator[tuple[str, str]]:
    for i, word in enumerate(sentence.words):
        if word.lower in ("not", "n't", "never", "no"):
            yield "negation", " ".join(_replaced(sentence, {i: " any " if word.lower == "no" else " "}).split())
        elif (
            word.lower in _AUXILIARIES
            and i + 1 < len(sentence.words)
            and sentence.words[i + 1].lower not in ("not", "n't", "no")
        ):
            yield "negation", _replaced(sentence, {i: f"{word.text} {'no longer' if i % 3 == 0 else 'not'}"})
        elif sentence.parse.tags[i] == "VBZ" and word.lower not in ("is", "has", "'s"):
            yield "negation", _replaced(sentence, {i: f"{'never ' if i % 2 else 'no longer '}{word.text}"})


def _opposites(sentence: Analysis, rng: random.Random) -> Iterator[tuple[str, str]]:
    table: dict[str, list[str]] = {}
    for one, other in OPPOSITES:
        table.setdefault(one, []).append(other)
    for i, word in enumerate(sentence.words):
        if word.stem in table and word.stem == word.lower and sentence.parse.tags[i] not in VERBS:
            yield "comparison", _replaced(sentence, {i: rng.choice(sorted(table[word.stem]))})


def _stepped(sentence: Analysis, rng: random.Random) -> Iterator[tuple[str, str]]:
    for i, word in enumerate(sentence.words):
        if word.lower in _STEPS:
            yield "certainty", _replaced(sentence, {i: rng.choice(_STEPS[word.lower])})


_SAFE_END = re.compile(r",\s+(?:which|who|including|such as|for example|as well as|where)\b[^.]*(?=[.!?]?$)")
_OPENING = re.compile(
    r"^(?:However|Also|Additionally|In addition|Finally|Meanwhile|Currently|This week|Last week|Recently|Again|For example|Of course|In fact|So|And|But),?\s+",
    re.I,
)
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_RISKY = re.compile(
    r"\b(?:not|n't|no|never|only|if|unless|may|might|could|would|should|less|more|than|except|without|until|almost|nearly)\b",
    re.I,
)
_CONTRACTED = {
    "do not": "don't",
    "does not": "doesn't",
    "is not": "isn't",
    "are not": "aren't",
    "will not": "won't",
    "cannot": "can't",
    "it is": "it's",
    "we are": "we're",
}


def light_edits(sentence: Analysis) -> Iterator[str]:
    """Variants that say no more than the sentence itself: shortened, contracted, or with its parts in another order."""
    text = sentence.text
    for pattern in (_SAFE_END, _OPENING, _PARENTHESES):
        match = pattern.search(text)
        if match and not _RISKY.search(match.group()) and len(text) - len(match.group()) > 30:
            shorter = (text[: match.start()] + " " * (pattern is _PARENTHESES) + text[match.end() :]).strip()
            shorter = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(shorter.split()))
            yield shorter[:1].upper() + shorter[1:]
    for long, short in _CONTRACTED.items():
        for one, other in ((long, short), (short, long)):
            if re.search(rf"\b{one}\b", text):
                yield re.sub(rf"\b{one}\b", other, text, count=1)
    yield from _fronted(sentence)
    yield from _turned(sentence)


def _fronted(sentence: Analysis) -> Iterator[str]:
    """A prepositional phrase at the end put at the beginning."""
    tags, heads, labels = sentence.parse.tags, sentence.parse.heads, sentence.parse.labels
    last = len(sentence.words) - 1
    for i in range(3, last):
        verb = heads[i]
        if labels[i] != "prep" or verb < 0 or labels[verb] != "ROOT" or tags[verb] not in VERBS:
            continue
        inside = [k for k in range(len(tags)) if i in _ancestors(heads, k)]
        if inside and inside[-1] == last - 1 and inside == list(range(i, last)) and len(inside) >= 2:
            front = sentence.text[sentence.words[i].start : sentence.words[last - 1].end]
            rest = sentence.text[: sentence.words[i].start].strip()
            keeps = tags[0].startswith("NNP") or rest[:2].isupper()
            yield f"{front[:1].upper()}{front[1:]}, {rest if keeps else rest[:1].lower() + rest[1:]}."


def _ancestors(heads: tuple[int, ...], word: int) -> set[int]:
    found: set[int] = set()
    while word >= 0 and word not in found:
        found.add(word)
        word = heads[word]
    return found


def _turned(sentence: Analysis) -> Iterator[str]:
    """Two nouns joined by "and" in the other order."""
    for i, label in enumerate(sentence.parse.labels):
        head = sentence.parse.heads[i]
        joined = label == "conj" and head == i - 2 and sentence.words[i - 1].lower == "and"
        if (
            joined
            and sentence.parse.tags[i][:2] == sentence.parse.tags[head][:2] == "NN"
            and sentence.parse.tags[max(0, head - 1)] in ("DT", "IN", "VBZ", "VBP", "VB", "VBD")
        ):
            yield _replaced(sentence, {head: sentence.words[i].text, i: sentence.words[head].text})
