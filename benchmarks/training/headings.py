"""Questions about item titles and headings, made from the newsletters to train on: what is offered must be answered, too.

A reader who clicks "What does the newsletter say about “Quantum Science”?", or types a title as it stands, asks for what
the item says. Each question is answered by the sentences that open its item; asked of issues around, by nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from assistant.suggestions import question_about, topics
from benchmarks.training.data import FILES, HELD_OUT, INVENTED, Item, gold_sentences, newsletters, part_of, passages_of
from corpus import Newsletter
from corpus.sentences import sentence_spans

MOST = 4
OPENING = 2  # sentences
LEAST_WORDS = 6
FORMS = (
    "What does the newsletter say about {}?",
    "What does it say about {}?",
    "{}",
    "{}?",
    "Tell me about {}",
    "tell me more about {}",
    "What is {} about?",
    "Any news on {}?",
    "what about {}",
    "What was reported on {}?",
    "Summary of {}",
    "What can I read about {}?",
    "anything on {}?",
    "What's said on {}?",
)


def heading_items() -> Iterator[Item]:
    """At most `MOST` questions a newsletter to train on, about what heads one issue only."""
    for archive in (INVENTED, *sorted({*FILES.values()} - {HELD_OUT})):
        own = _own(archive)
        for newsletter in newsletters(archive).values():
            yield from _about(archive, newsletter, own[newsletter.id])


def heading_questions(archive: str) -> list[tuple[str, str]]:
    """Each title or heading of an archive that heads one issue only and has something below it, with its newsletter's id."""
    everything = newsletters(archive)
    return [
        (name, topic)
        for name, headings in _own(archive).items()
        for start, topic in headings
        if _opening(everything[name], start, topic)
    ]


def _own(archive: str) -> dict[str, list[tuple[int, str]]]:
    """The headings of each newsletter that no other one of the archive has."""
    found = {newsletter.id: _headings(newsletter) for newsletter in newsletters(archive).values()}
    uses = Counter(topic.lower() for one in found.values() for _, topic in one)
    return {name: [(start, topic) for start, topic in one if uses[topic.lower()] == 1] for name, one in found.items()}


def _headings(newsletter: Newsletter) -> list[tuple[int, str]]:
    """The topics that begin a block: titles and headings, not names in the text."""
    begins = {block.start for block in newsletter.blocks}
    return [(start, topic) for start, topic in topics(newsletter) if start in begins]


def _about(archive: str, newsletter: Newsletter, headings: list[tuple[int, str]]) -> Iterator[Item]:
    chooser = random.Random(f"headings {archive}/{newsletter.id}")
    found = [(topic, opening) for start, topic in headings if (opening := _opening(newsletter, start, topic))]
    for topic, opening in chooser.sample(found, min(MOST, len(found))):
        if not any(gold_sentences(passage, opening) for passage in passages_of(archive, newsletter.id)):
            continue
        question = question_about(topic, newsletter)
        if chooser.random() < 0.5:
            question = chooser.choice(FORMS).format(chooser.choice([topic, topic.lower(), f'"{topic}"']))
        record: dict[str, object] = {
            "id": f"heading {archive}/{newsletter.id} {topic}",
            "archive": archive,
            "question": question,
            "answerable": True,
            "newsletter": newsletter.id,
            "gold": [[topic]],
            "evidence": opening,
            "kind": "heading",
            "history": [],
        }
        if part_of(archive, record) == "train":
            yield Item(archive, "train", record, own=archive == INVENTED)


def _opening(newsletter: Newsletter, start: int, topic: str) -> str:
    """The first sentences below or after a heading at `start`, up to the end of their block; empty where there are none."""
    for block in newsletter.blocks:
        if block.end <= start:
            continue
        text = newsletter.text[block.start : block.end]
        if len(text.split()) < len(topic.split()) + LEAST_WORDS:
            if block.start > start and block.level:
                return ""  # the next heading, with nothing below this one
            continue
        spans = sentence_spans(text)
        opening = text[spans[0][0] : spans[min(OPENING, len(spans)) - 1][1]]
        return " ".join(opening.split())
    return ""
