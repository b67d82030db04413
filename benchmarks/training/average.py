"""Make one joint reader of two: the mean of their weights, which tells answers better than either (model soups, arXiv 2203.05482).

    python -m benchmarks.training.average FIRST SECOND --out FOLDER [--sharpen S] [--shift T]

FIRST and SECOND are folders with `joint.safetensors` and `joint.json`. The mean's scores lie nearer together than its makers':
`--sharpen` and `--shift` stretch them to where those of FIRST lie, for a score's meaning is used elsewhere (`PROMISING`).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file

from benchmarks.training.joint import package

STRETCHED = ("head.temperature", "head.2.weight", "head.2.bias", "head.nothing")


def mean(first: Path, second: Path, sharpen: float, shift: float) -> dict[str, torch.Tensor]:
    """The mean of two readers' weights, whose scores are multiplied by `sharpen` before `shift` is added."""
    one, other = load_file(first), load_file(second)
    weights = {name: (one[name].float() + other[name].float()) / 2 for name in one}
    for name in STRETCHED:
        weights[name] = weights[name] * sharpen
    weights["head.nothing"] = weights["head.nothing"] - shift
    return weights


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", type=Path, nargs=2)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sharpen", type=float, default=1.0)
    parser.add_argument("--shift", type=float, default=0.0)
    said = parser.parse_args()
    first, second = (folder / "joint.safetensors" for folder in said.readers)
    cards = [json.loads((folder / "joint.json").read_text(encoding="utf-8")) for folder in said.readers]
    package(mean(first, second, said.sharpen, said.shift), said.out, max(card["questions"] for card in cards))


if __name__ == "__main__":
    main()
