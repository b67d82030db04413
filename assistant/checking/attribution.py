"""A belief told as a fact: the evidence only says that somebody believes, hopes or claims it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checking.words import words

MOSTLY = 0.6
_BELIEVED = re.compile(
    r"\b(?:believ(?:e[sd]?|ing)|think(?:s|ing)?|thought|hop(?:e[sd]?|ing)|expect(?:s|ed|ing)?|claim(?:s|ed|ing)?|fear(?:s|ed|ing)?"
    r"|suspect(?:s|ed)?|assum(?:e[sd]?|ing)|suppose[sd]?|speculat(?:e[sd]?|ing)|allege[sd]?|doubt(?:s|ed)?|guess(?:es|ed)?) that\b",
    re.I,
)
_TOLD = re.compile(
    r"\b(?:believ|think|thought|hop(?:e|ing)|expect|claim|fear|suspect|assum|suppos|speculat|alleg|doubt|guess|said|says?|told|tells?"
    r"|according|opinion|view|consider|regard|seen as|may|might|could|would|should)",
    re.I,
)


def is_belief_told_as_fact(stated: str, given: Sequence[str]) -> bool:
    """Whether a sentence says for itself what each text that covers it tells as what somebody believes."""
    if _TOLD.search(stated):
        return False
    mine = {word.stem for word in words(stated) if word.is_content}
    covering = [text for text in given if _share(mine, text) >= MOSTLY]
    return bool(covering) and all(_believed(mine, text) for text in covering)


def _believed(mine: set[str], text: str) -> bool:
    found = _BELIEVED.search(text)
    return found is not None and _share(mine, text[found.end() :]) >= MOSTLY


def _share(mine: set[str], text: str) -> float:
    held = {word.stem for word in words(text) if word.is_content}
    return len(mine & held) / len(mine) if mine else 0.0
