"""Links of a mail or page that are no part of what it says: buttons, calls, social networks, marks of footnotes.

A link goes only where it stands alone on its line and is set as a button or has the words of one; a list of links is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bs4 import Comment, Tag
from bs4.element import NavigableString, PageElement

from corpus.readers.tags import BLOCKS, events

_BUTTON = re.compile(r"button|btn\b|\bcta\b", re.I)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*(?!none|transparent|inherit)", re.I)
_FOOTNOTE = re.compile(r"footnote|^fn", re.I)
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡↩]{1,3})[\])]?\ufe0e?")
_CALL = re.compile(
    r"like|comment|restack|share|reply|tweet|forward|paid|more|subscribe|unsubscribe|read in app|open in app|get the app"
    r"|leave a comment|upgrade to paid|start writing|follow us|click here|go here"
    r"|(?:shop|buy|order|register|sign up|donate|give|book|subscribe|join|apply|rsvp|download|start|watch|listen|try it) (?:us )?(?:now|here|today|online)"
    r"|(?:read|learn|see|find out|show|view|discover|continue) (?:more|on|reading|all)",
    re.I,
)
_NETWORKS = re.compile(
    r"(?:twitter|x|facebook|instagram|linkedin|youtube|tiktok|threads|pinterest|mastodon|bluesky|whatsapp|telegram|rss|website|e-?mail)",
    re.I,
)
_MOST_WORDS = 6
_MOST_PARENTS = 8
_MOST_SIBLINGS = 20


def drop_furniture(root: Tag) -> None:
    """Take out of the tree under `root` the links that are no part of its text."""
    for link, text in list(_links(root)):
        if text and len(text.split()) <= _MOST_WORDS and (_is_mark(link, text) or _is_call(link, text)):
            link.decompose()


def _links(root: Tag) -> Iterator[tuple[Tag, str]]:
    """Every link that holds no other, with its text; read in one walk, however deep links are nested."""
    opened: list[tuple[Tag, list[str]]] = []
    outer: set[int] = set()
    for element, opens in events(root):
        if not isinstance(element, Tag):
            if opened:
                opened[-1][1].append(str(element))
        elif element.name == "a" and opens:
            outer |= {id(opened[-1][0])} if opened else set()
            opened.append((element, []))
        elif element.name == "a":
            link, parts = opened.pop()
            if id(link) not in outer:
                yield link, " ".join("".join(parts).split())


def _is_mark(link: Tag, text: str) -> bool:
    named = str(link.get("id") or ""), *(link.get_attribute_list("class") or [])
    refers = str(link.get("href") or "").startswith("#") or any(_FOOTNOTE.search(str(name or "")) for name in named)
    return refers and bool(_MARK.fullmatch(text))


def _is_call(link: Tag, text: str) -> bool:
    words = text.strip(" ♡♥❤›»→>·…!▶")
    said = bool(_CALL.fullmatch(words) or _NETWORKS.fullmatch(words))
    button = _is_button(link) and not any(character.isdigit() for character in text)
    return (said or button) and _stands_alone(link)


def _is_button(link: Tag) -> bool:
    """Whether a link is set as a button: by its role, by its or its parent's class, or on a ground of its own."""
    classes = " ".join(
        str(name or "") for tag in (link, link.parent) if tag for name in tag.get_attribute_list("class")
    )
    style = str(link.get("style") or "")
    return link.get("role") == "button" or bool(_BUTTON.search(classes)) or bool(_GROUND.search(style))


def _stands_alone(link: Tag) -> bool:
    """Whether nothing else stands on the link's line."""
    element = link
    for _ in range(_MOST_PARENTS):
        if not (_ends_line(element, forward=False) and _ends_line(element, forward=True)):
            return False
        if element.parent is None or element.parent.name in BLOCKS:
            return True
        element = element.parent
    return False


def _ends_line(element: PageElement, *, forward: bool) -> bool:
    beside = element.next_siblings if forward else element.previous_siblings
    following = next((other for other in islice(beside, _MOST_SIBLINGS) if not _is_blank(other)), None)
    return following is None or (isinstance(following, Tag) and (following.name == "br" or following.name in BLOCKS))


def _is_blank(element: PageElement) -> bool:
    """Whether an element is white space or a comment."""
    return isinstance(element, NavigableString) and (isinstance(element, Comment) or not element.strip())
