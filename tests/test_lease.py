"""Two syncs at once of one index on a shared Chroma server: real processes, a real server."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import chromadb
import pytest
from test_shared_store import chroma_server as chroma_server
from test_shared_store import gardens
from test_sync_command import wait_until

from index import IndexBusy, Library, StoreSettings
from index.client import connect
from index.lease import Lease

SYNC = """
import sys
from pathlib import Path
import numpy as np
import index.commit, index.lease
from index import IndexingError, Library, StoreSettings
from index.embedding import PassageVectors

class Quick:
    def count_tokens(self, text):
        return len(text.split())
    def embed_passages(self, passages):
        return [PassageVectors(np.eye(384, dtype=np.float32)[0], np.eye(384, dtype=np.float32)[: len(p.sentences)]) for p in passages]

index.commit.BATCH_PASSAGES = 4
index.lease.LEASE_SECONDS = float(sys.argv[4])
put = index.commit.Store.put
def told(self, *entries, **options):
    put(self, *entries, **options)
    print("wrote", flush=True)
    sys.stdin.readline()
index.commit.Store.put = told
with Library.open(Path(sys.argv[2]), store=StoreSettings(url=sys.argv[3])) as library:
    vars(library)["embedder"] = Quick()
    try:
        library.sync([sys.argv[1]])
        print("done", flush=True)
    except IndexingError as error:
        print(error, flush=True)
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    text = "# Garden {0}\n\nBed {0} got tulips.\n\n## Roses\n\nThe roses of bed {0} were cut.\n"
    return gardens(tmp_path / "archive", 12, text)


@pytest.fixture
def sync(archive: Path, tmp_path: Path, chroma_server: str):
    """Starts a sync in a process and a data directory of its own; after each write it waits for a line to be let go on."""
    started: list[subprocess.Popen[str]] = []

    def start(*, lease: float = 60) -> subprocess.Popen[str]:
        data = tmp_path / f"data-{len(started)}"
        command = [sys.executable, "-c", SYNC, str(archive), str(data), chroma_server, str(lease)]
        started.append(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def last(process: subprocess.Popen[str]) -> str:
    """How it ended, let go on."""
    return process.communicate(timeout=120)[0].strip().splitlines()[-1]


def held(url: str, data: Path) -> tuple[list[str], int]:
    """Newsletters and passages that the server has."""
    with Library.open(data, store=StoreSettings(url=url)) as library:
        assert library.is_whole()
        count = library._store.count()
        assert count == len(library.snapshot().passages)
        return [info.id for info in library.newsletters()], count


@contextmanager
def lease(url: str, tmp_path: Path) -> Iterator[Lease]:
    client = connect(tmp_path, StoreSettings(url=url))
    yield Lease(client, "newsletters", url)
    client.close()


def test_a_second_sync_is_refused_with_the_owners_name_and_the_ways_out_and_later_let_in(
    sync, chroma_server: str, tmp_path: Path
) -> None:
    one = sync()
    assert line(one) == "wrote"
    two = sync()
    refused = last(two)
    assert f"process {one.pid} on {socket.gethostname()}" in refused
    assert re.search(r"wait .* or stop it there; .* ends by itself, in \d+ seconds", refused)
    assert last(one) == "done"
    assert last(sync()) == "done", "a lease that was given back is free at once"
    newsletters, passages = held(chroma_server, tmp_path / "look")
    assert len(newsletters) == 12
    assert passages >= 24


def test_the_lease_of_a_killed_sync_runs_out_and_the_next_one_finishes(
    sync, chroma_server: str, tmp_path: Path
) -> None:
    one = sync(lease=6)
    assert line(one) == "wrote"
    one.send_signal(signal.SIGKILL)
    one.communicate()
    with lease(chroma_server, tmp_path) as ours, pytest.raises(IndexBusy, match=f"process {one.pid}"):
        ours.take()
    wait_until(lambda: last(sync()) == "done")
    assert len(held(chroma_server, tmp_path / "look")[0]) == 12


def test_a_sync_that_was_held_up_writes_nothing_once_another_has_taken_over(
    sync, chroma_server: str, tmp_path: Path
) -> None:
    one = sync(lease=3)
    assert line(one) == "wrote"
    one.send_signal(signal.SIGSTOP)
    wait_until(lambda: last(sync()) == "done")
    before = held(chroma_server, tmp_path / "look")
    one.send_signal(signal.SIGCONT)
    assert "lost its lease" in last(one)
    assert held(chroma_server, tmp_path / "look") == before


def test_a_long_sync_keeps_its_lease_by_renewing_it(
    chroma_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.lease.LEASE_SECONDS", 1.0)
    with lease(chroma_server, tmp_path) as ours, lease(chroma_server, tmp_path) as others:
        ours.take()
        threading.Event().wait(2.5)
        ours.check()
        with pytest.raises(IndexBusy):
            others.take()
        ours.give_back()
        others.take()
        with pytest.raises(IndexBusy, match="lost its lease"):
            ours.check()
        others.give_back()


def test_of_many_who_want_the_lease_at_one_moment_one_gets_it_whatever_their_clocks_say(
    chroma_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    got: list[Lease] = []
    at_once = threading.Barrier(6)

    def take() -> None:
        mine = Lease(connect(tmp_path, StoreSettings(url=chroma_server)), "newsletters", chroma_server)
        at_once.wait()
        try:
            mine.take()
            got.append(mine)
        except IndexBusy:
            pass

    for round_ in range(1, 6):
        threads = [threading.Thread(target=take) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) <= 1, f"round {round_}"
        if got:
            got.pop().give_back()
    client = connect(tmp_path, StoreSettings(url=chroma_server))
    assert isinstance(client, chromadb.api.ClientAPI)
    leases = [c.name for c in client.list_collections() if "-lease-" in c.name]
    assert len(leases) <= 2
