"""Whether sentences hold the very thing a question asks for: its kind, the noun it counts, the noun it names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question import Expects, ParsedQuestion
from assistant.spans import answer_spans
from index.tokens import STOP_WORDS, terms

_MONEY_ASKED = re.compile(
    r"\bhow much (?:money|cash|funding)|\b(?:cost|price|budget|salary|paid|pay|invest\w*|spen[dt]\w*|earn\w*|raise[ds]?|fine[ds]?|"
    r"prize money|bounty|reward|fund(?:ing|ed)|worth|total value|fee)\b",
    re.I,
)
_AMOUNT_ASKED = re.compile(
    r"\bhow much\b|\bwhat (?:was|is|were|are|did|does)\b.*\b(?:cost|price|budget|value|worth)\b|\bwhat (?:\w+ )?(?:budget|price|sum|amount)\b",
    re.I,
)
_MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d,.]*\s?(?:million|billion|thousand|k)?\s?(?:dollars?|euros?|pounds?|yuan|rmb|usd|eur|btc|bitcoins?|sats?|satoshis?|cents?)\b"
    r"|\bfree\b|\bno cost\b",
    re.I,
)
_COUNTED = re.compile(r"\bhow many (?P<noun>[\w-]+(?: [\w-]+)?)", re.I)
_HEAD = re.compile(r"\b(?:which|what) (?P<words>[\w&'-]+(?: [\w&'-]+)?)", re.I)
_NUMBER = re.compile(
    r"^(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|several|both)\b",
    re.I,
)
_WORD = re.compile(r"[\w.,%-]+")
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|has|have|had|will|would|can|could|should|is|are|was|were)\s+(?:[\w'.-]+\s+){1,6}?(?P<verb>[a-z]+)\b",
    re.I,
)
NEAR_WORDS = 4


def asked_for(question: ParsedQuestion, sentences: Sequence[str], passage: str) -> dict[str, float]:
    """Features of how well the best `sentences` (likeliest first) and their `passage` fit what is asked for."""
    text = question.resolved
    expects = question.expects
    typed = expects in (Expects.NUMBER, Expects.TIME, Expects.VERSION, Expects.PERSON, Expects.PLACE)
    first = sentences[0] if sentences else ""
    money = bool(_MONEY_ASKED.search(text) and _AMOUNT_ASKED.search(text))
    counted = _COUNTED.search(text)
    near = counted_near(counted["noun"], sentences) if counted else None
    head = _head_terms(text)
    return {
        "kind_in_three": float(not typed or any(answer_spans(s, expects, text) for s in sentences)),
        "money_lacking": float(money and not any(_MONEY.search(s) for s in sentences)),
        "counted_near": float(near is True),
        "counted_apart": float(near is False),
        "head_in_sentence": _share(head, first),
        "head_in_passage": _share(head, passage),
        "verb_covered": _share(_verb_terms(text), first),
    }


def counted_near(noun: str, sentences: Sequence[str]) -> bool:
    """Whether a number stands shortly before one of the counted words in any sentence."""
    wanted = {term for term in terms(noun) if term not in STOP_WORDS}
    for sentence in sentences:
        words = _WORD.findall(sentence)
        for place, word in enumerate(words):
            before = words[max(0, place - NEAR_WORDS) : place]
            if wanted & set(terms(word)) and any(_NUMBER.match(other) for other in before):
                return True
    return False


def _head_terms(text: str) -> set[str]:
    match = _HEAD.search(text)
    return set(terms(match["words"])) if match else set()


def _verb_terms(text: str) -> set[str]:
    match = _AUXILIARY.search(text)
    return set(terms(match["verb"])) if match else set()


def _share(wanted: set[str], text: str) -> float:
    """The share of `wanted` terms in `text`; a half when nothing is wanted."""
    return len(wanted & set(terms(text))) / len(wanted) if wanted else 0.5
