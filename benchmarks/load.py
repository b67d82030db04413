"""How a running server holds when many readers ask at once; prints one JSON document.

    newsletter-assistant serve &
    python -m benchmarks.load http://127.0.0.1:7860 "What did the special issue report?" --readers 50 --seconds 60

Each reader asks by the streaming route, waits for the whole answer, and asks again. Latencies are seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter

import httpx


async def read(client: httpx.AsyncClient, question: str, end: float, times: list[float], ended: Counter[str]) -> None:
    """Ask until `end` (monotonic seconds), noting the seconds and the ending of each answer."""
    while time.monotonic() < end:
        started = time.monotonic()
        last = "cut off"
        async with client.stream("POST", "/api/v1/ask/stream", json={"question": question}) as response:
            async for line in response.aiter_lines():
                last = line.removeprefix("event: ") if line.startswith("event: ") else last
        ended[last if response.status_code == 200 else str(response.status_code)] += 1
        times.append(time.monotonic() - started)


async def load(address: str, question: str, readers: int, seconds: float) -> dict[str, object]:
    """The counts of endings and the latencies of `readers` readers asking for `seconds`."""
    times: list[float] = []
    ended: Counter[str] = Counter()
    limits = httpx.Limits(max_connections=readers)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        (await client.post("/api/v1/ask", json={"question": question})).raise_for_status()
        end = time.monotonic() + seconds
        await asyncio.gather(*(read(client, question, end, times, ended) for _ in range(readers)))
    times.sort()
    return {
        "readers": readers,
        "seconds": seconds,
        "answers": len(times),
        "ended": dict(ended),
        "p50": round(times[len(times) // 2], 3),
        "p95": round(times[int(len(times) * 0.95)], 3),
    }


def main() -> None:
    """Read the command line, load the server, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("question")
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    said = parser.parse_args()
    print(json.dumps(asyncio.run(load(said.address, said.question, said.readers, said.seconds)), indent=2))


if __name__ == "__main__":
    main()
