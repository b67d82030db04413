"""The index made equal to its sources: only what changed is done, and nothing is lost when a sync is killed."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import Library
from index.errors import IndexBusy, IndexDamaged, IndexingError

COMMAND = [sys.executable, "-m", "ui.cli"]
KILLS = 10


def issue(number: int, text: str = "") -> str:
    return f"---\ntitle: Garden News {number}\ndate: 2020-01-{number:02d}\n---\n## Planting\n\nBed {number} got {number * 3} tulips. {text}\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(1, 4):
        (folder / f"garden-{number}.md").write_text(issue(number), encoding="utf-8")
    return folder


@pytest.fixture
def library(tmp_path: Path):
    with Library.open(tmp_path / "store") as library:
        yield library


def counts(report) -> tuple[int, int, int, int, int]:
    return tuple(len(getattr(report, name)) for name in ("added", "changed", "removed", "unchanged", "failed"))


def test_only_what_changed_is_done(library: Library, archive: Path) -> None:
    assert counts(library.sync([archive])) == (3, 0, 0, 0, 0)
    (archive / "garden-1.md").write_text(issue(1, "Roses came later."), encoding="utf-8")
    (archive / "garden-2.md").unlink()
    (archive / "garden-4.md").write_text(issue(4), encoding="utf-8")
    report = library.sync([archive])
    assert (report.added, report.changed, report.removed, report.unchanged) == (
        ("garden-4",), ("garden-1",), ("garden-2",), ("garden-3",),
    )  # fmt: skip
    assert "Roses" in library.newsletter("garden-1").text
    assert library.status().healthy


def test_progress_names_what_was_read_and_of_how_many(library: Library, archive: Path) -> None:
    told = []
    library.sync([archive], progress=told.append)
    assert [(p.done, p.total, Path(p.source).name) for p in told] == [(n, 3, f"garden-{n}.md") for n in (1, 2, 3)]


def test_a_second_sync_reads_nothing_anew(library: Library, archive: Path) -> None:
    library.sync([archive])
    before = library.snapshot()
    assert counts(library.sync([archive])) == (0, 0, 0, 3, 0)
    assert [p.id for p in library.snapshot().passages] == [p.id for p in before.passages]
    assert "embedder" not in vars(Library.open(archive.parent / "fresh"))


def test_a_dry_run_changes_nothing(library: Library, archive: Path) -> None:
    assert counts(library.sync([archive], dry_run=True)) == (3, 0, 0, 0, 0)
    assert library.newsletters() == []


def test_a_moved_file_stays_the_same_newsletter(library: Library, archive: Path) -> None:
    library.sync([archive])
    (archive / "2020").mkdir()
    (archive / "garden-1.md").rename(archive / "2020" / "garden-1.md")
    report = library.sync([archive])
    assert (report.added, report.removed) == ((), ())


@pytest.mark.parametrize("bad", [b"", b"caf\xe9", b"a\x00b"])
def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_in(library: Library, archive: Path, bad: bytes) -> None:
    library.sync([archive])
    (archive / "garden-1.md").write_bytes(bad)
    report = library.sync([archive])
    assert [Path(failed.source).name for failed in report.failed] == ["garden-1.md"]
    assert "Bed 1" in library.newsletter("garden-1").text, "what was stored stays"
    assert len(library.newsletters()) == 3


def test_a_second_process_is_refused_with_the_owner_and_the_ways_out(library: Library, tmp_path: Path) -> None:
    with pytest.raises(IndexBusy, match=rf"process {os.getpid()} .*--data-dir"):
        Library.open(tmp_path / "store")


def test_a_damaged_store_is_named_and_repaired(tmp_path: Path, archive: Path) -> None:
    data = tmp_path / "data"
    with Library.open(data) as library:
        library.sync([archive])
    (data / "chroma" / "chroma.sqlite3").write_bytes(b"this is no database")
    shutil.rmtree(data / "cache", ignore_errors=True)
    with pytest.raises(IndexDamaged, match="repair"):
        Library.open(data)
    subprocess.run([*COMMAND, "repair", "--data-dir", str(data)], capture_output=True, check=True)
    again = [*COMMAND, "sync", str(archive), "--json", "--data-dir", str(data)]
    report = json.loads(subprocess.run(again, capture_output=True, text=True, check=True).stdout)
    assert len(report["added"]) == 3


def test_vectors_lost_from_the_store_are_rebuilt(tmp_path: Path, archive: Path) -> None:
    data = tmp_path / "data"
    with Library.open(data) as library:
        library.sync([archive])
        wanted = [p.id for p in library.snapshot().passages]
    for folder in (data / "chroma").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    shutil.rmtree(data / "cache", ignore_errors=True)
    subprocess.run([*COMMAND, "repair", "--data-dir", str(data)], capture_output=True, check=True)
    with Library.open(data) as library:
        assert [p.id for p in library.snapshot().passages] == wanted
        assert library.status().healthy


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(IndexingError, match="cannot be written"):
        Library.open(tmp_path / "locked" / "data")


WRITING = """
import sys
from pathlib import Path
import index.commit
from index import Library
index.commit.BATCH_PASSAGES = 4
put = index.commit.Store.put
def told(self, *entries, **options):
    print("writing", flush=True)
    put(self, *entries, **options)
index.commit.Store.put = told
with Library.open(Path(sys.argv[2])) as library:
    library.sync([sys.argv[1]])
"""


def test_a_sync_killed_at_any_moment_loses_and_doubles_nothing(tmp_path: Path) -> None:
    folder, data = tmp_path / "many", tmp_path / "data"
    folder.mkdir()
    for number in range(1, 31):
        (folder / f"garden-{number}.md").write_text(issue(number) + issue(number)[40:] * 6, encoding="utf-8")
    chooser = random.Random(7)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITING, str(folder), str(data)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        for _ in range(chooser.randint(1, 3)):
            assert process.stdout.readline() == b"writing\n", "it was killed while it wrote, not before"
        time.sleep(chooser.uniform(0.0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for number in chooser.sample(range(1, 31), 12):
            text = issue(number, f"Again {chooser.random()}.") + issue(number)[40:] * 6
            (folder / f"garden-{number}.md").write_text(text, encoding="utf-8")
    with Library.open(data) as library:
        for info in library.newsletters():
            held = [p for p in library.snapshot().passages if p.newsletter_id == info.id]
            assert len(held) == info.passages
        library.sync([folder])
        survived = {n.id: library.newsletter(n.id).content_hash for n in library.newsletters()}
        ids = sorted(p.id for p in library.snapshot().passages)
        assert library.status().healthy
    with Library.open(tmp_path / "undisturbed") as library:
        library.sync([folder])
        assert {n.id: library.newsletter(n.id).content_hash for n in library.newsletters()} == survived
        assert sorted(p.id for p in library.snapshot().passages) == ids


def test_the_command_line_reports_what_a_sync_did(archive: Path, tmp_path: Path) -> None:
    (archive / "broken.md").write_bytes(b"\xff\xff\xff")
    done = subprocess.run(
        [*COMMAND, "sync", str(archive), "--json", "--data-dir", str(tmp_path / "d")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, "one source failed"
    report = json.loads(done.stdout)
    assert sorted(report["added"]) == ["garden-1", "garden-2", "garden-3"]
    assert report["failed"][0]["source"].endswith("broken.md")
