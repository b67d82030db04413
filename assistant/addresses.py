"""A question for a link ("What is the URL of the ferry plans?"): the sentence or item that is about the matter and holds one.

The address is the text's own, shown before the quotation; where nothing about the matter holds one, the question is read as any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answer import BEHIND_ADDRESS
from assistant.asking.followup import Way
from assistant.evidence import Evidence, Reading
from assistant.parts import Part
from assistant.public_addresses import may_be_given
from assistant.question import Expects, Form, ParsedQuestion
from corpus import Block, Link, Newsletter
from index.tokens import distinct_terms

MOST_TRIED = 30
LEAST_COVERED = 0.5
_LINK = r"(?:link|url|hyperlink|web ?(?:address|page|site))s?"
_ASKED = re.compile(
    rf"^(?:please )?(?:(?:give|send|show|get|find|tell|share)(?: me| us)? (?:the |an? )?{_LINK} (?:for|to|of)"
    rf"|what(?:['’]s| is| was| are) the {_LINK} (?:for|to|of)|(?:do you have |is there )?(?:the |an? )?{_LINK} (?:for|to|of)"
    r"|where (?:can|could|may|do) (?:i|we|one) (?:read|download)(?: about)?) (?P<matter>[^?]{2,200}?)[?.! ]*$",
    re.I,
)


def address_asked(
    parsed: ParsedQuestion,
    *,
    threshold: float,
    read: Callable[[ParsedQuestion], Reading],
    newsletter: Callable[[str], Newsletter],
) -> Part | None:
    """The question with the sentence that is about what a link is asked of, its address before it; None where there is none."""
    matter = matter_of_link(parsed.resolved)
    if matter is None or parsed.wants_dated_list or parsed.way is not Way.ALONE:
        return None
    asked = replace(parsed, resolved=f"What is {matter}?", stated=parsed.shown, form=Form.FACT, expects=Expects.THING)
    reading = read(asked)
    if reading.confidence < threshold:
        return None
    best = max(
        (found for piece in reading.ranked[:MOST_TRIED] if (found := _addressed(piece, matter, newsletter))),
        key=lambda found: found[0],
        default=(0.0, None),
    )
    covered, piece = best
    return Part(asked, reading, [piece]) if piece is not None and covered > LEAST_COVERED else None


def matter_of_link(question: str) -> str | None:
    """What a question asks the link of; None where it asks for none."""
    found = _ASKED.match(question[:300])
    return found["matter"] if found else None


def _addressed(piece: Evidence, matter: str, newsletter: Callable[[str], Newsletter]) -> tuple[float, Evidence] | None:
    """The sentence with its address, and the share of the matter's words that it or its item's title has; None without one."""
    issue = newsletter(piece.found.newsletter.id)
    for block in _blocks_of(piece, issue.blocks):
        urls = [
            link.url for link in issue.links if block.start <= link.start < block.end and _may_be_given(link, issue)
        ]
        if urls:
            wanted = distinct_terms(matter)
            said = distinct_terms(f"{piece.text} {issue.text[block.start : block.end]}")
            return len(wanted & said) / max(1, len(wanted)), replace(piece, lead=urls[0] + BEHIND_ADDRESS)
    return None


def _blocks_of(piece: Evidence, blocks: Sequence[Block]) -> list[Block]:
    """The block that a sentence stands in and, of an item's text, the one with the item's title."""
    start = piece.span[0]
    place = next((n for n, block in enumerate(blocks) if block.start <= start < block.end), None)
    if place is None:
        return []
    own = blocks[place]
    titles = [one for one in blocks[max(0, place - 6) : place] if own.lead and one.level < own.level]
    return [own, *titles[-1:]]


def _may_be_given(link: Link, issue: Newsletter) -> bool:
    return may_be_given(link.url, issue.text[link.start : link.end])
