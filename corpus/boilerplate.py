"""What mailing services put around every issue: unsubscribe footers, preference links, "view in browser"."""

from __future__ import annotations

import re

_BOILERPLATE = re.compile(
    r"\bunsubscribe\b|\bopt[- ]out of\b|\b(?:manage|update|change|edit) (?:your |email |my )*(?:subscription|preferences|profile)"
    r"|\bview (?:it |this |the )?(?:e-?mail|message|newsletter|issue|online)? ?(?:online )?(?:in|on|with) (?:your|a|the) (?:web )?browser"
    r"|\bview (?:this (?:e-?mail|message) )?online\b|\bemail not displaying (?:correctly|properly)"
    r"|\byou(?:'re|’re| are)? (?:receiv(?:ed|ing)|getting|got) this (?:e-?mail|message|newsletter|because)"
    r"|\bthis (?:e-?mail|message) was sent (?:to|by)\b|\bforward (?:this )?(?:e-?mail )?to a friend\b"
    r"|\badd us to your address book\b|\ball rights reserved\b|\bour mailing address is\b|\bsent via mailchimp\b"
    r"|\bpowered by (?:mailchimp|substack|buttondown|beehiiv|tinyletter|sendinblue|campaign monitor)\b"
    r"|^forwarded (?:this )?(?:e-?mail|message|newsletter)\? |^want to change how you receive these e-?mails\?"
    r"|\bis a reader-supported publication\b|\bto be removed from (?:this|our|the) (?:mailing )?list\b"
    r"|^[^\w\s](?: ?[^\w\s]){0,9}$|^(?:-- ?|_{5,}|-{5,})$",
    re.I,
)
_WORDS = 45


def is_boilerplate(text: str) -> bool:
    """Whether a short block is a mailing service's own words, and no part of the newsletter."""
    return len(text.split()) <= _WORDS and bool(_BOILERPLATE.search(text))
