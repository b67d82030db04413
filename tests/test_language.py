"""Every language says everything, and a browser gets the one it asks for."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import QuestionRejected
from corpus import Document, SourceUnreadable
from corpus.readers import read_document
from ui.language import Words, languages, words_for


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("words", [w for w in languages().values() if w.language != "en"], ids=lambda w: w.language)
def test_a_language_has_every_text_with_the_same_places_to_fill_in(words: Words) -> None:
    english = {key: places(text) for key, text in languages()["en"].texts.items() if not key.endswith("_one")}
    own = {key: places(text) for key, text in words.texts.items() if not key.endswith("_one")}
    assert own == english


def told_errors() -> Iterator[str]:
    """The sentences, as the program has them, of the errors that a reader or editor of the page can cause."""
    root = Path(__file__).parents[1]
    files = [*root.glob("corpus/readers/*.py"), root / "corpus/documents.py", root / "corpus/fetching.py"]
    for file in [*files, root / "assistant/question.py", root / "ui/page/staging.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in (
                "unreadable",
                "SourceUnreadable",
                "QuestionRejected",
            ):
                said = node.args[0]
                if ast.unparse(said) != "what":  # `Document.unreadable` hands on what it was given
                    assert isinstance(said, ast.Constant), ast.unparse(said)
                    yield said.value


@pytest.mark.parametrize("words", [w for w in languages().values() if w.language != "en"], ids=lambda w: w.language)
def test_a_language_has_a_sentence_for_every_error_that_the_page_tells(words: Words) -> None:
    assert set(words.errors) == set(told_errors())
    assert {sentence: places(sentence) for sentence in words.errors} == {
        sentence: places(said) for sentence, said in words.errors.items()
    }


def test_an_error_is_said_in_the_readers_language_with_what_it_is_about() -> None:
    english, chinese = languages()["en"], languages()["zh"]
    with pytest.raises(SourceUnreadable) as caught:
        read_document(Document("letter.xyz", b"Hello"))
    assert english.error(caught.value) == str(caught.value)
    assert chinese.error(caught.value).startswith("letter.xyz 不是已知的通讯格式：请提供 .")
    assert chinese.error(QuestionRejected("Something else.")) == "Something else."


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
