"""An archive searched in memory, without a store: what training and experiments read passages from."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.training.data import archive_passages, newsletters
from index.adapter import AdapterFile
from index.embedding import TorchEmbedder, packaged_model_path
from index.keywords import KeywordIndex
from index.passage import NewsletterInfo
from index.retriever import Retriever
from index.settings import EmbeddingSettings
from index.snapshot import Snapshot


def embedder_with(folder: Path | None) -> TorchEmbedder:
    """The packaged encoder with the adapter in `folder`, or without one."""
    adapter = None
    if folder is not None:
        card = json.loads((folder / "adapter.json").read_text(encoding="utf-8"))
        adapter = AdapterFile(folder / "adapter.safetensors", card["sha256"], float(card["scale"]))
    return TorchEmbedder(packaged_model_path(), "all-MiniLM-L6-v2", EmbeddingSettings(), adapter)


@cache
def open_archive(archive: str, adapter: Path | None, cache: Path) -> Retriever:
    """A retriever over an archive, its vectors cached in `cache`."""
    embedder = embedder_with(adapter)
    passages = tuple(archive_passages(archive))
    key = f"{archive}-{embedder.fingerprint.replace('/', '_')}-{len(passages)}"
    file = cache / f"{key}.npz"
    if not file.is_file():
        vectors = embedder.embed_passages(passages)
        cache.mkdir(parents=True, exist_ok=True)
        np.savez(
            file,
            passages=np.stack([v.passage for v in vectors]),
            sentences=np.concatenate([v.sentences for v in vectors]),
        )
    stored = np.load(file)
    offsets = np.concatenate([[0], np.cumsum([len(p.sentences) for p in passages])]).astype(np.int64)
    infos = {
        n.id: NewsletterInfo(n.id, n.title, n.issue, n.date, n.publisher, n.language, n.url, (n.source,), 1)
        for n in newsletters(archive).values()
    }
    snapshot = Snapshot(
        passages=passages,
        newsletters=infos,
        passage_vectors=stored["passages"],
        sentence_vectors=stored["sentences"],
        sentence_offsets=offsets,
        keywords=KeywordIndex.build(passages),
    )
    return Retriever(snapshot, embedder)


@cache
def small_archive(archive: str, adapter: Path | None, cache: Path, kept: tuple[str, ...]) -> Retriever:
    """A retriever over a few newsletters of an archive, as if they were all there is."""
    whole = open_archive(archive, adapter, cache)
    snapshot = whole.snapshot
    numbers = [i for i, p in enumerate(snapshot.passages) if p.newsletter_id in kept]
    offsets = snapshot.sentence_offsets
    sentences = [np.asarray(snapshot.sentence_vectors[offsets[i] : offsets[i + 1]]) for i in numbers]
    passages = tuple(snapshot.passages[i] for i in numbers)
    small = Snapshot(
        passages=passages,
        newsletters={i: info for i, info in snapshot.newsletters.items() if i in kept},
        passage_vectors=snapshot.passage_vectors[numbers],
        sentence_vectors=np.concatenate(sentences),
        sentence_offsets=np.concatenate([[0], np.cumsum([len(s) for s in sentences])]).astype(np.int64),
        keywords=KeywordIndex.build(passages),
    )
    return Retriever(small, whole.embedder)
