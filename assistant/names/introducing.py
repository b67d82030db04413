"""Whether a sentence says what a named thing is or does, or who a named person is, and does not merely name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from assistant.asking.sought_name import Named, SoughtName
from index.headings import words_of
from index.tokens import STOP_WORDS

WINDOW = 160


class Introduction(IntEnum):
    """How surely a sentence introduces what is named."""

    NONE = 0
    LIKELY = 1
    SURE = 2


_ADVERB = r"(?:(?:also|now|currently|still|simply|essentially|basically|both|just|only|then) )?"
_A = r"(?:an?|the|one of|our|their|its|his|her|your|any|another)"
_NOTE = r"[\"”'’*`]?(?:\s*[(\[][^()\[\]]{1,80}[)\]])?"
_IS_SOMETHING = re.compile(
    rf"{_NOTE}(?:, [^,;]{{1,60}},)? (?:is|are|was|were|(?:has|have) become|became|means|refers to|stands for) {_ADVERB}{_A}\s+\w"
)
_APPOSED = re.compile(rf"{_NOTE}(?:,|\s+[-–—]|\s*[(\[])\s*{_ADVERB}(?:an?|the|our|one of)\s+[\w-]+\s+[\w-]+")
_WHICH = re.compile(rf"{_NOTE}(?:,)? (?:which|that) (?:is|are|was|\w{{3,}}s)\b")
_DOES = re.compile(
    rf"{_NOTE} {_ADVERB}(?:(?:is|are) (?:used|designed|meant|intended|made|built|able|based|like|similar|responsible) "
    r"|(?:lets?|allows?|provides?|enables?|helps?|aims?|describes?|defines?|specifies|specify|offers?|implements?|manages?|makes?|gives?"
    r"|serves?|supports?|handles?|performs?|converts?|translates?|automates?|combines?|consists? of|works? by)\b)"
)
_FOR = re.compile(rf"{_NOTE},? for \w+ing\b")
_PART_OF_NAME = re.compile(r"\b[A-Z][\w’'-]*\s$")
_LABEL = re.compile(rf"{_NOTE}\s*(?::|\s[-–—])\s+(?=(?:[^\s]+\s+){{3}})")
_CALLED = re.compile(
    r"\b(?:called|named|known as|dubbed|termed|nicknamed|entitled|titled|referred to as)\s+(?:the\s+)?[\"“'‘*`]?$", re.I
)
_APPOSITION = re.compile(
    r"\b(?:the|our|its|their|(?P<one>an?))\s+(?P<more>(?:[\w-]+\s+){0,5}?)(?P<noun>[a-z]\w{2,})(?P<comma>,)?\s+[\"“'‘*`]?$",
    re.I,
)
_NO_NOUN = re.compile(
    r"^(?:new|newest|latest|last|first|next|same|own|old|older|original|current|other|upcoming|whole|entire|recent|final|main|popular"
    r"|official|existing|\w+ly|\w+ing|\w+ed)$"
)
_ENDS_PHRASE = re.compile(r"[\"”'’*`]?(?:\s*[.,;:!?)(–—]|\s*$|\s+(?P<next>\w+))")

_ROLES = (
    r"(?:co-?)?(?:founder|chair(?:man|woman|person)?|ceo|cto|cfo|coo|cio|lead|leader|head|president|director|manager|minister|secretary|"
    r"treasurer|officer|commissioner|chief|executive|owner|editor|author|maintainer|developer|engineer|programmer|hacker|designer|"
    r"architect|contributor|researcher|scientist|professor|lecturer|teacher|student|fellow|postdoc|analyst|advis[eo]r|consultant|"
    r"economist|lawyer|attorney|judge|journalist|reporter|columnist|writer|poet|artist|musician|composer|conductor|singer|actor|actress|"
    r"producer|physicist|chemist|biologist|mathematician|cryptographer|historian|physician|doctor|nurse|surgeon|astronaut|pilot|captain|"
    r"coach|player|winner|champion|librarian|curator|archivist|administrator|coordinator|organi[sz]er|moderator|representative|delegate|"
    r"ambassador|spokes(?:man|woman|person)|senator|congress(?:man|woman)|governor|mayor|council+or|bishop|priest|vicar|rector|dean|pastor|"
    r"farmer|gardener|baker|builder|carpenter|volunteer|trustee|member|employee|intern|veteran|entrepreneur|investor|inventor|creator|"
    r"evangelist|advocate|strategist|specialist|expert|technologist|host|speaker|keeper|warden|shadow|liaison|steward|deputy|"
    r"proponent|opponent|supporter|critic|pioneer|activist)s?"
)
_TITLES = re.compile(r"(?:,? (?:Jr|Sr|Esq|I{2,3}|IV|Ph\.? ?D|M\.?D)\b\.?|, (?:[A-Z][a-z]{0,3}\.?){2,4}(?=,|\s[(–—]))+")
_ACCORDING_TO = re.compile(r"\baccording to (?:\w+\.? )?$", re.I)
_OPEN = re.compile(r",\s(?![^,.;]{3,100},)")
_ROLE_BEHIND = re.compile(
    rf"(?:['’]s)?{_NOTE}(?:,? (?:who )?(?:is|was|are|were|be|been|as|becomes?|became|remains|joined|served?s?|works?|worked|acts?|elected|appointed|named)\b"
    rf"|,|\s*[(–—-])\s*(?:[\w./&’'-]+\s+){{0,6}}?{_ROLES}\b",
    re.I,
)
_ROLE_BEHIND_TITLES = re.compile(
    rf",\s(?:(?:an?|the|one of)\s|(?:(?!(?:an?|the|to|for|with)\b)[\w./&'’-]+\s+){{0,4}}?{_ROLES}\b)", re.I
)
_WORK_BEHIND = re.compile(
    rf"{_NOTE},? (?:who )?{_ADVERB}(?:is (?:in charge|responsible)|leads|led|maintains|maintained|chairs|chaired|heads|headed|manages|"
    r"managed|founded|created|invented|edits|edited|teaches|taught|runs|works (?:at|for|on|as)|worked (?:at|for|on|as)|joined|studies|studied)\b"
)
_OF_BEHIND = re.compile(rf"{_NOTE},? (?:of|from|at) (?:the )?[A-Z]")
_OTHERS = r"(?:[A-Z][\w.’'-]*[\s,]+(?:and\s+)?){0,6}"
_ROLE_BEFORE = re.compile(rf"\b(?i:{_ROLES})(?:,|:| is| was| are| were| will be)?\s+{_OTHERS}$")


def introduction(sought: SoughtName, sentence: str, headings: Sequence[str] = ()) -> Introduction:
    """How surely `sentence`, which stands under `headings`, says what it is that bears the name, or who."""
    found = Introduction.NONE
    for begin, end in _places(sought, sentence):
        before, behind = sentence[max(0, begin - WINDOW) : begin], sentence[end : end + WINDOW]
        if sought.named is not Named.THING:
            found = max(found, _of_person(before, behind))
        if sought.named is not Named.PERSON:
            found = max(found, _of_thing(before, behind, opens=begin <= 2))
    if not found and sought.named is not Named.PERSON and headings and words_of(headings[-1]) == words_of(sought.name):
        return Introduction.LIKELY
    return found


def _places(sought: SoughtName, sentence: str) -> Iterator[tuple[int, int]]:
    """Where the name stands by itself; one that the question writes small is a person's only with capitals."""
    name = r"\s+".join(map(re.escape, sought.name.split()))
    for found in re.finditer(rf"(?<![\w/.#@-]){name}(?:s|es)?(?![\w/@-]|\.\w)", sentence, re.I):
        if sought.named is Named.PERSON and not found.group()[0].isupper():
            continue
        if sought.is_plain or not found.group().islower():
            yield found.span()


def _of_thing(before: str, behind: str, *, opens: bool) -> Introduction:
    if _PART_OF_NAME.search(before):
        return Introduction.NONE
    if any(pattern.match(behind) for pattern in (_IS_SOMETHING, _APPOSED)) or _CALLED.search(before):
        return Introduction.SURE
    told = any(pattern.match(behind) for pattern in (_DOES, _WHICH, _FOR)) or (opens and _LABEL.match(behind))
    return Introduction.LIKELY if told or _is_apposition(before, behind) else Introduction.NONE


def _is_apposition(before: str, behind: str) -> bool:
    """Whether the name ends a phrase like "the cluster manager" or "a relay protocol,"."""
    phrase, end = _APPOSITION.search(before), _ENDS_PHRASE.match(behind)
    if phrase is None or end is None or _NO_NOUN.match(phrase["noun"]) or bool(phrase["one"]) != bool(phrase["comma"]):
        return False
    if any(word.lower() in STOP_WORDS for word in (*phrase["more"].split(), phrase["noun"])):
        return False
    return end["next"] is None or (not phrase["comma"] and end["next"].lower() in STOP_WORDS)


def _of_person(before: str, behind: str) -> Introduction:
    behind = _without_titles(behind)
    if _ACCORDING_TO.search(before) and _OPEN.match(behind):  # "According to Ann Lee, the chairman resigned"
        return Introduction.NONE
    if _ROLE_BEFORE.search(before) or _ROLE_BEHIND.match(behind):
        return Introduction.SURE
    if _WORK_BEHIND.match(behind) or _OF_BEHIND.match(behind) or _IS_SOMETHING.match(behind):
        return Introduction.LIKELY
    return Introduction.NONE


def _without_titles(behind: str) -> str:
    """What stands behind a name and its titles ("Ph.D.", "Jr."), with the comma where it opens a role."""
    titles = _TITLES.match(behind)
    rest = behind[titles.end() :] if titles else behind
    return rest.removeprefix(",") if titles and not _ROLE_BEHIND_TITLES.match(rest) else rest
