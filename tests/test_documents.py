"""The documents say what the program does: made parts are current, commands exist, examples run, names are described."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.testing import CliRunner

from ui.cli import app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = ("README.md", "evaluation.md")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MADE = generator().PAGES


def blocks(page: Path, language: str) -> Iterator[str]:
    yield from re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M)


def commands(page: Path) -> Iterator[list[str]]:
    for block in blocks(page, "sh"):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and Path(words[0]).name == "newsletter-assistant":
                yield words[1:]


@pytest.mark.parametrize("name", MADE)
def test_what_is_made_from_the_program_is_current(name: str) -> None:
    made = MADE[name]()
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made, "run `make docs`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_the_documents_exists_with_its_options(page: Path) -> None:
    root = typer.main.get_command(app)
    for words in commands(page):
        words = [word for word in words if word not in ("&",)]
        if ">" in words:
            words = words[: words.index(">")]
        command, path = root, []
        while words and words[0] in getattr(command, "commands", {}):
            path.append(words[0])
            command = command.commands[words.pop(0)]
        assert path, f"{page.name}: no command {words}"
        known = {flag for param in command.params for flag in (*param.opts, *param.secondary_opts)} | {"--help", "-h"}
        used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert used <= known, f"{page.name}: {' '.join(path)} has no {sorted(used - known)}"


@pytest.mark.parametrize("name", RUN)
def test_the_python_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = next(page for page in PAGES if page.name == name)
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.chdir(tmp_path)
    examples = list(blocks(page, "python"))
    assert examples
    for example in examples:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            exec(compile(example, str(page), "exec"), {"__name__": "example"})
        assert said.getvalue().strip() or "def test_" in example


def test_the_commands_on_evaluation_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    monkeypatch.chdir(tmp_path)
    questions = [
        {"id": "a", "question": "Who spoke about IP protection?", "answerable": True, "gold": [["Gurry"]]},
        {"id": "b", "question": "Who won the football world cup?", "answerable": False},
    ]
    Path("questions.jsonl").write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(app, ["sync", "corpus/newsletters"]).exit_code == 0
    runs = {" ".join(words): runner.invoke(app, words).exit_code for words in commands(ROOT / "docs" / "evaluation.md")}
    nobody_judged_yet = "feedback export --output readers.jsonl"
    assert runs.pop(nobody_judged_yet) == 3
    assert runs
    assert set(runs.values()) == {0}, runs
    assert Path("report.html").stat().st_size > 10_000


def test_every_public_name_says_what_it_is() -> None:
    page = MADE["python.md"]()
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", page, re.M)
    assert len(rows) > 80
    missing = [name for name, kind, said in rows if kind != "data" and not said.strip()]
    assert not missing


def test_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        links = re.findall(r"\]\(([\w./-]+\.md)\)", page.read_text(encoding="utf-8"))
        targets = {(page.parent / link).resolve() for link in links}
        broken = [str(target) for target in targets if not target.is_file()]
        assert not broken, f"{page.name}: {broken}"
        waiting += [target for target in targets if target not in reached and target.is_relative_to(ROOT)]
    assert set(PAGES) <= reached
