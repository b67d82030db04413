"""Which comes first on a page just opened: the conversation it kept, or the reader's first question.

The page's own events may be late, on a slow line or a busy server. Whichever claims the conversation first has it: a
kept conversation is never drawn over a question already asked, and a question asked while the kept conversation is on
its way goes on from it. One `Arrival` belongs to one visit; it lives in a `gr.State`, which keeps the object itself.
"""

from __future__ import annotations

from ui.page.turns import Turn

Turns = list[Turn]


class Arrival:
    """The claim to the conversation of one visit."""

    def __init__(self) -> None:
        """A visit that has just begun."""
        self._claim: dict[str, Turns | None] = {}
        self._drawn = False

    def restores(self, kept: Turns) -> bool:
        """Whether the page may draw `kept`, the conversation that the browser kept."""
        return self._claim.setdefault("first", kept) is kept

    def drawn(self) -> None:
        """What was kept stands on the page now; from here on the page's own turns are the conversation."""
        self._drawn = True

    def asked(self, turns: Turns) -> Turns:
        """The turns that a question goes on from, `turns` being those the page knows of."""
        kept = self._claim.setdefault("first", None)  # atomic: the two claims may come from two threads
        return kept if kept and not turns and not self._drawn else turns
