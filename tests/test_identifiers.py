"""A question that holds an identifier finds what is said of it, however many passages are about the same matter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from index.identifiers import MOST_PASSAGES, identified
from index.keywords import KeywordIndex
from index.passage import Passage

ITEMS = {
    "Loom #2217": "warps are counted before the heddles are tied",
    "WVE-2020-26896": "let anyone untie a selvedge from outside",
    "KNIT340": "fixes how stitches are signed",
    "CAST 7": "is a cast-on for cuffs",
    "RFD 2019": "asks whether spindles may be shared",
}
LETTER = "# Weavers' letter, number {number}\n\n{items}\n"
COMMON = (
    "Loom patches: what a patch does to a loom, what the loom is and what looms do, said patch after patch in part {n}."
)


def letter(number: int, name: str, said: str) -> str:
    common = "\n".join(f"- {COMMON.format(n=f'{number} {n}')}" for n in "abcdef")
    return LETTER.format(number=number, items=f"{common}\n- {name}: it {said}.\n- Looms do what patches say.")


@pytest.fixture(scope="module")
def weavers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over letters that speak of patches and looms everywhere, and of each identifier once."""
    letters = {f"{number}": letter(number, name, said) for number, (name, said) in enumerate(ITEMS.items())}
    with archive(tmp_path_factory.mktemp("weavers"), letters) as assistant:
        yield assistant


@pytest.mark.parametrize("wording", ["{}", "What does {} do?", "what is the patch {} for looms"])
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Loom #2217", "warps are counted"),
        ("#2217", "warps are counted"),
        ("wve-2020-26896", "let anyone untie"),
        ("KNIT340", "stitches are signed"),
        ("KNIT-340", "stitches are signed"),
        ("knit 340", "stitches are signed"),
        ("CAST7", "cast-on for cuffs"),
        ("CAST 7", "cast-on for cuffs"),
        ("RFD 2019", "spindles may be shared"),
    ],
)
def test_what_is_said_of_an_identifier_is_found_first(
    weavers: Assistant, wording: str, written: str, said: str
) -> None:
    assert said in weavers.search(wording.format(written))[0].passage.text


def passages(*texts: str) -> list[Passage]:
    return [Passage(f"{n}:0", str(n), 0, len(t), t, "Letter", (), ((0, len(t)),)) for n, t in enumerate(texts)]


def named(question: str, *texts: str) -> list[int]:
    held = passages(*texts)
    return sorted({n for _, numbers in identified(question, KeywordIndex.build(held), held) for n in numbers})


@pytest.mark.parametrize(
    "question",
    [
        "What happened in 2019?",
        "What came on 14 June 2019, after 2019-05-12 and before mid-2020?",
        "Who was the 3rd at 10am with 12 of 20 looms?",
        "What is new in version 1.20.3, and in v1.21?",
        "How many of the 300 looms are there?",
    ],
)
def test_years_dates_versions_and_amounts_identify_nothing(question: str) -> None:
    assert (
        named(question, "It was 2019, 14 June 2019, 2019-05-12, mid-2020.", "3rd, 10am, 12, 20, 300, 1.20.3, v1.21")
        == []
    )


def test_a_number_belongs_to_the_name_before_it() -> None:
    assert named("What is LOOM 12?", "LOOM 12 is tied.", "A loom of 12 shafts.", "LOOM12 again.") == [0, 2]


def test_an_identifier_said_again_is_looked_for_once() -> None:
    held = passages("KNIT 340 is signed.")
    once, often = (list(identified("KNIT 340 " * times, KeywordIndex.build(held), held)) for times in (1, 200))
    assert len(often) == len(once) > 0


def test_an_identifier_of_many_passages_names_none_of_them() -> None:
    assert named("What is KNIT340?", *["KNIT340 is signed."] * (MOST_PASSAGES + 1)) == []
