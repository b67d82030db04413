"""A question that offers two things is answered by the one that the newsletters tell of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.readings.alternatives import alternatives

LETTER = """# Harbour letter

## The new ferry

- The ferry Maren is a catamaran of aluminium with room for ninety.
- Captain Ingrid Solheim steered the Maren on its first crossing on 14 May.
- The mooring at Lund quay was paid for by the fishermen's guild.
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("harbour"), {"harbour": LETTER}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("Is the Maren a ferry or a yacht?", ["Is the Maren a ferry?", "Is the Maren a yacht?"]),
        ("Was it on May 14 or May 16?", ["Was it on May 14?", "Was it on May 16?"]),
        ("Was it on 14 or 16 May?", ["Was it on 14 May?", "Was it on 16 May?"]),
        ("Did Ann Lee or Bo Dahl win?", ["Did Ann Lee win?", "Did Bo Dahl win?"]),
        ("Was it built in Oslo, or was it built in Bergen?", ["Was it built in Oslo?", "Was it built in Bergen?"]),
        ("Is the quay open or closed?", ["Is the quay open?", "Is the quay closed?"]),
        ("Is it open or closed on Mondays?", ["Is it open on Mondays?", "Is it closed on Mondays?"]),
        (
            "Should we hire deep trawlers or sailing boats?",
            ["Should we hire deep trawlers?", "Should we hire sailing boats?"],
        ),
        ("Did the guild buy tar or rope?", ["Did the guild buy tar?", "Did the guild buy rope?"]),
        ("Is it built of solid oak or pine?", ["Is it built of solid oak?", "Is it built of pine?"]),
        ("Is it run by the Harbour Board or LFG?", ["Is it run by the Harbour Board?", "Is it run by the LFG?"]),
        ("Is Ann a lawyer or doctor?", ["Is Ann a lawyer?", "Is Ann a doctor?"]),
        ("Is the quay open or not?", ["Is the quay open?"]),
    ],
)
def test_each_of_two_things_offered_is_asked_for_alone(asked: str, offered: list[str]) -> None:
    assert alternatives(asked) == offered


@pytest.mark.parametrize(
    "asked", ["Is there a difference between tar or pitch?", "Is the quay open?", "or", "Can I or"]
)
def test_what_offers_no_two_things_is_left_whole(asked: str) -> None:
    assert alternatives(asked) == []


@pytest.mark.parametrize(
    "asked",
    [
        "Is tar better or pitch?",
        "Did they use red or blue paint?",
        "Should we hire deep trawlers or boats?",
        "Do seals or otters fish at night?",
    ],
)
def test_where_it_does_not_show_what_is_offered_the_question_is_left_whole(asked: str) -> None:
    assert alternatives(asked) == []


@pytest.mark.parametrize("piece", ["a b ", "the Maren ", "or so ", "tar, ", "Is it ", " or", "14 "])
def test_a_long_question_is_read_through_quickly(piece: str) -> None:
    alternatives((piece * 1000)[:1000] + " or " + (piece * 1000)[:1000])
    alternatives(" or " + piece)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Is the Maren a catamaran or a submarine?", "catamaran"),
        ("Is the Maren a submarine or a catamaran?", "catamaran"),
        ("Was the mooring at Lund quay paid for by the guild or by the lottery?", "guild"),
    ],
)
def test_the_thing_that_the_newsletters_tell_of_answers(harbour: Assistant, asked: str, told: str) -> None:
    answer = harbour.ask(asked)
    assert told in answer.text
    assert answer.resolved_question == asked


def test_two_things_that_they_do_not_tell_of_are_refused(harbour: Assistant) -> None:
    assert not harbour.ask("Is the lighthouse painted by robots or by prisoners?").sentences
