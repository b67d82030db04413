"""Who has a role ("Who is the new regional secretary?"): what tells of that very role goes first where it is likely too.

A reader of meaning takes the holder of one role for that of another, the more so where both are new.
"""

from __future__ import annotations

import re

from assistant.checking.thesaurus import same_group
from assistant.checking.words import lemma
from assistant.doubts.trust import with_first
from assistant.evidence import Evidence, Reading
from assistant.question import Expects, ParsedQuestion
from assistant.spans import answer_spans

NEARLY = 0.2
_NO_ROLE = r"(?!(?:person|people|man|woman|ones?|ever|made|for|of|at|in|on|from|to|with|by|about|that)\b)"
_ROLE = re.compile(
    r"\bwho (?:is|are|was|were|became|becomes|will be|has become)(?: now)? (?:(?:the|our|your|its|their|an?)|\w{1,30}['’]s) "
    rf"(?P<role>(?:{_NO_ROLE}[\w'’-]{{1,30}} ){{0,3}}?{_NO_ROLE}[a-z][\w'’-]{{2,30}}(?<!ed))"
    r"(?=\W*$| (?:of|at|in|on|from|to|with|now|since|by)\b| for \w)",
    re.I,
)
_WORD = re.compile(r"[^\W\d_][\w-]*")


def role_asked(question: str) -> list[str]:
    """The words of the role, its noun last, of which `question` asks who has it; none where it asks otherwise."""
    found = _ROLE.search(question)
    return _stems(found["role"]) if found else []


def of_role_asked(question: ParsedQuestion, reading: Reading) -> Reading:
    """The reading with a likely sentence that tells of somebody in the role first, where the best one does not name it."""
    role = role_asked(question.resolved)
    if not role or not reading.ranked or question.wants_dated_list:
        return reading
    told = _told(role, reading.ranked[0].text)
    if role[-1] in told:
        return reading

    def tells_who(piece: Evidence) -> bool:
        names = _told(role, piece.text)
        has_more = role[-1] in names and len(names) > len(told)
        return has_more and bool(answer_spans(piece.text, Expects.PERSON, question.resolved))

    return with_first(reading, tells_who, nearly=NEARLY) or reading


def _told(role: list[str], text: str) -> set[str]:
    """The words of a role that stand in a text, in any form or by one that often says the same."""
    stems = _stems(text)
    return {word for word in role if any(word == other or same_group(word, other) for other in stems)}


def _stems(text: str) -> list[str]:
    return [lemma(word.casefold()) for word in _WORD.findall(text)]
