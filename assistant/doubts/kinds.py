"""A sentence whose only figures are sums of money says nothing of how long, how far, how old or when."""

from __future__ import annotations

import re

from assistant.doubts.trust import doubted
from assistant.evidence import Reading
from assistant.question import ParsedQuestion

_MEASURE_ASKED = re.compile(
    r"\bhow (?:long|far|old|often|tall|deep|heavy)\b|^(?:and )?when (?:is|are|was|were|will|do|does|did|has|have|had|can|could)\b",
    re.I,
)
_MONEY_ASKED = re.compile(r"\b(?:cost|price|pa(?:y|id)|money|worth|value|fee|fine|budget|salary|wage)s?\b", re.I)
_MONEY = re.compile(
    r"[$£€¥]\s?\d[\d,.]{0,20}(?:\s?(?:million|billion|thousand|m|bn|k)\b)?"
    r"|(?<![\d,.])\d[\d,.]{0,20}\s?(?:(?:million|billion|thousand)\s)?(?:dollars?|euros?|pounds?|pence|yuan|crowns?|marks?|guilders?|francs?)\b",
    re.I,
)
_TIME = re.compile(
    r"\d|\b(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|until|till|since|ever|never|always|today|tomorrow"
    r"|jan\w*|feb\w*|march|april|may|june|july|aug\w*|sept\w*|oct\w*|nov\w*|dec\w*|\w{3,6}day|spring|summer|autumn|winter)\b",
    re.I,
)


def tells_only_money(text: str) -> bool:
    """Whether sums of money are all the figures of a sentence, and it names no time either."""
    bare, sums = _MONEY.subn(" ", text)
    return sums > 0 and not _TIME.search(bare)


def doubted_by_kind(question: ParsedQuestion, reading: Reading, *, threshold: float, doubt: float) -> Reading:
    """The reading, doubted where another measure is asked for than the money that the best sentence tells."""
    asks_other = _MEASURE_ASKED.search(question.asking) and not _MONEY_ASKED.search(question.asking)
    if not reading.ranked or not asks_other or not tells_only_money(reading.ranked[0].text):
        return reading
    return doubted(reading, threshold=threshold, doubt=doubt)
