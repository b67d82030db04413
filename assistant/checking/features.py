"""What separates a supported sentence from a subtly wrong one, as numbers for the calibrated model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assistant.checking.alignment import GROUP, Alignment, align
from assistant.checking.analysis import VERBS, Analysis
from assistant.checking.differences import difference_features
from assistant.checking.figure_check import check_figures
from assistant.checking.lexicon import AMOUNTS, CERTAIN, HEDGES, REPORTING
from assistant.checking.names import broken_names
from assistant.checking.relations import relation_features
from assistant.checking.thesaurus import opposite
from index.passage import Vectors

LOOSE, FAR = 0.6, 0.45


def features(sentence: Analysis, evidence: Sequence[Analysis]) -> dict[str, float]:
    """The numbers of one sentence against its evidence, by name."""
    found = align(sentence, evidence)
    values: dict[str, float] = {}
    for part in (_meaning, _coverage, _negation, _opposites, _hedges, _tense, _amounts, _figures, relation_features):
        values.update(part(found))
    return values | difference_features(sentence, evidence)


def _meaning(found: Alignment) -> dict[str, float]:
    vector = found.sentence.states.sentence
    cosines = [float(vector @ given.states.sentence) for given in found.evidence]
    joined = np.sum([given.states.sentence * len(given.words) for given in found.evidence], axis=0)
    joined = joined / max(float(np.linalg.norm(joined)), 1e-6)
    return {
        "cosine_best": max(cosines),
        "cosine_joined": float(vector @ joined),
        "length_ratio": len(found.sentence.content) / max(1, sum(len(e.content) for e in found.evidence)),
        "evidence_count": float(len(found.evidence)),
        "words": float(len(found.sentence.content)),
    }


def _coverage(found: Alignment) -> dict[str, float]:
    sentence = found.sentence
    counted = [i for i in sentence.content if sentence.words[i].stem not in REPORTING or found.strength(i) >= GROUP]
    strengths = np.array([found.strength(i) for i in counted] or [0.0])
    verbs = np.array([found.strength(i) for i in counted if sentence.parse.tags[i] in VERBS] or [1.0])
    nouns = np.array([found.strength(i) for i in counted if sentence.parse.tags[i].startswith("NN")] or [1.0])
    others = np.array([found.strength(i) for i in counted if sentence.parse.tags[i][:2] in ("JJ", "RB")] or [1.0])
    cosines = np.array([found.matches[i].cosine if i in found.matches else 0.0 for i in counted] or [0.0])
    ordered = np.sort(strengths)
    return {
        "covered_mean": float(strengths.mean()),
        "covered_exactly": float((strengths >= GROUP).mean()),
        "covered_least": float(ordered[0]),
        "covered_second": float(ordered[min(1, len(ordered) - 1)]),
        "covered_third": float(ordered[min(2, len(ordered) - 1)]),
        "loose_words": float((strengths < LOOSE).sum()),
        "far_words": float((strengths < FAR).sum()),
        "inexact_words": float((strengths < GROUP).sum()),
        "verbs_mean": float(verbs.mean()),
        "verbs_least": float(verbs.min()),
        "nouns_mean": float(nouns.mean()),
        "nouns_least": float(nouns.min()),
        "modifiers_least": float(others.min()),
        "context_mean": float(cosines.mean()),
        "context_least": float(cosines.min()),
        "loose_run": _longest(strengths < LOOSE),
        "inexact_run": _longest(strengths < GROUP),
        "weakest_subtree": _weakest_subtree(found),
        "tail_mean": float(strengths[-3:].mean()),
        "head_mean": float(strengths[:3].mean()),
    }


def _longest(flags: np.ndarray) -> float:
    best = run = 0
    for flag in flags:
        run = run + 1 if flag else 0
        best = max(best, run)
    return float(best)


def _weakest_subtree(found: Alignment) -> float:
    """The least mean strength of any phrase of two or more content words: what was added stands together."""
    sentence = found.sentence
    phrases: dict[int, list[float]] = {}
    for i in sentence.content:
        node, steps = i, 0
        while node >= 0 and steps < 6:
            phrases.setdefault(node, []).append(found.strength(i))
            node, steps = sentence.parse.heads[node], steps + 1
    return min((float(np.mean(v)) for v in phrases.values() if len(v) >= 2), default=1.0)


def _predicates(found: Alignment) -> list[tuple[int, Analysis, int, float]]:
    """The sentence's predicates and modifiers with their matches: (word, evidence, its word, strength)."""
    sentence = found.sentence
    rows = []
    for i in sentence.content:
        match = found.matches.get(i)
        if match is None or match.strength < 0.5 or i in sentence.anchors:
            continue
        rows.append((i, found.evidence[match.evidence], match.word, match.strength))
    return rows


def _negation(found: Alignment) -> dict[str, float]:
    sentence = found.sentence
    pairs = [(i, given, j, s) for i, given, j, s in _predicates(found)]
    heads = [(i, given, j, s) for i, given, j, s in pairs if sentence.parse.tags[i] in VERBS or sentence.clause[i] == i]
    differ = [s for i, given, j, s in pairs if sentence.negations[i] % 2 != given.negations[j] % 2]
    verbs = [s for i, given, j, s in heads if sentence.negations[i] % 2 != given.negations[j] % 2]
    root = [
        1.0
        for i, given, j, _ in heads
        if sentence.parse.heads[i] < 0 and sentence.negations[i] % 2 != given.negations[j] % 2
    ]
    mine = sum(n > 0 for n in sentence.negations)
    its = max(sum(n > 0 for n in given.negations) for given in found.evidence)
    return {
        "negation_words": sum(differ) / max(1, len(pairs)),
        "negation_verbs": sum(verbs),
        "negation_exact": max(
            (s for i, g, j, s in heads if s >= 0.95 and sentence.negations[i] % 2 != g.negations[j] % 2), default=0.0
        ),
        "negation_root": float(bool(root)),
        "negation_gained": float(mine > 0 and its == 0),
        "negation_lost": float(mine == 0 and its > 0),
        "negation_lost_near": _lost_near(found),
    }


def _lost_near(found: Alignment) -> float:
    """The share of the matched evidence words that stand under a negation while the sentence has none at all."""
    if any(found.sentence.negations):
        return 0.0
    rows = _predicates(found)
    return sum(given.negations[j] > 0 for _, given, j, _ in rows) / max(1, len(rows))


def _opposites(found: Alignment) -> dict[str, float]:
    """Words whose opposite the evidence has, near the same words, where the word itself it has not."""
    sentence = found.sentence
    known = {w.stem for given in found.evidence for w in given.words}
    strong = parity = 0.0
    for i, word in enumerate(sentence.words):
        if word.stem in known or not word.text[:1].isalpha():
            continue
        for given in found.evidence:
            for j, other in enumerate(given.words):
                if opposite(word.stem, other.stem):
                    same = sentence.negations[i] % 2 == given.negations[j] % 2
                    strong = max(strong, 1.0 if same else 0.0)
                    parity = max(parity, 0.0 if same else 1.0)
    return {"opposite": strong, "opposite_negated": parity}


def _classes(analysis: Analysis, words: Sequence[int], table: dict[str, frozenset[str]]) -> set[str]:
    stems = {analysis.words[i].stem for i in words} | {analysis.words[i].lower for i in words}
    return {name for name, members in table.items() if stems & members}


def _spheres(found: Alignment) -> tuple[list[int], list[tuple[Analysis, list[int]]]]:
    """All words of the sentence, and the evidence's words in the clauses that its matches stand in."""
    spheres = []
    for e, given in enumerate(found.evidence):
        touched = {m.word for m in found.matches.values() if m.evidence == e and m.strength >= GROUP}
        clauses = {given.clause[j] for j in touched}
        outer = clauses | {given.parse.heads[c] for c in clauses if given.parse.heads[c] >= 0}
        spheres.append((given, [j for j in range(len(given.words)) if given.clause[j] in clauses or j in outer]))
    return list(range(len(found.sentence.words))), spheres


def _hedges(found: Alignment) -> dict[str, float]:
    mine, spheres = _spheres(found)
    stated = _classes(found.sentence, mine, HEDGES)
    near = {name for given, words in spheres for name in _classes(given, words, HEDGES)}
    everywhere = {name for given in found.evidence for name in _classes(given, range(len(given.words)), HEDGES)}
    values = {f"hedge_lost_{name}": float(name in near and name not in stated) for name in HEDGES}
    values |= {f"hedge_gained_{name}": float(name in stated and name not in everywhere) for name in HEDGES}
    values["hedges_lost"] = float(bool(near) and not stated)
    certain = _classes(found.sentence, mine, CERTAIN)
    known = {name for given in found.evidence for name in _classes(given, range(len(given.words)), CERTAIN)}
    values |= {f"certain_gained_{name}": float(name in certain and name not in known) for name in CERTAIN}
    values["modal_of_root"] = _modal_mismatch(found)
    return values


def _modal(analysis: Analysis, verb: int) -> str:
    """How a verb is held: future, possible, obliged, asked for, or plain."""
    node = verb
    for _ in range(3):
        children = {
            analysis.words[c].lower
            for c in analysis.parse.children(node)
            if analysis.parse.labels[c] in ("aux", "advmod", "auxpass")
        }
        children |= {
            analysis.words[c].stem
            for c in analysis.parse.children(node)
            if analysis.parse.labels[c] in ("aux", "advmod")
        }
        for name in ("future", "possible"):
            if children & HEDGES[name]:
                return name
        if children & CERTAIN["must"]:
            return "must"
        if children & HEDGES["proposed"]:
            return "proposed"
        head = analysis.parse.heads[node]
        if head < 0 or analysis.parse.labels[node] not in ("xcomp", "ccomp", "acl", "pcomp", "advcl", "conj"):
            break
        stem = analysis.words[head].stem
        for name in ("future", "proposed", "possible"):
            if stem in HEDGES[name] and analysis.parse.labels[node] in ("xcomp", "ccomp", "acl"):
                return name
        node = head
    return "plain"


def _time(analysis: Analysis, verb: int) -> str:
    """The time of a verb: past, present, ongoing, or future."""
    if _modal(analysis, verb) == "future":
        return "future"
    auxiliaries = {
        analysis.words[c].lower for c in analysis.parse.children(verb) if analysis.parse.labels[c] in ("aux", "auxpass")
    }
    tag = analysis.parse.tags[verb]
    if auxiliaries & {"was", "were", "had", "has", "have", "did", "been", "'ve", "'d"}:
        return "past"
    if tag == "VBG" and auxiliaries & {"is", "are", "am", "'s", "'re"}:
        return "ongoing"
    if tag == "VBN" and auxiliaries & {"is", "are", "be", "being"}:
        return "present"
    return {"VBD": "past", "VBN": "past"}.get(tag, "present")


def _verbs(found: Alignment) -> list[tuple[int, Analysis, int, float]]:
    sentence = found.sentence
    rows = []
    for i, given, j, strength in _predicates(found):
        if sentence.parse.tags[i] in VERBS and given.parse.tags[j] in VERBS:
            rows.append((i, given, j, strength))
    return rows


def _modal_mismatch(found: Alignment) -> float:
    return float(sum(_modal(found.sentence, i) == "plain" and _modal(g, j) != "plain" for i, g, j, _ in _verbs(found)))


def _tense(found: Alignment) -> dict[str, float]:
    rows = _verbs(found)
    times = [(_time(found.sentence, i), _time(given, j)) for i, given, j, _ in rows]
    modals = [(_modal(found.sentence, i), _modal(given, j)) for i, given, j, _ in rows]
    past = any(
        _time(found.sentence, i) == "past" for i in found.sentence.content if found.sentence.parse.tags[i] in VERBS
    )
    known = any(_time(g, j) == "past" for g in found.evidence for j in g.content if g.parse.tags[j] in VERBS)
    return {
        "future_done": float(any(b == "future" and a in ("past", "present") for a, b in times)),
        "done_future": float(any(a == "future" and b != "future" for a, b in times)),
        "ongoing_done": float(any(b == "ongoing" and a == "past" for a, b in times)),
        "present_past": float(any(b == "present" and a == "past" for a, b in times)),
        "past_gained": float(past and not known),
        "modal_lost": float(sum(a == "plain" and b in ("possible", "proposed", "must") for a, b in modals)),
        "modal_gained": float(sum(b == "plain" and a in ("possible", "proposed", "must") for a, b in modals)),
        "modal_changed": float(sum(a != b and "plain" not in (a, b) for a, b in modals)),
    }


def _amounts(found: Alignment) -> dict[str, float]:
    mine, spheres = _spheres(found)
    stated = _classes(found.sentence, mine, AMOUNTS)
    near = {name for given, words in spheres for name in _classes(given, words, AMOUNTS)}
    everywhere = {name for given in found.evidence for name in _classes(given, range(len(given.words)), AMOUNTS)}
    degrees = ("JJR", "RBR", "JJS", "RBS")
    comparing = {t for t in found.sentence.parse.tags if t in degrees}
    compared = {t for given in found.evidence for t in given.parse.tags if t in degrees}
    than = "than" in {w.lower for w in found.sentence.words}
    values = {f"amount_gained_{name}": float(name in stated and name not in everywhere) for name in AMOUNTS}
    values |= {f"amount_lost_{name}": float(name in near and name not in stated) for name in AMOUNTS}
    values["comparative_gained"] = float(bool(comparing & {"JJR", "RBR"}) and not compared & {"JJR", "RBR"})
    values["superlative_gained"] = float(bool(comparing & {"JJS", "RBS"}) and not compared & {"JJS", "RBS"})
    values["than_gained"] = float(than and not any(w.lower == "than" for g in found.evidence for w in g.words))
    return values


def _figures(found: Alignment) -> dict[str, float]:
    texts = [given.text for given in found.evidence]
    check = check_figures(found.sentence.text, texts)
    return {
        "figures_loose": float(len(check.loose)),
        "figures_rough": float(len(check.rough)),
        "names_broken": float(len(broken_names(found.sentence.text, texts))),
        "figures": float(len(found.sentence.figures.quantities)),
    }


Part = Callable[[Alignment], dict[str, float]]


def vector(values: dict[str, float], names: Sequence[str]) -> Vectors:
    """The values in the order of `names`."""
    return np.array([values[name] for name in names], dtype=np.float32)
