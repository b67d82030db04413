"""Lines that stand under one another without a paragraph between them: which are lines of their own, which read on.

Prose set with a break at every line's end reads on; lists, addresses, poems, prices and labels do not. Told by how
lines begin, end and how long they are, and by nothing that they say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.newsletter import BlockKind
from corpus.readers.inline import Pieces, is_title

_BULLET = re.compile(r"\s*[•·▪◦‣●○■□➢✓✔]\s*(?=\S)")
_ITEM_BULLET = re.compile(r"\s*(?:[•·▪◦‣●○■□➢✓✔]|[-–—*]\s)\s*(?=\S)")
_MARK = re.compile(r"\s*(?:[•·▪◦‣●○■□➢✓✔]|[-–—*]\s|\(?\d{1,3}[.)]\s|\[\d{1,3}\]\s)")
_LEADER = re.compile(r"(?:\. ?){5,}|…{2,}")
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？", "：")
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")
_CLOSING = "\"'”’»)]"
_GOING_ON = (
    "a an the this that these those of in on at to for from by with under over into about between through during"
    " without within before after and or but nor as than if when where which who because is are was were be been has"
    " have had will would can could may must should not our your his her its their"
)
_UNFINISHED = frozenset(_GOING_ON.split())
_SHORT_LINE = 80
_FULL_LINE = 60
_SMALL_LINE = 40
_WRAPPED_SHARE = 1 / 3
_SENTENCE_WORDS = 6
_VALUE_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Run:
    """Lines `first` to `end` (exclusive) that make one block of the kind."""

    first: int
    end: int
    kind: BlockKind


def runs_of(lines: Sequence[str], strong: Sequence[str] = ()) -> list[Run]:
    """The blocks that lines (none of them empty) are; `strong` has what is bold of each.

    A bold line with others below it is a heading, and so is a first line in capitals; a short line is an item.
    """
    bold = [number < len(strong) and strong[number] == line for number, line in enumerate(lines)]
    if all(bold) or len(lines) < 2:
        return [Run(0, len(lines), BlockKind.PARAGRAPH)] if lines else []
    if all(map(_is_small, lines)):
        return [Run(number, number + 1, BlockKind.ITEM) for number in range(len(lines))]
    runs: list[Run] = []
    start = 0
    for number, line in enumerate(lines[:-1]):
        below = lines[number + 1]
        if (bold[number] and not bold[number + 1] and _is_title_over(line, below)) or (
            number == start and _in_capitals(line, below)
        ):
            runs += _grouped(lines, start, number)
            runs.append(Run(number, number + 1, BlockKind.HEADING))
            start = number + 1
    return [*runs, *_grouped(lines, start, len(lines))]


def one_run(lines: Sequence[str], strong: Sequence[str] = ()) -> list[Run]:
    """All lines as one block, as in Markdown, where a break in a paragraph is no more than that."""
    return [Run(0, len(lines), BlockKind.PARAGRAPH)] if lines else []


def with_label(pieces: Pieces) -> Pieces:
    """A line's pieces with ": " in place of the dots that lead the eye from a label to its value."""
    text = "".join(part for part, _ in pieces)
    return [(_labelled(part), url) for part, url in pieces] if _has_leader(text) else pieces


def without_bullet(pieces: Pieces, kind: BlockKind) -> Pieces | None:
    """A line's pieces behind its bullet, which is a dash only before an item; None without one."""
    text = "".join(part for part, _ in pieces)
    if not (bullet := (_ITEM_BULLET if kind is BlockKind.ITEM else _BULLET).match(text)):
        return None
    rest, kept = bullet.end(), []
    for part, url in pieces:
        kept.append((part[rest:], url))
        rest = max(rest - len(part), 0)
    return kept


def _labelled(text: str) -> str:
    parts = _LEADER.split(text)
    return ": ".join(part.strip() for part in parts) if len(parts) > 1 else text


def _has_leader(line: str) -> bool:
    """Whether dots lead from a label to a short value."""
    leader = _LEADER.search(line)
    return bool(
        leader and line[: leader.start()].strip() and 0 < len(line[leader.end() :].strip()) <= _VALUE_CHARACTERS
    )


def _is_small(line: str) -> bool:
    """Whether a line is a few words that begin small and end no sentence, as all lines of some lists are."""
    unfinished = line.rsplit(maxsplit=1)[-1] in _UNFINISHED or _ends(line, _ENDS)
    return line[:1].islower() and len(line) < _SMALL_LINE and not unfinished


def _is_title_over(line: str, below: str) -> bool:
    """Whether a bold line is a title; over prose it may hold a colon."""
    return is_title(line.replace(": ", " ") if len(below) >= _SHORT_LINE else line)


def _in_capitals(line: str, below: str) -> bool:
    return line.isupper() and sum(map(str.isalpha, line)) > 3 and not below.isupper() and is_title(line)


def _grouped(lines: Sequence[str], start: int, end: int) -> list[Run]:
    """The runs of lines without headings among them; single lines are items unless all are sentences."""
    begins = _begins(lines[start:end])
    starts = [start + number for number, begin in enumerate(begins) if begin]
    spans = list(pairwise([*starts, end]))
    listed = len(spans) > 1 and not all(_is_sentence(lines[first]) for first, _ in spans)
    return [Run(first, last, _kind(lines[first], listed=listed and last - first == 1)) for first, last in spans]


def _is_sentence(line: str) -> bool:
    words = line.split()
    return len(words) >= _SENTENCE_WORDS and _ends(line, _SENTENCE_ENDS) and "." not in words[-1][:-1]


def _kind(line: str, *, listed: bool) -> BlockKind:
    """An item is marked or, in a list, short; what announces others is none."""
    short = listed and len(line) < _SHORT_LINE and not line.endswith(":")
    return BlockKind.ITEM if short or _MARK.match(line) else BlockKind.PARAGRAPH


def _begins(lines: Sequence[str]) -> list[bool]:
    """For each line whether a block begins there."""
    apart = _are_apart(lines)
    return [True, *(_breaks(above, line, apart=apart) for above, line in pairwise(lines))] if lines else []


def _are_apart(lines: Sequence[str]) -> bool:
    """Whether lines are each on their own: most of them are short and few unfinished."""
    if 2 * sum(len(line) < _SHORT_LINE for line in lines) < len(lines):
        return False
    unmarked = [(above, line) for above, line in pairwise(lines) if not _MARK.match(line)]
    wrapped = sum(_reads_on(above, line) for above, line in unmarked)
    return not wrapped or wrapped < _WRAPPED_SHARE * len(unmarked)


def _breaks(above: str, line: str, *, apart: bool) -> bool:
    """Whether a block begins at `line`."""
    marked = bool(_MARK.match(line)) or _has_leader(line) or _has_leader(above)
    return marked or (apart and not _reads_on(above, line))


def _reads_on(above: str, line: str) -> bool:
    """Whether a line goes on with the sentence of the one above it."""
    if _ends(above, _ENDS):
        return False
    first, last = line.split(maxsplit=1)[0], above.rsplit(maxsplit=1)[-1]
    if (first[0].islower() and not {"@", "."} & set(first[:-1])) or last.lower() in _UNFINISHED:
        return True
    return len(above) >= _FULL_LINE and _ends(line, _ENDS)


def _ends(line: str, marks: tuple[str, ...]) -> bool:
    return line.rstrip(_CLOSING).endswith(marks)
