"""The lines of a PDF page with how they look: height on the page, size and weight of their letters.

pypdf gives the text in pieces, each with the matrices in force (PDF 32000-1, 9.4.4); put together they are the page's
text, so that no letter is lost whatever the layout says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_SIZE_STEP = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: `y` in points from the foot, `size` of its largest letters, `bold` if all of it is."""

    text: str
    y: float = 0.0
    size: float = 0.0
    bold: bool = False


def page_lines(page: Any) -> list[Line]:
    """The lines of a page in reading order; blank ones have no text."""
    pieces: list[Line] = []

    def collect(text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        if text:
            pieces.append(_piece(text, cm, tm, font, size))

    page.extract_text(visitor_text=collect)
    lines: list[Line] = []
    run: list[Line] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        run.append(Line(first, piece.y, piece.size, piece.bold))
        for other in others:
            lines.append(_joined(run))
            run = [Line(other, piece.y, piece.size, piece.bold)]
    return [*lines, _joined(run)]


def _piece(text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> Line:
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    height = abs(size) * max(abs(tm[3]), abs(tm[1])) * max(abs(cm[3]), abs(cm[1]))
    return Line(
        text, y, round(height * _SIZE_STEP) / _SIZE_STEP, "bold" in str((font or {}).get("/BaseFont", "")).lower()
    )


def _joined(pieces: list[Line]) -> Line:
    inked = [piece for piece in pieces if piece.text.strip()]
    text = " ".join("".join(piece.text for piece in pieces).split())
    if not inked:
        return Line("")
    return Line(text, inked[0].y, max(p.size for p in inked), all(p.bold for p in inked))
