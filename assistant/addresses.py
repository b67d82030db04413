"""A question for a link ("What is the URL of the ferry plans?"): the sentence or item that is about the matter and holds one.

The address is the text's own, shown before the quotation; where nothing about the matter holds one, the question is read as any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.answer import BEHIND_ADDRESS
from assistant.asking.followup import Way
from assistant.doubts.versions import Version, versions_asked
from assistant.evidence import Evidence, Reading
from assistant.link_choice import likeliest_link, words_named
from assistant.parts import Part
from assistant.public_addresses import may_be_given
from assistant.question import Expects, Form, ParsedQuestion
from corpus import Block, Link, Newsletter
from index.tokens import distinct_terms, shared_terms

MOST_TRIED = 30
LEAST_COVERED = 0.5
SHARE_OF_HEADINGS = 0.5
_LINK = r"(?:link|url|hyperlink|web ?(?:address|page|site))s?"
_ASKED = re.compile(
    rf"^(?:please )?(?:(?:give|send|show|get|find|tell|share)(?: me| us)? (?:the |an? )?{_LINK} (?:for|to|of)"
    rf"|what(?:['’]s| is| was| are) the {_LINK} (?:for|to|of)|(?:do you have |is there )?(?:the |an? )?{_LINK} (?:for|to|of)"
    rf"|where(?:['’]s| is| are) the {_LINK} (?:for|to|of)"
    r"|where (?:can|could|may|do) (?:i|we|one) (?:read|download)(?: about)?) (?P<matter>[^?]{2,200}?)[?.! ]*$",
    re.I,
)
# A name alone before the word: a "missing link" and a "Channel Tunnel Rail Link" have no address
_NAME_FIRST = re.compile(
    r"^(?:[Pp]lease )?(?:[Ww]hat(?:['’]s| is| are)|[Ww]here(?:['’]s| is| are)|[Gg]ive me|[Ss]how me|[Ss]end me) the "
    r"(?P<matter>[A-Z0-9][\w.+#-]{0,40}(?: [A-Z0-9][\w.+#-]{0,40}){0,3}) (?:link|url|URL|hyperlink|web ?(?:address|page|site))s?[?.! ]*$"
)


class _Fit(NamedTuple):
    """How well a link is what is asked for, the weightiest first; shares of 0 to 1."""

    covered: float  # of the matter's words, in the sentence, its block and, by half, the headings above
    named: float  # of the matter's words, in the link's own text and site
    alike: float  # of the words of both, which a longer name ("8.2 release candidate" for 8.2) has fewer of
    in_sentence: bool


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
    versions = versions_asked(asked.resolved)
    best = max(
        (found for piece in reading.ranked[:MOST_TRIED] if (found := _addressed(piece, matter, versions, newsletter))),
        key=lambda found: found[0],
        default=None,
    )
    return Part(asked, reading, [best[1]]) if best is not None and best[0].covered > LEAST_COVERED else None


def matter_of_link(question: str) -> str | None:
    """What a question asks the link of; None where it asks for none."""
    found = _ASKED.match(question[:300]) or _NAME_FIRST.match(question[:300])
    return found["matter"] if found else None


def _addressed(
    piece: Evidence, matter: str, versions: Sequence[Version], newsletter: Callable[[str], Newsletter]
) -> tuple[_Fit, Evidence] | None:
    """The sentence with its address, and how well that is what is asked for; None without one that may be given."""
    issue = newsletter(piece.found.newsletter.id)
    for block in _blocks_of(piece, issue.blocks):
        link = likeliest_link(matter, block, issue)
        if link is not None:
            said = f"{piece.text} {issue.text[block.start : block.end]}"
            is_it = all(version.is_told(said, said) for version in versions)
            if not is_it or not may_be_given(link.url, issue.text[link.start : link.end]):
                return None
            return _fit(piece, matter, said, link, issue), replace(piece, lead=link.url + BEHIND_ADDRESS)
    return None


def _fit(piece: Evidence, matter: str, said: str, link: Link, issue: Newsletter) -> _Fit:
    wanted = distinct_terms(matter)
    own = wanted & distinct_terms(said)
    above = (wanted & distinct_terms(" ".join(piece.found.passage.heading_path))) - own if own else frozenset()
    return _Fit(
        (len(own) + len(above) * SHARE_OF_HEADINGS) / max(1, len(wanted)),
        len(words_named(matter, link, issue)) / max(1, len(wanted)),
        shared_terms(matter, issue.text[link.start : link.end]),
        piece.span[0] <= link.start < piece.span[1],
    )


def _blocks_of(piece: Evidence, blocks: Sequence[Block]) -> list[Block]:
    """The block that a sentence stands in and, of an item's text, the one with the item's title."""
    start = piece.span[0]
    place = next((n for n, block in enumerate(blocks) if block.start <= start < block.end), None)
    if place is None:
        return []
    own = blocks[place]
    titles = [one for one in blocks[max(0, place - 6) : place] if own.lead and one.level < own.level]
    return [own, *titles[-1:]]
