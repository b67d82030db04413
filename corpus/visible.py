"""What of a text a reader can see: hidden and control characters are removed at reading."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cf", "Cs", "Co", "Cn"})
_KEPT = frozenset("\u200d\ufe0f")


def visible_text(text: str) -> str:
    """`text` without zero-width, bidirectional-control and unassigned characters; controls become spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category in _HIDDEN:
        return ""
    return " " if category in ("Cc", "Zl", "Zp") else character
