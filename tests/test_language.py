"""Every language says everything, and a browser gets the one it asks for."""

from __future__ import annotations

import string

import pytest

from ui.language import Words, languages, words_for


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("words", [w for w in languages().values() if w.language != "en"], ids=lambda w: w.language)
def test_a_language_has_every_text_with_the_same_places_to_fill_in(words: Words) -> None:
    english = {key: places(text) for key, text in languages()["en"].texts.items() if not key.endswith("_one")}
    own = {key: places(text) for key, text in words.texts.items() if not key.endswith("_one")}
    assert own == english


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("de-DE,de;q=0.9,zh;q=0.5", "zh"),
        ("en;q=0.5,zh;q=0.9", "zh"),
        ("fr", "en"),
        ("", "en"),
        ("zh;q=many", "en"),
    ],
)
def test_the_language_follows_what_the_browser_accepts(accepted: str, language: str) -> None:
    assert words_for(accepted).language == language


def test_dates_and_counts_are_written_as_the_language_does() -> None:
    english, chinese = languages()["en"], languages()["zh"]
    assert [english.date("2019-04-25"), chinese.date("2019-04-25")] == ["25 April 2019", "2019年4月25日"]
    assert [chinese.date("2019-04"), chinese.date("2019"), chinese.date(None)] == ["2019年4月", "2019年", ""]
    assert english.count("issues_newest", 1) == "1 issue"
    assert english.count("issues_newest", 10_000) == "10,000 issues, newest first"
    assert chinese.issue("通讯", 4, "2019-04") == "通讯 · 第 4 期 · 2019年4月"
