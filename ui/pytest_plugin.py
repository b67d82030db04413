"""The pytest plugin: hold answer quality in a test suite.

    from assistant.evaluation import assert_answers

    @pytest.mark.newsletter_questions("questions.jsonl")
    def test_the_answers_are_right(newsletter_assistant, newsletter_question):
        assert_answers(newsletter_assistant, newsletter_question)

`--newsletter-corpus PATH` (or the ini option `newsletter_corpus`) names the newsletters; without it the shipped one is
asked. Nothing heavy is imported before a test needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from assistant.engine import Assistant


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("newsletter-assistant")
    group.addoption("--newsletter-corpus", action="append", default=None, help="Newsletters to ask; may be repeated.")
    parser.addini("newsletter_corpus", "Newsletters to ask.", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark."""
    config.addinivalue_line(
        "markers", "newsletter_questions(file): one test a question of a question file (JSON Lines or YAML)"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a question."""
    mark = metafunc.definition.get_closest_marker("newsletter_questions")
    if mark is None or "newsletter_question" not in metafunc.fixturenames:
        return
    from assistant.evaluation.questions import load_questions

    folder = Path(str(metafunc.definition.path)).parent
    questions = [question for name in mark.args for question in load_questions(folder / name)]
    metafunc.parametrize("newsletter_question", questions, ids=[question.id for question in questions])


@pytest.fixture(scope="session")
def newsletter_assistant(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Assistant]:
    """An assistant over the configured newsletters, indexed once a run in a temporary folder."""
    from assistant import open_assistant
    from corpus import shipped_newsletters

    named = request.config.getoption("--newsletter-corpus") or request.config.getini("newsletter_corpus")
    corpus = list(named) or [shipped_newsletters()]
    with open_assistant(data_dir=tmp_path_factory.mktemp("newsletter-assistant"), corpus=corpus) as assistant:
        yield assistant
