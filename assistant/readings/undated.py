"""A question with a year, asked of newsletters that bear no dates: read without it where it is not answered with it.

Such newsletters seldom write the year of what they tell, and the year leads to whatever names it. An answer that gives no year
counts only where no newsletter gives that year, and is doubted; one that gives another is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.asking.followup import Way
from assistant.doubts.trust import doubted
from assistant.doubts.yes_no import is_hopeless
from assistant.evidence import Reading
from assistant.question import Expects, ParsedQuestion

_YEAR = re.compile(r"(?<![\w.$€£#/-])(?:19|20)\d\d(?![\w%/-]|[.:,]\d)")
_WITH_PREPOSITION = re.compile(rf",? ?(?:\b(?:back )?(?:in|of|from|during|for)(?: the year)? )?{_YEAR.pattern}", re.I)
_AT_THE_END = re.compile(rf"\bin {_YEAR.pattern}\W*$", re.I)


def surer_without_year(
    parsed: ParsedQuestion,
    reading: Reading,
    *,
    threshold: float,
    doubt: float,
    knows: Callable[[str], bool],
    read: Callable[[ParsedQuestion], Reading],
) -> tuple[ParsedQuestion, Reading]:
    """The question and its `reading`; where that does not answer it, the question without its year, if that is answered.

    `knows` says whether any newsletter holds a word.
    """
    is_answered = reading.confidence >= threshold and not is_hopeless(parsed, reading, doubt=doubt)
    if is_answered or parsed.way is not Way.ALONE or parsed.wants_dated_list:
        return parsed, reading
    text = without_year(parsed.resolved)
    if text == parsed.resolved:
        return parsed, reading
    other = replace(parsed, resolved=text, stated=parsed.shown, preferred=None)
    again = read(other)
    if again.confidence < threshold or not again.ranked:
        return parsed, reading
    asked, told = set(_YEAR.findall(parsed.resolved)), set(_YEAR.findall(again.ranked[0].text))
    if told & asked:
        return other, again
    if told or _claims_year(parsed) or any(map(knows, asked)):
        return parsed, reading
    return other, doubted(again, threshold=threshold, doubt=doubt)


def _claims_year(parsed: ParsedQuestion) -> bool:
    """Whether the year is what a yes/no question or a statement is about: "Was it sold in 2015?"."""
    return parsed.expects in (Expects.YES_NO, Expects.THING) and _AT_THE_END.search(parsed.resolved) is not None


def without_year(question: str) -> str:
    """The question without the one year that it names; as it is where it names none or several."""
    if len(_YEAR.findall(question)) != 1:
        return question
    return " ".join(_WITH_PREPOSITION.sub("", question).replace(" ?", "?").split())
