"""Rebuild the reader from the question files: `make train-reader`, about an hour and a half on two cores that do nothing else.

The encoder's adapter, the joint reader on top of its retrieval, then the sentence scorer and the refusal. The archives are
read from NEWSLETTER_ARCHIVES (default: ../shared/archives).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.training import adapter, joint
from benchmarks.training.data import ARCHIVES

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("/tmp/newsletter-training"), help="where vectors are kept")
    work = parser.parse_args().work
    if not ARCHIVES.is_dir():
        print(f"{ARCHIVES} does not exist: name the archives with NEWSLETTER_ARCHIVES.", file=sys.stderr)
        return 1
    encoder = ROOT / "index" / "reader"
    adapter.train(encoder)
    joint.train(encoder, work, ROOT / "assistant" / "reader")
    command = [sys.executable, "-m", "benchmarks.training.reader", f"--cache={work}"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
