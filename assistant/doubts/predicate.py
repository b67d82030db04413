"""A short yes/no question ("Is the bridge unsafe?") whose last word stands, in no form, where the answer is quoted from.

The thing that is asked of is told of, so that an answer seems at hand; what is asked of it nobody says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from assistant.checking.thesaurus import opposite, same_group
from assistant.checking.words import lemma
from assistant.doubts.trust import doubted, given_up
from assistant.evidence import Evidence
from assistant.parts import Part
from index.tokens import STOP_WORDS, terms

MOST_WORDS = 4  # that say something; in longer questions other words may stand for the last
LEAST_ALIKE = 4  # letters
# Of 75 such questions that were answered with no better sentence than NEAR, 23 are told of in the newsletters; with none better than FAR
# and the word in no passage that is quoted, none of 14
FAR, NEAR = -3.0, -1.0
_WORD = re.compile(r"(?<!\w)[^\W\d_][\w'’-]*")
_ASKED = re.compile(r"(?:is|are|was|were)\b(?! there\b)", re.I)
_HEARSAY = re.compile(
    r"^(?:i|we)(?: have|['’]ve)? (?:read|heard?|was told|think|thought|believed?|understand) (?:that )?(?P<said>[^,;–]{3,80}?)"
    r"(?:[,;]| [–-]) ?(?:(?:is|was) (?:that|this|it) )?(?:true|right|so|correct)\W*$",
    re.I,
)
_STATED = re.compile(
    r"^(?!(?:wh\w+|how|there|it|this|that)\b)(?:\S+ ){1,3}(?:is|are|was|were) [\w' -]{2,40}(?:, (?:is|are|was|were)n['’]t (?:it|they))?[.?!]*$",
    re.I,
)
_TAG = re.compile(r", (?:is|are|was|were)n['’]t \w+\W*$", re.I)


def without_its_predicate(part: Part, *, threshold: float, doubt: float) -> Part:
    """The part, doubted or unanswered where what a short yes/no question asks of its subject is told nowhere near the answer."""
    reading = part.reading
    if not part.evidence or part.parsed.wants_dated_list or reading.best_joint >= NEAR:
        return part
    word = predicate_of(part.parsed.resolved)
    if word is None or is_said(word, _beside(part.evidence[0])):
        return part
    if reading.best_joint < FAR and not is_said(word, map(whole_passage, part.evidence)):
        return replace(part, reading=given_up(reading, threshold=threshold), evidence=[])
    return replace(part, reading=doubted(reading, threshold=threshold, doubt=doubt))


def whole_passage(piece: Evidence) -> str:
    """The passage that a sentence stands in, with the headings above it."""
    return f"{piece.found.passage.header}\n{piece.found.passage.text}"


def _beside(piece: Evidence) -> list[str]:
    """The headings above a sentence, the sentence and its neighbours."""
    passage = piece.found.passage
    numbers = range(max(0, piece.sentence - 1), min(len(passage.sentences), piece.sentence + 2))
    return [passage.header, *map(passage.sentence, numbers)]


def predicate_of(question: str) -> str | None:
    """What a short question or statement with a form of "to be" ends with: no name, and no small word; None for others.

    What offers two things ends with one of them only.
    """
    text = question.strip()
    if heard := _HEARSAY.match(text[:200]):
        text = heard["said"]
    elif not _ASKED.match(text) and not _STATED.match(text[:200]):
        return None
    untagged = _TAG.sub("", text)
    words: list[str] = _WORD.findall(untagged)
    saying = saying_words(untagged)
    if not saying or "or" in words or len(saying) > MOST_WORDS or words[-1] != saying[-1] or words[-1][0].isupper():
        return None
    return saying[-1]


def saying_words(text: str) -> list[str]:
    """The words of a text that say something: no figures and no small words."""
    return [word for word in _WORD.findall(text) if word.casefold() not in STOP_WORDS]


def is_said(word: str, texts: Iterable[str]) -> bool:
    """Whether any text has a form of the word, one that often says the same, or its opposite."""
    stem = lemma(word.casefold())
    return any(_says(stem, other) for text in texts for other in _stems(text))


def _stems(text: str) -> set[str]:
    return {lemma(word.casefold()) for word in _WORD.findall(text)} | set(terms(text))


def _says(stem: str, other: str) -> bool:
    alike = len(stem) >= LEAST_ALIKE and other.startswith(stem[:LEAST_ALIKE])
    return stem == other or alike or same_group(stem, other) or opposite(stem, other)
