"""Sentences that lead in to others: an answer gives what stands behind them, not their echo of the question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Answer, Assistant

COUNCIL = """# Council Matters No. 17

## What was decided

- Goats. Residents may keep up to two miniature goats on lots of at least 8,000 square feet. The vote was unanimous.
- Parking. The lower lot on Mill Street closes on 3 June for eleven weeks.
- Bring a rake.

## Contents

- Rainwater barrels
- Parking

## Your letters

Can you turn a garden shed into a guest room? Don't do this. Nora Ellis explains that the fire code
forbids sleeping in any building without a second exit.

Is the swimming pool heated in winter? No.

- Mind the step.

What must a new dog owner bring to the town office? Three things:

- Licence. The form costs four dollars.
- Vaccination papers of the dog.
- A photograph.

Why does the clock strike thirteen?

- Ask the sexton.
"""


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("council"), {"council-matters-17": COUNCIL}) as assistant:
        yield assistant


def quotes(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_a_label_gives_way_to_what_stands_behind_it(council: Assistant) -> None:
    said = quotes(council.ask("Parking"))
    assert said[0] == "The lower lot on Mill Street closes on 3 June for eleven weeks."
    assert not {"Parking", "Parking."} & set(said)


def test_a_question_in_the_newsletter_brings_what_answers_it(council: Assistant) -> None:
    answer = council.ask("Can you turn a garden shed into a guest room?")
    asked, brief, answered = quotes(answer)[:3]
    assert asked == "Can you turn a garden shed into a guest room?"
    assert brief == "Don't do this."
    assert answered.startswith("Nora Ellis explains")


def test_a_brief_reply_is_an_answer_too(council: Assistant) -> None:
    said = quotes(council.ask("Is the swimming pool heated in winter?"))
    assert said[:2] == ["Is the swimming pool heated in winter?", "No."]


def test_a_question_brings_the_list_that_answers_it_without_its_labels(council: Assistant) -> None:
    said = quotes(council.ask("What must a new dog owner bring to the town office?"))
    assert said == [
        "What must a new dog owner bring to the town office?",
        "Three things:",
        "The form costs four dollars.",
        "Vaccination papers of the dog.",
        "A photograph.",
    ]


@pytest.mark.parametrize("asked", ["Parking", "Goats", "Can you turn a garden shed into a guest room?"])
def test_what_is_brought_along_is_cited_where_it_stands(council: Assistant, asked: str) -> None:
    answer = council.ask(asked)
    text = council.newsletter(answer.citations[0].newsletter_id).text
    assert [text[c.start : c.end] for c in answer.citations] == quotes(answer)


def test_no_more_sentences_are_quoted_than_are_allowed(council: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = council.settings.answer.model_copy(update={"max_sentences": 1})
    monkeypatch.setattr(council, "settings", council.settings.model_copy(update={"answer": limits}))
    (said,) = quotes(council.ask("Can you turn a garden shed into a guest room?"))
    assert said.startswith("Nora Ellis explains")


GARDEN = """# Allotment letter, March

The board met twice. A shed burnt down in February, and nobody was hurt.

Anna Bell of the garden school suggests a few tricks that keep slugs away from young lettuce:

- Water in the morning instead of the evening. The night stays dry then.
- Lay a ring of sharp sand around each bed.
- Leave the hedgehog his heap of leaves.
- Set out a saucer of beer.

The gate is locked at nine. Keys cost five pounds.

Here is how a new plot is handed over by the warden.

**1. The warden measures the plot.**

**2. The tenant signs the book.**

**3. The water is turned on.**

The board meets again in May.
"""


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("garden"), {"march": GARDEN}) as assistant:
        yield assistant


def test_a_line_that_announces_a_list_brings_the_lists_items_in_their_order(garden: Assistant) -> None:
    said = quotes(garden.ask("Give me some tricks to keep slugs away from lettuce"))
    lead = next(i for i, text in enumerate(said) if text.endswith("young lettuce:"))
    assert said[lead + 1 : lead + 5] == [
        "Water in the morning instead of the evening.",
        "Lay a ring of sharp sand around each bed.",
        "Leave the hedgehog his heap of leaves.",
        "Set out a saucer of beer.",
    ]
    assert "The gate is locked at nine." not in said


def test_numbered_paragraphs_are_the_items_of_the_line_before_them(garden: Assistant) -> None:
    said = quotes(garden.ask("How is a new plot handed over?"))
    lead = said.index("Here is how a new plot is handed over by the warden.")
    assert said[lead + 1 : lead + 4] == [
        "1. The warden measures the plot.",
        "2. The tenant signs the book.",
        "3. The water is turned on.",
    ]
    assert "The board meets again in May." not in said


def test_a_line_that_itself_says_who_brings_no_items(garden: Assistant) -> None:
    said = quotes(garden.ask("Who suggests tricks that keep slugs away?"))
    assert said[0].startswith("Anna Bell")
    assert "Set out a saucer of beer." not in said


def test_a_list_stays_within_the_words_of_an_answer(garden: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = garden.settings.answer.model_copy(update={"max_words": 30})
    monkeypatch.setattr(garden, "settings", garden.settings.model_copy(update={"answer": limits}))
    answer = garden.ask("Give me some tricks to keep slugs away from lettuce")
    assert len(answer.text.split()) <= 30 + len(answer.citations)
