"""Which of the ranked sentences an answer ends with."""

from __future__ import annotations

import numpy as np

from assistant.evidence import Evidence, Reading, choose
from assistant.question import parse_question
from index.passage import NewsletterInfo, Passage, RetrievedPassage

ASKED = "How were winter losses halved?"
LIKELY = ("bees", "In brief", "Losses of colonies this winter were half of last year's.", 0.82)


def retrieved(newsletter: str, heading: str, text: str) -> RetrievedPassage:
    info = NewsletterInfo(newsletter, newsletter, None, None, None, None, None, (), 1)
    passage = Passage(f"{newsletter}@1:0", newsletter, 0, len(text), text, "", (heading,), ((0, len(text)),))
    nothing = np.zeros(1, dtype=np.float32)
    return RetrievedPassage(passage, info, 0.0, 0.0, 0.0, nothing, nothing)


def quoted(asked: str, *ranked: tuple[str, str, str, float]) -> list[str]:
    """What is chosen of sentences given with their newsletter, heading and probability."""
    found = [retrieved(newsletter, heading, text) for newsletter, heading, text, _ in ranked]
    shares = tuple(share for *_, share in ranked)
    pieces = tuple(Evidence(passage, 0, share) for passage, share in zip(found, shares, strict=True))
    chosen = choose(parse_question(asked), Reading(tuple(found), pieces, shares, 0.9), max_words=80, max_sentences=3)
    return [piece.found.newsletter.id for piece in chosen]


def test_an_unlikely_sentence_of_another_newsletter_must_add_a_word_that_is_asked() -> None:
    stray = ("plasma", "Shots", "All winter the density refused to rise.", 0.04)
    halved = ("varroa", "Shots", "The mite treatment in August halved what died.", 0.03)
    assert quoted(ASKED, LIKELY, stray, halved) == ["bees", "varroa"]


def test_a_heading_may_hold_the_word_that_is_asked() -> None:
    assert quoted(ASKED, LIKELY, ("varroa", "Halved!", "The mite treatment in August did it.", 0.04)) == [
        "bees",
        "varroa",
    ]


def test_a_likely_sentence_may_be_of_another_newsletter_and_share_no_word() -> None:
    assert quoted(ASKED, LIKELY, ("varroa", "Shots", "It was the mite treatment in August.", 0.07)) == [
        "bees",
        "varroa",
    ]


def test_a_question_in_another_language_is_answered_by_several_newsletters() -> None:
    treated = ("varroa", "Shots", "It was the mite treatment in August.", 0.04)
    assert quoted("蜜蜂为什么活下来了?", LIKELY, treated) == ["bees", "varroa"]
