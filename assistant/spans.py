"""The part of a sentence that can answer who, when, where, how many or which version."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.asking.dates import MONTHS
from assistant.question import Expects
from assistant.tables.extremes import cell_span
from index.tokens import terms

_NUMBER_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion|"
    "half|third|quarter|dozen|dozens|hundreds|thousands|millions|billions|twice|double|triple|once"
)
_UNIT = (
    r"(?:\s?(?:%|percent(?:age points)?|per cent|million|billion|trillion|thousand|hundred|k\b|[KMGT]i?B\b|bytes?|bits?|vbytes?|"
    r"weight units|seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|people|users?|dollars?|euros?|yuan|RMB|"
    r"BTC|bitcoins?|satoshis?|sats?|blocks?|ms|km|kg|cm|mm|mm|GHz|MHz|UTC|am\b|pm\b|a\.m\.|p\.m\.))"
)
_NAME = r"(?:[A-Z][\w’'.-]*|(?<=\s)(?:of|de|van|von|der|the|and|for|al|bin|&)(?=\s+[A-Z]))"
_PATTERNS: dict[Expects, re.Pattern[str]] = {
    Expects.NUMBER: re.compile(
        rf"(?<![\w.])(?:[$€£¥#~]\s?)?\d[\d,]*(?:\.\d+)?(?:\s?(?:-|–|to)\s?\d[\d,.]*\d)?{_UNIT}*|\b(?:{_NUMBER_WORDS})(?:[\s-](?:{_NUMBER_WORDS}))*\b{_UNIT}*",
        re.I,
    ),
    Expects.TIME: re.compile(
        r"\b(?:(?:early|mid|late)[\s-])?(?:(?:"
        + "|".join(sorted(MONTHS, key=len, reverse=True))
        + r")\b\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?\b)?(?:,?\s+(?:19|20)\d\d)?|(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:january|february|march|april|may|june|july|august|"
        r"september|october|november|december)(?:,?\s+(?:19|20)\d\d)?)|(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?|\d{1,2}:\d\d(?:\s?[ap]\.?m\.?|\s?UTC)?|"
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:spring|summer|autumn|fall|winter)(?:\s+of)?\s+(?:19|20)\d\d|"
        r"(?:this|next|last)\s+(?:week|month|year|quarter)|today|tomorrow|yesterday|tonight)\b",
        re.I,
    ),
    Expects.VERSION: re.compile(r"\bv?\d+(?:\.\d+)+(?:[-.]?(?:alpha|beta|rc|a|b|pre|dev)[-.]?\d*)*\b|\bv\d+\b", re.I),
    Expects.PERSON: re.compile(rf"(?<![\w’']){_NAME}(?:\s+{_NAME})*"),
    Expects.PLACE: re.compile(rf"(?<![\w’']){_NAME}(?:[,]?\s+{_NAME})*"),
}
_AT_A_PLACE = re.compile(r"\b(?:in|at|near|from|outside|around|across|throughout|to)\s+(?:the\s+)?$", re.I)
_WITHIN = re.compile(r",?\s+(?:in|at|near)\s+(?:the\s+)?")
_PERSONS_NAME = re.compile(r"[A-Z][\w’'-]+(?:\s+(?:[A-Z]\.|de|van|von|der|al|bin))*(?:\s+[A-Z][\w’'-]+){1,3}")
REASON_WORDS = re.compile(
    r"\b(?:because|since|due to|owing to|thanks to|so that|in order to|as a result|caused|reasons?|to (?:avoid|prevent|allow|ensure|reduce|"
    r"help|make|improve|protect|enable|encourage|give)|which (?:means|allows|could|may|can)|therefore|thus|given that|leads? to|concern\w*|prevent\w*|allow\w*)\b",
    re.I,
)


def answer_spans(sentence: str, expects: Expects, question: str) -> list[tuple[int, int]]:
    """Where `sentence` holds things of the kind `expects` that the question does not itself name.

    Half-open code-point ranges in `sentence`, in order; empty for kinds without a form of their own.
    """
    pattern = _PATTERNS.get(expects)
    if pattern is None:
        return []
    asked = set(terms(question, keep_stop_words=True))
    spans = []
    for match in pattern.finditer(sentence):
        start, end = _trimmed(sentence, match.start(), match.end())
        words = terms(sentence[start:end])
        if words and not all(word in asked for word in words) and not _only_opens(sentence, start, end, expects):
            spans.append((start, end))
    return spans


def best_span(sentence: str, expects: Expects, question: str) -> tuple[int, int] | None:
    """The likeliest of `answer_spans`: the one nearest to the words that the question shares with the sentence.

    A place must stand after "in", "at" or the like; a person is rather a name of its own than one after "the" or "to".
    Of a table's row it is the cell that the question asks for.
    """
    if cell := cell_span(sentence, question, is_time=expects is Expects.TIME):
        return cell
    spans = _likely(sentence, expects, answer_spans(sentence, expects, question))
    if not spans:
        return None
    anchors = list(_shared_word_positions(sentence, set(terms(question))))
    if not anchors:
        return spans[0]
    return min(spans, key=lambda span: sum(_distance(span, anchor) for anchor in anchors) / len(anchors))


def _likely(sentence: str, expects: Expects, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    match expects:
        case Expects.PLACE:
            return _joined(sentence, [span for span in spans if _AT_A_PLACE.search(sentence[: span[0]])])
        case Expects.PERSON:
            named = [span for span in spans if _PERSONS_NAME.fullmatch(sentence[slice(*span)])]
            return named or [span for span in spans if not _AT_A_PLACE.search(sentence[: span[0]])]
        case _:
            return spans


def _joined(sentence: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that follow one another ("the Convention Center in Beijing") as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and _WITHIN.fullmatch(sentence[joined[-1][1] : start]):
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _shared_word_positions(sentence: str, asked: set[str]) -> Iterable[int]:
    for match in re.finditer(r"\w[\w.-]*", sentence):
        if any(term in asked for term in terms(match.group())):
            yield (match.start() + match.end()) // 2


def _distance(span: tuple[int, int], position: int) -> int:
    return max(span[0] - position, position - span[1], 0)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1] in " ,.;:-–'’":
        end -= 1
    while end > start and text[start] == " ":
        start += 1
    return start, end


def _only_opens(sentence: str, start: int, end: int, expects: Expects) -> bool:
    """Whether a name is just the capital at the sentence's start ("The", "However")."""
    return expects in (Expects.PERSON, Expects.PLACE) and start == 0 and " " not in sentence[start:end]
