"""What was left out, put in, moved or exchanged between an evidence text and the sentence made of it, word by word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, pairwise, permutations

from assistant.checking.analysis import Analysis
from assistant.checking.lexicon import HEDGES, NEGATORS
from assistant.checking.names import name_words


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


CONDITIONS = _set(
    "if unless until till except without whether only when once provided before after while although but than"
)
PLACES = _set(
    "from to over under around by of with in on at for against between into onto above below through behind since as"
)
DEGREES = _set("more less fewer few many most least much other another both either all some any same also")
_HEDGES = frozenset().union(*HEDGES.values())
AROUND, COMPANY, SHORT = 3, 6, 2


Edit = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A sentence's words beside those of the evidence text that it shares most with, and the edits between them."""

    mine: list[str]
    its: list[str]
    texts: list[list[str]]
    edits: Sequence[Edit]
    content: set[int]
    its_content: set[int]
    anchors: set[int]

    @property
    def put_in(self) -> list[int]:
        """The sentence's words that the edits put in."""
        return [i for _, first, last, _, _ in self.edits for i in range(first, last)]

    @property
    def left_out(self) -> list[int]:
        """The evidence's words that the edits leave out."""
        return [j for _, _, _, first, last in self.edits for j in range(first, last)]

    @property
    def left_out_inside(self) -> list[int]:
        """Those of `left_out` that stand neither at the evidence's beginning nor at its end."""
        inner = [edit for edit in self.edits if edit[3] > 0 and edit[4] < len(self.its) - 1]
        return [j for _, _, _, first, last in inner for j in range(first, last)]


def difference_features(sentence: Analysis, evidence: Sequence[Analysis]) -> dict[str, float]:
    """The numbers of the sentence against the evidence text that it shares most with."""
    found = _compare(sentence, evidence)
    here = {form for text in found.texts for form in text}
    swapped, exchanged = _swaps(found)
    return {
        **_shares(found),
        **_moves(found, here),
        "swapped": swapped,
        "exchanged": exchanged,
        "longest_moved": _longest_moved(found.edits, found.mine, found.its),
        "disorder": _disorder(found.mine, found.its, found.content),
        "disorder_anchors": _disorder(found.mine, found.its, found.anchors),
        **_lists("left", [found.its[j] for j in found.left_out], set(found.mine)),
        **_lists("left_inside", [found.its[j] for j in found.left_out_inside], set(found.mine)),
        **_lists("put", [found.mine[i] for i in found.put_in], here),
        "signs_turned": _signs_turned(found.mine, found.texts),
        **_company(found),
    }


def _compare(sentence: Analysis, evidence: Sequence[Analysis]) -> Compared:
    mine = _forms(sentence)
    texts = [_forms(given) for given in evidence]
    matchers = [SequenceMatcher(None, mine, its, autojunk=False) for its in texts]
    shared = [sum(block.size for block in matcher.get_matching_blocks()) for matcher in matchers]
    best = max(range(len(texts)), key=shared.__getitem__)
    edits = [edit for edit in matchers[best].get_opcodes() if edit[0] != "equal"]
    firsts = {q.first for q in sentence.figures.quantities} | {day.first for day in sentence.figures.days}
    return Compared(
        mine,
        texts[best],
        texts,
        edits,
        set(sentence.content),
        set(evidence[best].content),
        set(name_words(sentence.text)) | firsts,
    )


def _shares(found: Compared) -> dict[str, float]:
    """How much of one stands in the other, and whether they begin and end alike."""
    mine, its = found.mine, found.its
    same = len(mine) - len(found.put_in)
    left = sum(j in found.its_content for j in found.left_out)
    return {
        "same_run": same / max(1, len(mine)),
        "same_of_evidence": same / max(1, len(its)),
        "pairs_known": _known_runs(mine, found.texts, 2),
        "triples_known": _known_runs(mine, found.texts, 3),
        "evidence_left": left / max(1, len(found.its_content)),
        "begins_same": float(_at(mine, found.content, 0) in (_at(its, found.its_content, 0), None)),
        "ends_same": float(_at(mine, found.content, -1) in (_at(its, found.its_content, -1), None)),
    }


def _moves(found: Compared, here: set[str]) -> dict[str, float]:
    """Edits, and the words that they move or bring in."""
    put_in = [i for i in found.put_in if i in found.content]
    moved = [i for i in put_in if found.mine[i] in here]
    replaced = [
        max(b - a, d - c)
        for kind, a, b, c, d in found.edits
        if kind == "replace" and found.content & set(range(a, b)) and found.its_content & set(range(c, d))
    ]
    return {
        "edits": float(len(found.edits)),
        "edits_short": float(sum(max(b - a, d - c) <= SHORT for _, a, b, c, d in found.edits)),
        "words_moved": float(len(moved)),
        "words_fresh": float(len(put_in) - len(moved)),
        "anchors_moved": float(sum(i in found.anchors for i in moved)),
        "replaced_one": float(sum(size <= SHORT for size in replaced)),
        "replaced": float(len(replaced)),
    }


def _forms(text: Analysis) -> list[str]:
    """Each word by its stem where it carries meaning, else by its letters; marks fall away."""
    return [word.stem if word.is_content else word.lower for word in text.words]


def _lists(name: str, forms: Iterable[str], known: set[str]) -> dict[str, float]:
    changed = [form for form in forms if form not in known]
    return {
        f"{name}_negations": float(sum(form in NEGATORS for form in changed)),
        f"{name}_conditions": float(sum(form in CONDITIONS for form in changed)),
        f"{name}_hedges": float(sum(form in _HEDGES for form in changed)),
        f"{name}_places": float(sum(form in PLACES for form in changed)),
        f"{name}_degrees": float(sum(form in DEGREES for form in changed)),
        f"{name}_numbers": float(sum(form[:1].isdigit() for form in changed)),
    }


def _swaps(found: Compared) -> tuple[float, float]:
    """Pairs of edits each of which puts in what the other leaves out, and edits that put in what another leaves out."""
    given = [{found.mine[i] for i in range(a, b) if i in found.content} for _, a, b, _, _ in found.edits]
    taken = [set(found.its[c:d]) for _, _, _, c, d in found.edits]
    both = sum(bool(given[m] & taken[n] and given[n] & taken[m]) for m, n in combinations(range(len(taken)), 2))
    one = sum(bool(given[m] & taken[n] and taken[m]) for m, n in permutations(range(len(taken)), 2))
    return float(both), float(one)


def _longest_moved(edits: Sequence[Edit], mine: list[str], its: list[str]) -> float:
    """The longest run of words that was taken up elsewhere as a whole: a moved phrase, not a swapped word."""
    longest = 0
    for _, a, b, _, _ in edits:
        for _, _, _, c, d in edits:
            if b - a > longest and d - c > longest:
                found = SequenceMatcher(None, mine[a:b], its[c:d], autojunk=False).find_longest_match()
                longest = max(longest, found.size)
    return float(longest)


def _disorder(mine: list[str], its: list[str], counted: set[int]) -> float:
    """The share of pairs of words, each standing once in both texts, whose order is turned round."""
    places = {form: j for j, form in enumerate(its)}
    order = [places[mine[i]] for i in sorted(counted) if mine.count(mine[i]) == 1 == its.count(mine[i])]
    pairs = list(combinations(order, 2))
    return sum(b < a for a, b in pairs) / max(1, len(pairs))


def _at(forms: list[str], content: set[int], place: int) -> str | None:
    ordered = sorted(content)
    return forms[ordered[place]] if ordered else None


def _known_runs(mine: list[str], texts: Sequence[list[str]], size: int) -> float:
    """The share of the sentence's runs of `size` words that stand in the evidence as they are."""
    known = {tuple(its[j : j + size]) for its in texts for j in range(len(its) - size + 1)}
    runs = [tuple(mine[i : i + size]) for i in range(len(mine) - size + 1)]
    return sum(run in known for run in runs) / max(1, len(runs))


def _signs_turned(mine: list[str], texts: Sequence[list[str]]) -> float:
    """Negations and conditions that the evidence has, but before another word."""
    signs = NEGATORS | CONDITIONS | DEGREES
    known = {pair for its in texts for pair in pairwise(its)}
    here = {form for its in texts for form in its}
    return float(sum(one in signs and one in here and (one, other) not in known for one, other in pairwise(mine)))


def _company(found: Compared) -> dict[str, float]:
    """How many of the words around a name or figure stand around it in the evidence, too: least, and on average."""
    content, mine = sorted(found.content), found.mine
    shares = []
    for place, i in enumerate(content):
        if i not in found.anchors:
            continue
        near = [mine[k] for k in content[max(0, place - AROUND) : place + AROUND + 1] if k != i]
        around = [
            its[max(0, j - COMPANY) : j + COMPANY + 1]
            for its in found.texts
            for j, form in enumerate(its)
            if form == mine[i]
        ]
        if around:
            shares.append(max(sum(form in there for form in near) for there in around) / max(1, len(near)))
    return {"company_least": min(shares, default=1.0), "company_mean": sum(shares) / len(shares) if shares else 1.0}
