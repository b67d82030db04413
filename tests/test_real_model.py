"""A real model server with real weights: small, wrong often, and never shown unchecked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant import Assistant, SentenceKind, Settings, Status
from assistant.verification import check_sentence
from assistant.writers.discovery import offered
from benchmarks.local_model import local_model

pytest.importorskip("xllamacpp", reason="the extra `models` is not installed")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with local_model(tmp_path_factory.mktemp("weights")) as base_url:
        llm = {"base_url": base_url, "model": "auto", "style": "completion", "max_tokens": 60, "timeout": 120.0}
        yield Settings(llm=llm)


def test_a_real_server_lists_its_model(settings: Settings) -> None:
    assert offered(settings.llm, str(settings.llm.base_url)).models


@pytest.mark.parametrize("question", ["What motto did the forum carry?", "Who spoke about IP protection?"])
def test_what_a_real_model_writes_is_shown_only_where_its_citation_supports_it(
    shipped: Assistant, settings: Settings, question: str
) -> None:
    answer = Assistant(shipped._library, settings).ask(question)
    assert answer.status is Status.ANSWERED
    assert answer.sentences
    for sentence in answer.sentences:
        cited = [answer.citations[number - 1].quote for number in sentence.citations]
        if sentence.kind is SentenceKind.GENERATED:
            assert check_sentence(sentence.text, cited).supported
        else:
            assert [sentence.text] == cited
