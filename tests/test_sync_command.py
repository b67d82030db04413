"""`sync` and `repair` as a person runs them: beside a server, watched, interrupted, on a full disk, on a Chroma server."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from index import Library, StoreSettings
from index.embedding import PassageVectors

COMMAND = [sys.executable, "-m", "ui.cli"]
LINES = " ".join(f"Row {n} of the garden got water on day {n}." for n in range(40))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(1, 4):
        write(folder, number)
    return folder


def write(folder: Path, number: int) -> None:
    (folder / f"garden-{number}.md").write_text(f"# Garden {number}\n\nBed {number} got tulips.\n", encoding="utf-8")


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, **options)


def wait_until(holds: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def test_a_running_server_does_the_sync_and_answers_from_it(archive: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("sync", archive, "--data-dir", data).returncode == 0
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--json", "--data-dir", str(data)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        assert json.loads(server.stdout.readline())["url"].startswith("http")
        write(archive, 4)
        done = run("sync", os.path.relpath(archive), "--json", "--data-dir", data)
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert (report["added"], len(report["unchanged"])) == (["garden-4"], 3)
        assert oct((data / "owner.lock").stat().st_mode & 0o777) == "0o600"
        refused = run("ask", "Which bed?", "--data-dir", data)
        assert refused.returncode == 1
        assert str(server.pid) in refused.stderr
    finally:
        server.terminate()
        server.wait(20)
    assert len(json.loads(run("list", "--json", "--data-dir", data).stdout)) == 4


def test_a_server_that_watches_a_folder_takes_in_what_is_written_there(archive: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as told:
        server = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", "--json", "--watch", str(archive), "--data-dir", str(tmp_path / "data")],
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        )
        try:
            assert server.stdout is not None
            address = json.loads(server.stdout.readline())["url"]
            assert len(httpx.get(f"{address}/api/v1/newsletters").json()) == 3
            write(archive, 4)
            wait_until(lambda: len(httpx.get(f"{address}/api/v1/newsletters").json()) == 4)
            assert "3 added" in log.read_text()
        finally:
            server.terminate()
            assert server.wait(20) == 0


def test_a_server_asked_to_watch_a_web_address_says_that_it_cannot(tmp_path: Path) -> None:
    refused = run("serve", "--port", "0", "--watch", "https://example.org/news", "--data-dir", tmp_path / "data")
    assert refused.returncode == 1
    assert "files and folders" in refused.stderr


def test_watching_takes_in_what_is_written_and_an_interrupt_ends_it(archive: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w") as out:
        watching = subprocess.Popen(
            [*COMMAND, "sync", str(archive), "--watch", "--data-dir", str(tmp_path / "d")], stdout=out, stderr=out
        )
        wait_until(lambda: "Watching" in log.read_text())
        time.sleep(0.5)
        write(archive, 4)
        wait_until(lambda: "1 added" in log.read_text())
        watching.send_signal(signal.SIGINT)
        assert watching.wait(20) == 0


def test_an_interrupted_sync_keeps_what_it_read_and_goes_on_later(tmp_path: Path) -> None:
    folder, data = tmp_path / "many", tmp_path / "data"
    folder.mkdir()
    for number in range(150):
        (folder / f"garden-{number}.md").write_text(f"# Garden {number}\n\n{LINES} {number}\n", encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, "sync", str(folder), "--data-dir", str(data)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: (data / "chroma").exists())
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "goes on from there" in said.replace("\n", " ")
    report = json.loads(run("sync", folder, "--json", "--data-dir", data).stdout)
    assert len(report["added"]) + len(report["unchanged"]) == 150


def test_a_full_disk_is_named_and_what_was_committed_stays(archive: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    run("sync", archive, "--data-dir", data)
    for number in range(10, 60):
        (archive / f"garden-{number}.md").write_text(f"# Garden {number}\n\n{LINES} {number}\n", encoding="utf-8")
    size = max(file.stat().st_size for file in (data / "chroma").iterdir() if file.is_file())

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100_000, size + 100_000))

    failed = run("sync", archive, "--data-dir", data, preexec_fn=small_files)
    assert failed.returncode == 1
    assert "cannot grow" in failed.stderr, failed.stderr
    assert "Traceback" not in failed.stderr
    report = json.loads(run("sync", archive, "--json", "--data-dir", data).stdout)
    assert len(report["added"]) + len(report["unchanged"]) == 53
    assert json.loads(run("status", "--json", "--data-dir", data).stdout)["healthy"] is True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a command as another user")
def test_a_directory_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom index import Library, IndexNotWritable\nfrom pathlib import Path\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try: Library.open(Path(sys.argv[1]))\nexcept IndexNotWritable as error: print(error)"
    )
    (tmp_path / "locked").mkdir(mode=0o555)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "locked" / "data")], capture_output=True, text=True, check=False
    )
    assert "cannot be written" in done.stdout, done.stderr


class Fake:
    """An encoder's stand-in that is quick enough to fill an index beyond what Chroma keeps in its log."""

    def __init__(self, real: Any) -> None:
        self._real, self.name, self.fingerprint = real, real.name, real.fingerprint
        self.dimension, self.precision = real.dimension, real.precision

    def count_tokens(self, text: str) -> int:
        return 200

    def embed_passages(self, passages: Any) -> list[PassageVectors]:
        import numpy as np

        rows = np.random.default_rng(len(passages)).normal(size=(len(passages), self.dimension)).astype(np.float32)
        return [PassageVectors(row, np.stack([row] * len(p.sentences))) for row, p in zip(rows, passages, strict=True)]

    def embed_query(self, text: str) -> Any:
        return self._real.embed_query(text)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of 1 500 passages, whose vectors Chroma has moved out of its log into the HNSW files."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "archive").mkdir()
    for number in range(30):
        text = "\n\n".join(f"Row {row} of bed {number} got water." for row in range(50))
        (folder / "archive" / f"garden-{number}.md").write_text(f"# Garden {number}\n\n{text}", encoding="utf-8")
    with Library.open(folder / "data") as library:
        vars(library)["embedder"] = Fake(library.embedder)
        library.sync([folder / "archive"])
        assert library.status().passages == 1500
    return folder / "data"


def damage(how: str, chroma: Path) -> None:
    database = chroma / "chroma.sqlite3"
    for segment in [entry for entry in chroma.iterdir() if entry.is_dir()]:
        if how == "deleted":
            shutil.rmtree(segment)
        elif how == "truncated":
            for file in segment.iterdir():
                os.truncate(file, file.stat().st_size // 2)
    if how == "database cut":
        os.truncate(database, database.stat().st_size // 3)
    if how == "database garbled":
        with database.open("r+b") as file:
            file.seek(database.stat().st_size // 2 // 4096 * 4096)
            file.write(b"\xaa" * 32_768)


@pytest.mark.parametrize("how", ["deleted", "truncated", "database cut", "database garbled"])
def test_damage_is_seen_and_repaired_from_what_survives(large: Path, tmp_path: Path, how: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(large, data)
    damage(how, data / "chroma")
    before = run("status", "--json", "--data-dir", data)
    assert before.returncode == 1, before.stdout
    assert "repair" in before.stdout + before.stderr
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("index.library.load_embedder", lambda settings: _quick(settings))
        from index.repair import repair
        from index.settings import EmbeddingSettings

        repaired = repair(data, EmbeddingSettings(), StoreSettings())
    saved = repaired.state["newsletters"]
    assert repaired.state["healthy"] is True
    assert saved + len(repaired.lost) == 30
    assert saved == 30 or "sync" in repaired.done
    if how in ("deleted", "truncated"):
        assert saved == 30
    with Library.open(data) as library:
        assert len(library.snapshot().passages) == saved * 50


def _quick(settings: Any) -> Fake:
    from index.embedding import load_embedder

    return Fake(load_embedder(settings))
