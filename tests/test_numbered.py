"""A question that names a numbered thing is answered by what is said of that very one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.doubts.numbered import Numbered, numbered_asked

LETTER = """# Harbour planning letter

## Motions

- Motion 41: dredge the inner basin, by Oda Brandt.
- Motion 42 was rejected after a long debate, by Piet Hallam.

## Faults

HPL-2031-07, severity high: the lock gate jams at low water. Found by Runa Castell of the pilot station; mended on 4 May.

HPL-2031-08, severity low: a lamp on the pier flickers. Found by the night watch.

## Ferries

Ferry Line 6 was extended to the old mill. Some 300 passengers use it on a working day.
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("harbour"), {"harbour": LETTER}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("asked", "things"),
    [
        ("Was Motion 41 rejected?", [Numbered("Motion", "41")]),
        ("Who found HPL-2031-07?", [Numbered("HPL", "2031-07")]),
        ("Is RFC7231 obsolete?", [Numbered("RFC", "7231")]),
        ("Did 300 passengers come?", []),
        ("Were 12 motions rejected?", []),
        ("What happened on May 12?", []),
        ("What happened in Lund 12 March?", []),
        ("What was said of Expo 2031?", []),
        ("Is Lund 35 km away?", []),
        ("What did issue No. 12 say?", []),
        ("Did Brandt pay EUR 45?", []),
        ("Has Grafter 3.4 been released?", []),
    ],
)
def test_codes_and_capital_names_with_numbers_are_numbered_things(asked: str, things: list[Numbered]) -> None:
    assert numbered_asked(asked) == things


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Motion 41 and Motion 42", [True, False]),
        ("Motions 40, 41 and 42", [True]),
        ("Motions 39–43", [True]),
        ("Motion 41.2 is amended", [True]),
        ("Motion 410", [False]),
        ("Motion 4 March", []),
        ("a motion by 41 members", []),
    ],
)
def test_a_mention_of_a_series_is_of_the_thing_or_of_another(text: str, told: list[bool]) -> None:
    assert Numbered("Motion", "41").told(text) == told


def test_another_number_of_the_series_is_no_sure_answer(harbour: Assistant) -> None:
    answer = harbour.ask("Was Motion 41 rejected?")
    assert "Motion 42" not in answer.text
    assert answer.note or not answer.sentences


def test_what_is_said_of_the_number_asked_for_is_quoted(harbour: Assistant) -> None:
    assert "Motion 42 was rejected" in harbour.ask("Was Motion 42 rejected?").text
    assert "Runa Castell" in harbour.ask("Who found HPL-2031-07?").text


@pytest.mark.parametrize("asked", ["Who found HPL-2031-09?", "Was Motion 47 rejected?", "Was Ferry Line 9 extended?"])
def test_a_number_that_no_newsletter_gives_is_not_answered_by_others(harbour: Assistant, asked: str) -> None:
    assert not harbour.ask(asked).sentences


def test_a_long_question_is_looked_through_at_once() -> None:
    began = time.perf_counter()
    for text in ("A 1" * 700, "A-" * 1000, "Aa" * 1000, "A-1-1" * 400):
        numbered_asked(text)
        Numbered("A", "1").told(text)
    assert time.perf_counter() - began < 1
