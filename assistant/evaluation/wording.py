"""How systems word a refusal, so that one without a status of its own can be judged, too."""

from __future__ import annotations

import re

_DECLINES = re.compile(
    r"\b(?:(?:I|we) (?:do not|don't|cannot|can't|could not|couldn't) (?:know|find|answer|determine|provide|say)|"
    r"(?:I am|I'm) (?:not sure|unable|sorry)|"
    r"(?:context|newsletters?|passages?|sources?|text|documents?|information|archive)(?: provided| given)? "
    r"(?:does not|doesn't|do not|don't|did not|didn't) (?:say|mention|contain|provide|specify|include|answer|state)|"
    r"(?:is|are|was|were) not (?:mentioned|stated|specified|provided|given|found|answered|available)|"
    r"no (?:information|mention|answer|relevant|passage)|not enough information|cannot be (?:answered|determined))",
    re.I,
)


def declines(text: str) -> bool:
    """Whether the answer's beginning says, in the usual wordings, that there is no answer."""
    return _DECLINES.search(text[:300]) is not None
