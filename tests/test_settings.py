"""Settings that cannot be used are one sentence: the variable or file, the value, the remedy; never a key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import AssistantError, Settings, SettingsError, load_settings, open_assistant
from assistant.writers.discovery import connect
from ui.cli import app

PREFIX = "NEWSLETTER_ASSISTANT_"
TOML = "newsletter-assistant.toml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SERVER__PORT", "abc", "'abc'"),
        ("server__port", "99999", "'99999'"),
        ("SERVER__ALLOWED_HOSTS", "a.example", "'a.example'"),
        ("SERVER__ALLOWED_HOSTS", "[1]", "1"),
        ("SERVER__SIGN_IN", "maybe", "'maybe'"),
        ("ANSWER__MAX_WORDS", "1", "'1'"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value).startswith(f"{PREFIX}{name.upper()} in the environment is {said}, which ")


@pytest.mark.parametrize("line", ["SERVER__PORT=abc", "SERVER__ALLOWED_HOSTS=abc"])
def test_a_line_of_the_environment_file_is_named_with_its_value(folder: Path, line: str) -> None:
    (folder / ".env").write_text(PREFIX + line)
    with pytest.raises(SettingsError, match=rf"^{PREFIX}{line.partition('=')[0]} in \.env is 'abc', which "):
        load_settings()


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (TOML, b"[server\nport = 1", f"{TOML} is not TOML (Expected ']'"),
        (TOML, b"[server]\nport = 'x'", f"server.port in {TOML} is 'x', which cannot be used"),
        (TOML, b"title = '\xff'", f"{TOML} is not UTF-8"),
        (".env", b"\xff\xfe", ".env is not UTF-8"),
    ],
)
def test_a_settings_file_that_cannot_be_read_is_named(folder: Path, name: str, text: bytes, says: str) -> None:
    (folder / name).write_bytes(text)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (TOML, "[server]\nadmin_key = 12345678"),
        (TOML, "[llm]\napi_key = ['12345678']"),
        (TOML, "server = '12345678'"),
        (".env", f"{PREFIX}SERVER={{admin_key: 12345678}}"),
        (".env", f"{PREFIX}STORE__KEY__X=12345678"),
    ],
)
def test_a_key_is_never_shown(folder: Path, file: str, text: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "12345678" not in str(refused.value)


@pytest.mark.parametrize("value", ["a.example", "abc"])
def test_a_command_ends_with_the_sentence_and_one_document(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(f"{PREFIX}SERVER__ALLOWED_HOSTS", value)
    ended = CliRunner().invoke(app, ["sites", "list", "--json"])
    assert ended.exit_code == 1
    assert repr(value) in json.loads(ended.stdout)["error"]
    assert ended.stderr.startswith(f"error: {PREFIX}SERVER__ALLOWED_HOSTS")


def test_opening_an_assistant_raises_an_error_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}SERVER__PORT", "abc")
    with pytest.raises(AssistantError, match="SERVER__PORT"):
        open_assistant()


@pytest.mark.parametrize("name", ["STORE__URL", "STORE__KEY", "LLM__BASE_URL", "LLM__MODEL", "SERVER__PORT"])
@pytest.mark.parametrize("file", [None, ".env"])
def test_an_empty_variable_counts_as_unset(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, file: str | None
) -> None:
    if file:
        (folder / file).write_text(f"{PREFIX}{name}=")
    else:
        monkeypatch.setenv(PREFIX + name, "")
    section, _, field = name.lower().partition("__")
    default = getattr(Settings.model_fields[section].get_default(call_default_factory=True), field)
    assert getattr(getattr(load_settings(), section), field) == default


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_address_means_embedded_and_no_model_also_in_the_settings_file(folder: Path, empty: str) -> None:
    (folder / TOML).write_text(f"[store]\nurl = '{empty}'\n[llm]\nbase_url = '{empty}'\nmodel = '{empty}'")
    settings = load_settings()
    assert connect(settings.llm) is None
    with open_assistant(settings, data_dir=folder / "index") as assistant:
        assert assistant.newsletters() == []
    assert (folder / "index" / "chroma").is_dir()
