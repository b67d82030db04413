"""What of a text a reader can see: hidden and control characters are removed at reading."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cf", "Cs", "Co", "Cn"})
_KEPT = frozenset("\n\t\u200d\ufe0f")


class _Visible(dict[int, str]):
    """What each character becomes; made as characters are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        category = unicodedata.category(character)
        seen = character
        if character not in _KEPT:
            seen = "" if category in _HIDDEN else " " if category in ("Cc", "Zl", "Zp") else character
        self[code] = seen
        return seen


_visible = _Visible()


def visible_text(text: str) -> str:
    """`text` without zero-width, bidirectional-control and unassigned characters; controls become spaces."""
    return text if text.isascii() and text.isprintable() else text.translate(_visible)
