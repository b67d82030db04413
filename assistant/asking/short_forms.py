"""Which short form a question wants spelled out ("What does HTLC stand for?") or explained ("HTLC meaning")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.tokens import STOP_WORDS

MOST_CHARACTERS = 10
_WORD = rf"[\"'“‘]?(?P<short>[^\W_][\w&./-]{{1,{MOST_CHARACTERS}}})[\"'”’]?"
_ARTICLE = r"(?:(?:the|an?) )?"
_KIND = r"(?:acronym|abbreviation|initialism|initials|letters|short form|short name)"
_SHORT = rf"{_ARTICLE}(?:{_KIND} )?{_WORD}"
_LONG = r"(?:full(?: and)? (?:name|form|title|spelling)|long (?:name|form)|expansion|expanded form)"
_IS = r"(?:['’]?s| is| are| was)"
_STANDS = r"(?:stands? for|is (?:short|an? (?:acronym|abbreviation)) (?:for|of))"
_SPELLED_OUT = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"^(?:what|which words?) (?:does|do|did) {_SHORT} (?:stand for|abbreviate)$",
        rf"^(?:what|which words?) (?:does|do) {_ARTICLE}{_KIND} {_WORD} (?:mean|represent)$",
        rf"^what{_IS} {_ARTICLE}{_KIND} {_WORD}$",
        rf"^what{_IS} {_SHORT} (?:short|an? {_KIND}) (?:for|of)$",
        rf"^(?:(?:what{_IS}|give me|tell me) )?(?:the )?{_LONG} (?:of|for) {_SHORT}$",
        rf"^{_WORD}(?:['’]s)? {_LONG}$",
        rf"^what{_IS} {_WORD}['’]s {_LONG}$",
        rf"^(?:what|how){_IS} {_SHORT} (?:spel(?:led|t) out|in full|written out)$",
        rf"^(?:please )?(?:(?:can|could) you )?(?:spell out|expand|write out) {_SHORT}$",
        rf"^{_SHORT} {_STANDS}(?: what)?$",
        rf"^{_WORD} (?:acronym|abbreviation|stand for)$",
    )
]
_EXPLAINED = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"^what{_IS} {_SHORT}$",
        rf"^{_WORD} (?:meaning|definition|explained|means? what)$",
        rf"^(?:what{_IS} )?(?:the )?(?:meaning|definition) of {_SHORT}$",
        rf"^what (?:does|do) {_SHORT} mean$",
        rf"^what{_IS} meant by {_SHORT}$",
        rf"^(?:please )?(?:define|explain) {_SHORT}$",
    )
]
_PLURAL = re.compile(r"(?<=[A-Z0-9])s$")


@dataclass(frozen=True, slots=True)
class SoughtExpansion:
    """A short form without its plural ending; `only_words` where nothing but the words it stands for answers."""

    short: str
    only_words: bool


def sought_expansion(question: str) -> SoughtExpansion | None:
    """The short form that `question` wants spelled out or explained; None where it asks something else.

    Any single word may be one as far as its letters go: `is_short_form` says which surely is.
    """
    text = question.strip(" ?!.")
    for only_words, frames in ((True, _SPELLED_OUT), (False, _EXPLAINED)):
        found = next((match for frame in frames if (match := frame.search(text))), None)
        if found is not None and found["short"] not in STOP_WORDS:
            return SoughtExpansion(_PLURAL.sub("", found["short"].rstrip(".")), only_words)
    return None


def is_short_form(word: str) -> bool:
    """Whether a word looks like initials: two capitals at least, and as many as other letters."""
    capitals = sum(letter.isupper() for letter in word)
    return capitals >= 2 and 2 * capitals >= sum(letter.isalpha() for letter in word)
