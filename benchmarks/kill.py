"""Whether a sync loses or doubles anything when it is killed: kill -9 at random moments, again and again.

    make bench-kill           # or: python -m benchmarks.kill [--times 100] [--seed 0]

Between two kills some newsletters are written anew, some are deleted and some come back; every fifth time it is a
rebuild that is killed. After each kill the index is opened: every newsletter must be wholly one of the versions that
were ever written, its passages must stand in its text, and a question must be answered from it. In the end one
undisturbed sync must give what a sync into an empty index gives. Results go to benchmarks/results/kill.json.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from index import Library

RESULTS = Path(__file__).parent / "results" / "kill.json"
NEWSLETTERS = 40
CHILD = """
import sys
from pathlib import Path
import index.commit
from index import Library
index.commit.BATCH_PASSAGES = 8
with Library.open(Path(sys.argv[2])) as library:
    library.embedder
    print("started", flush=True)
    library.sync([sys.argv[1]], rebuild=sys.argv[3] == "rebuild")
print("finished", flush=True)
"""


class Archive:
    """A folder of newsletters that changes, and every text that each has ever had."""

    def __init__(self, folder: Path, chooser: random.Random) -> None:
        self.folder = folder
        self._chooser = chooser
        self.versions: dict[str, set[str]] = {}
        folder.mkdir()
        for number in range(NEWSLETTERS):
            self._write(number)

    def change(self) -> None:
        """Write a third anew, delete a few, bring deleted ones back."""
        for number in self._chooser.sample(range(NEWSLETTERS), NEWSLETTERS // 3):
            self._write(number)
        for number in self._chooser.sample(range(NEWSLETTERS), 3):
            (self.folder / f"garden-{number}.md").unlink(missing_ok=True)

    def _write(self, number: int) -> None:
        beds = "\n\n".join(
            f"## Bed {bed}\n\n" + f"Bed {bed} got {self._chooser.randint(1, 999)} tulips and roses in spring. " * 12
            for bed in range(self._chooser.randint(1, 5))
        )
        text = f"# Garden News {number}\n\n{beds}\n"
        (self.folder / f"garden-{number}.md").write_text(text, encoding="utf-8")
        self.versions.setdefault(f"garden-{number}", set()).add(" ".join(text.replace("#", "").split()))


def run(times: int, seed: int, folder: Path) -> dict[str, Any]:
    """Kill so many syncs; gives what was found after each."""
    chooser = random.Random(seed)
    archive, data = Archive(folder / "archive", chooser), folder / "data"
    _whole_sync(archive, data, "sync")
    lasted = {"rebuild": _whole_sync(archive, data, "rebuild")}
    archive.change()
    lasted["sync"] = _whole_sync(archive, data, "sync")
    killed: Counter[str] = Counter()
    faults: list[str] = []
    while killed.total() < times:
        archive.change()
        kind = "rebuild" if killed.total() % 5 == 4 else "sync"
        if _killed(archive, data, kind, chooser.uniform(0, lasted[kind])):
            killed[kind] += 1
            faults += [f"after kill {killed.total()} ({kind}): {fault}" for fault in _faults(archive, data)]
            if killed.total() % 10 == 0:
                print(f"{killed.total()} killed, {len(faults)} faults", flush=True)
    faults += _end(archive, data, folder / "undisturbed")
    return {
        "kills": killed.total(),
        **{f"killed_{kind}s": n for kind, n in killed.items()},
        "seed": seed,
        "faults": faults,
    }


def _start(archive: Archive, data: Path, kind: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(archive.folder), str(data), kind]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    if process.stdout.readline() != "started\n":
        raise SystemExit("The sync could not be started: run it by hand to see why.")
    return process


def _whole_sync(archive: Archive, data: Path, kind: str) -> float:
    """How many seconds an undisturbed one lasts."""
    process, started = _start(archive, data, kind), time.perf_counter()
    process.communicate()
    return time.perf_counter() - started


def _killed(archive: Archive, data: Path, kind: str, after: float) -> bool:
    """Start one and kill it; False when it had finished before."""
    process = _start(archive, data, kind)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    return "finished" not in said


def _faults(archive: Archive, data: Path) -> list[str]:
    with Library.open(data) as library:
        found = []
        held = Counter(passage.newsletter_id for passage in library.snapshot().passages)
        for info in library.newsletters():
            newsletter = library.newsletter(info.id)
            if " ".join(newsletter.text.split()) not in archive.versions[info.id]:
                found.append(f"{info.id} is no version that was written")
            if held[info.id] != info.passages:
                found.append(f"{info.id} has {held[info.id]} of {info.passages} passages")
        for passage in library.snapshot().passages:
            if library.newsletter(passage.newsletter_id).text[passage.start : passage.end] != passage.text:
                found.append(f"{passage.id} does not stand in its newsletter")
        if not library.newsletters():
            found.append("the index is empty")
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
