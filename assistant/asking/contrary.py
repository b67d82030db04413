"""A question asked of "the old one", where it was asked of the new one: the word goes into its contrary's place."""

from __future__ import annotations

import re

_OWNING = r"(?:the|an?|his|her|its|their|our|your)"
_ONE_LIKE = re.compile(rf"^(?:{_OWNING} )?(?P<kind>[\w-]+) ones?$", re.I)
_CONTRASTS = tuple(
    re.compile(
        rf"(?:\b{_OWNING}|['’]s?) (?P<like>{words})(?= [a-z])(?! (?:years?|months?|weeks?|nights?|days?|seasons?|time)\b)",
        re.I,
    )
    for words in (
        "new|old|former|current|present|previous|next|last",
        "first|second|third|fourth|fifth|sixth|last|final",
        "big|bigger|biggest|large|larger|largest|small|smaller|smallest|little",
        "upper|lower|top|bottom|left|right|inner|outer|front|back|north|south|east|west|northern|southern|eastern|western",
        "long|longer|short|shorter|high|higher|low|lower|cheap|cheaper|expensive|young|younger|older|old",
        "black|white|red|green|blue|yellow|brown|grey|gray|orange|pink",
    )
)


def kind_of_one(words: str) -> str:
    """Which kind "the old one" is of; "" of words that name no one of a kind."""
    one = _ONE_LIKE.match(words)
    return one["kind"] if one else ""


def asked_of_contrary(thing: str, last: str) -> str:
    """`last` asked of "the old one" for the new one that it asks of; "" where `thing` or `last` is something else."""
    kind = kind_of_one(thing)
    for contrast in _CONTRASTS if kind else ():
        places = [found.span("like") for found in contrast.finditer(last)]
        if contrast.match(f"the {kind} one") and len(places) == 1:
            start, end = places[0]
            return f"{last[:start]}{kind}{last[end:]}"
    return ""
