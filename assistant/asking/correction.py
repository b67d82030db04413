"""A correction read as the question that it means: "No, I meant the bank" asks "And the bank?"."""

from __future__ import annotations

import re

from assistant.asking.another import MOST_WORDS, names_a_thing

MOST_CHARACTERS = 300
_BEFORE = r"(?:(?:no|nope|nah|sorry|wait|oops|oh|ah|well|but|actually|please)\b[,.!;:–-]* ){0,4}"
_WRONG = (
    r"(?:that(?:['’]?s| is| was) (?:wrong|not (?:it|right|correct|the one))"
    r"|(?:(?:that|this)(?:['’]?s| is| was)? ?)?(?:not|isn['’]?t|wasn['’]?t) what i (?:asked|meant|wanted|said)(?: for| about)?)[,.!;:–-]* "
)
_MEANT = r"i(?:['’]m| am| was)? (?:mean|meant|asked|asking|talking)(?: to (?:ask|know))?(?: about| for| of)?\b[,:]? "
_CORRECTS = re.compile(rf"{_BEFORE}(?:{_WRONG}(?:but )?{_BEFORE}(?:{_MEANT})?|{_MEANT})|no, ", re.I)
_ASKS = re.compile(
    r"(?:wh(?:o|om|ose|at|ich|en|ere|y)|how|is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|must|may)\b",
    re.I,
)


def without_correction(question: str) -> str:
    """What a correction asks: its question in full, or "And …?" with what is meant; any other question as it is."""
    corrects = _CORRECTS.match(question) if len(question) <= MOST_CHARACTERS else None
    meant = question[corrects.end() :].strip() if corrects else ""
    if _ASKS.match(meant):
        return meant
    thing = meant.rstrip(" ?.!")
    if not thing or len(thing.split()) > MOST_WORDS or not names_a_thing(thing):
        return question
    return f"And {thing}?"
