"""Questions are encoded by one thread each, whatever else the process does with several."""

from __future__ import annotations

import torch

from index.threads import one_thread_each


def test_torch_works_alone_in_each_thread_of_the_pool_and_as_before_elsewhere() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with one_thread_each(2, "alone") as pool:
            assert list(pool.map(lambda _: torch.get_num_threads(), range(8))) == [1] * 8
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
