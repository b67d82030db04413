"""What "latest" and "first" find: the newest version, the earliest mention."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant

ISSUES = {
    "2020-01": "Heron 1.2.0 is out: it reads sensors twice as fast.\n\nTarn was announced as a small viewer for the maps.",
    "2020-03": "Heron 2.0.0 was released, with a new file format.\n\nThe Tarn viewer now draws contour lines.",
    "2020-05": "Heron 1.2.9 is a maintenance release of the old branch.\n\nTarn gained a dark theme.",
    "2020-06": "Heron 2.1.0rc1 is a release candidate; please test it.\n\nThe Tarn developers meet in June.",
}


@pytest.fixture(scope="module")
def heron(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over four issues about two programs."""
    notes = {month: f"---\ntitle: Field notes\ndate: {month}-10\n---\n\n{text}\n" for month, text in ISSUES.items()}
    with archive(tmp_path_factory.mktemp("heron"), notes) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "month"),
    [
        ("What is the newest Heron release?", "2020-03"),
        ("Which is the latest version of Heron?", "2020-03"),
        ("What did Tarn do when it was first mentioned?", "2020-01"),
        ("What is the most recent news of Tarn?", "2020-06"),
    ],
)
def test_the_issue_that_is_asked_for_comes_first(heron: Assistant, question: str, month: str) -> None:
    assert heron.search(question)[0].newsletter.date == f"{month}-10"


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over six issues that speak again and again of the same things, in other words each time."""
    issues = {
        "2018-02-05": "The mill restoration fund was begun by Ada Penrose.\n\nRiver levels were normal in all districts.",
        "2018-09-03": "Mill restoration fund: the number of donors to the mill restoration fund is 120.\n\nPatch 4.1.2 is out.",
        "2019-03-04": "Mill restoration fund: the number of donors has grown to 150, a third of them from abroad.",
        "2019-08-05": "The fund for the mill's restoration counts 170 donors by now.\n\nPatches 4.1.3 and 4.2.1 are out.",
        "2020-01-06": "With a school and a choir among them, 210 donors now give to the mill restoration fund.\n\nPatch 4.2.2 repairs the clock.",
        "2020-02-03": "The baker sold 900 loaves, and the choir sang in the snow.",
    }
    letters = {day: f"---\ntitle: Valley letter\ndate: {day}\n---\n\n{text}\n" for day, text in issues.items()}
    with archive(tmp_path_factory.mktemp("mill"), letters) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is the latest number of donors to the mill restoration fund?", "2020-01-06"),
        ("Who is named when the mill restoration fund is first mentioned?", "2018-02-05"),
        ("What is the last 4.1 patch?", "2019-08-05"),
    ],
)
def test_the_answer_begins_with_the_issue_that_is_asked_for(mill: Assistant, question: str, first: str) -> None:
    answer = mill.ask(question)
    assert answer.citations[0].date == first
