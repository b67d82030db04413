"""The encoder that an index was made with, when today's is another: questions must be embedded as the passages were.

The adapter that came with the program is kept beside the index, so that a later version of the program can still ask
the old vectors. Where the old encoder is gone altogether, the words alone find passages.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.adapter import AdapterFile, packaged_adapter
from index.embedding import (
    PACKAGED_NAME,
    Embedder,
    PassageVectors,
    TorchEmbedder,
    load_embedder,
    packaged_model_path,
    weights_of,
)
from index.errors import ModelUnavailable
from index.passage import Passage, Vectors
from index.settings import EmbeddingSettings

_logger = logging.getLogger(__name__)


class WordsOnly:
    """Stands for an encoder that is gone: its vectors are zero, which the retriever takes as no opinion."""

    precision = "none"

    def __init__(self, fingerprint: str, dimension: int) -> None:
        self.name = self.fingerprint = fingerprint
        self.dimension = dimension

    def count_tokens(self, text: str) -> int:
        """Words of `text`."""
        return len(text.split())

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Raises ModelUnavailable: nothing can be added to an index whose encoder is gone."""
        raise ModelUnavailable(f"The encoder {self.name} is gone: run the sync again with --rebuild.")

    def embed_query(self, text: str) -> Vectors:
        """Zeros (d,)."""
        return np.zeros(self.dimension, dtype=np.float32)


def keep_adapter(folder: Path) -> None:
    """Keep the program's adapter in `folder`, alone."""
    adapter = packaged_adapter()
    if adapter is None or (folder / f"{adapter.sha256[:12]}.safetensors").is_file():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    about = {"sha256": adapter.sha256, "scale": adapter.scale}
    (folder / "adapter.json").write_text(json.dumps(about), encoding="utf-8")
    shutil.copyfile(adapter.path, folder / f"{adapter.sha256[:12]}.safetensors")


def load_former(fingerprint: str, dimension: int, settings: EmbeddingSettings, kept: Path) -> Embedder:
    """The encoder that made vectors of `fingerprint` (`Embedder.fingerprint`), or `WordsOnly` where it is gone."""
    name, _, weights = fingerprint.rpartition("+")
    try:
        if name == PACKAGED_NAME and weights == "base":
            return load_embedder(settings.model_copy(update={"model": "packaged-base"}))
        if name == PACKAGED_NAME:
            return TorchEmbedder(packaged_model_path(), name, settings, _adapter(weights, kept))
        if weights == weights_of(Path(name)):
            return load_embedder(settings.model_copy(update={"model": name}))
    except (ModelUnavailable, OSError, ValueError, KeyError):
        pass
    _logger.warning("The encoder %s, which made the index, is gone: only words are searched until a rebuild.", name)
    return WordsOnly(fingerprint, dimension)


def _adapter(weights: str, kept: Path) -> AdapterFile:
    """The adapter whose SHA-256 starts with `weights`: today's, or the one kept; KeyError where it is neither."""
    today = packaged_adapter()
    if today is not None and today.sha256.startswith(weights):
        return today
    about = json.loads((kept / "adapter.json").read_text(encoding="utf-8"))
    if not about["sha256"].startswith(weights):
        raise KeyError(weights)
    return AdapterFile(kept / f"{weights}.safetensors", about["sha256"], float(about["scale"]))
