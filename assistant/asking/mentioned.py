"""What a question seeks mentions of ("Which issues mention goats?"): its subject, without the frame around it."""

from __future__ import annotations

import re

from assistant.asking.dates import named_dates
from assistant.asking.order import Order, order_of
from index.tokens import terms

_NEWSLETTERS = (
    r"(?:(?:past|old|back|earlier|previous|your|our) )?(?:newsletters?|issues?|editions?|bulletins?|archives?)"
)
_OF = r"(?: (?:of|in|from) (?:[^\s,?]+ ){0,8}?[^\s,?]+)?"
_TELLS = (
    r"(?:mentions?|discuss(?:es)?|covers?|describes?|(?:talks?|writes?|speaks?|tells?) (?:of|about|on)|reports?(?: (?:on|about|of))?|"
    r"refers? to|deals? with|contains? (?:anything|something|news|an? (?:article|item|report|piece)s?) (?:on|about)|"
    r"(?:is|are) about|(?:has|have) (?:anything|something|news) (?:on|about))"
)
_TOLD = r"(?:mentioned|discussed|covered|described|reported(?: on)?|announced|(?:talked|written|spoken) (?:of|about)|referred to|named)"
_MATTER = r"(?:(?:any|some)thing(?! of)|any (?:news|word|mention|information|report|article|item|piece)s?)"
_ABOUT = r"(?:on|about|of|regarding|concerning)"
# An issue about a thing may be a dispute
_LETTERS = r"(?:newsletters?|editions?|bulletins?)"
_ABOUT_ONLY = r"(?:about|regarding|concerning|mentioning|discussing|covering)"
_OUT = r"(?:published|issued|printed|sent(?: out)?|mailed(?: out)?|come out|appear|released)"
_SUBJECT = r"(?P<subject>\S.*)"
_WHICH = r"(?:which|what)(?: of the)?"
_FRAMES = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"^{_WHICH} {_NEWSLETTERS} (?:{_TELLS}|(?:has|have|had|ever) {_TOLD}) {_SUBJECT}",
        rf"^{_WHICH} {_NEWSLETTERS}{_OF} (?:mentions?|discuss(?:es)?|(?:talks?|writes?|speaks?) (?:of|about)|refers? to) {_SUBJECT}",
        rf"^{_WHICH} (?:newsletters?|editions?|bulletins?) (?:mentioned|reported on|wrote about|spoke of) (?!in\b|by\b|at\b){_SUBJECT}",
        rf"^(?:list|show(?: me)?|find|name|give me) (?:all )?(?:of )?(?:the )?{_NEWSLETTERS}{_OF} (?:that|which) {_TELLS} {_SUBJECT}",
        rf"^(?:do|does|did|has|have) (?:any|one|some)(?: of)?(?: the| your| these)? {_NEWSLETTERS}{_OF} (?:ever )?(?:{_TELLS}|{_TOLD}) {_SUBJECT}",
        rf"^(?:in|from) {_WHICH} {_NEWSLETTERS}{_OF} (?:was|were|is|are|has|have) {_SUBJECT} (?:been )?{_TOLD}$",
        rf"^(?:in|from) {_WHICH} {_NEWSLETTERS}{_OF} (?:do|does|did) {_SUBJECT} (?:appear|occur|come up|turn up|get mentioned)$",
        rf"^(?:is|are|was|were) {_SUBJECT} (?:ever )?{_TOLD} in (?:any|one|some)(?: of)?(?: the| your)? {_NEWSLETTERS}{_OF}$",
        rf"^(?:(?:is|are|was|were) there|do you (?:have|know of)|have you got) (?:(?:any|an?|some|one|all|other)(?: of the)? )?{_LETTERS} "
        rf"(?:{_ABOUT_ONLY}|(?:that|which) {_TELLS}) {_SUBJECT}",
        rf"^(?:when|(?:on |in )?(?:what|which) (?:date|day|month|year)) (?:was|were|did) (?:the|an?|any|your) {_LETTERS} "
        rf"(?:{_ABOUT_ONLY}|(?:that|which) {_TELLS}) {_SUBJECT} {_OUT}$",
        rf"^(?:(?:is|are|was|were) there|(?:do|does) (?:you|the newsletters?) (?:have|say|know)) {_MATTER}"
        rf"(?: (?:in|from) (?:the |your |this |these |any )?{_NEWSLETTERS})? {_ABOUT} {_SUBJECT}",
    )
]
_PLACE = re.compile(
    rf",? (?:anywhere|at all|here|(?:in|of) (?:any|one|all|the|your|this|these)(?: of)?(?: the)? {_NEWSLETTERS})$", re.I
)
_BEFORE_DATE = re.compile(
    r",?(?: (?:in|of|from|since|between|before|after|during|until|the|issues?|newsletters?))+$", re.I
)
_LABEL = re.compile(r"^(?:the )?(?:words?|terms?|names?|topics?|subjects?)(?: of)? (?=\S)", re.I)
_NOT_ITS_OWN = re.compile(
    r"^(?:it|its|this|that|these|those|they|them|their|he|him|his|she|her|such|one|(?:the )?(?:same|other|former|latter)s?|how|wh\w+)\b",
    re.I,
)


def sought_mention(question: str) -> str:
    """The subject whose mentions `question` seeks, a part of it; "" where it asks something else, or does not say of what."""
    text = question.rstrip(" ?!.")
    found = next((match for frame in _FRAMES if (match := frame.search(text))), None)
    if found is None or order_of(question) is not Order.ANY:
        return ""
    subject = _LABEL.sub("", _undated(_PLACE.sub("", found["subject"])))
    return subject if terms(subject) and not _NOT_ITS_OWN.search(subject) else ""


def _undated(subject: str) -> str:
    """What stands before a date that says which issues are meant."""
    dates = named_dates(subject)
    return _BEFORE_DATE.sub("", subject[: dates[0].start].rstrip()) if dates and dates[0].start else subject
