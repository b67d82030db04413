"""HTML that a reader never sees: scripts, styles and elements set not to be displayed."""

from __future__ import annotations

import re

UNSEEN = frozenset(
    [
        "script",
        "style",
        "template",
        "head",
        "title",
        "noscript",
        "iframe",
        "object",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "button",
        "select",
        "option",
        "textarea",
        "input",
    ]
)
_UNDISPLAYED = r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?<![\w-])(?:max-height|font-size|opacity)\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!\"']|$)"
_STYLE = re.compile(_UNDISPLAYED, re.I)
_OPENING = re.compile(
    r"(?<!`)<(?P<name>script|style|template|head|title|noscript|iframe|object|svg)\b"
    rf"|(?<!`)<(?P<shown>[a-z]\w*)\b[^<>]*?(?:{_UNDISPLAYED}|\shidden(?=[\s>/=]))[^<>]*>",
    re.I,
)
_VOID = frozenset(["br", "hr", "img", "input", "meta", "link", "wbr"])


def is_hidden_style(style: str) -> bool:
    """Whether a style attribute keeps its element from being seen."""
    return bool(_STYLE.search(style))


def drop_hidden(source: str) -> str:
    """`source` (Markdown or HTML) without elements that are not displayed; one that never closes stays."""
    kept: list[str] = []
    at = 0
    lower = source.lower() if "<" in source else ""
    unclosed: set[str] = set()
    for match in _OPENING.finditer(source) if lower else ():
        name = (match["name"] or match["shown"]).lower()
        if match.start() < at or name in unclosed or name in _VOID:
            continue
        close = _closing(lower, name, match.end())
        if close < 0:
            unclosed.add(name)
            continue
        kept += [source[at : match.start()], " "]
        at = close
    return "".join([*kept, source[at:]])


def _closing(lower: str, name: str, start: int) -> int:
    """Where the element `name` that opened before `start` ends; -1 if nowhere. Nested ones of its name are counted."""
    depth = 1
    for match in re.compile(rf"<(?P<close>/)?{name}\b[^<>]*>").finditer(lower, start):
        depth += -1 if match["close"] else 1
        if depth == 0:
            return match.end()
    return -1
