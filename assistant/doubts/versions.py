"""Whether what is quoted is of the very version that a question names: 8.4.2 says nothing of whether 8.8 has come out.

To a reader of meaning all versions of a thing are alike. A series holds its releases (1.12 and 1.12.3), never the other way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from assistant.doubts.trust import doubted, given_up, without
from assistant.evidence import Reading
from assistant.question import Expects, ParsedQuestion
from index.passage import RetrievedPassage

REACH = 80
_NUMBER = r"[vV]?(\d{1,4}(?:\.\d{1,5}){1,4})(?!\w|\.\d)"
_NAMED = re.compile(rf"(?<![\w.])([^\W\d_][\w+#-]{{0,30}}) {_NUMBER}")
_LONG = re.compile(r"(?<![\w.])[vV]?(\d{1,4}\.\d{1,5}\.\d{1,5})(?!\w|\.\d)")
_IN_TEXT = re.compile(r"(?<![\d.])(?:\b|(?<=v))(\d{1,4}(?:\.\d{1,5}){1,5})")
_SPAN = re.compile(
    r"(?<![\d.])v?(\d{1,4}(?:\.\d{1,5}){1,4}) ?(?:to|through|until|up to|[-–—]) ?v?(\d{1,4}(?:\.\d{1,5}){1,4})"
)
_DATE = re.compile(r"(?:[0-3]?\d\.[01]?\d\.\d\d(?:\d\d)?|\d{4}\.\d\d?\.\d\d?)")
A_FIGURE = re.compile(
    r"\s?(?:%|[€$£°]|(?:hundred|thousand|[mb]illion|percent|per cent|percentage|points?|times|degrees?|hours?|minutes?|seconds?|days?|weeks?"
    r"|months?|years?|euros?|dollars?|pounds?|crowns?|km|kg|cm|mm|m|g|t|tons?|tonnes?|lit(?:re|er)s?|met(?:re|er)s?|miles?|[KMGT]i?B)\b)"
)
_JOINING = frozenset(["for", "on"])
_OF_VERSIONS = frozenset(["version", "versions", "release", "releases"])


@dataclass(frozen=True, slots=True)
class Version:
    """A version, and the name that it is given of, "" where there is none."""

    name: str
    number: str

    def is_told(self, sentence: str, around: str) -> bool:
        """Whether a sentence gives it, a release of it or a span of versions about it, of no other name.

        The name may stand in what is `around`.
        """
        told = any(self._is_meant(sentence, found, around) for found in _IN_TEXT.finditer(sentence))
        return told or any(_lies_between(self.number, *span.groups()) for span in _SPAN.finditer(sentence))

    def tells_another(self, sentence: str) -> bool:
        """Whether right behind the name a sentence gives a version that is not this one."""
        found = next((one for one in _IN_TEXT.finditer(sentence) if self._is_behind_name(sentence, one)), None)
        return found is not None and not _holds(self.number, found[1])

    def _is_behind_name(self, text: str, found: re.Match[str]) -> bool:
        before = text[max(0, found.start() - REACH) : found.start()].removesuffix("v").split()
        return bool(before) and self.name in _with_parts(before[-1])

    def _is_meant(self, text: str, found: re.Match[str], around: str) -> bool:
        if not _holds(self.number, found[1]):
            return False
        before = text[max(0, found.start() - REACH) : found.start()].removesuffix("v")
        words = before.split()
        if not self.name or self.name in chain.from_iterable(map(_with_parts, _name_at_end(words))):
            return True
        is_of_another = bool(words) and words[-1][0].isupper() and words[-1].casefold() not in _OF_VERSIONS
        return not is_of_another and not before.endswith("-") and self.name in around.casefold()


def _name_at_end(words: Sequence[str]) -> Sequence[str]:
    """The last word and what with a capital stands right before it: "Bitcoin Core", "Courier for Android"."""
    begins = len(words) - 1
    while begins > 0 and words[begins][0].isupper():
        joined = begins > 1 and words[begins - 1] in _JOINING
        before = begins - 2 if joined else begins - 1
        if not words[before][0].isupper():
            break
        begins = before
    return words[max(0, begins) :]


def versions_asked(question: str) -> list[Version]:
    """The versions that a question names, of three numbers or behind a name or "version"; a date or an amount is none."""
    found: dict[str, str] = {}
    for match in _NAMED.finditer(question):
        word = match[1]
        is_name = match.start() > 0 and word[0].isupper()
        if (is_name or word.casefold() in _OF_VERSIONS) and not A_FIGURE.match(question, match.end()):
            found[match[2]] = "" if word.casefold() in _OF_VERSIONS else word.casefold()
    for match in _LONG.finditer(question):
        found.setdefault(match[1], "")
    return [Version(name, number) for number, name in found.items() if not _DATE.fullmatch(number)]


def of_versions_asked(question: ParsedQuestion, reading: Reading, *, threshold: float, doubt: float) -> Reading:
    """The reading without what tells of another version than is asked for; below `threshold` where no passage has that one.

    It is doubted where the likeliest sentence told of another version, or stands where the asked one is not given.
    """
    asked = versions_asked(question.resolved) if not question.wants_dated_list else []
    if not asked or not reading.ranked:
        return reading
    if not all(any(_has(found, version) for found in reading.passages) for version in asked):
        return given_up(reading, threshold=threshold)
    first = reading.ranked[0]
    if question.expects is not Expects.VERSION:
        reading = without(reading, lambda piece: _tells_another(piece.text, asked))
    if first is reading.ranked[0] and any(_has(first.found, version) for version in asked):
        return reading
    return doubted(reading, threshold=threshold, doubt=doubt)


def _tells_another(text: str, asked: Sequence[Version]) -> bool:
    """Whether a sentence gives a version of a name asked for, and none that is asked for."""
    if any(version.is_told(text, text) for version in asked):
        return False
    return any(version.name and version.tells_another(text) for version in asked)


def _has(found: RetrievedPassage, version: Version) -> bool:
    return version.is_told(_around(found), _around(found))


def _around(found: RetrievedPassage) -> str:
    return f"{found.passage.header}\n{found.passage.text}"


def _holds(asked: str, told: str) -> bool:
    """Whether `told` is the asked version or one of its series; 1.0 and 1.0.0 are the same."""
    wanted, given = _parts(asked), _parts(told)
    return given[: len(wanted)] == wanted


def _lies_between(asked: str, first: str, last: str) -> bool:
    return _numbers(first) <= _numbers(asked) <= _numbers(last)


def _numbers(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))


def _with_parts(word: str) -> tuple[str, ...]:
    """A word and the parts of it that hyphens join, as they are compared."""
    bare = word.casefold().strip("-,;:()[]'\"*_")
    return bare, *bare.split("-")


def _parts(number: str) -> Sequence[str]:
    parts = number.split(".")
    while len(parts) > 2 and parts[-1] == "0":
        parts.pop()
    return parts
