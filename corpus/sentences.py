"""Sentence spans: where one sentence ends and the next begins, by rule.

Stops inside abbreviations, initials, decimals, versions, addresses and enumerations end no sentence; closing quotes
and brackets belong to the sentence they close. Chinese and Japanese stops end one without white space behind them.
"""

from __future__ import annotations

import re

from corpus.newsletter import BlockKind, Newsletter

Span = tuple[int, int]

_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？｡]+[」』”’）]*")
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sr",
        "jr",
        "st",
        "no",
        "nos",
        "vs",
        "e.g",
        "i.e",
        "cf",
        "al",
        "fig",
        "figs",
        "eq",
        "sec",
        "ch",
        "vol",
        "pp",
        "ed",
        "eds",
        "rev",
        "gen",
        "col",
        "lt",
        "sgt",
        "capt",
        "hon",
        "rep",
        "sen",
        "gov",
        "pres",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "univ",
        "assn",
        "bros",
        "approx",
        "est",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.k",
        "u.n",
        "e.u",
        "a.k.a",
        "viz",
        "art",
        "ca",
        "a.m",
        "p.m",
        "d.c",
        "ph.d",
    ]
)
_NEVER_END = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "vs",
        "e.g",
        "i.e",
        "cf",
        "rep",
        "sen",
        "gov",
        "gen",
        "capt",
        "sgt",
        "hon",
        "approx",
        "viz",
        "ca",
    ]
)
_BEFORE_NUMBERS = frozenset(
    ["no", "nos", "nr", "fig", "figs", "art", "sec", "ch", "vol", "vols", "pp", "p", "eq", "tel", "ext", "max", "rs"]
)
_SMALL_BEFORE_NUMBERS = frozenset(
    ["c", "b", "d", "r", "min"]
)  # "c. 300", "b. 1950"; "vitamin C." and "20 min." end one
_SIGNS = "£$€¥~+±<>≈–-"
_LAST_WORD = re.compile(r"([\w.&-]{1,60})\.[\"'”’»)\]]*$")
_COUNTED = re.compile(r"\d\s?\w{1,3}\.[\"'”’»)\]]*$")
_INITIAL = re.compile(r"(?:^|[\s(.\"“‘])[A-Z]\.$")
_MAY_BE_INITIAL = re.compile(r"[A-Z]")  # "P. 12" is a page, "Fred P. Hale" a name
_LETTER_NAMED = re.compile(
    r"(?:^|\s)[a-z]{3,30}\s[A-Z]\.$"
)  # "vitamin C.", "row D."; a name's initial has none before it
_OPENS = re.compile(r"\s*[\"'“‘«(\[]*\s*([^\s\"'“‘«(\[]\w*)")
_STARTS = frozenset(
    [
        "the",
        "he",
        "she",
        "it",
        "they",
        "we",
        "this",
        "that",
        "these",
        "those",
        "in",
        "on",
        "for",
        "but",
        "and",
        "however",
        "a",
        "an",
        "there",
        "then",
        "you",
        "i",
        "our",
        "his",
        "her",
    ]
)
_LOOK_BACK = 80
_ENUMERATION = re.compile(r"^\s*[(\[]?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})[.)]$")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences in `text[start:end]`, in order, without surrounding white space.

    Together they hold every character of the range that is not white space.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    first = start
    for match in _STOP.finditer(text, start, end):
        if match.end() < end and _ends(text, first, match, end):
            _append(spans, text, first, match.end())
            first = match.end()
    _append(spans, text, first, end)
    return spans


def newsletter_sentences(newsletter: Newsletter) -> list[Span]:
    """Sentence spans of a newsletter, block by block; a heading is one span, and so is each line of code."""
    spans: list[Span] = []
    for block in newsletter.blocks:
        if block.kind is BlockKind.HEADING:
            spans.append((block.start, block.end))
        elif block.kind is BlockKind.CODE:
            spans.extend(_lines(newsletter.text, block.start, block.end))
        else:
            spans.extend(sentence_spans(newsletter.text, block.start, block.end))
    return spans


def _lines(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    for match in re.compile(r"[^\n]+").finditer(text, start, end):
        _append(spans, text, match.start(), match.end())
    return spans


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _ends(text: str, first: int, match: re.Match[str], end: int) -> bool:
    """Whether the stop at `match` ends the sentence that began at `first`."""
    stop = match.group()
    if stop[0] in "。！？｡":
        return True
    before = text[max(first, match.end() - _LOOK_BACK) : match.end()]
    following = _OPENS.match(text, match.end(), end)
    if following is None:
        return False
    next_word = following.group(1)
    if _ENUMERATION.match(before):
        return False
    if stop.startswith("."):
        return _full_stop_ends(before, next_word, stop)
    return not next_word[0].islower()


def _full_stop_ends(before: str, next_word: str, stop: str) -> bool:
    if next_word[0].islower():
        return False
    bare = before.rstrip("\"'”’»)]")
    if bare.endswith(".."):
        return next_word[0].isupper()
    word = _LAST_WORD.search(before)
    written = word.group(1) if word else ""
    last = written.lower()
    if last in _NEVER_END:
        return False
    if last in _BEFORE_NUMBERS or (written in _SMALL_BEFORE_NUMBERS and not _COUNTED.search(before)):
        numbered = next_word.lstrip(_SIGNS)[:1].isdigit()
        if numbered or not _MAY_BE_INITIAL.fullmatch(written):
            return not numbered
    starts = next_word.lower() in _STARTS
    if last in _ABBREVIATIONS:
        return starts
    if _LETTER_NAMED.search(bare) and (next_word[0].isdigit() or (starts and len(next_word) > 1)):
        return True
    return (starts and "." in last) or not _INITIAL.search(bare)
