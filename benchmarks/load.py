"""How a server holds when many readers ask at once; writes benchmarks/results/load.json.

    python -m benchmarks.load --readers 50 --seconds 60

A server is started over the shipped newsletter. Each reader asks by the streaming route, waits for the whole answer,
and asks again. Latencies are seconds; memory is the server's resident set in MB, at the start, every tenth of the
time, and at the end (`--seconds 240` shows minutes of it); `cpu_ms` is what the server computed for an answer, which holds
whatever else the machine does. It is done three times: with five questions that come again and again, as the suggested ones of a
portal do, with the shipped newsletter's hundred questions in any order, and with questions none of which was asked before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import IO

RESULT = Path(__file__).parent / "results" / "load.json"
QUESTIONS = (
    "What does the newsletter say about the Belt and Road?",
    "Where was the Silk Road of Innovation forum held?",
    "Who spoke about IP protection?",
    "What was agreed with Malta?",
    "Who won the football world cup of 1930?",
)
PATIENCE_SECONDS = 60
OWN = Path(__file__).parents[1] / "tests" / "questions" / "shipped.jsonl"
OPENINGS = (
    "Hello,",
    "Please:",
    "One more thing:",
    "I wonder:",
    "For my notes:",
    "Quickly:",
    "My editor asks:",
    "Good day,",
)
MANNERS = ("", "thanks", "please", "if you know", "for a colleague", "in short", "with the source", "many thanks")


def usual(count: int) -> list[str]:
    """`count` of the shipped newsletter's questions, drawn at random: most of them were asked before."""
    return random.Random(0).choices(_own(), k=count)


def _own() -> list[str]:
    return [json.loads(line)["question"] for line in OWN.read_text(encoding="utf-8").splitlines() if line.strip()]


def different(count: int) -> list[str]:
    """The shipped newsletter's questions, asked in `count` different ways, shuffled: those without an answer stand together in the
    file and take longest, which readers who know nothing of each other do not do all at once."""
    ways = [f"{opening} {asked} {manner}".strip() for opening in OPENINGS for manner in MANNERS for asked in _own()]
    random.Random(0).shuffle(ways)
    return ways[:count]


@dataclass
class Reader:
    """A reader with a connection of their own, which costs little beside the server that is measured."""

    incoming: asyncio.StreamReader
    outgoing: asyncio.StreamWriter
    host: str

    async def ask(self, path: str, question: str) -> str:
        """How the answer ended: the name of a stream's last event, or the status; "cut off" where it broke off or hung."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._ask(path, question)
        except (asyncio.IncompleteReadError, TimeoutError):
            return "cut off"

    async def _ask(self, path: str, question: str) -> str:
        body = json.dumps({"question": question}).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.outgoing.write(head.encode() + body)
        status, *headers = (await self.incoming.readuntil(b"\r\n\r\n")).decode().lower().splitlines()
        lengths = [int(line.partition(":")[2]) for line in headers if line.startswith("content-length")]
        whole = await self.incoming.readexactly(lengths[0]) if lengths else await self._chunks()
        code = status.split()[1]
        events = re.findall(rb"^event: (\w+)", whole, re.MULTILINE)
        return events[-1].decode() if events and code == "200" else code

    async def _chunks(self) -> bytes:
        """The body that comes in chunks, each after its length."""
        parts: list[bytes] = []
        while length := int(await self.incoming.readline(), 16):
            parts.append((await self.incoming.readexactly(length + 2))[:-2])
        await self.incoming.readline()
        return b"".join(parts)


async def connected(address: str) -> Reader:
    """A reader connected to the server at `address`."""
    host = address.rpartition("//")[2].rstrip("/")
    name, _, port = host.partition(":")
    return Reader(*await asyncio.open_connection(name, int(port), limit=1 << 20), host)


async def read(address: str, questions: Iterator[str], end: float, times: list[float], ended: Counter[str]) -> None:
    """Ask until `end` (monotonic seconds), noting the seconds and the ending of each answer."""
    reader = await connected(address)
    while time.monotonic() < end:
        started = time.monotonic()
        ended[await reader.ask("/api/v1/ask/stream", next(questions))] += 1
        times.append(time.monotonic() - started)
    reader.outgoing.close()


async def load(address: str, process: int, readers: int, seconds: float, questions: Sequence[str]) -> dict[str, object]:
    """The counts of endings, the latencies and the server's memory of `readers` readers asking for `seconds`."""
    times: list[float] = []
    ended: Counter[str] = Counter()
    first = await connected(address)
    for question in QUESTIONS:
        if (status := await first.ask("/api/v1/ask", question)) != "200":
            raise SystemExit(f"{address} does not answer: {status}")
    first.outgoing.close()
    computed = processor_seconds(process)
    end = time.monotonic() + seconds
    coming = cycle(questions)
    asking = [read(address, coming, end, times, ended) for _ in range(readers)]
    memory, _ = await asyncio.gather(watch(process, end, seconds / 10), asyncio.gather(*asking))
    computed = processor_seconds(process) - computed
    times.sort()
    return {
        "readers": readers,
        "seconds": seconds,
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "answers": len(times),
        "ended": dict(ended),
        "p50": round(times[len(times) // 2], 3),
        "p95": round(times[int(len(times) * 0.95)], 3),
        "longest": round(times[-1], 3),
        "cpu_ms": round(1000 * computed / len(times), 1),
        "memory_mb": memory,
    }


async def watch(process: int, end: float, every: float) -> list[int]:
    """The resident memory of `process` in MB from time to time."""
    seen = [resident(process)]
    while time.monotonic() < end:
        await asyncio.sleep(every)
        seen.append(resident(process))
    return seen


def resident(process: int) -> int:
    """The resident memory of `process` in MB (Linux)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000


def processor_seconds(process: int) -> float:
    """What `process` has computed so far, in seconds of one core (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Read the command line, start and load a server, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", "from ui.cli import main; main()", "serve", "--port", "0", "--json"]
        with subprocess.Popen([*command, "--data-dir", folder], stdout=subprocess.PIPE, text=True) as server:
            address = json.loads("".join(iter_document(server.stdout)))["url"]
            found = {
                name: asyncio.run(load(address, server.pid, said.readers, said.seconds, questions))
                for name, questions in (
                    ("again", QUESTIONS),
                    ("usual", usual(10**5)),
                    ("different", different(10**6)),
                )
            }
            server.terminate()
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


def iter_document(lines: IO[str] | None) -> Iterator[str]:
    """The first line that the server prints."""
    assert lines is not None
    yield lines.readline()


if __name__ == "__main__":
    main()
