"""Rebuild the reader from the question files: `make train-reader`.

The encoder's adapter, the joint readers of the folds on top of its retrieval, the joint reader that they teach, then the sentence
scorer and the refusal, and how much the cross-encoder counts, which itself is trained on a GPU only. There it takes minutes; two cores have each
training end after `MINUTES`, a core each, and are done within two hours, with a reader that has seen a part of the questions only. The archives are read from NEWSLETTER_ARCHIVES (default:
../shared/archives).
"""

from __future__ import annotations

import argparse
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch

from benchmarks.training import adapter
from benchmarks.training.asked import ask_everything
from benchmarks.training.data import ARCHIVES, FOLDS, load_items
from benchmarks.training.headings import heading_items
from benchmarks.training.packing import pack

ROOT = Path(__file__).resolve().parents[2]
MINUTES, CORES = 22, 2


def prepare(work: Path) -> Path:
    """Ask every question and keep what was found and its tokens in `work`; the packed file."""
    packed, whole = work / "packed.pickle", work / "asked.pickle"
    if not packed.is_file():
        asked = list(ask_everything([*load_items(), *heading_items()], work))
        whole.write_bytes(pickle.dumps(asked))
        packed.write_bytes(pickle.dumps(pack(asked)))
    return packed


def train_joint(packed: Path, work: Path) -> None:
    """The readers of the folds and their scores into `work`, two at a time on CPUs; then, taught by them, the final one into
    `assistant/reader`."""
    on_gpu = torch.cuda.is_available()
    limit = [] if on_gpu else [f"--minutes={MINUTES}"]
    command = [sys.executable, "-m", "benchmarks.training.joint", f"--packed={packed}", *limit]
    folds = [[*command, f"--out={work}", f"--fold={fold}"] for fold in range(FOLDS)]
    with ThreadPoolExecutor(FOLDS if on_gpu else CORES) as running:
        list(running.map(lambda one: subprocess.run(one, check=True), folds))
    final = [*command, f"--out={ROOT / 'assistant' / 'reader'}", f"--teachers={work}"]
    subprocess.run(final, check=True)


def main() -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("/tmp/newsletter-training"), help="where vectors are kept")
    work: Path = parser.parse_args().work
    if not ARCHIVES.is_dir():
        print(f"{ARCHIVES} does not exist: name the archives with NEWSLETTER_ARCHIVES.", file=sys.stderr)
        return 1
    work.mkdir(parents=True, exist_ok=True)
    adapter.train(ROOT / "index" / "reader")
    train_joint(prepare(work), work)
    reader = ROOT / "assistant" / "reader"
    steps = [["reader", f"--cache={work}"], ["reranking", f"--cache={work}"]]
    if torch.cuda.is_available():
        steps[1:1] = [["cross_encoder", f"--packed={work / 'packed.pickle'}", f"--scores={work}", f"--out={reader}"]]
    for module, *options in steps:
        subprocess.run([sys.executable, "-m", f"benchmarks.training.{module}", *options], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
