"""What the elements of a page are to a reader: blocks, headings, large letters, unseen; and their order.

`events` walks a tree without recursion, so that no depth of nesting breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import CData, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from corpus.readers.hidden import UNSEEN, is_hidden_style

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LARGE = re.compile(r"font-size\s*:\s*(\d+(?:\.\d+)?)\s*(px|pt|em|rem)", re.I)
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0}
LARGE_PIXELS = 20


def events(root: Tag) -> Iterator[tuple[PageElement, bool]]:
    """Texts and visible elements in document order; an element comes twice, opening and closing."""
    stack: list[tuple[PageElement, bool]] = [(child, True) for child in reversed(root.contents)]
    while stack:
        element, opens = stack.pop()
        if not isinstance(element, Tag):
            if isinstance(element, NavigableString) and (
                not isinstance(element, PreformattedString) or isinstance(element, CData)
            ):
                yield element, True
        elif not opens:
            yield element, False
        elif not _is_unseen(element):
            yield element, True
            stack.append((element, False))
            stack.extend((child, True) for child in reversed(element.contents))


def is_large(tag: Tag) -> bool:
    """Whether an element's own style sets letters as large as a heading's."""
    match = _LARGE.search(str(tag.get("style") or ""))
    return bool(match) and float(match[1]) * _PIXELS[match[2].lower()] >= LARGE_PIXELS if match else False


def _is_unseen(tag: Tag) -> bool:
    if tag.name in UNSEEN or tag.has_attr("hidden") or tag.get("aria-hidden") == "true":
        return True
    return is_hidden_style(str(tag.get("style") or ""))
