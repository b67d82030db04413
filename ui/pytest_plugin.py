"""The pytest plugin: hold answer quality in a test suite.

    from assistant.evaluation import assert_answers

    @pytest.mark.newsletter_questions("questions.jsonl")
    def test_the_answers_are_right(newsletter_assistant, newsletter_question):
        assert_answers(newsletter_assistant, newsletter_question)

`--newsletter-corpus PATH` (or the ini option `newsletter_corpus`) names the newsletters; without it the shipped one is
asked. `--newsletter-index FOLDER` (`newsletter_index`) keeps their index between runs; without it they are indexed once
a run in a temporary folder. Nothing heavy is imported before a test needs it.
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
    group.addoption("--newsletter-index", default=None, help="Folder that keeps the index between runs.")
    parser.addini("newsletter_corpus", "Newsletters to ask.", type="paths", default=[])
    parser.addini("newsletter_index", "Folder that keeps the index between runs.", default="")


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
    """An assistant over the configured newsletters, opened once a run."""
    from assistant import open_assistant
    from corpus import shipped_newsletters

    config = request.config
    named = config.getoption("--newsletter-corpus") or config.getini("newsletter_corpus")
    kept = config.getoption("--newsletter-index") or config.getini("newsletter_index")
    folder = config.rootpath / kept if kept else tmp_path_factory.mktemp("newsletter-assistant")
    corpus = list(named) or [shipped_newsletters()]
    with open_assistant(data_dir=folder, corpus=corpus) as assistant:
        yield assistant
