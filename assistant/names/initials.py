"""Whether words are what a short form stands for: their initials spell it, in order.

Every word counts but small ones, which may be passed over. A word lends letters at its inner capitals too (TimeLock), and one
letter of three may stand anywhere in a word (timelock), as in Schwartz and Hearst, "A Simple Algorithm for Identifying
Abbreviation Definitions in Biomedical Text", PSB 2003.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

SMALL = frozenset(
    [
        "&",
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "de",
        "des",
        "di",
        "du",
        "e",
        "et",
        "for",
        "from",
        "in",
        "into",
        "la",
        "le",
        "of",
        "on",
        "or",
        "over",
        "the",
        "to",
        "und",
        "van",
        "von",
        "with",
        "y",
    ]
)
_JOINS = frozenset(["and", "&"])
LETTERS_TO_LEND_ONE = 3
_WORD = re.compile(r"&|(?:\b[A-Z]\.){2,}|[^\W_]+(?:['’][^\W_]+)*")
_HYPHENS = "-‐‑"
CHARACTERS_A_LETTER = 40
_GAP = re.compile(r"(?:,\s+)?[\s\-‐‑–/\"“”‘’']*")
# What is written for the sound or for a customary sign
_ALSO = (
    ("and", ("n", "&")),
    ("to", ("2",)),
    ("for", ("4",)),
    ("ex", ("x",)),
    ("cross", ("x",)),
    ("trans", ("x", "tx")),
)
_WHOLE = frozenset({"and", "to", "for"})


def words_before(short: str, text: str) -> tuple[int, int] | None:
    """Where the words that `short` stands for end `text`, as few as do; None where they do not."""
    cut = max(0, len(text) - CHARACTERS_A_LETTER * (len(short) + 2))
    run = _run(list(_WORD.finditer(text[cut:]))[::-1], short)[::-1]
    for lent in (0, len(short) // LETTERS_TO_LEND_ONE):
        for first in range(len(run) - 1, -1, -1):
            if spells(short, _words(run[first:]), lent):
                return run[first].start() + cut, run[-1].end() + cut
    return None


def words_behind(short: str, text: str) -> tuple[int, int] | None:
    """Where the words that `short` stands for begin `text`, as few as do; None where they do not."""
    run = _run(list(_WORD.finditer(text[: CHARACTERS_A_LETTER * (len(short) + 2)])), short)
    for lent in (0, len(short) // LETTERS_TO_LEND_ONE):
        for last in range(1, len(run) + 1):
            if spells(short, _words(run[:last]), lent):
                return run[0].start(), run[last - 1].end()
    return None


def joined_words_before(short: str, text: str) -> tuple[int, int] | None:
    """Where the name ends `text` that `short` stands for, though of two words that “and” joins it passes one over.

    "Centers for Disease Control and Prevention" is CDC. None where no such name does.
    """
    cut = max(0, len(text) - CHARACTERS_A_LETTER * (len(short) + 2))
    run = _run(list(_WORD.finditer(text[cut:]))[::-1], short)[::-1]
    for first in range(len(run) - 1, -1, -1):
        if any(spells(short, words) for words in _without_one_joined(_words(run[first:]))):
            return run[first].start() + cut, run[-1].end() + cut
    return None


def _without_one_joined(words: Sequence[str]) -> Iterator[list[str]]:
    """The words of a name without the one or the other of two that “and” joins, but for its first word."""
    if not all(word[0].isupper() or word.casefold() in SMALL for word in words):
        return
    for place in range(2, len(words) - 1):
        if words[place].casefold() in _JOINS:
            yield [*words[:place], *words[place + 2 :]]
            yield [*words[: place - 1], *words[place + 1 :]]


def _run(words: list[re.Match[str]], short: str) -> list[re.Match[str]]:
    """The first of `words` that nothing but spaces, hyphens and commas parts, as many as may spell `short`."""
    kept = words[:1]
    for word in words[1 : 2 * len(short) + 2]:
        between = sorted((kept[-1].span(), word.span()))
        if not _GAP.fullmatch(word.string[between[0][1] : between[1][0]]):
            break
        kept.append(word)
    return kept


def _words(run: Sequence[re.Match[str]]) -> list[str]:
    """The words, one that goes on behind a hyphen with the hyphen before it."""
    return ["-" * (number > 0 and w.string[w.start() - 1] in _HYPHENS) + w.group() for number, w in enumerate(run)]


def spells(short: str, words: Sequence[str], lent: int = 0) -> bool:
    """Whether the initials of `words` are the letters of `short`, but for `lent` letters from inside a word.

    A word that begins with a hyphen goes on with the one before it, and need lend no letter.
    """
    if not words or words[0].casefold() in SMALL or words[-1].casefold() in SMALL:
        return False
    if len(words) == 1 and len(_initials(words[0])) == 1:
        return False
    if any(_is_itself(short, word) for word in words):
        return False
    return _fits(re.sub(r"[^\w&]", "", short).casefold(), words, lent)


def _is_itself(short: str, word: str) -> bool:
    """Whether the word is the short form, or more of it (RBTs): "Securities" is not SEC."""
    return word.casefold().startswith(short.casefold()) and (len(word) < len(short) + 3 or word[: len(short)].isupper())


def _fits(letters: str, words: Sequence[str], lent: int) -> bool:
    if not words:
        return not letters
    word, rest = words[0].removeprefix("-"), words[1:]
    if (word.casefold() in SMALL or word != words[0]) and _fits(letters, rest, lent):
        return True
    return any(_fits(letters[given:], rest, lent - extra) for given, extra in _given(letters, word) if extra <= lent)


def _given(letters: str, word: str) -> Iterator[tuple[int, int]]:
    """How many of the next letters a word may give, and how many of those from its inside."""
    initials = _initials(word)
    for count in range(len(initials), 0, -1):
        if letters.startswith(initials[:count]):
            yield count, 0
    for sign in _signs(word):
        if letters.startswith(sign):
            yield len(sign), 0
    if letters[:1] == word[:1].casefold() and letters[1:2] and letters[1] in word[1:].casefold():
        yield 2, 1


def _initials(word: str) -> str:
    """The first letter of a word and those at which a further part begins; each figure too."""
    return (word[:1] + "".join(c for c in word[1:] if c.isupper() or c.isdigit())).casefold()


def _signs(word: str) -> Iterator[str]:
    lowered = word.casefold()
    for begins, signs in _ALSO:
        if lowered == begins if begins in _WHOLE else lowered.startswith(begins):
            yield from signs
