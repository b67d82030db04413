"""Words that ask of the last answer itself: whether it is sure, who says so, where it stands, and what follows there."""

from __future__ import annotations

import re

_BEFORE = r"(?:(?:and|but|so|ok(?:ay)?|please|wait|well|sorry|yes|hm+|no)\b[,.!]? ?){0,3}"
_IT = r"(?:it|that|this|them|those|these|him|her)"
_SAYS = r"(?:says?|said|wrote|writes|reports?|reported)"
_DOUBTING = (
    rf"(?:are )?(?:yo)?u (?:really |quite |absolutely |100 ?% )?(?:sure|certain)(?: (?:about|of) {_IT})?|really|for sure|seriously"
    rf"|is (?:{_IT}) (?:really )?(?:so|true|right|correct|certain)|is it(?: really)? true|says who|how do you know(?: {_IT})?"
    rf"|who (?:says?|said) (?:so|that|this)|(?:which|what) (?:newsletters?|issues?|bulletins?|publications?) {_SAYS} (?:so|that|this|it)"
    r"|according to whom?"
    rf"|(?:can you (?:give|show) me |(?:what|which) (?:is|was|are) |what's )?(?:the |your |a )?sources?(?: (?:of|for) {_IT})?"
    rf"|where (?:did|do) you (?:get|find|read|see|have) {_IT}(?: from)?|where does (?:that|this|it) (?:come from|stand)"
    rf"|where (?:does|do) (?:it|they|the newsletters?) say (?:so|that|this|it)"
    rf"|where is (?:that|this|it) (?:written|said|stated|printed|reported|from)"
)
_MORE = r"(?:some |a (?:bit|little) )?more(?: details?| info(?:rmation)?)?"
_GOING_ON = (
    rf"(?:(?:can|could|would|will) you )?(?:please )?(?:(?:tell|give|show) (?:me|us)|say) {_MORE}(?: (?:about|on|of) {_IT})?"
    rf"|(?:any )?(?:more|further|other)(?: details?| info(?:rmation)?)?(?: (?:about|on|of) {_IT})?"
    rf"|(?:is there |do you know )?(?:anything|something|what) (?:else|more)"
    rf"(?: (?:do|does) (?:it|they|you|the newsletters?) (?:say|tell|write|know|report)| (?:is|was) (?:there|said|known))?(?: (?:about|on|of) {_IT})?"
    rf"|(?:can you )?(?:please )?(?:go on|continue|carry on|keep going|read on|elaborate)(?: (?:about|on) {_IT})?"
)
_DOUBTS = re.compile(rf"{_BEFORE}(?:{_DOUBTING})(?: please)?\W*", re.I)
_GOES_ON = re.compile(rf"{_BEFORE}(?:{_GOING_ON})(?: please)?\W*", re.I)
MOST_CHARACTERS = 100


def asks_for_more(question: str) -> bool:
    """Whether it asks only for what follows what was answered: "Tell me more", "What else?", "Go on"."""
    return len(question) <= MOST_CHARACTERS and _GOES_ON.fullmatch(question) is not None


def asks_again(question: str) -> bool:
    """Whether it asks again what was answered and where it stands ("Are you sure?", "Who says so?"), or for more of it."""
    return len(question) <= MOST_CHARACTERS and (_DOUBTS.fullmatch(question) is not None or asks_for_more(question))
