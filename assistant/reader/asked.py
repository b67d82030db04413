"""Whether sentences hold the very thing a question asks for: its kind, the noun it counts, the noun it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

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
# Each run of digits and of a name's letters is read once (`(?<!…)` and `(?>…)`), not again from each of its parts
_MONEY = re.compile(
    r"[$€£¥]\s?\d|(?<![\d,.])(?>[\d,.]*?\b\d[\d,.]*)\s?(?:million|billion|thousand|k)?\s?(?:dollars?|euros?|pounds?|yuan|rmb|usd|eur|btc|bitcoins?|sats?|satoshis?|cents?)\b"
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
_IDENTIFIER = re.compile(r"(?<!\w)[#$]?[A-Za-z]*[-#./]?\d[\w.,-]*\w|\b\d\b")
_PROPER = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-Z][\w.'’-]*\w(?:\s+[A-Z][\w.'’-]*\w)*")
_FULL_NAME = re.compile(
    r"(?<![\w'’-])(?>[\w'’-]*?\b(?=[A-Z][\w'’-]))([A-Z][\w'’-]++(?:\s+(?:[A-Z]\.|de|van|von))*\s+[A-Z][\w'’-]+)"
)
_WHO = re.compile(r"\bwho(?:se|m)?\b", re.I)
_SHARE_ASKED = re.compile(r"\bpercent|\bper cent\b|\bwhat (?:share|fraction|proportion)\b", re.I)
_SHARE = re.compile(r"\d\s?%|percent|per cent|\bhalf\b|\bthird\b|quarter|twice|double|\d+x\b|times", re.I)
_DURATION_ASKED = re.compile(r"\bhow (?:long|old)\b", re.I)
_DURATION = re.compile(
    r"\b(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|few)[\s-]+"
    r"(?:second|minute|hour|day|week|month|year|decade)s?\b",
    re.I,
)
_YEAR_ASKED = re.compile(r"\b(?:what|which) year\b|\bwhen\b", re.I)
_NEGATIVE = re.compile(
    r"\b(?:not|no|never|refus\w*|reject\w*|stop\w*|cancel\w*|drop\w*|call(?:ed)? off|abandon\w*|turn(?:ed)? down|fail\w*|without|"
    r"withdr\w+|remov\w+|den(?:y|ie[ds]))\b",
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


def premises(
    question: ParsedQuestion,
    sentences: Sequence[str],
    header: str,
    passages: Sequence[str],
    idf: Callable[[str], float],
) -> dict[str, float]:
    """Features of whether what the question takes for granted is there, and whether something new answers it.

    `sentences` are the likeliest ones, `header` and `passages[0]` belong to the first of them; `passages` are all
    that were retrieved, with their headers.
    """
    text = question.resolved
    own = question.asking if text.startswith(question.asking) else text
    asked, context = _all_words(text), _all_words(header)
    found = [_all_words(sentence) for sentence in sentences] or [frozenset()]
    three = frozenset().union(*found)
    passage = _all_words(passages[0]) if passages else frozenset()
    everything = frozenset().union(*(_all_words(other) for other in passages))
    identifiers = [words for match in _IDENTIFIER.findall(text) if (words := _all_words(match))]
    names = [words for match in _PROPER.findall(text) if (words := _all_words(match))]
    who = bool(_WHO.search(text))
    people = [any(not _all_words(name) <= asked for name in _FULL_NAME.findall(sentence)) for sentence in sentences]
    return {
        "identifiers_outside_sentence": _missing(identifiers, found[0] | context),
        "identifiers_outside_three": _missing(identifiers, three | context),
        "identifiers_outside_passage": _missing(identifiers, passage),
        "identifiers_nowhere": _missing(identifiers, everything),
        "names_outside_sentence": _missing(names, found[0] | context),
        "names_outside_passage": _missing(names, passage),
        "names_nowhere": _missing(names, everything),
        "person_in_sentence": float(who and any(people[:1])),
        "person_lacking": float(who and not any(people)),
        "share_lacking": _lacking(_SHARE_ASKED, _SHARE, text, sentences),
        "duration_lacking": _lacking(_DURATION_ASKED, _DURATION, text, sentences),
        "year_lacking": float(bool(_YEAR_ASKED.search(text)) and not re.search(r"\d", " ".join(sentences))),
        "covered_by_three": _weight(text, three | context, idf),
        "rarest_outside_passage": _rarest_missing(question, passage, idf),
        "rarest_nowhere": _rarest_missing(question, everything, idf),
        "who": float(who),
        "how_many": float(bool(re.search(r"\bhow (?:many|much)\b", text, re.I))),
        "when": float(question.expects is Expects.TIME),
        "manner": float(question.expects is Expects.MANNER),
        "yes_no": float(question.expects is Expects.YES_NO),
        "negative": float(bool(_NEGATIVE.search(text))),
        "continues": float(text != own),
        "own_words_covered": _weight(own, three | context, idf),
        "own_words_in_sentence": _weight(own, found[0], idf),
    }


@lru_cache(maxsize=50_000)
def _all_words(text: str) -> frozenset[str]:
    return frozenset(terms(text, keep_stop_words=True))


def _missing(things: Sequence[frozenset[str]], words: frozenset[str]) -> float:
    """The mean share of each thing's words that `words` lack; 0 when nothing is named."""
    return sum(1 - len(thing & words) / len(thing) for thing in things) / len(things) if things else 0.0


def _lacking(asked: re.Pattern[str], held: re.Pattern[str], text: str, sentences: Sequence[str]) -> float:
    return float(bool(asked.search(text)) and not any(held.search(sentence) for sentence in sentences))


def _weight(text: str, words: frozenset[str], idf: Callable[[str], float]) -> float:
    """The share (by rarity) of the terms of a question's `text` that are among `words`."""
    content = set(terms(text))
    total = sum(idf(term) for term in content)
    return sum(idf(term) for term in content if term in words) / total if total else 0.0


def _rarest_missing(question: ParsedQuestion, words: frozenset[str], idf: Callable[[str], float]) -> float:
    """The rarity of the rarest of the question's terms that `words` lack, relative to its rarest at all."""
    rarity = {term: idf(term) for term in terms(question.resolved)}
    most = max(rarity.values(), default=0.0)
    return max((value for term, value in rarity.items() if term not in words), default=0.0) / most if most else 0.0
