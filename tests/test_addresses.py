"""Whoever asks for a link is given the address that the newsletter links to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from archive_support import archive

from assistant import Assistant, Sentence, SentenceKind
from assistant.addresses import matter_of_link
from assistant.answer import Answer, Status
from ui.language import languages
from ui.page.answer_html import answer_text_html

LETTER = """# Lighthouse letter

## Reading

- [Plans for the fog horn of Brevik](https://brevik.example/plans?a=1&b=2)

  > The horn is to be heard over nine miles of open water.

- [Logbooks of the keepers](https://keepers.example/logbooks)

## Notes

The lamp oil of Skagen is stored in the cellar. Write to [the keeper](mailto:keeper@skagen.example) of the cellar.

The [harbour office](https://harbour.example/) has put the tide tables into an app for both
[Anchor Market](https://market.example/tides) and [Sail Store](https://store.example/tides?id=7), called
[Tidemark](https://harbour.example/tidemark).

- [Fogsoft 8.0.2 release candidate 2](https://fogsoft.example/rc2)

  > The keepers announce the second candidate of the 8.0.2 release of Fogsoft, the program that sounds the horn.

- [Fogsoft 8.0.2 is available!](https://fogsoft.example/final)

  > The keepers announce the 8.0.2 release of Fogsoft, the program that sounds the horn. It mends two hundred faults.

- [Fogsoft 8.2.0 is available!](https://fogsoft.example/next)

## Vacancies

- [Keeper of the lamp at Ryvarden](https://ryvarden.example/work)

To unsubscribe from the lighthouse letter, follow [this link](https://list.example/leave?u=42&key=SECRET).
"""


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with archive(tmp_path_factory.mktemp("lighthouse"), {"lighthouse": LETTER}) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("asked", "matter"),
    [
        ("Give me the link for the fog horn plans.", "the fog horn plans"),
        ("What is the URL of the logbooks?", "the logbooks"),
        ("Where can I read the logbooks?", "the logbooks"),
        ("link to the logbooks", "the logbooks"),
        ("Where is the link to the logbooks?", "the logbooks"),
        ("What's the Ryvarden link?", "Ryvarden"),
        ("What is the missing link?", None),
        ("What is the Channel Tunnel Rail Link?", None),
        ("What is the link between oil and fog?", None),
        ("Where is the horn?", None),
    ],
)
def test_what_a_link_is_asked_of_stands_behind_the_word(asked: str, matter: str | None) -> None:
    assert matter_of_link(asked) == matter


@pytest.mark.parametrize(
    "asked",
    ["Give me the link for the plans of the fog horn.", "Where can I read the plans for the fog horn of Brevik?"],
)
def test_the_address_of_the_item_stands_before_the_quotation(lighthouse: Assistant, asked: str) -> None:
    (sentence,) = lighthouse.ask(asked).sentences
    assert sentence.lead == "https://brevik.example/plans?a=1&b=2 – "
    assert sentence.text in LETTER


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("What is the link to the tide tables app on Sail Store?", "https://store.example/tides?id=7"),
        ("Where can I download the Tidemark app?", "https://harbour.example/tidemark"),
        ("What is the link to Fogsoft 8.0.2?", "https://fogsoft.example/final"),
        ("What is the link to the Ryvarden vacancy?", "https://ryvarden.example/work"),
        ("What's the Ryvarden link?", "https://ryvarden.example/work"),
    ],
)
def test_of_several_links_the_one_that_is_named_so_is_given(lighthouse: Assistant, asked: str, address: str) -> None:
    assert lighthouse.ask(asked).sentences[0].lead == f"{address} – "


def test_another_version_is_not_the_one_asked_for(lighthouse: Assistant) -> None:
    answer = lighthouse.ask("What is the link to Fogsoft 8.0.4?")
    assert not any("://" in sentence.lead for sentence in answer.sentences)


def test_what_links_nowhere_is_given_no_address(lighthouse: Assistant) -> None:
    answer = lighthouse.ask("What is the URL of the lamp oil of Skagen?")
    assert not any("://" in sentence.lead for sentence in answer.sentences)


def test_the_address_of_one_reader_is_given_to_nobody(lighthouse: Assistant) -> None:
    answer = lighthouse.ask("What is the link to unsubscribe from the lighthouse letter?")
    assert not any("://" in sentence.lead for sentence in answer.sentences)


def shown(lead: str) -> str:
    sentence = Sentence("The horn.", SentenceKind.QUOTE, (), 1.0, lead)
    return answer_text_html(languages()["en"], Answer("?", "?", Status.ANSWERED, (sentence,)))


def test_the_page_shows_the_address_as_an_escaped_link() -> None:
    assert 'href="https://a.example/?b=1&amp;c=%22"' in shown("https://a.example/?b=1&c=%22 – ")
    assert "<a" not in shown("javascript:alert(1) – ")
