"""What a passage costs to take in as the archive grows, without the encoder, whose cost does not depend on it.

    python -m benchmarks.growth [--passages 50000]

Newsletters of ten passages are read, chunked, written to the store and made searchable, with random vectors in place of
the encoder's. Measured are the milliseconds a passage in one long sync, part by part, and the seconds of a sync of one
new newsletter at each size, until it can be searched; of each by the clock and by the processor, since other work on the
machine shows in the first. Results go to benchmarks/results/growth.json, and docs/scaling.md shows them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index import Library
from index.embedding import Embedder, PassageVectors, load_embedder
from index.passage import Passage, Vectors
from index.report import SyncProgress
from index.settings import EmbeddingSettings

RESULTS = Path(__file__).parent / "results" / "growth.json"
PARTS = 10
IN_ONE = 10
WORDS = [
    "bed",
    "tulip",
    "rose",
    "lily",
    "spring",
    "summer",
    "water",
    "soil",
    "seed",
    "leaf",
    "root",
    "stem",
    "north",
    "south",
    "gardener",
    "plan",
]


class RandomVectors:
    """The encoder with random vectors in place of its own."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.dimension, self.precision = embedder.dimension, embedder.precision
        self._random = np.random.default_rng(0)

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`, without the special ones."""
        return self._embedder.count_tokens(text)

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of a question."""
        return self._embedder.embed_query(text)

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Random unit vectors."""
        return [PassageVectors(self._rows(1)[0], self._rows(len(p.sentences))) for p in passages]

    def _rows(self, count: int) -> Vectors:
        rows = self._random.normal(size=(count, self.dimension)).astype(np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def write_newsletters(folder: Path, numbers: range) -> None:
    """Newsletters of ten sections, each of which becomes one passage of five sentences."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        random = np.random.default_rng(number)
        sections = []
        for section in range(IN_ONE):
            sentences = [
                " ".join(random.choice(WORDS, 14)).capitalize() + f" {number}-{section}-{i}." for i in range(5)
            ]
            sections.append(f"## Bed {section}\n\n{' '.join(sentences)}\n")
        text = f"# Garden News {number}\n\n" + "\n".join(sections)
        (folder / f"garden-{number}.md").write_text(text, encoding="utf-8")


def run(passages: int, folder: Path) -> dict[str, Any]:
    """Let an archive grow to so many passages; gives the cost at each size."""
    one_part = passages // PARTS
    found: list[dict[str, float]] = []
    with Library.open(folder / "data") as library:
        vars(library)["embedder"] = RandomVectors(load_embedder(EmbeddingSettings()))
        for part in range(PARTS):
            place = folder / f"part-{part}"
            first = part * one_part // IN_ONE
            write_newsletters(place, range(first, first + one_part // IN_ONE))
            seconds, cpu = _seconds_of_sync(library, place)
            library.snapshot()
            write_newsletters(folder / f"daily-{part}", range(10**6 + part, 10**6 + part + 1))
            daily, daily_cpu = _seconds_of_sync(library, folder / f"daily-{part}", whole=True)
            library._snapshot = None
            size = library.status().passages
            row = {
                "passages": size,
                "milliseconds_a_passage": 1000 * seconds / one_part,
                "cpu_milliseconds_a_passage": 1000 * cpu / one_part,
                "one_newsletter_seconds": daily,
                "one_newsletter_cpu_seconds": daily_cpu,
            }
            found.append({name: round(value, 2) for name, value in row.items()})
            print(found[-1], flush=True)
    return {
        "load": round(os.getloadavg()[0], 1),
        "sizes": found,
        "peak_resident_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _seconds_of_sync(library: Library, place: Path, *, whole: bool = False) -> tuple[float, float]:
    """Seconds, and those of the processor, until everything is stored, or, `whole`, until it can be searched."""
    told: list[tuple[float, float]] = []

    def now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def progress(_: SyncProgress) -> None:
        told.append(now())

    started = now()
    library.sync([place], progress=progress)
    ended = now() if whole else told[-1]
    return ended[0] - started[0], ended[1] - started[1]


def main() -> None:
    """Measure, print and write the results."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--passages", type=int, default=50_000)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = run(chosen.passages, Path(folder))
    if chosen.passages >= 20_000:
        RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
