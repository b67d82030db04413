"""Whether a sync loses or doubles anything when it is killed: kill -9 at random moments, again and again.

    make bench-kill           # or: python -m benchmarks.kill [--times 100] [--seed 0]

Between two kills some newsletters are written anew, some are deleted and some come back; every fifth time it is a
rebuild that is killed. After each kill the index is opened: every newsletter must be wholly one of the versions that
were ever written, its passages must stand in its text, and a question must be answered from it. In the end one
undisturbed sync must give what a sync into an empty index gives. Results go to benchmarks/results/kill.json.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from index import EmbeddingSettings, Library, Retriever
from index.embedding import Embedder, load_embedder

RESULTS = Path(__file__).parent / "results" / "kill.json"
NEWSLETTERS = 40
CHILD = """
import os
import sys
from pathlib import Path
import torch
import index.commit
from index import EmbeddingSettings, Library
from index.embedding import load_embedder
index.commit.BATCH_PASSAGES = 8
torch.set_num_threads(1)
embedder = load_embedder(EmbeddingSettings())
print("ready", flush=True)
for kind in sys.stdin:
    process = os.fork()
    if process == 0:
        with Library.open(Path(sys.argv[2])) as library:
            vars(library)["embedder"] = embedder
            library.sync([sys.argv[1]], rebuild=kind == "rebuild\\n")
        os._exit(0)
    print(process, flush=True)
    print(os.waitpid(process, 0)[1], flush=True)
"""
QUESTION = "How many tulips did bed 1 get?"


class Syncs:
    """Processes that sync, each forked from one that has the encoder in memory already."""

    def __init__(self, archive: Archive, data: Path) -> None:
        command = [sys.executable, "-c", CHILD, str(archive.folder), str(data)]
        alone = os.environ | {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        self._parent = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=alone
        )
        self._says("ready")

    def whole(self, kind: str) -> float:
        """How many seconds an undisturbed one lasts."""
        started = time.perf_counter()
        self._start(kind)
        self._says("0")
        return time.perf_counter() - started

    def killed(self, kind: str, after: float) -> bool:
        """Start one and kill it; False when it had finished before."""
        process = self._start(kind)
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        status = int(self._line())
        if status not in (0, signal.SIGKILL):
            raise SystemExit("A sync failed before it was killed: run it by hand to see why.")
        return status == signal.SIGKILL

    def close(self) -> None:
        """End the process that forks."""
        self._parent.kill()
        self._parent.communicate()

    def _start(self, kind: str) -> int:
        assert self._parent.stdin is not None
        self._parent.stdin.write(f"{kind}\n")
        self._parent.stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        assert self._parent.stdout is not None
        return self._parent.stdout.readline().strip()

    def _says(self, expected: str) -> None:
        if self._line() != expected:
            raise SystemExit("The sync could not be run: run it by hand to see why.")


class Archive:
    """A folder of newsletters that changes, and every text that each has ever had."""

    def __init__(self, folder: Path, chooser: random.Random) -> None:
        self.folder = folder
        self._chooser = chooser
        self.versions: dict[str, set[str]] = {}
        folder.mkdir()
        for number in range(NEWSLETTERS):
            self._write(number)

    def change(self) -> set[str]:
        """Write a third anew, delete a few, bring deleted ones back; gives those written and still there."""
        written = self._chooser.sample(range(NEWSLETTERS), NEWSLETTERS // 3)
        for number in written:
            self._write(number)
        for number in self._chooser.sample(range(NEWSLETTERS), 3):
            (self.folder / f"garden-{number}.md").unlink(missing_ok=True)
        return {f"garden-{number}" for number in written if (self.folder / f"garden-{number}.md").exists()}

    def latest(self, newsletter_id: str) -> str:
        """The words of a newsletter as its file has them."""
        return _words((self.folder / f"{newsletter_id}.md").read_text(encoding="utf-8").replace("#", ""))

    def _write(self, number: int) -> None:
        beds = "\n\n".join(
            f"## Bed {bed}\n\n" + f"Bed {bed} got {self._chooser.randint(1, 999)} tulips and roses in spring. " * 12
            for bed in range(self._chooser.randint(1, 5))
        )
        text = f"# Garden News {number}\n\n{beds}\n"
        (self.folder / f"garden-{number}.md").write_text(text, encoding="utf-8")
        self.versions.setdefault(f"garden-{number}", set()).add(_words(text.replace("#", "")))


def _words(text: str) -> str:
    return " ".join(text.split())


def run(times: int, seed: int, folder: Path) -> dict[str, Any]:
    """Kill so many syncs; gives what was found after each."""
    chooser = random.Random(seed)
    archive, data = Archive(folder / "archive", chooser), folder / "data"
    embedder = load_embedder(EmbeddingSettings())
    syncs = Syncs(archive, data)
    syncs.whole("sync")
    lasted = {"rebuild": syncs.whole("rebuild")}
    archive.change()
    lasted["sync"] = syncs.whole("sync")
    killed: Counter[str] = Counter()
    found: Counter[str] = Counter()
    faults: list[str] = []
    while killed.total() < times:
        written = archive.change()
        kind = "rebuild" if killed.total() % 5 == 4 else "sync"
        if syncs.killed(kind, chooser.uniform(0, lasted[kind])):
            killed[kind] += 1
            with Library.open(data) as library:
                found.update(_interrupted(library, archive, written))
                faults += [f"after kill {killed.total()} ({kind}): {f}" for f in _faults(library, archive, embedder)]
            if killed.total() % 10 == 0:
                print(f"{killed.total()} killed, {dict(found)}, {len(faults)} faults", flush=True)
    syncs.close()
    faults += _end(archive, data, folder / "undisturbed")
    return {
        "kills": killed.total(),
        **{f"killed_{kind}s": n for kind, n in killed.items()},
        **dict(sorted(found.items())),
        "seconds_of_a_whole_one": {kind: round(seconds, 2) for kind, seconds in lasted.items()},
        "seed": seed,
        "faults": faults,
    }


def _interrupted(library: Library, archive: Archive, written: set[str]) -> list[str]:
    """In which of the states between a sync's beginning and its end the index was left."""
    held = {info.id for info in library.newsletters()}
    new = {i for i in written & held if _words(library.newsletter(i).text) == archive.latest(i)}
    states = ["left_some_newsletters_new_and_others_old"] if set() < new < written else []
    committed = sum(info.passages for info in library.newsletters())
    return states + (["left_passages_without_their_record"] if library._store.count() > committed else [])


def _faults(library: Library, archive: Archive, embedder: Embedder) -> list[str]:
    found = []
    held = Counter(passage.newsletter_id for passage in library.snapshot().passages)
    for info in library.newsletters():
        if _words(library.newsletter(info.id).text) not in archive.versions[info.id]:
            found.append(f"{info.id} is no version that was written")
        if held[info.id] != info.passages:
            found.append(f"{info.id} has {held[info.id]} of {info.passages} passages")
    for passage in library.snapshot().passages:
        if library.newsletter(passage.newsletter_id).text[passage.start : passage.end] != passage.text:
            found.append(f"{passage.id} does not stand in its newsletter")
    (best, *_) = Retriever(library.snapshot(), embedder).search(QUESTION) or [None]
    if best is None or "tulips" not in best.passage.text:
        found.append("a question is not answered")
    return found


def _end(archive: Archive, data: Path, undisturbed: Path) -> list[str]:
    """One sync more, beside one into an empty index."""
    states = []
    for place in (data, undisturbed):
        with Library.open(place) as library:
            library.sync([archive.folder])
            hashes = {info.id: library.newsletter(info.id).content_hash for info in library.newsletters()}
            states.append((hashes, sorted(p.id for p in library.snapshot().passages), library._store.count()))
            if not library.is_whole():
                return [f"{place} is not whole"]
    return [] if states[0] == states[1] else ["the end differs from an undisturbed run"]


def main() -> None:
    """Run, print and write the results."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = run(chosen.times, chosen.seed, Path(folder))
    found["minutes"] = round((time.perf_counter() - started) / 60, 1)
    if chosen.times >= 100:
        RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))
    raise SystemExit(bool(found["faults"]))


if __name__ == "__main__":
    main()
