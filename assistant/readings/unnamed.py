"""A question that names those who publish the newsletters, read without the name: they write "we", seldom their own name.

The name goes with the small words that tie it ("at X", "X's", "according to X"); where it is who does something, "we" stands
in its place, for so the newsletters have it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.asking.dates import MONTHS
from assistant.evidence import Reading
from assistant.issues.publisher_names import PAPERS
from assistant.issues.publishers import Own, Publishers
from assistant.question import ParsedQuestion
from assistant.readings.surer import FAR_SURER, SURER
from corpus.dates import SEASON_NAMES
from index.tokens import STOP_WORDS, distinct_terms

SURELY_ANSWERED = 0.7
_PAPER = rf"(?:{'|'.join(PAPERS)}|issue|edition|number|no\.?)"
_DAY = rf"(?:{'|'.join(MONTHS)}|{SEASON_NAMES}|\d{{1,4}}(?:st|nd|rd|th)?)"
_TIED = re.compile(
    r",? ?\b(?:according to|as (?:told|reported|written) (?:by|in)|of|at|in|from|on|inside|within)"
    rf"(?:,? (?:the|this|our|of|latest|newest|last|first|{_PAPER}|{_DAY})(?![^ ,]))* $",
    re.I,
)
_DOER = re.compile(
    r"\b(?P<verb>is|are|was|were|has|have|had|do|does|did|will|would|can|could|should|may|might)(?: the)? $", re.I
)
_WE = {"is": "are", "was": "were", "has": "have", "does": "do"}
_BE = frozenset(["is", "are", "was", "were"])
_DETERMINER = re.compile(r"\b(?:the|a|an|which|what|whose|any|some|no|new|next|last|first) $", re.I)
_THE = re.compile(r"\b(?:the|an?) $", re.I)
_PAPER_BEHIND = re.compile(
    rf"(?: {_PAPER}\b)?(?: ?#?\d{{1,4}}\b)?(?: {_PAPER}\b)?(?: of {_DAY}(?:,? {_DAY}){{0,2}}\b)?", re.I
)
_POSSESSIVE = re.compile(r"['’]s?(?!\w) ?")
_ITS = re.compile(r"\b(?:its|their)\b")
_VERB_BEHIND = re.compile(r"^ \w+(?:ing|ed)\b")
_NOUN_BEHIND = re.compile(r"^ \w")


def read_unnamed(
    parsed: ParsedQuestion,
    reading: Reading,
    *,
    threshold: float,
    publishers: Callable[[], Publishers],
    read: Callable[[ParsedQuestion], Reading],
) -> Reading:
    """`reading`, which was made of `parsed`; or where it is not sure, and the question without a publisher's name is read surer, that."""
    if reading.confidence >= SURELY_ANSWERED or parsed.wants_dated_list or parsed.resolved != parsed.asking:
        return reading
    other = without_publisher(parsed, publishers())
    if other is None:
        return reading
    again = read(other)
    margin = FAR_SURER if reading.confidence >= threshold else SURER
    return again if again.confidence >= max(threshold, reading.confidence + margin) else reading


def without_publisher(parsed: ParsedQuestion, publishers: Publishers) -> ParsedQuestion | None:
    """The question without the name of those who publish, asked of their issues; None where it names none, or several."""
    found = publishers.named(parsed.resolved)
    if not found:
        return None
    ids = frozenset.intersection(*(one.newsletters for one in found))
    kept = parsed.filters.allowed(ids)
    text = unnamed(parsed.resolved, found)
    if not kept or not distinct_terms(text):
        return None
    return replace(
        parsed, asking=text, resolved=text, filters=replace(parsed.filters, newsletter_ids=kept), names_publication=True
    )


def unnamed(text: str, names: list[Own]) -> str:
    """`text` without the names that stand at `names`, a sentence still."""
    for one in reversed(names):
        before, behind = _without(text[: one.start], text[one.end :])
        text = f"{before.rstrip()} {behind.lstrip()}" if before and behind[:1].isalnum() else before.rstrip() + behind
    text = re.sub(r" {2,}", " ", text).strip(" ,;:")
    text = re.sub(r" ([?.!,])", r"\1", text)
    return text[:1].upper() + text[1:]


def _without(before: str, behind: str) -> tuple[str, str]:
    """What stands before a name and behind it, made to go on without the name."""
    if owner := _POSSESSIVE.match(behind):
        return _owned(before, behind[owner.end() :])
    rest = behind[_PAPER_BEHIND.match(behind).end() :]  # type: ignore[union-attr]
    if tied := _TIED.search(before[-80:]):
        before = before[: len(before) - (len(before[-80:]) - tied.start())]
        return before + ("" if not before else " "), rest.lstrip(",") if not before else rest
    doer = _DOER.search(before)
    if doer and (doer["verb"].lower() not in _BE or not _NOUN_BEHIND.match(rest) or _VERB_BEHIND.match(rest)):
        return before[: doer.start()] + f"{_agreeing(doer['verb'])} we ", _ITS.sub("our", rest)
    if doer or (_DETERMINER.search(before) and _NOUN_BEHIND.match(rest)):
        return before, rest
    if not before:
        return "We ", rest
    if _NOUN_BEHIND.match(rest) and rest.split()[0].strip("?,.!") not in STOP_WORDS:
        return before, rest
    return _THE.sub("", before) + "us ", rest


def _owned(before: str, rest: str) -> tuple[str, str]:
    """The thing owned, which is then the only one there."""
    return _THE.sub("", before) + ("our " if rest.startswith("own ") else "the "), rest


def _agreeing(verb: str) -> str:
    plural = _WE.get(verb.lower(), verb)
    return plural.capitalize() if verb[0].isupper() else plural
