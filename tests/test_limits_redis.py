"""Limits shared through a real redis-server, and what holds when it goes away."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.limits import LimitsUnusable, RateLimiter
from ui.problems import Problem

pytestmark = pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}", process
        process.terminate()


def test_two_servers_count_together(redis: tuple[str, subprocess.Popen[bytes]]) -> None:
    async def ask() -> Problem:
        one, other = RateLimiter(redis[0]), RateLimiter(redis[0])
        await one.check("2/hour", "address", "203.0.113.9")
        await other.check("2/hour", "address", "203.0.113.9")
        await other.check("2/hour", "address", "203.0.113.10")
        with pytest.raises(Problem) as refused:
            await one.check("2/hour", "address", "203.0.113.9")
        return refused.value

    problem = asyncio.run(ask())
    assert problem.status == 429
    assert 0 < int(problem.headers["Retry-After"]) <= 3600


def test_a_server_whose_redis_is_away_counts_alone(redis: tuple[str, subprocess.Popen[bytes]]) -> None:
    async def ask() -> None:
        limiter = RateLimiter(redis[0])
        await limiter.check("1/hour", "a")
        redis[1].terminate()
        redis[1].wait(10)
        await limiter.check("1/hour", "a")
        with pytest.raises(Problem, match="Too many"):
            await limiter.check("1/hour", "a")

    asyncio.run(ask())


def test_a_storage_that_is_none_is_named_with_the_remedy() -> None:
    with pytest.raises(LimitsUnusable, match="SERVER__LIMITS_STORAGE"):
        RateLimiter("nonsense://x")
