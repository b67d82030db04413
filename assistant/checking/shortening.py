"""A sentence that only leaves out whole parts of its evidence says no more than it: no model is needed to see that."""

from __future__ import annotations

from assistant.checking.lexicon import AMOUNTS, CERTAIN, HEDGES, NEGATIVE, NEGATORS
from assistant.checking.quantities import figures
from assistant.checking.words import words

_RISKY = (
    NEGATORS
    | NEGATIVE
    | frozenset().union(*HEDGES.values(), *CERTAIN.values(), *AMOUNTS.values())
    | {"than", "or", "as", "like", "by", "from"}
)
_SIDES = frozenset(',;:()-.!?"')
_ENDS = frozenset(".!?;:,")
_SPELLED = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will"}
_LEAST_SHARE = 0.4


Key = tuple[str, str]


def is_shortened(sentence: str, evidence: str) -> bool:
    """Whether `sentence` is `evidence` (both folded), perhaps without an opening, closing or bracketed part that changes no
    claim; figures may stand in another form."""
    mine, its = _keys(sentence), _keys(evidence)
    if not mine or len(mine) < _LEAST_SHARE * len(its):
        return False
    return any(_cut(mine, its, first) for first, key in enumerate(its) if key == mine[0])


def _keys(text: str) -> list[Key]:
    """The words as (what they are compared by, stem): figures by value, others by their letters; without marks at the end."""
    found = figures(text)
    at = {q.first: (q.last, f"{q.kind}{q.value:g}{q.unit}{q.bound}") for q in found.quantities}
    at |= {d.first: (d.last, f"{d.year}-{d.month}-{d.day}") for d in found.days}
    tokens, keys, i = words(text), list[Key](), 0
    while i < len(tokens):
        last, key = at.get(i, (i + 1, _SPELLED.get(tokens[i].lower, tokens[i].lower)))
        keys.append((key, key if i in at else tokens[i].stem))
        i = max(last, i + 1)
    while keys and keys[-1][0] in _ENDS:
        keys.pop()
    return keys


def _cut(mine: list[Key], its: list[Key], first: int) -> bool:
    """Whether `mine` runs through `its` from word `first` on, leaving out one part between marks, and the end, at most."""
    left_out = [its[:first]] if first else []
    if first and its[first - 1][0] not in _SIDES:
        return False
    at = first
    for word in mine:
        if at < len(its) and its[at] == word:
            at += 1
            continue
        ahead = next((i for i in range(at, len(its)) if its[i] == word), None)
        if ahead is None or at == 0 or not {its[at][0], its[at - 1][0]} & _SIDES or its[ahead - 1][0] not in _SIDES:
            return False
        left_out.append(its[at:ahead])
        at = ahead + 1
    if at < len(its):
        if its[at][0] not in _SIDES:
            return False
        left_out.append(its[at:])
    return len(left_out) <= 2 and not any(_is_risky(key) for part in left_out for key in part)


def _is_risky(key: Key) -> bool:
    return key[0] in _RISKY or key[1] in _RISKY
