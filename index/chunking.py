"""Passages: runs of whole blocks inside one section and one list item, about 100 to 170 tokens.

A block too long for one passage is divided between sentences. Every word of a newsletter's text is in
exactly one passage, except headings, which stand in the context header of what follows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpus import Block, BlockKind, Newsletter, sentence_spans
from index.passage import Passage

CHUNKER_VERSION = "2"
TARGET_TOKENS = 130
MAX_TOKENS = 190
ALONE_TOKENS = 52
HEADER_CHARACTERS = 240

Span = tuple[int, int]


def chunk(newsletter: Newsletter, count_tokens: Callable[[str], int], *, version: str | None = None) -> list[Passage]:
    """The passages of a newsletter, in order.

    `count_tokens` gives the tokens of a text as the embedding model counts them. Passage ids are
    `NEWSLETTER@VERSION:NUMBER`; the version is the start of the content hash unless one is given.
    """
    version = version or newsletter.content_hash[:12]
    passages: list[Passage] = []
    for blocks in _groups(newsletter, count_tokens):
        for sentences in _within_limit(newsletter.text, blocks, count_tokens):
            start, end = sentences[0][0], sentences[-1][1]
            section = newsletter.section_at(start)
            passages.append(
                Passage(
                    id=f"{newsletter.id}@{version}:{len(passages)}",
                    newsletter_id=newsletter.id,
                    start=start,
                    end=end,
                    text=newsletter.text[start:end],
                    header=_header(newsletter, section.heading_path, blocks[0].lead),
                    heading_path=section.heading_path,
                    sentences=tuple(sentences),
                )
            )
    return passages


def _groups(newsletter: Newsletter, count_tokens: Callable[[str], int]) -> Iterator[list[Block]]:
    """Blocks that belong in one passage: never over a heading, a section's end or out of a longer item."""
    group: list[Block] = []
    size = 0
    for unit in _units(newsletter):
        tokens = sum(count_tokens(newsletter.text[b.start : b.end]) for b in unit)
        alone = unit[0].kind is BlockKind.ITEM and tokens >= ALONE_TOKENS
        other_section = bool(group) and newsletter.section_at(group[0].start) != newsletter.section_at(unit[0].start)
        other_lead = bool(group) and group[0].lead != unit[0].lead and tokens >= ALONE_TOKENS
        if group and (alone or other_section or other_lead or size + tokens > MAX_TOKENS or size >= TARGET_TOKENS):
            yield group
            group, size = [], 0
        group = group + unit
        size += tokens
        if alone:
            yield group
            group, size = [], 0
    if group:
        yield group


def _units(newsletter: Newsletter) -> Iterator[list[Block]]:
    """A list item with what is nested in it, or a single other block; headings are left out."""
    unit: list[Block] = []
    for block in newsletter.blocks:
        if block.kind is BlockKind.HEADING:
            if unit:
                yield unit
            unit = []
        elif unit and unit[0].kind is BlockKind.ITEM and _continues(block, unit[0]):
            unit.append(block)
        else:
            if unit:
                yield unit
            unit = [block]
    if unit:
        yield unit


def _continues(block: Block, item: Block) -> bool:
    return block.level > item.level or (
        block.kind is not BlockKind.ITEM and block.level == item.level and block.level > 0
    )


def _within_limit(text: str, blocks: list[Block], count_tokens: Callable[[str], int]) -> Iterator[list[Span]]:
    """The blocks' sentences in runs of at most `MAX_TOKENS` tokens (a longer sentence stands alone)."""
    run: list[Span] = []
    size = 0
    for block in blocks:
        for start, end in sentence_spans(text, block.start, block.end):
            tokens = count_tokens(text[start:end])
            if run and size + tokens > MAX_TOKENS:
                yield run
                run, size = [], 0
            run.append((start, end))
            size += tokens
    if run:
        yield run


def _header(newsletter: Newsletter, heading_path: tuple[str, ...], lead: str) -> str:
    parts = [newsletter.title, newsletter.date or "", *heading_path, lead]
    if newsletter.issue is not None and str(newsletter.issue) not in newsletter.title:
        parts.insert(1, f"issue {newsletter.issue}")
    kept = [part for part in dict.fromkeys(part.strip() for part in parts) if part]
    return " | ".join(kept)[:HEADER_CHARACTERS]
