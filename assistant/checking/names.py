"""Names, identifiers, versions and quoted phrases: what a sentence must take letter by letter from its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.checking.quantities import figures
from assistant.checking.words import FUNCTION_WORDS, Word, words

_QUOTED = re.compile(r'"([^"]{2,300})"|(?<![\w\'])\'([^\'"]{4,300}?)\'(?!\w)')
_LEADING = re.compile(r"^[\W_]+|[\W_]+$")
_COUNTRIES = """us usa america american states / uk britain british england / eu european europe union / china chinese prc / france french
/ germany german / spain spanish / russia russian / japan japanese / india indian / italy italian / brazil brazilian / canada canadian
/ australia australian / korea korean / netherlands dutch / switzerland swiss / sweden swedish / norway norwegian / denmark danish danes
/ finland finnish / poland polish / portugal portuguese / greece greek / turkey turkish / israel israeli / egypt egyptian / mexico mexican
/ argentina argentine / chile chilean / africa african / asia asian / ireland irish / scotland scottish / wales welsh / iceland icelandic
/ thailand thai / vietnam vietnamese / pakistan pakistani / iran iranian / iraq iraqi / ukraine ukrainian / austria austrian
/ belgium belgian / hungary hungarian / czech czechia / singapore singaporean / malaysia malaysian / indonesia indonesian
/ philippines filipino / peru peruvian / colombia colombian / kenya kenyan / nigeria nigerian / ethiopia ethiopian
/ monday mon / tuesday tue tues / wednesday wed / thursday thu thurs / friday fri / saturday sat / sunday sun
/ january jan / february feb / march mar / april apr / june jun / july jul / august aug / september sep sept / october oct
/ november nov / december dec / utc gmt"""
_ALIKE = {name: number for number, group in enumerate(_COUNTRIES.split("/")) for name in group.split()}
_PLAIN_CAPITALS = frozenset(
    ["i", "ok", "pr", "prs", "am", "pm", "vs", "etc", "no", "dr", "mr", "mrs", "ms", "prof", "q&a"]
)


def quoted_phrases(text: str) -> list[str]:
    """What stands in quotation marks, without outer punctuation."""
    found = (a or b for a, b in _QUOTED.findall(text))
    return [stripped for phrase in found if (stripped := _LEADING.sub("", phrase))]


def missing_quotes(sentence: str, evidence: Sequence[str]) -> list[str]:
    """Quoted phrases of a folded sentence that no evidence holds word by word."""
    texts = [_plain(text) for text in evidence]
    return [phrase for phrase in quoted_phrases(sentence) if not any(_plain(phrase) in text for text in texts)]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w#$%@.+-]*\w", text.lower()))


def name_words(sentence: str) -> list[int]:
    """The numbers of the words that are names or identifiers by their shape; a capital at the beginning is no proof."""
    tokens = words(sentence)
    starts = _starts(tokens)
    found = []
    for i, word in enumerate(tokens):
        if not any(c.isalpha() for c in word.text) and not word.is_identifier:
            continue
        if figures(sentence).covers(i) or word.lower in _PLAIN_CAPITALS:
            continue
        shouted = len(word.text) > 1 and word.text.isupper()
        if word.is_identifier or shouted or (word.is_capital and i not in starts and word.lower not in FUNCTION_WORDS):
            found.append(i)
    return found


def _starts(tokens: Sequence[Word]) -> set[int]:
    """Words that a sentence or quotation begins with."""
    found = set()
    fresh = True
    for i, word in enumerate(tokens):
        if any(c.isalnum() for c in word.text):
            if fresh:
                found.add(i)
            fresh = False
        elif word.text in '.!?:"':
            fresh = True
    return found


def missing_names(sentence: str, evidence: Sequence[str]) -> list[str]:
    """The names and identifiers of a folded sentence that the folded evidence does not hold."""
    tokens = words(sentence)
    return [tokens[i].text for i in name_words(sentence) if not any(holds(text, sentence, i) for text in evidence)]


def holds(evidence: str, sentence: str, i: int) -> bool:
    """Whether a folded evidence holds word `i` of the folded sentence as a name."""
    word = words(sentence)[i]
    known = _known(evidence)
    if word.lower in known or word.stem in known:
        return True
    if word.lower in _ALIKE and f"={_ALIKE[word.lower]}" in known:
        return True
    if (
        _squeeze(word.lower) in known
        or word.lower.lstrip("v") in known
        or (word.text[0] == "v" and word.lower[1:] in known)
    ):
        return True
    if word.text.isupper() and len(word.text) > 1 and word.text.rstrip("S").lower() in _initials(evidence):
        return True
    return word.is_capital and _expands(evidence, sentence, i)


@lru_cache(maxsize=4096)
def _known(text: str) -> frozenset[str]:
    """Every form by which a name may be found in `text`."""
    found: set[str] = set()
    tokens = words(text)
    for a, word in enumerate(tokens):
        found |= {word.lower, word.stem, _squeeze(word.lower)}
        if word.is_identifier:
            found |= {part for part in re.split(r"[^a-z0-9]+", word.lower) if len(part) > 1}
            found.add(word.lower.lstrip("v"))
        if word.lower in _ALIKE:
            found.add(f"={_ALIKE[word.lower]}")
        for b in (a + 2, a + 3):
            if b <= len(tokens):
                found.add(_squeeze("".join(t.lower for t in tokens[a:b])))
    return frozenset(found)


def _squeeze(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.removeprefix("https://").removeprefix("http://").removeprefix("www.")) or text


@lru_cache(maxsize=4096)
def _initials(text: str) -> frozenset[str]:
    """The initials of every run of two to six words, small words both counted and skipped."""
    found = set()
    for skip in (False, True):
        letters = [w.lower[0] for w in words(text) if w.text[0].isalpha() and not (skip and w.lower in FUNCTION_WORDS)]
        for size in range(2, 7):
            found |= {"".join(letters[i : i + size]) for i in range(len(letters) - size + 1)}
    return frozenset(found)


def _expands(evidence: str, sentence: str, i: int) -> bool:
    """Whether word `i` is in a run of capitalised words whose initials are an acronym of the evidence."""
    tokens = words(sentence)
    acronyms = {w.lower for w in words(evidence) if w.text.isupper() and len(w.text) > 1}
    if not acronyms:
        return False
    for first in range(max(0, i - 5), i + 1):
        for last in range(i + 1, min(len(tokens), first + 8) + 1):
            run = [w for w in tokens[first:last] if w.text[0].isalpha()]
            if len(run) < 2 or not run[0].is_capital or not run[-1].is_capital:
                continue
            letters = "".join(w.lower[0] for w in run if w.is_capital)
            if letters in acronyms and i in range(first, last):
                return True
    return False


def broken_names(sentence: str, evidence: Sequence[str]) -> list[str]:
    """Pairs of neighbouring name words that stand in the evidence, but nowhere near each other."""
    tokens = words(sentence)
    names = set(name_words(sentence))
    found = []
    for i in sorted(names):
        if i + 1 not in names or tokens[i + 1].has_digit:
            continue
        one, other = tokens[i], tokens[i + 1]
        places = [(_places(text, one), _places(text, other)) for text in evidence]
        if any(a for a, _ in places) and any(b for _, b in places):
            near = any(abs(x - y) <= 4 for a, b in places for x in a for y in b)
            if not near:
                found.append(f"{one.text} {other.text}")
    return found


def _places(text: str, word: Word) -> list[int]:
    return [i for i, other in enumerate(words(text)) if other.lower == word.lower or other.stem == word.stem]
