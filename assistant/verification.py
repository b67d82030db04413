"""The gate: is a sentence supported by the text it cites?

Rules decide what rules can (a figure, a quotation or a name that the evidence does not hold is never supported). The rest is judged
by a large encoder that reads both together, or where it is not installed, by a small calibrated model: whether the content words are
covered, negations, hedges and comparisons agree, who does what to whom is not turned round, what was left out or moved, and what a
small encoder finds. The language model that wrote the sentence is never asked.

    check_sentence("It costs five billion dollars.", ["The programme costs $5 billion."]).supported
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.checking.attribution import is_belief_told_as_fact
from assistant.checking.figure_check import check_figures
from assistant.checking.large_reader import SURE, LargeReader, fault, load_large_reader
from assistant.checking.names import missing_names, missing_quotes
from assistant.checking.shortening import is_shortened
from assistant.checking.thesaurus import from_the_other_side
from assistant.checking.trees import Forest
from assistant.checking.words import fold, words
from corpus.sentences import sentence_spans

LONGEST, MOST_EVIDENCE, SHORTENED = 120, 4, 0.95
STATED = 3  # words
# Where the large reader is not sure, what the small model thinks next to impossible is not believed: of 94 supported pairs of `final.jsonl`
# and 143 of `untouched.jsonl` that it let pass, that cost none and one
HOPELESS = 0.05
FEW_WORDS, KNOWN = 4, 0.4
PAIR = "pair"
# As high a score as the pair reader gives, and as low a one
FAVOURABLE, UNFAVOURABLE = 8.0, -16.0
WEIGHTS = Path(__file__).parent / "checking" / "weights.json"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is supported, how surely (0 to 1), and else why not in one word.

    Reasons: `evidence` (none, or an empty sentence), `number`, `quote`, `name`, `negation`, `comparison`, `certainty`,
    `relation`, `addition`, `meaning`; empty when supported.
    """

    supported: bool
    score: float
    reason: str = ""


def check_sentence(sentence: str, evidence: Sequence[str]) -> Verdict:
    """Whether the texts in `evidence`, taken together, support `sentence`.

    Where all-mpnet-base-v2 is installed, as it is with the program, the large reader decides what rules do not; else the packaged encoder
    and a calibrated model of many features do. The first call loads them (two seconds, with the large one about ten). Raises ModelUnavailable
    when weights are missing or damaged.
    """
    stated = fold(sentence)
    given = _all_pieces(evidence)
    if not given or not any(c.isalnum() for c in stated):
        return Verdict(False, 0.0, "evidence")
    if any(_bare(stated) == _bare(text) for text in given):
        return Verdict(True, 1.0)
    if len(words(stated)) > LONGEST:
        return Verdict(False, 0.0, "meaning")
    if reason := ruled_out(stated, given):
        return Verdict(False, 0.0, reason)
    if any(is_shortened(stated, text) for text in given):
        return Verdict(True, SHORTENED)
    nearest = _nearest(stated, given)
    large = load_large_reader()
    if large is None or _is_turned(stated, nearest):
        return _judged(stated, nearest)
    return _read(large, stated, nearest)


def warm_check() -> None:
    """Load all that `check_sentence` may need, the small model that it asks where the large reader is not sure, too."""
    check_sentence("The check is ready.", ["The check is warmed before it is needed."])
    _judged("the check is ready.", ["the check is warmed before it is needed."])


def _is_turned(stated: str, given: Sequence[str]) -> bool:
    """Whether the sentence tells it from the other side ("borrowed" of "lent"), where grammar knows better who did it to whom."""
    return from_the_other_side(
        (word.stem for word in words(stated)), (word.stem for text in given for word in words(text))
    )


def prepared(stated: str, evidence: Sequence[str]) -> list[str]:
    """The folded texts of `evidence` that a folded sentence is judged by: long ones in sentences, the nearest few."""
    return _nearest(stated, _all_pieces(evidence))


def _all_pieces(evidence: Sequence[str]) -> list[str]:
    return [text for piece in evidence for text in _pieces(fold(piece))]


def _pieces(text: str) -> list[str]:
    """An evidence text whole, or its sentences where it is long."""
    if len(words(text)) <= LONGEST:
        return [text] if text else []
    found = (" ".join(words_of.split()) for words_of in (text[a:b] for a, b in sentence_spans(text)))
    return [piece for piece in found if len(words(piece)) <= LONGEST]


def _nearest(stated: str, given: list[str]) -> list[str]:
    """At most `MOST_EVIDENCE` texts: those that share most words with the sentence, in their order."""
    if len(given) <= MOST_EVIDENCE:
        return given
    mine = {word.stem for word in words(stated) if word.is_content}
    shared = [len(mine & {word.stem for word in words(text)}) for text in given]
    best = sorted(range(len(given)), key=lambda i: -shared[i])[:MOST_EVIDENCE]
    return [given[i] for i in sorted(best)]


def is_statement(text: str) -> bool:
    """Whether `text` has a finite verb and something it is said of; "Wang Zhigang." or "In Beijing." states nothing."""
    from assistant.checking.analysis import read

    if len(text.split()) < STATED:
        return False  # "Visitor exchange." may be read as a verb
    analysis = read(" ".join(text.split()[:LONGEST]))
    finite = any(tag in ("VBZ", "VBD", "VBP", "MD") for tag in analysis.parse.tags)
    return finite and any(label in ("nsubj", "nsubjpass", "expl", "csubj") for label in analysis.parse.labels)


def _bare(text: str) -> str:
    return text.rstrip(" .!;:").lower()


def ruled_out(stated: str, given: Sequence[str]) -> str:
    """The rule that the sentence breaks, or ""."""
    figures = check_figures(stated, given)
    if figures.missing or (figures.loose and not figures.contrary):
        return "number"
    if figures.contrary:
        return "comparison"
    if missing_quotes(stated, given):
        return "quote"
    if missing_names(stated, given):
        return "name"
    return "certainty" if is_belief_told_as_fact(stated, given) else ""


def _read(large: LargeReader, stated: str, given: list[str]) -> Verdict:
    found = large.read(stated, given)
    score = round(found.probability, 4)
    if score < large.threshold:
        return Verdict(False, score, fault(found, given))
    if _is_new(stated, given, sure=score >= SURE):
        return Verdict(False, score, "addition")
    if score < SURE and (other := _judged(stated, given, enough=HOPELESS)).score < HOPELESS:
        return other
    return Verdict(True, score)


def _is_new(stated: str, given: Sequence[str], *, sure: bool) -> bool:
    """Whether most words of a sentence are from elsewhere: of a few words there is too little to know it by, of more the reader must be `sure`."""
    mine = {word.stem for word in words(stated) if word.is_content}
    its = {word.stem for text in given for word in words(text)}
    return (len(mine) <= FEW_WORDS or not sure) and len(mine & its) < KNOWN * len(mine)


def _judged(stated: str, given: list[str], *, enough: float | None = None) -> Verdict:
    """What the small model says; the pair is not read where the score is `enough` even if it reads as badly as can be."""
    from assistant.checking.analysis import analyse
    from assistant.checking.features import features, vector
    from assistant.checking.pair_reader import load_pair_reader

    first, *rest = analyse([stated, *given])
    values = features(first, rest)
    gate = load_gate()

    def score(pair: float) -> float:
        return round(gate.forest.probability(vector(values | {PAIR: pair}, gate.names)), 4)

    if enough is not None and (found := score(UNFAVOURABLE)) >= enough:
        return Verdict(True, found)
    # Reading the pair costs as much as all the rest, and most sentences that fail would fail whatever it found
    found = score(FAVOURABLE)
    if found >= gate.threshold:
        found = score(load_pair_reader().score(stated, given))
    if found >= gate.threshold:
        return Verdict(True, found)
    return Verdict(False, found, _reason(values))


def _reason(values: dict[str, float]) -> str:
    """The likeliest fault of a sentence that was not believed."""
    if values["negation_gained"] or values["negation_lost_near"] > 0.3 or values["negation_exact"]:
        return "negation"
    if values["opposite"] or values["comparative_gained"] or values["superlative_gained"] or values["figures_loose"]:
        return "comparison"
    if (
        any(values[f"certain_gained_{name}"] for name in ("must", "sure"))
        or values["modal_of_root"]
        or values["future_done"]
        or values["ongoing_done"]
    ):
        return "certainty"
    if (
        values["slots_exchanged"]
        or values["exchanged_both"]
        or values["links_conflict"]
        or values["rival_nearer"] > 0.3
    ):
        return "relation"
    if values["covered_second"] < 0.6:
        return "meaning" if values["covered_mean"] < 0.7 else "addition"
    return "meaning"


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """The calibrated model, the order of its features, and the probability from which a sentence counts as supported."""

    forest: Forest
    names: tuple[str, ...]
    threshold: float


@lru_cache(maxsize=1)
def load_gate() -> Gate:
    """The packaged model (`benchmarks/training/verification.py` makes it)."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Gate(Forest.from_dict(data["forest"]), tuple(data["features"]), float(data["threshold"]))
