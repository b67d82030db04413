"""A question that names a version is answered by what is said of that version."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant
from assistant.doubts.versions import Version, versions_asked

LETTER = """# Orchard tools letter

## Releases

- Grafter 3.4.2 has been released. It prunes espaliers in one go and repairs the import of old maps.
- Grafter 3.4.3 has been released; it only repairs the installer.
- Trellis 2.0 has been released, with a new planner for rows.

## In brief

The Scion library now needs Grafter 3.4.3, and its manual has been printed on waxed paper.
"""


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("orchard"), {"orchard": LETTER}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ("Has Grafter 3.8 been released?", Version("grafter", "3.8")),
        ("What does v2.0 of Trellis bring?", None),
        ("What came with version 2.0?", Version("", "2.0")),
        ("When did 6.4.8 come out?", Version("", "6.4.8")),
        ("What was Trellis v2.0 about?", Version("trellis", "2.0")),
    ],
)
def test_a_version_stands_behind_a_name_or_has_three_numbers(asked: str, version: Version | None) -> None:
    assert versions_asked(asked) == ([version] if version else [])


@pytest.mark.parametrize(
    "asked",
    ["Did the Maren cost 1.5 million?", "What happened on 12.05.2023?", "Is it open at 7.30?", "Was Lund 3.5 km off?"],
)
def test_amounts_dates_and_hours_are_no_versions(asked: str) -> None:
    assert versions_asked(asked) == []


@pytest.mark.parametrize(
    ("version", "text", "told"),
    [
        (Version("grafter", "3.4"), "Grafter 3.4.2 is out.", True),
        (Version("grafter", "3.4.2"), "Grafter 3.4 is out.", False),
        (Version("grafter", "3.8"), "Grafter 3.4.2 is out.", False),
        (Version("grafter", "1.0"), "Grafter needs Scion 1.0.", False),
        (Version("grafter", "1.0.0"), "The grafter library, version 1.0", True),
        (Version("grafter", "0.4.2"), "Grafter (0.4.1 to 0.4.3) loses maps.", True),
        (Version("c-graft", "0.7"), "c-graft 0.7 is out.", True),
        (Version("grafter", "7.1"), "Grafter for Android 7.1 shows rows.", True),
        (Version("grafter", "0.7"), "scion-0.7 needs grafter.", False),
    ],
)
def test_a_series_holds_its_releases_and_no_version_another(version: Version, text: str, told: bool) -> None:
    assert version.is_told(text, text) is told


@pytest.mark.parametrize("asked", ["Has Grafter 3.8 been released?", "Has Grafter 2.0 been released?"])
def test_a_version_that_no_newsletter_gives_is_not_answered_by_others(orchard: Assistant, asked: str) -> None:
    assert not orchard.ask(asked).sentences


def test_a_version_that_is_given_is_told_without_the_others(orchard: Assistant) -> None:
    answer = orchard.ask("Has Grafter 3.4.2 been released?")
    assert "Grafter 3.4.2 has been released" in answer.text
    assert "3.4.3" not in answer.text


def test_which_version_is_asked_for_may_be_answered_by_another(orchard: Assistant) -> None:
    assert "3.4.3" in orchard.ask("Which version of Grafter does the Scion library need?").text
