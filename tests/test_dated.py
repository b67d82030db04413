"""What "latest" and "first" find: the newest version, the earliest mention."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, open_assistant

ISSUES = {
    "2020-01": "Heron 1.2.0 is out: it reads sensors twice as fast.\n\nTarn was announced as a small viewer for the maps.",
    "2020-03": "Heron 2.0.0 was released, with a new file format.\n\nThe Tarn viewer now draws contour lines.",
    "2020-05": "Heron 1.2.9 is a maintenance release of the old branch.\n\nTarn gained a dark theme.",
    "2020-06": "Heron 2.1.0rc1 is a release candidate; please test it.\n\nThe Tarn developers meet in June.",
}


@pytest.fixture(scope="module")
def heron(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant over four issues about two programs."""
    folder: Path = tmp_path_factory.mktemp("heron")
    for month, text in ISSUES.items():
        (folder / f"{month}.md").write_text(f"---\ntitle: Field notes\ndate: {month}-10\n---\n\n{text}\n", "utf-8")
    with open_assistant(data_dir=tmp_path_factory.mktemp("index"), corpus=[folder]) as assistant:
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
