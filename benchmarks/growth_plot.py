"""The cost of taking in a passage against the archive's size, as an SVG picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 60, 20, 40, 50
LINES = (("all that a passage costs", "#1f6f8b"), ("without the encoder", "#8f5a2a"))


def plot(sizes: Sequence[Mapping[str, float]], encoder: float) -> str:
    """The processors' milliseconds a passage, with the `encoder`'s and without; both axes begin at 0."""
    own = [(row["passages"], row["cpu_milliseconds_a_passage"]) for row in sizes]
    whole = [(passages, encoder + milliseconds) for passages, milliseconds in own]
    drawn = [(*LINES[0], whole)] if encoder else []
    drawn.append((*LINES[1], own))
    most = max((y for _, _, points in drawn for _, y in points), default=1.0)
    largest = max((row["passages"] for row in sizes), default=1.0)

    def place(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (WIDTH - LEFT - RIGHT) * x / largest
        return across, HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y / most

    def path(points: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        "<title>Milliseconds a passage against the number of passages</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<polyline points="{path([(0, most), (0, 0), (largest, 0)])}" fill="none" stroke="#444444"/>',
        _text(LEFT, 18, "milliseconds of the processors a passage"),
        _text(WIDTH - RIGHT, HEIGHT - 12, "passages in the index", "end"),
    ]
    for share in (0, 0.5, 1):
        x, y = place(largest * share, most * share)
        parts += [
            _text(f"{x:.1f}", HEIGHT - BOTTOM + 18, f"{largest * share:,.0f}", "middle" if share < 1 else "end"),
            _text(LEFT - 6, y + 4, f"{most * share:.1f}", "end"),
        ]
    for label, colour, points in drawn:
        parts.append(f'<polyline points="{path(points)}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        if points:
            parts.append(_text(WIDTH - RIGHT, round(place(*points[-1])[1] + 16, 1), label, "end", colour))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(x: float | str, y: float, said: str, anchor: str = "start", colour: str = "#222222") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{said}</text>'
