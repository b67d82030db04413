"""Beginning and end in time: how a question asks when the one is ("When does it open?"), and how a text tells of it.

A time that is named by an end ("by the end of May") is the end of nothing that is told of; "closed until" tells of a beginning;
hours ("9am–5pm"), what is put off and a deadline tell of either.
"""

from __future__ import annotations

import re

_DO = "do|does|did|will|would|should|shall|must|can|could|may|might"
_BE = "is|are|was|were|be|been"
_WHEN = r"(?:when|(?:at )?what time|(?:on |in )?(?:what|which) (?:day|date|week|month|year))"
_BEHIND = r"(?=\W*$| (?:to|on|in|at|for|after|before|again|this|next|its|their|the|from|if|and|or)\b)"
_BEGIN, _END = "start|begin|open|reopen|launch|kick off", "end|finish|close|break up|stop|conclude|expire"
_BEGINNING, _ENDING = "starting|beginning|opening|reopening|start", "ending|finishing|closing|end"
_BEGUN, _ENDED = "started|begun|opened|reopened|launched", "ended|finished|closed|over|stopped"
_HOURS = r"\d{1,2}(?: ?[ap]\.?m\.?)? ?(?:to|–|-) ?\d+(?: ?[ap]\.?m)?"
_EITHER = rf"postpon\w+|put off|delay\w*|resched\w+|deadlines?|{_HOURS}"


def _asked(base: str, noun: str, participle: str) -> str:
    """A question for the time of one end: "when does it open", "when is the opening of it", "when was it opened"."""
    return (
        rf"{_WHEN} (?:{_DO}) [^?]{{1,120}}?\b(?:{base}){_BEHIND}"
        rf"|{_WHEN} (?:is|are|was|were|has|have) [^?]{{1,120}}?\b(?:(?:{participle}|to (?:{base})){_BEHIND}|(?:{noun})(?:{_BEHIND}|(?= of\b)))"
    )


BEGINNING_ASKED, END_ASKED = _asked(_BEGIN, _BEGINNING, _BEGUN), _asked(_END, _ENDING, _ENDED)
BEGINNING_TOLD = (
    r"start(?:s|ed|ing)?|begin(?:s|ning)?|beg[au]n|(?:re)?open(?:s|ed|ing)|reopen|launch(?:es|ed|ing)?|kick(?:s|ed|ing)? off"
    rf"|(?:{_DO}|to|{_BE}) open|open (?:on|at|from|in)|from|since|onwards?"
    rf"|(?:closed|shut|not[^.;]{{1,40}}) (?:until|till)|{_EITHER}"
)
END_TOLD = (
    r"end(?:s|ed|ing)?|finish(?:es|ed|ing)?|clos(?:es|ed|ing)|br(?:eaks?|oke|oken) up|stop(?:s|ped)?|conclud(?:es|ed)"
    r"|expir(?:es|ed|y)|(?:runs?|ran) out|complet\w+|lasts|lasted|last day"
    rf"|(?:{_DO}|to) close|close (?:on|at|in|for|after)|gives? up|gave up|shuts?|(?:{_BE}) over|until|till|{_EITHER}"
)
NO_END = re.compile(
    r"\b(?:by|at|before|after|towards?|until|till|in|from|since|for) the (?:very )?(?:end|beginning|start)\b(?: of\b)?"
    r"|\b(?:week|month|year) ending\b",
    re.I,
)
_ASKS_END, _TELLS_END = (re.compile(rf"\b(?:{pattern})\b", re.I) for pattern in (END_ASKED, END_TOLD))


def leaves_the_end_open(text: str, question: str) -> bool:
    """Whether `question` asks when something ends and `text` tells of no end: its time is that of something else."""
    return _ASKS_END.search(question) is not None and not _TELLS_END.search(text)
