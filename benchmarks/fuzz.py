"""Whether damaged and hostile input ends any reader: 10 000 mutated documents over all formats.

    make bench-fuzz           # or: python -m benchmarks.fuzz [--inputs 10000] [--seed 0]

Each document is read in a process of its own memory limit, watched from outside. It must be read or refused with
SourceUnreadable within 10 seconds and 1 GB; whatever else happens is a defect, whose input is kept under
`.benchmarks/fuzz/`. Mutations: bytes changed, cut out, doubled, spliced from another sample, and constructs that have
ended parsers before (deep nesting, long runs, lying lengths); archives are mutated inside, too, and packed again.
Results go to benchmarks/results/fuzz.json.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing
import random
import resource
import time
import zipfile
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath
from typing import Any

from benchmarks.samples import FORMATS
from corpus import SourceUnreadable, shipped_newsletters
from corpus.documents import Document
from corpus.readers import read_document

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "fuzz.json"
KEPT = ROOT / ".benchmarks" / "fuzz"
SECONDS, MEMORY = 10, 1_000_000_000
TEXT = """Garden News 8
1 July 2020

TULIPS

Bed one got 21 tulips. * Roses were cut. See [the list](https://garden.example/8?utm_source=x).

    indented { "json": [1, 2] }
"""
HOSTILE = (
    b"[" * 4000,
    b"> " * 3000,
    b"*_" * 5000,
    b"`" * 9999,
    b"- " * 2000 + b"x",
    b"<div>" * 3000,
    b"<table><tr><td>" * 800,
    b"&#x41;" * 3000,
    b"<!--" * 500,
    b"<![CDATA[" * 200,
    b"![](" * 2000,
    b"|a" * 4000 + b"\n" + b"|-" * 4000,
    b"\n".join(b" " * n + b"* x" for n in range(400)),
    b"a" * 200_000,
    b" " * 100_000 + b"x",
    b"\n" * 50_000,
    b"1. " * 3000,
    b"{% raw %}" * 500,
    b"{{" * 3000,
    b"---\na: &a [x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\ne: [*d,*d,*d,*d]\n---\n",
    b"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]><rss>&c;</rss>",
    b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 200,
    b"From a@b Wed Jul  1 08:00:00 2020\n" * 2000,
    b"=?utf-8?q?" + b"=41" * 20_000 + b"?=",
    b"Subject: " + b"=?x?b?QQ==?= " * 3000 + b"\n",
    b"<a href='" + b"http://" * 3000 + b"'>x</a>",
    b"1 0 obj << /Length 999999999 >> stream\n",
    b"/Count 99999999 /Kids [1 0 R 1 0 R 1 0 R] /Parent 1 0 R",
    b"\x00" * 1000,
    b"\xff\xfe\xfd",
    "\u202e\u200b\ud7ff\U0010ffff".encode() * 500,
    b"9" * 5000,
    b"2019-99-99 31 February 2020 99/99/9999",
    b"a." * 20_000,
    b"e.g. " * 5000,
)


@dataclass(frozen=True, slots=True)
class Input:
    """A document to read, known by the seed that makes it again."""

    seed: str
    name: str
    data: bytes


def samples() -> dict[str, bytes]:
    """One undamaged document a format, and the shipped newsletter."""
    made = {name: make() for name, make in FORMATS.items()}
    shipped = next(file for file in shipped_newsletters().iterdir() if file.suffix == ".md")
    return made | {"x.txt": TEXT.encode(), "x.md": shipped.read_bytes(), "x.atom": _atom()}


def _atom() -> bytes:
    return (
        b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Garden</title><entry>'
        b"<title>Garden News 7</title><link href='https://garden.example/7'/><updated>2020-07-01T08:00:00Z</updated>"
        b"<content type='html'>&lt;p&gt;Bed one got 21 tulips.&lt;/p&gt;</content></entry></feed>"
    )


def mutated(number: int, seed: int, known: dict[str, bytes]) -> Input:
    """Input `number` of a run; the same for the same seed."""
    chooser = random.Random(f"{seed}-{number}")
    name = sorted(known)[number % len(known)]
    data = known[name]
    if zipfile.is_zipfile(io.BytesIO(data)) and chooser.random() < 0.7:
        data = _inside(data, chooser, known)
    else:
        data = _damaged(data, chooser, known)
    shown = name if chooser.random() < 0.8 else chooser.choice(["download", *known])
    return Input(f"{seed}-{number}", shown, data)


def _inside(data: bytes, chooser: random.Random, known: dict[str, bytes]) -> bytes:
    """An archive with one of its members damaged, doubled or lost."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = chooser.choice(sorted(members))
    kind = chooser.randrange(4)
    if kind == 0:
        del members[name]
    elif kind == 1:
        members[f"../{name}"] = members[name]
    else:
        members[name] = _damaged(members[name], chooser, known)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return buffer.getvalue()


def _damaged(data: bytes, chooser: random.Random, known: dict[str, bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(chooser.choice((1, 1, 2, 4, 16))):
        place = chooser.randrange(len(changed) + 1)
        end = min(len(changed), place + chooser.choice((1, 8, 64, 512)))
        match chooser.randrange(8):
            case 0 if changed:
                changed[place % len(changed)] = chooser.randrange(256)
            case 1:
                del changed[place:end]
            case 2:
                changed[place:place] = changed[place:end] * chooser.choice((1, 2, 50))
            case 3:
                changed[place:place] = chooser.choice(HOSTILE)
            case 4:
                other = known[chooser.choice(sorted(known))]
                start = chooser.randrange(len(other))
                changed[place:end] = other[start : start + chooser.choice((16, 256, 4096))]
            case 5:
                changed[place:end] = chooser.randbytes(end - place)
            case 6:
                del changed[place:]
            case _:
                changed[place:end] = bytes(changed[place:end]).swapcase()
    return bytes(changed)


def _worker(pipe: Connection, seed: int) -> None:
    """Read the inputs whose numbers arrive; say of each how it ended."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    known = samples()
    while (number := pipe.recv()) is not None:
        made = mutated(number, seed, known)
        started = time.perf_counter()
        try:
            read_document(Document(made.name, made.data))
            how = "read"
        except SourceUnreadable as error:
            how = "refused" if made.name in str(error) else f"unnamed: {error}"
        except MemoryError:
            how = "memory"
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            how = f"{type(error).__name__}: {error}"[:200]
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        pipe.send((how, time.perf_counter() - started, used))


class _Reader:
    """A process that reads, started again when an input ends it."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_worker, args=(theirs, self._seed), daemon=True)
        self._process.start()
        theirs.close()

    def read(self, number: int, seconds: float) -> tuple[str, float, int]:
        """How input `number` ended, the seconds it took and the most memory in kB."""
        try:
            self._pipe.send(number)
            if self._pipe.poll(seconds):
                answer: tuple[str, float, int] = self._pipe.recv()
                return answer
            how = "hang"
        except (EOFError, ConnectionError):
            how = "crash"
        self.close()
        self._start()
        return how, seconds, 0

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()


def run(inputs: int, seed: int) -> dict[str, Any]:
    """Read them all; gives counts, the slowest and the defects."""
    known, reader = samples(), _Reader(seed)
    ended: Counter[str] = Counter()
    by_format: Counter[str] = Counter()
    slowest: list[tuple[float, str]] = []
    defects: list[dict[str, str]] = []
    memory = 0
    for number in range(inputs):
        how, seconds, used = reader.read(number, SECONDS if number else 60)
        memory = max(memory, used)
        name = sorted(known)[number % len(known)]
        by_format[PurePosixPath(name).suffix] += 1
        slowest = sorted([(round(seconds, 3), f"{seed}-{number} {name}"), *slowest], reverse=True)[:5]
        ended[how if how in ("read", "refused") else "defect"] += 1
        if how not in ("read", "refused"):
            defects.append(_kept(mutated(number, seed, known), how))
            print(defects[-1], flush=True)
        if number % 1000 == 999:
            print(f"{number + 1} inputs, {len(defects)} defects, slowest {slowest[0]}", flush=True)
    reader.close()
    return {
        "inputs": inputs,
        "seed": seed,
        **ended,
        "formats": dict(by_format),
        "slowest_seconds": slowest[0][0],
        "slowest": [f"{seconds} s: {which}" for seconds, which in slowest],
        "peak_memory_mb": round(memory / 1024),
        "limits": {"seconds": SECONDS, "memory_mb": MEMORY // 1_000_000},
        "defects": defects,
    }


def _kept(made: Input, how: str) -> dict[str, str]:
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{hashlib.sha256(made.data).hexdigest()[:8]}-{made.name}"
    file.write_bytes(made.data)
    return {"seed": made.seed, "name": made.name, "how": how, "file": file.name}


def main() -> None:
    """Run, print and write the results."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--inputs", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    found = run(chosen.inputs, chosen.seed)
    if chosen.inputs >= 10_000:
        RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
