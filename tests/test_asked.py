"""What the reader looks for of the kind that is asked: sums of money and people's names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reader.asked import _FULL_NAME, _MONEY
from corpus import shipped_newsletters

# The same as one would write them without regard to the time they take
MONEY = re.compile(
    r"[$€£¥]\s?\d|\b\d[\d,.]*\s?(?:million|billion|thousand|k)?\s?(?:dollars?|euros?|pounds?|yuan|rmb|usd|eur|btc|bitcoins?|"
    r"sats?|satoshis?|cents?)\b|\bfree\b|\bno cost\b",
    re.I,
)
FULL_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:[A-Z]\.|de|van|von))*\s+[A-Z][\w'’-]+")
PIECES = (
    "A",
    "a",
    "é",
    "_",
    "-",
    "’",
    "1",
    ".",
    ",",
    "$",
    " ",
    "\n",
    "Anna",
    " Bell",
    " de",
    " J.",
    " million",
    " euros",
    "k",
)


def sentences() -> list[str]:
    invented = Path(__file__).parents[1] / "benchmarks" / "newsletters"
    files = [*shipped_newsletters().iterdir(), *invented.glob("*.md")]
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix == ".md"]
    return [sentence for text in texts for sentence in re.split(r"\n|(?<=[.?!])\s", text)]


def test_sums_and_names_are_found_in_every_sentence_of_the_newsletters() -> None:
    found = sentences()
    assert [s for s in found if bool(_MONEY.search(s)) != bool(MONEY.search(s))] == []
    assert [s for s in found if _FULL_NAME.findall(s) != FULL_NAME.findall(s)] == []
    assert any(map(MONEY.search, found))
    assert any(map(FULL_NAME.search, found))


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_sums_and_names_are_found_in_whatever_is_written(text: str) -> None:
    assert bool(_MONEY.search(text)) == bool(MONEY.search(text))
    assert _FULL_NAME.findall(text) == FULL_NAME.findall(text)


@pytest.mark.parametrize("piece", ["1.", "1,", "A-", "A’"])
def test_a_long_run_of_digits_or_letters_is_read_through_once(piece: str) -> None:
    assert _MONEY.search(piece * 50_000) is None
    assert _FULL_NAME.findall(piece * 50_000) == []
