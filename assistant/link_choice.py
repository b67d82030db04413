"""Which link of a block is the one asked for: the one named so, else the one that stands nearest to what is named so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from corpus import Block, Link, Newsletter
from index.tokens import distinct_terms

LEAST_LETTERS = 4
_WORD = re.compile(r"\w+(?:[.'’-]\w+)*")


def likeliest_link(matter: str, block: Block, issue: Newsletter) -> Link | None:
    """The web link of a block whose own text and site have most of the matter's words, of several the nearest to the others."""
    links = [link for link in issue.links if block.start <= link.start < block.end and _is_web(link.url)]
    places = list(_places(matter, block, issue.text))
    return max(
        links,
        key=lambda link: (
            len(words_named(matter, link, issue)),
            -min((_apart(link, place) for place in places), default=0),
            -link.start,
        ),
        default=None,
    )


def words_named(matter: str, link: Link, issue: Newsletter) -> frozenset[str]:
    """The matter's words that a link's own text or the name of its site has."""
    wanted, host = distinct_terms(matter), _host(link.url)
    said = distinct_terms(f"{issue.text[link.start : link.end]} {host.replace('.', ' ')}")
    return frozenset(word for word in wanted if word in said or (len(word) >= LEAST_LETTERS and word in host))


def _places(matter: str, block: Block, text: str) -> Iterator[tuple[int, int]]:
    """Where words of the matter stand in a block."""
    wanted = distinct_terms(matter)
    for word in _WORD.finditer(text, block.start, block.end):
        if not wanted.isdisjoint(distinct_terms(word.group())):
            yield word.span()


def _apart(link: Link, place: tuple[int, int]) -> int:
    return max(0, place[0] - link.end, link.start - place[1])


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
