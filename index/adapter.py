"""The low-rank adapter (LoRA, arXiv 2106.09685) that teaches the packaged encoder question-to-sentence matching.

The adapter ships as package data (a few megabytes); its SHA-256 is checked, then it is merged into the weights
at loading, so it costs nothing at question time.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ModelUnavailable

ADAPTER_FOLDER = Path(__file__).parent / "reader"


@dataclass(frozen=True, slots=True)
class AdapterFile:
    """Where an adapter's weights are, their SHA-256, and the factor its product is scaled by."""

    path: Path
    sha256: str
    scale: float


def packaged_adapter() -> AdapterFile | None:
    """The adapter shipped with the program, or None where none ships.

    Raises ModelUnavailable when its weights are not those its model card names.
    """
    card = ADAPTER_FOLDER / "adapter.json"
    return checked_weights(card, "reader") if card.is_file() else None


def checked_weights(card: Path, owner: str) -> AdapterFile:
    """The packaged weights beside their `card`.

    Raises ModelUnavailable, which names their `owner`, when they are not those that the card names.
    """
    about = json.loads(card.read_text(encoding="utf-8"))
    weights = card.with_suffix(".safetensors")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else ""
    if digest != about["sha256"]:
        raise ModelUnavailable(
            f"The {owner}'s weights in {weights} are missing or damaged: reinstall newsletter-assistant."
        )
    return AdapterFile(weights, digest, float(about["scale"]))


def merge_adapter(encoder: Any, adapter: AdapterFile) -> None:
    """Add the adapter's low-rank products, and its changes of biases and norms, to `encoder` in place."""
    import torch
    from safetensors.torch import load_file

    weights = load_file(str(adapter.path))
    modules = dict(encoder.named_modules())
    with torch.no_grad():
        for key in weights:
            if key.startswith("change."):
                encoder.get_parameter(key.removeprefix("change.")).add_(weights[key].float())
        for name in sorted({key.removesuffix(".down") for key in weights if key.endswith(".down")}):
            down, up = weights[f"{name}.down"].float(), weights[f"{name}.up"].float()
            modules[name].weight += adapter.scale * (up @ down)
