"""Write the reader's weights as package data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from assistant.reader.features import FEATURES
from assistant.reader.model import ANSWERABLE_FEATURES, Perceptron, Reader


def write(reader: Reader, path: Path) -> None:
    """Write the reader's weights as JSON."""
    data = {
        "features": FEATURES,
        "answerable_features": ANSWERABLE_FEATURES,
        "sentences": {name: _round(getattr(reader.sentences, name)) for name in Perceptron.__slots__},
        "answerable": {
            **{name: getattr(reader.answerable, name).tolist() for name in ("roots", "feature", "left", "right")},
            **{name: _round(getattr(reader.answerable, name)) for name in ("cut", "value")},
            "slope": round(reader.answerable.slope, 6),
            "bias": round(reader.answerable.bias, 6),
        },
        "second_look": {name: round(weight, 4) for name, weight in asdict(reader.second_look).items()},
        "threshold": round(reader.threshold, 4),
        "doubt": round(reader.doubt, 4),
    }
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")


def write_tensors(
    card: Path, weights: Mapping[str, torch.Tensor], about: Mapping[str, object], precision: torch.dtype = torch.half
) -> None:
    """Write tensors beside their `card`, which names their SHA-256 behind what it tells `about` them."""
    card.parent.mkdir(parents=True, exist_ok=True)
    file = card.with_suffix(".safetensors")
    save_file({name: values.to(precision).contiguous() for name, values in weights.items()}, str(file))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    card.write_text(json.dumps({**about, "sha256": digest}, indent=2) + "\n", encoding="utf-8")


def _round(values: np.ndarray) -> object:
    return np.round(values.astype(float), 6).tolist()
