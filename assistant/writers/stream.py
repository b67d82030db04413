"""A model's reply as whole sentences with the evidence numbers they name, while it is still being written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.sentences import sentence_spans

_MARK = re.compile(r"\[\s*(\d+(?:\s*[,;]\s*\d+)*)\s*\]")
_LEADING_MARKS = re.compile(r"^(?:\s*\[\s*\d+(?:\s*[,;]\s*\d+)*\s*\][.,]?)+")
_MARKUP = re.compile(r"^\s*(?:[-*•#>]+|\d+[.)])\s+|\*\*|__|<[^<>]{1,40}>|^\s*(?:Answer|A)\s*:\s*", re.I)
_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.S)
LONGEST = 700


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as the model wrote it, without its marks, and the evidence numbers it names."""

    text: str
    numbers: tuple[int, ...]


def written_sentences(pieces: Iterable[str | None]) -> Iterator[Written | None]:
    """Each sentence once the next has begun or the reply has ended; None wherever the reply pauses."""
    waiting = ""
    for piece in pieces:
        if piece is None:
            yield None
            continue
        waiting = _THINKING.sub("", waiting + piece) if "</think>" in piece else waiting + piece
        if "<think>" in waiting and "</think>" not in waiting:
            continue
        finished, waiting = _finished(waiting)
        yield from (sentence for text in finished if (sentence := _written(text)) is not None)
        if len(waiting) > LONGEST:
            waiting = ""
    finished, rest = _finished(_THINKING.sub("", waiting))
    for text in (*finished, rest):
        sentence = _written(text)
        if sentence is not None:
            yield sentence


def _finished(text: str) -> tuple[list[str], str]:
    """The sentences of `text` that are surely at their end, and what is left."""
    found: list[str] = []
    lines = text.split("\n")
    for line in lines[:-1]:
        found += _split(line)
    parts = _split(lines[-1])
    if not parts:
        return found, lines[-1]
    return found + parts[:-1], parts[-1]


def _split(line: str) -> list[str]:
    """The sentences of a line; marks behind a full stop stay with the sentence before them."""
    parts: list[str] = []
    for start, end in sentence_spans(line):
        part = line[start:end]
        marks = _LEADING_MARKS.match(part)
        if marks and parts:
            parts[-1] += " " + marks.group().strip()
            part = part[marks.end() :].strip()
        if part:
            parts.append(part)
    if parts and line.endswith(" "):
        parts[-1] += " "
    return parts


def _written(text: str) -> Written | None:
    numbers = tuple(
        dict.fromkeys(int(n) for group in _MARK.findall(text) for n in re.findall(r"\d+", group) if len(n) < 5)
    )
    plain = " ".join(_MARKUP.sub("", _MARK.sub("", text)).split())
    plain = re.sub(r"\s+([.,;:!?])", r"\1", plain).strip()
    if not any(c.isalpha() for c in plain):
        return None
    return Written(plain if plain[-1] in ".!?\"'”)" else f"{plain}.", numbers)
