"""`sites`: a portal is added, shown, given a new key and removed, and the line to paste is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ui.cli.main import app
from ui.sites import SiteRegistry
from ui.snippet import integrity

ORIGIN = "https://library.example.org"


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["sites", *arguments, "--data-dir", str(folder)])


@pytest.fixture
def library(tmp_path: Path) -> Path:
    added = run(tmp_path, "add", "library", "--origin", ORIGIN, "--publisher", "CSTEC", "--since", "2019")
    assert added.exit_code == 0, added.output
    return tmp_path


def test_an_added_site_is_listed_without_its_key(library: Path) -> None:
    (listed,) = json.loads(run(library, "list", "--json").stdout)
    assert (listed["id"], listed["origins"]) == ("library", [ORIGIN])
    assert listed["scope"]["publishers"] == ["CSTEC"]
    assert run(library, "key", "library").stdout.strip() not in json.dumps(listed)


def test_a_site_added_again_keeps_its_key_and_a_rotated_one_does_not(library: Path) -> None:
    before = run(library, "key", "library").stdout
    run(library, "add", "library", "--origin", "https://other.example.org")
    assert run(library, "key", "library").stdout == before
    assert run(library, "rotate", "library").exit_code == 0
    assert run(library, "key", "library").stdout != before


def test_a_removed_site_is_gone(library: Path) -> None:
    assert run(library, "remove", "library").exit_code == 0
    assert SiteRegistry(library / "sites.json").all() == []


def test_the_snippet_is_one_line_with_its_integrity_and_the_portals_policy(library: Path) -> None:
    printed = run(library, "snippet", "library", "--url", "https://ask.example.org").stdout.splitlines()
    assert printed[0].startswith('<script src="https://ask.example.org/widget.js" data-site="library"')
    assert f'integrity="{integrity()}"' in printed[0]
    assert printed[1].startswith("Content-Security-Policy: ")
    assert "https://ask.example.org" in printed[1]


@pytest.mark.parametrize("origin", ["*", "https://library.example.org/path", "library.example.org", "https://*"])
def test_an_origin_that_is_none_or_too_wide_is_refused(tmp_path: Path, origin: str) -> None:
    refused = run(tmp_path, "add", "library", "--origin", origin)
    assert refused.exit_code != 0
    assert SiteRegistry(tmp_path / "sites.json").all() == []


@pytest.mark.parametrize(("verb", "name"), [("remove", "removed"), ("rotate", "rotated")])
@pytest.mark.parametrize(("before", "after"), [(["--json"], []), ([], ["--json"])])
def test_what_was_done_to_a_site_is_one_document(
    library: Path, verb: str, name: str, before: list[str], after: list[str]
) -> None:
    done = CliRunner().invoke(app, [*before, "sites", verb, "library", "--data-dir", str(library), *after])
    assert json.loads(done.stdout) == {name: "library"}


def test_the_key_of_a_site_is_one_document(library: Path) -> None:
    printed = json.loads(run(library, "key", "library", "--json").stdout)
    assert printed == {"key": run(library, "key", "library").stdout.strip()}


@pytest.mark.parametrize("option", ["--since", "--until"])
@pytest.mark.parametrize("date", ["2019-13", "2019-00", "2019-04-32", "19", "April"])
def test_a_date_that_is_none_is_refused(tmp_path: Path, option: str, date: str) -> None:
    refused = run(tmp_path, "add", "library", option, date)
    assert refused.exit_code == 1
    assert f"scope.{option.removeprefix('--')}" in refused.stderr
    assert SiteRegistry(tmp_path / "sites.json").all() == []


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"scope": []}, "The scope in "),
        ({"scope": None}, "The scope in "),
        ({"origins": "https://a.example"}, "The origins in "),
        ({"scope": {"languages": 5}}, "scope.languages"),
        ([], "one JSON object"),
    ],
)
def test_a_record_that_is_none_is_refused_with_the_reason(tmp_path: Path, record: object, says: str) -> None:
    written = tmp_path / "record.json"
    written.write_text(json.dumps(record), encoding="utf-8")
    refused = run(tmp_path, "add", "library", "--record", str(written))
    assert refused.exit_code == 1
    assert says in refused.stderr
    assert "Traceback" not in refused.stderr
    assert SiteRegistry(tmp_path / "sites.json").all() == []


@pytest.mark.parametrize(
    ("folder", "arguments"),
    [
        ("file", ["list"]),
        ("file", ["add", "library"]),
        ("file", ["remove", "library"]),
        ("/proc/nowhere", ["add", "library"]),
    ],
)
def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, folder: str, arguments: list[str]) -> None:
    (tmp_path / "file").write_text("no folder")
    ended = run(tmp_path / folder, *arguments)
    assert ended.exit_code == 1
    assert f"{tmp_path / folder / 'sites.json'} cannot be " in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("verb", ["remove", "rotate", "key", "snippet"])
def test_an_unknown_site_is_named(tmp_path: Path, verb: str) -> None:
    unknown = run(tmp_path, verb, "nowhere")
    assert unknown.exit_code == 1
    assert "nowhere" in unknown.output
