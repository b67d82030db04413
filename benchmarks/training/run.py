"""Rebuild the reader from the question files: `make train-reader`, about forty minutes on two cores.

Three adapters are trained, one on all training questions (it ships) and one on each half, so that the sentence scorer
and the refusal learn from vectors of an encoder that never saw the question. The archives are read from
NEWSLETTER_ARCHIVES (default: ../shared/archives).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.training.adapter import train
from benchmarks.training.data import ARCHIVES

PACKAGED = Path(__file__).resolve().parents[2] / "index" / "reader"
PARTS = {"full": {"a", "b"}, "a": {"a"}, "b": {"b"}}


def main() -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--work", type=Path, default=Path("/tmp/newsletter-training"), help="where adapters and vectors go"
    )
    work = parser.parse_args().work
    if not ARCHIVES.is_dir():
        print(f"{ARCHIVES} does not exist: name the archives with NEWSLETTER_ARCHIVES.", file=sys.stderr)
        return 1
    for name, parts in PARTS.items():
        if not (work / name / "adapter.json").is_file():
            train(parts, work / name)
    for file in ("adapter.json", "adapter.safetensors"):
        shutil.copyfile(work / "full" / file, PACKAGED / file)
    folders = [f"--{name}={work / name}" for name in PARTS]
    command = [sys.executable, "-m", "benchmarks.training.reader", *folders, f"--cache={work / 'vectors'}"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
