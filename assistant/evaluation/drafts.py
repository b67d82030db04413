"""Drafts of questions from newsletters, to get a question file started: a person corrects them and takes `draft` away.

A draft asks for one thing that a sentence holds (a name, a date, a version, a number) and says so clumsily, in the
newsletter's own words; its gold and evidence are the useful part. Every fourth is one that should not be answered: the
question of one issue with the thing it is about exchanged for one of another.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.evaluation.matching import gold_in
from assistant.question import Expects
from assistant.spans import answer_spans
from corpus import Newsletter, newsletter_sentences

LEAST_WORDS, MOST_WORDS, MOST_SPANS = 9, 40, 3
EVERY = 4
_KINDS = (
    (Expects.TIME, "when", "When: {}?"),
    (Expects.VERSION, "version", "Which version: {}?"),
    (Expects.NUMBER, "fact", "How many or how much: {}?"),
)
_ACTS = re.compile(
    r"^(?P<who>[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){1,3}) (?P<rest>(?:has |have |had |is |was )?[a-z]+(?:ed|es|s|en|ote) .+)$"
)


def draft_questions(newsletters: Sequence[Newsletter], count: int, *, seed: int = 0) -> list[dict[str, Any]]:
    """`count` drafts (fewer where the newsletters give none), spread over the newsletters, as question-file records."""
    chooser = random.Random(seed)
    order = list(newsletters)
    chooser.shuffle(order)
    turns = [_drafts(newsletter, chooser) for newsletter in order]
    found: list[dict[str, Any]] = []
    while turns and len(found) < count:
        for turn in list(turns):
            record = next(turn, None)
            if record is None:
                turns.remove(turn)
            elif len(found) < count:
                found.append(record)
    _exchange(found)
    return [{"id": f"draft-{number:03d}", **record} for number, record in enumerate(found, start=1)]


def _drafts(newsletter: Newsletter, chooser: random.Random) -> Iterator[dict[str, Any]]:
    """Drafts of one newsletter, in no order."""
    sentences = [newsletter.text[start:end] for start, end in newsletter_sentences(newsletter)]
    usable = [
        s for s in sentences if LEAST_WORDS <= len(s.split()) <= MOST_WORDS and s[:1].isupper() and s.endswith(".")
    ]
    chooser.shuffle(usable)
    for sentence in usable:
        asked = _asked(sentence)
        if asked and gold_in(sentence, [[asked[2]]]):
            kind, question, gold = asked
            yield {
                "question": question,
                "answerable": True,
                "gold": [[gold]],
                "newsletter": newsletter.id,
                "evidence": sentence,
                "kind": kind,
                "draft": True,
            }


def _asked(sentence: str) -> tuple[str, str, str] | None:
    """The kind, the question and the gold of a sentence; None where nothing in it can be asked for."""
    acts = _ACTS.match(sentence)
    if acts:
        return "who", f"Who {acts['rest'].rstrip('.')}?", acts["who"]
    for expects, kind, form in _KINDS:
        spans = answer_spans(sentence, expects, "")
        if 1 <= len(spans) <= MOST_SPANS:
            start, end = spans[0]
            gap = f"{sentence[:start].rstrip()} … {sentence[end:].strip().rstrip('.')}".strip()
            return kind, form.format(gap), sentence[start:end]
    return None


def _exchange(found: list[dict[str, Any]]) -> None:
    """Make every fourth draft one that nothing should answer, by the name another draft asks for."""
    names = [record["gold"][0][0] for record in found if record["kind"] == "who"]
    for place in range(EVERY - 1, len(found), EVERY):
        record = found[place]
        other = next((name for name in names if name not in record["evidence"]), None)
        if other is None:
            return
        names.remove(other)
        asked = record["question"].rstrip("?")
        found[place] = {
            "question": f"{asked}, according to {other}?",
            "answerable": False,
            "gold": [],
            "newsletter": record["newsletter"],
            "subkind": "near-miss",
            "draft": True,
        }
