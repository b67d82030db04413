"""Make one joint reader of two: the mean of their weights, which tells answers better than either (model soups, arXiv 2203.05482).

    python -m benchmarks.training.average FIRST SECOND --out FOLDER [--sharpen S] [--shift T]

FIRST and SECOND are folders with `joint.safetensors` and `joint.json`. The mean's scores lie nearer together than its makers':
`--sharpen` and `--shift` stretch them to where those of FIRST lie, for a score's meaning is used elsewhere (`PROMISING`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

STRETCHED = ("head.temperature", "head.2.weight", "head.2.bias", "head.nothing")


def mean(first: Path, second: Path, sharpen: float, shift: float) -> dict[str, torch.Tensor]:
    """The mean of two readers' weights, whose scores are multiplied by `sharpen` before `shift` is added."""
    one, other = load_file(first), load_file(second)
    weights = {name: (one[name].float() + other[name].float()) / 2 for name in one}
    for name in STRETCHED:
        weights[name] = weights[name] * sharpen
    weights["head.nothing"] = weights["head.nothing"] - shift
    return {name: values.to(torch.bfloat16).contiguous() for name, values in weights.items()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", type=Path, nargs=2)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sharpen", type=float, default=1.0)
    parser.add_argument("--shift", type=float, default=0.0)
    said = parser.parse_args()
    said.out.mkdir(parents=True, exist_ok=True)
    first, second = (folder / "joint.safetensors" for folder in said.readers)
    file = said.out / first.name
    save_file(mean(first, second, said.sharpen, said.shift), str(file))
    cards = [json.loads((folder / "joint.json").read_text(encoding="utf-8")) for folder in said.readers]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    card = {**cards[0], "questions": max(card["questions"] for card in cards), "sha256": digest}
    (said.out / "joint.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
