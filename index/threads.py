"""Threads in each of which torch computes alone, or only once.

A question is short: several threads gain it little, and wait for one another at every product. With one of two
processors busy elsewhere, encoding it took six times as long with two threads as with one.

NumPy's products are computed by one thread, too, once a pool or a model is made here: the helpers of its OpenBLAS wait busily for
some 25 ms after each product, and what torch reads meanwhile takes up to three times as long. Torch's own helpers (GNU OpenMP) wait
so, too, for some milliseconds, and are told to do so for a tenth of that: enough from one product to the next.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from threading import Barrier, Lock
from typing import TypeVar

Made = TypeVar("Made")
MOST_TOGETHER = 8
# Read when torch is loaded, which is later; whoever sets it otherwise is heard
os.environ.setdefault("GOMP_SPINCOUNT", "30000")
_setting = Lock()


def one_thread_each(count: int, name: str) -> ThreadPoolExecutor:
    """A pool of `count` threads, in each of which torch computes with that thread alone."""
    import torch

    _without_helpers()
    together = Barrier(count)

    def begin() -> None:
        # Torch reads the common setting once a thread, at its first question, and keeps it
        torch.set_num_threads(1)
        torch.get_num_threads()
        together.wait()

    pool = ThreadPoolExecutor(count, name)
    with _setting:  # or another pool, made meanwhile, would take this setting for everyone's
        everywhere = torch.get_num_threads()
        list(pool.map(lambda _: begin(), range(count)))
        torch.set_num_threads(everywhere)
    return pool


def one_thread_a_processor(name: str) -> ThreadPoolExecutor:
    """As `one_thread_each`, a thread for each processor but at most `MOST_TOGETHER`."""
    return one_thread_each(min(MOST_TOGETHER, os.cpu_count() or 1), name)


@lru_cache(maxsize=1)
def all_processors() -> ThreadPoolExecutor:
    """The one thread that computes with all processors, for a text that is read alone: on two of them in little more than half the time.

    It is one for all readers, since every thread that computes so keeps helpers.
    """
    _without_helpers()
    return ThreadPoolExecutor(1, "all-processors")


def in_passing_thread(make: Callable[[], Made]) -> Made:
    """What `make` gives, made by a thread that ends with it: for loading weights and for indexing.

    A thread that has once computed with all processors keeps its helpers. Where more threads wait for work than there are processors, GNU OpenMP
    lets them fall asleep between two products, and a text that all processors read takes half as long again.
    """
    _without_helpers()
    with ThreadPoolExecutor(1, "passing") as pool:
        return pool.submit(make).result()


@lru_cache(maxsize=1)
def _without_helpers() -> None:
    """Let NumPy compute with the thread that asks alone."""
    import numpy as np  # noqa: F401, what is not loaded yet cannot be set
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    threadpool_limits(limits=1, user_api="blas")
