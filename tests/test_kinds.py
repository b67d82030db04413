"""Who asks how long or when is not surely answered by a sum of money."""

from __future__ import annotations

import pytest
from test_directions import reading

from assistant.doubts.kinds import doubted_by_kind, tells_only_money
from assistant.question import parse_question


@pytest.mark.parametrize(
    "text", ["The insurer valued it at £6,500.", "It cost 3 million crowns.", "They bid 12 euros and not 14 euros."]
)
def test_a_sentence_may_tell_nothing_but_money(text: str) -> None:
    assert tells_only_money(text)


@pytest.mark.parametrize(
    "text",
    [
        "It cost £6,500 in March.",
        "It cost £40 a week.",
        "She gave £5 to 30 people.",
        "Nobody paid.",
        "It lasts 20 years.",
    ],
)
def test_a_time_or_another_figure_beside_money_may_answer(text: str) -> None:
    assert not tells_only_money(text)


@pytest.mark.parametrize(
    ("asked", "doubted"),
    [
        ("How long is the insurance of the bell valid?", True),
        ("When does the insurance of the bell end?", True),
        ("How much is the bell insured for?", False),
        ("How long is the fee in the price?", False),
    ],
)
def test_another_measure_than_is_asked_is_doubted_and_not_refused(asked: str, doubted: bool) -> None:
    found = doubted_by_kind(
        parse_question(asked), reading(("The insurer has valued the bell at £6,500.", 0.9)), threshold=0.4, doubt=0.5
    )
    assert (0.4 <= found.confidence < 0.5) is doubted
