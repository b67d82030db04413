"""Questions on what a short form stands for: what they are taken to seek, and what spells it out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant, Status
from assistant.asking.short_forms import sought_expansion
from assistant.names.expansions import expansion_in


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What does RBT stand for?", "RBT"),
        ("what does the acronym RBT mean?", "RBT"),
        ("What do the letters RBT stand for", "RBT"),
        ("What is RBT short for?", "RBT"),
        ("What's the full name of the RBT?", "RBT"),
        ("RBTs full form", "RBT"),
        ("RBT stands for what?", "RBT"),
        ("spell out RBT", "RBT"),
        ("How is RBT spelled out?", "RBT"),
    ],
)
def test_only_the_words_are_sought_where_it_is_to_be_spelled_out(question: str, short: str) -> None:
    sought = sought_expansion(question)
    assert sought is not None and (sought.short, sought.only_words) == (short, True)


@pytest.mark.parametrize(
    "question", ["RBT meaning", "What is an RBT?", "what's RBT", "define RBT", "What does “RBT” mean?"]
)
def test_the_words_are_welcome_where_it_is_to_be_explained(question: str) -> None:
    sought = sought_expansion(question)
    assert sought is not None and (sought.short, sought.only_words) == ("RBT", False)


@pytest.mark.parametrize(
    "question",
    [
        "What does the red flag stand for?",
        "What does it stand for?",
        "What does RBT do?",
        "Who will stand for mayor?",
        "What is the RBT budget?",
        "What is the meaning of life in the valley?",
    ],
)
def test_other_questions_seek_no_expansion(question: str) -> None:
    assert sought_expansion(question) is None


@pytest.mark.parametrize(
    ("short", "sentence", "words"),
    [
        ("RBT", "The River Boat Trust (RBT) met.", "River Boat Trust"),
        ("RBT", "Two River Boat Trusts (RBTs) met.", "River Boat Trusts"),
        ("RBT", "The RBT (River Boat Trust) met.", "River Boat Trust"),
        ("RBT", "The River Boat Trust, or RBT, met.", "River Boat Trust"),
        ("RBT", "RBT stands for the river boat trust.", "river boat trust"),
        ("RBT", "The RBT, which is short for River Boat Trust, met.", "River Boat Trust"),
        ("RBT", "The River-Boat Trust (“RBT”) met.", "River-Boat Trust"),
        ("HTLC", "It uses a Hash TimeLock Contract (HTLC).", "Hash TimeLock Contract"),
        ("HTLC", "It uses a hash timelock contract (HTLC).", "hash timelock contract"),
        ("XML", "Written in eXtensible Markup Language (XML).", "eXtensible Markup Language"),
        ("FAO", "The Food and Agriculture Organization (FAO) met.", "Food and Agriculture Organization"),
        ("AMP", "Paid by Atomic Multi-path Payments (AMP).", "Atomic Multi-path Payments"),
        ("USGS", "The U.S. Geological Survey (USGS) met.", "U.S. Geological Survey"),
        ("CMS", "The Centers for Moles and Meadow Studies (CMS) met.", "Centers for Moles and Meadow Studies"),
        ("CMS", "The Centers for Moles & Meadow Studies (CMS) met.", "Centers for Moles & Meadow Studies"),
        ("CDC", "The Centers for Dike Care and Pumping (CDC) met.", "Centers for Dike Care and Pumping"),
        ("SEC", "The Sectors and Estuaries Club (SEC) met.", "Sectors and Estuaries Club"),
        ("BPT", "Planned by Birtle, Penn and Tarrow (BPT).", "Birtle, Penn and Tarrow"),
        ("PIN", "Type your Personal Identification Number (PIN).", "Personal Identification Number"),
    ],
)
def test_words_whose_initials_spell_it_are_what_it_stands_for(short: str, sentence: str, words: str) -> None:
    found = expansion_in(short, sentence)
    assert found is not None and sentence[slice(*found)] == words


@pytest.mark.parametrize(
    ("short", "sentence"),
    [
        ("UTC", "The lock opens at noon on Friday (UTC)."),
        ("RBT", "Repairs began today. (RBT)"),
        ("RBT", "The boats of the trust (RBT) were sold."),
        ("RBT", "The River Boat and Tide (RB) met."),
        ("CDC", "The centre for dike care and pumping (CDC) met."),
        ("CDC", "The Centers for Dike Care Pumping (CDC) met."),
        ("HE", "The Health, Education & Baths (HE&B) group met."),
        ("RBT", "Its RBT or RBTs may be sold."),
        ("RBT", "The RBT repaired both towers."),
        ("WHO", "Those who (we hear often) sold."),
    ],
)
def test_other_words_beside_it_are_not(short: str, sentence: str) -> None:
    assert expansion_in(short, sentence) is None


@pytest.mark.parametrize(
    "piece", ["RBT (", "R B ", "River Boat ", "rrr-bbb-", "RBT, or ", "River and ", "River & Boat Trust and "]
)
def test_a_long_sentence_is_read_through_quickly(piece: str) -> None:
    expansion_in("RBT", (piece * 500)[:2000] + " (RBT)")


@pytest.fixture(scope="module")
def river(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over issues that use RBT often and spell it out once, and use QLM alone."""
    told = {
        "2031-01": "## Boats\n\nThe RBT met on Monday. QLM lent it a pump.\n\nThe RBT means to stand for cleaner water.\n",
        "2031-02": "## Locks\n\nA lock was paid for by the River Boat Trust (RBT) last year.\n\nQLM repaired the gate.\n",
        "2031-03": "## Weirs\n\nThe RBT opened the weir. The RBT thanks QLM for the new meaning of help.\n",
    }
    issues = {month: f"---\ntitle: River\ndate: {month}-05\n---\n\n{text}" for month, text in told.items()}
    with archive(tmp_path_factory.mktemp("river"), issues) as assistant:
        yield assistant


@pytest.mark.parametrize("question", ["What does RBT stand for?", "what does rbt stand for", "full form of RBT"])
def test_the_sentence_that_spells_it_out_answers_alone(river: Assistant, question: str) -> None:
    answer = river.ask(question)
    assert [sentence.text for sentence in answer.sentences] == [
        "A lock was paid for by the River Boat Trust (RBT) last year."
    ]
    highlight = answer.citations[0].highlight
    assert highlight is not None and answer.citations[0].quote[slice(*highlight)] == "River Boat Trust"
    assert not answer.note


def test_what_no_newsletter_spells_out_is_not_said(river: Assistant) -> None:
    assert river.ask("What does QLM stand for?").status is Status.NOT_FOUND


@pytest.mark.parametrize("question", ["RBT meaning", "What is the RBT?"])
def test_the_words_come_first_where_it_is_to_be_explained(river: Assistant, question: str) -> None:
    assert "River Boat Trust (RBT)" in river.ask(question).sentences[0].text
