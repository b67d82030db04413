"""Questions to start with, made from the headings and item titles of the newest issues."""

from __future__ import annotations

from collections.abc import Sequence

from corpus import BlockKind, Newsletter

LEAST_WORDS, MOST_WORDS = 3, 12


def suggest(newsletters: Sequence[Newsletter], limit: int) -> list[str]:
    """Up to `limit` questions, one a heading or item title, taking turns between the newsletters."""
    topics = [_topics(newsletter) for newsletter in newsletters]
    questions: list[str] = []
    for turn in range(max((len(found) for found in topics), default=0)):
        for found in topics:
            if turn < len(found) and len(questions) < limit:
                questions.append(f"What does the newsletter say about “{found[turn]}”?")
    return list(dict.fromkeys(questions))


def _topics(newsletter: Newsletter) -> list[str]:
    leads = [block.lead for block in newsletter.blocks if block.lead]
    headings = [
        newsletter.text[block.start : block.end]
        for block in newsletter.blocks
        if block.kind is BlockKind.HEADING and block.level >= 2
    ]
    words = [(topic, len(topic.split())) for topic in dict.fromkeys([*leads, *headings])]
    return [topic.strip(" :.") for topic, length in words if LEAST_WORDS <= length <= MOST_WORDS]
