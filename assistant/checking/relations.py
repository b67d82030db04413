"""Who does what to whom: whether the parts of a claim stand to each other as they do in the evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from assistant.checking.alignment import Alignment
from assistant.checking.analysis import Analysis, Link

CORE = frozenset({"agent", "patient"})
_NOUN_LIKE = frozenset({"compound", "poss", "of", "nmod", "amod", "appos", "nummod", "for", "in"})
_TIME_LIKE = frozenset({"on", "in", "at", "during", "since", "by", "from", "until", "npadvmod"})
Place = tuple[int, int]


def relation_features(found: Alignment) -> dict[str, float]:
    """How the links between the sentence's words stand in the evidence."""
    same = near = apart = conflict = taken = exchanged = core = core_same = 0.0
    links = _meaningful(found.sentence)
    fillers = [_fillers(given) for given in found.evidence]
    owner = _owners(found)
    for link in links:
        status = _status(found, link)
        if status is None:
            continue
        same += status == "same"
        near += status in ("same", "near")
        apart += status == "apart"
        conflict += status == "conflict"
        if link.role in CORE:
            core += 1
            core_same += status == "same"
        slot = _slot(found, link, fillers, owner) if status != "same" else ""
        taken += slot == "taken"
        exchanged += slot == "exchanged"
    counted = max(1.0, float(len(links)))
    return {
        "links_same": same / counted,
        "links_near": near / counted,
        "links_apart": apart,
        "links_conflict": conflict,
        "slots_taken": taken,
        "slots_exchanged": exchanged,
        "core_same": core_same / core if core else 1.0,
        **_rivals(found),
        **_exchanges(found),
        "prepositions_swapped": _prepositions_swapped(found),
        **_order(found),
    }


def _meaningful(sentence: Analysis) -> list[Link]:
    content = set(sentence.content) | sentence.anchors
    return [link for link in sentence.links if link.predicate in content and link.argument in content]


def _status(found: Alignment, link: Link) -> str | None:
    """How the evidence relates the two words: the same way, near, the wrong way round, or apart; None when one is missing."""
    predicates, arguments = found.places(link.predicate), found.places(link.argument)
    if not predicates or not arguments:
        return None
    best = "apart"
    for e, p in predicates:
        for f, a in arguments:
            if e == f and p != a:
                best = _better(best, _relation(found.evidence[e], link.role, p, a))
    return best


_RANK = {"apart": 0, "conflict": 1, "near": 2, "same": 3}


def _better(one: str, other: str) -> str:
    return one if _RANK[one] >= _RANK[other] else other


def _relation(given: Analysis, role: str, predicate: int, argument: int) -> str:
    roles = {link.role for link in given.links if link.predicate == predicate and link.argument == argument}
    turned = {link.role for link in given.links if link.predicate == argument and link.argument == predicate}
    if (
        role in roles
        or (role in _NOUN_LIKE and (roles | turned) & (_NOUN_LIKE | CORE))
        or (role in _TIME_LIKE and roles & _TIME_LIKE)
    ):
        return "same"
    if roles and role in CORE and roles & CORE:
        return "conflict"
    if roles or turned:
        return "near"
    distance = given.distance(predicate, argument)
    return "near" if distance <= 3 else "apart"


Fillers = dict[tuple[int, str], list[int]]


def _fillers(given: Analysis) -> Fillers:
    found: Fillers = defaultdict(list)
    for link in given.links:
        found[(link.predicate, link.role)].append(link.argument)
    return found


def _owners(found: Alignment) -> dict[Place, set[int]]:
    """For each evidence place the sentence's words that it says."""
    owners: dict[Place, set[int]] = defaultdict(set)
    for word in found.matches:
        for place in found.places(word):
            owners[place].add(word)
    return owners


def _slot(found: Alignment, link: Link, fillers: list[Fillers], owner: dict[Place, set[int]]) -> str:
    """Whether the evidence gives the link's role to another word, and whether the sentence uses that one elsewhere."""
    worst = ""
    for e, p in found.places(link.predicate):
        others = [
            f
            for f in fillers[e].get((p, link.role), [])
            if f in found.evidence[e].content or f in found.evidence[e].anchors
        ]
        if not others or any(found.strengths[e][link.argument, f] >= 0.6 for f in others):
            return ""
        for f in others:
            used = owner.get((e, f), set()) - {link.argument}
            if used and not any(_joined(found.sentence, link.argument, u) for u in used):
                worst = "exchanged"
            elif not worst:
                worst = "taken"
    return worst


def _joined(sentence: Analysis, one: int, other: int) -> bool:
    """Whether two words are parts of one phrase, so that either may stand for it."""
    return sentence.distance(one, other) <= 1


def _rivals(found: Alignment) -> dict[str, float]:
    """Names and figures that the evidence puts nearer to a claim's words than the one the sentence puts there."""
    worst = tree = 0.0
    for anchor in sorted(found.sentence.anchors):
        kind = anchor in found.sentence.names
        for partner in _partners(found.sentence, anchor):
            linear, steps = _nearest(found, anchor, partner)
            if linear is None:
                continue
            for rival_linear, rival_steps in _rival_distances(found, anchor, partner, kind):
                worst = max(worst, min(1.0, (linear - rival_linear) / 6.0))
                tree = max(tree, float(steps - rival_steps))
    return {"rival_nearer": max(0.0, worst), "rival_nearer_tree": max(0.0, min(tree, 6.0))}


def _partners(sentence: Analysis, anchor: int) -> list[int]:
    """The content words that an anchor belongs to: its neighbours outside its own phrase of anchors, and its head."""
    found = []
    for step in (-1, 1):
        i = anchor + step
        while 0 <= i < len(sentence.words) and abs(i - anchor) <= 6:
            if sentence.words[i].is_content and i not in sentence.anchors and not sentence.figures.covers(i):
                found.append(i)
                break
            i += step
    head = sentence.parse.heads[anchor]
    for _ in range(3):
        if head < 0:
            break
        if sentence.words[head].is_content and head not in sentence.anchors:
            found.append(head)
            break
        head = sentence.parse.heads[head]
    return list(dict.fromkeys(found))


def _nearest(found: Alignment, anchor: int, partner: int) -> tuple[int | None, int]:
    best: int | None = None
    steps = 99
    for e, a in found.places(anchor):
        for f, p in found.places(partner):
            if e == f and a != p:
                best = abs(a - p) if best is None else min(best, abs(a - p))
                steps = min(steps, found.evidence[e].distance(a, p))
    return best, steps


def _rival_distances(found: Alignment, anchor: int, partner: int, is_name: bool) -> Iterable[tuple[int, int]]:
    mine = set(found.places(anchor))
    close = {w for w in found.sentence.anchors if abs(w - anchor) <= 1}
    for e, p in found.places(partner):
        given = found.evidence[e]
        for rival in given.anchors:
            if (e, rival) in mine or (rival in given.names) != is_name or rival == p:
                continue
            if any(found.strengths[e][w, rival] >= 0.95 for w in close):
                continue
            if any((e, rival + shift) in mine for shift in (-2, -1, 1, 2)):
                continue
            yield abs(rival - p), given.distance(rival, p)


_DIRECTED = frozenset(
    [
        "from",
        "to",
        "before",
        "after",
        "than",
        "by",
        "for",
        "with",
        "without",
        "against",
        "into",
        "over",
        "under",
        "of",
        "in",
        "on",
        "via",
        "as",
    ]
)


def _prepositions_swapped(found: Alignment) -> float:
    """Pairs of words whose prepositions the evidence has the other way round ("from 1.0 to 2.0")."""
    mine = {i: p for i in found.matches if found.places(i) and (p := _preposition(found.sentence, i))}
    its = {i: {p for e, j in found.places(i) if (p := _preposition(found.evidence[e], j))} for i in mine}
    pairs = [(i, k) for i in mine for k in mine if i < k and mine[i] != mine[k]]
    swapped = [(i, k) for i, k in pairs if its[i] == {mine[k]} and its[k] == {mine[i]}]
    return float(min(len(swapped), 3))


def _preposition(analysis: Analysis, word: int) -> str:
    """The preposition shortly before a word, with nothing but its own phrase between."""
    for i in range(word - 1, max(-1, word - 5), -1):
        lower, tag = analysis.words[i].lower, analysis.parse.tags[i]
        if lower in _DIRECTED:
            return lower
        if tag[:2] not in ("NN", "JJ", "DT", "CD", "PR", "PO") or lower in ",;":
            return ""
    return ""


def _exchanges(found: Alignment) -> dict[str, float]:
    """Pairs of like words that stand at each other's place in the evidence, judged by the words beside them."""
    sentence = found.sentence
    placed = [i for i in sentence.content if found.places(i)]
    tags = {i: "NN" if i in sentence.anchors else sentence.parse.tags[i][:2] for i in placed}
    beside = {i: _beside(placed, place) for place, i in enumerate(placed)}
    one_way = both_ways = 0.0
    for place, i in enumerate(placed):
        for k in placed[place + 1 :]:
            if tags[i] != tags[k] or k in beside[i]:
                continue
            first = _drawn(found, i, k, beside[i])
            second = _drawn(found, k, i, beside[k])
            one_way += first != second and (first or second)
            both_ways += first and second
    return {"exchanged_one": min(one_way, 4.0), "exchanged_both": min(both_ways, 4.0)}


def _beside(placed: list[int], place: int) -> list[int]:
    return placed[max(0, place - 1) : place] + placed[place + 1 : place + 2]


def _drawn(found: Alignment, word: int, other: int, beside: list[int]) -> bool:
    """Whether the evidence puts `other` nearer than `word` to a word beside it."""
    for partner in beside:
        mine, _ = _nearest(found, word, partner)
        its, _ = _nearest(found, other, partner)
        if its is not None and its <= 4 and (mine is None or mine > its + 2):
            return True
    return False


def _order(found: Alignment) -> dict[str, float]:
    """The share of neighbouring matched words whose matches come in the other order, or in other evidence or clauses."""
    placed = [(i, found.places(i)) for i in found.sentence.content]
    placed = [(i, places) for i, places in placed if places]
    inverted = jumps = crossings = 0.0
    for (_, one), (_, other) in pairwise(placed):
        pairs = [(a, b) for e, a in one for f, b in other if e == f and a != b]
        if not pairs:
            crossings += 1
            continue
        gap = min((abs(b - a) for a, b in pairs), default=0)
        jumps += gap > 8
        inverted += all(b < a for a, b in pairs)
    counted = max(1, len(placed) - 1)
    anchors = [(i, p) for i, p in placed if i in found.sentence.anchors]
    turned = sum(
        all(b < a for e, a in one for f, b in other if e == f)
        for (_, one), (_, other) in pairwise(anchors)
        if any(e == f for e, _ in one for f, _ in other)
    )
    return {
        "order_inverted": inverted / counted,
        "order_inversions": inverted,
        "order_jumps": jumps / counted,
        "order_crossings": crossings / counted,
        "anchors_turned": float(turned),
    }
