"""Questions are encoded by one thread each, whatever else the process does with several; weights are loaded by threads that end."""

from __future__ import annotations

import threading

import pytest
import torch

from index.threads import in_passing_thread, one_thread_each


def test_torch_works_alone_in_each_thread_of_the_pool_and_as_before_elsewhere() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with one_thread_each(2, "alone") as pool:
            assert list(pool.map(lambda _: torch.get_num_threads(), range(8))) == [1] * 8
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_what_a_passing_thread_makes_outlives_it() -> None:
    made = in_passing_thread(threading.current_thread)
    assert made is not threading.current_thread()
    assert not made.is_alive()


def test_what_fails_in_a_passing_thread_fails_here() -> None:
    with pytest.raises(ZeroDivisionError):
        in_passing_thread(lambda: 1 / 0)
