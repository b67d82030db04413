"""How fast newsletters become searchable, beside the bare encoder and plain LlamaIndex, in one run.

    make bench            # or: python -m benchmarks.speed [--archive FOLDER] [--newsletters N] [--scale PASSAGES]

The same machine, process and load for all: read the ratios, not the seconds. `--scale` measures questions on a large
index, made of the archive's passages replicated with perturbed vectors and texts (the encoder is not run for the copies).
Results go to benchmarks/results/speed.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant import Settings, open_assistant
from corpus import read_newsletters
from index import Library
from index.chunking import chunk
from index.embedding import load_embedder
from index.keywords import KeywordIndex
from index.retriever import Retriever
from index.snapshot import Snapshot
from index.vectors import CoarseView, PackedVectors

ROOT = Path(__file__).parents[1]
ARCHIVES = Path(os.environ.get("NEWSLETTER_ARCHIVES", ROOT.parent / "shared" / "archives"))
RESULTS = Path(__file__).parent / "results" / "speed.json"
QUESTIONS = (
    "Which release fixed the crash?",
    "Who proposed the change?",
    "What is new in the wallet?",
    "When was it tagged?",
)
MODEL_READS = 256
NOISE = 0.03


def main() -> None:
    """Measure, print and write the results."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--archive", type=Path, default=ARCHIVES / "optech-2018-2021")
    arguments.add_argument("--newsletters", type=int, default=25)
    arguments.add_argument("--scale", type=int, default=100_000)
    chosen = arguments.parse_args()
    files = sorted(chosen.archive.glob("*-newsletter.md"))[: chosen.newsletters] or sorted(chosen.archive.glob("*.m*"))
    results: dict[str, Any] = {"machine": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "archive"
        source.mkdir()
        for file in files[: chosen.newsletters]:
            shutil.copy(file, source)
        results["ingest"] = ingest(source, Path(folder))
        results["nothing_changed"] = nothing_changed(Path(folder))
        if chosen.scale:
            results["scale"] = scale(Path(folder) / "ours", chosen.scale)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=2))


def ingest(source: Path, folder: Path) -> dict[str, Any]:
    """Passages a second of a whole sync and of the bare encoder, and characters a second beside plain LlamaIndex."""
    embedder = load_embedder(Settings().embedding)
    newsletters = read_newsletters(source)
    passages = [passage for newsletter in newsletters for passage in chunk(newsletter, embedder.count_tokens)]
    characters = sum(len(newsletter.text) for newsletter in newsletters)
    embedder.embed_passages(passages[:64])
    bare = _seconds(lambda: embedder.embed_passages(passages))
    with Library.open(folder / "ours") as library:
        vars(library)["embedder"] = embedder
        ours = _seconds(lambda: library.sync([source]))
    plain = _seconds(lambda: _plain(source, folder / "plain"))
    return {
        "passages": len(passages),
        "precision": embedder.precision,
        "bare_encoder_passages_a_second": round(len(passages) / bare, 1),
        "sync_passages_a_second": round(len(passages) / ours, 1),
        "share_of_bare_encoder": round(bare / ours, 3),
        "sync_characters_a_second": round(characters / ours),
        "plain_llama_index_characters_a_second": round(characters / plain),
        "times_plain_llama_index": round(plain / ours, 2),
    }


def nothing_changed(folder: Path) -> dict[str, float]:
    """Seconds of a sync in which none of 1 000 short newsletters changed, from an open index."""
    archive = folder / "thousand"
    archive.mkdir()
    for number in range(1000):
        text = f"---\ntitle: Garden {number}\n---\n\nBed {number} got {number * 3} tulips.\n"
        (archive / f"garden-{number}.md").write_text(text, encoding="utf-8")
    with Library.open(folder / "thousand-index") as library:
        library.sync([archive])
        return {"newsletters": 1000, "seconds": round(_seconds(lambda: library.sync([archive])), 3)}


def scale(index: Path, wanted: int) -> dict[str, Any]:
    """Latency of a warm search over `wanted` passages, the time to open them and the memory they take."""
    with open_assistant(data_dir=index) as assistant:
        library = assistant._library
        small = library.snapshot()
        large = replicated(small, wanted)
        retriever = Retriever(large, library.embedder)
        for question in QUESTIONS:
            retriever.search(question)
        seconds = sorted(_seconds(lambda q=question: retriever.search(q)) for question in QUESTIONS * 25)
    return {
        "passages": len(large.passages),
        "copies_are_perturbed_vectors": True,
        "search_p50_ms": round(1000 * statistics.median(seconds), 1),
        "search_p95_ms": round(1000 * seconds[int(0.95 * len(seconds))], 1),
        "peak_resident_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def replicated(small: Snapshot, wanted: int) -> Snapshot:
    """`small` copied until it has `wanted` passages, vectors perturbed and a third of the words exchanged."""
    random = np.random.default_rng(0)
    copies = -(-wanted // len(small.passages))
    words = [word for passage in small.passages for word in passage.text.split(" ")]
    passages = [
        replace(
            passage, id=f"{passage.id}-{copy}", text=_reworded(passage.text, words, random) if copy else passage.text
        )
        for copy in range(copies)
        for passage in small.passages
    ][:wanted]
    counts = np.tile(np.diff(small.sentence_offsets), copies)[:wanted]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    vectors = _perturbed(np.asarray(small.passage_vectors), wanted, random)
    sentences = PackedVectors.of(_perturbed_bytes(small.sentence_vectors[:], int(offsets[-1]), random))
    return replace(
        small,
        passages=tuple(passages),
        passage_vectors=vectors,
        sentence_vectors=sentences,
        sentence_offsets=offsets,
        keywords=KeywordIndex.build(passages),
        coarse=CoarseView.of(vectors, sentences),
    )


def _reworded(text: str, words: list[str], random: np.random.Generator) -> str:
    """The text with every third word from elsewhere in the archive: a copy that is no near copy."""
    own = text.split(" ")
    other = random.integers(len(words), size=len(own))
    return " ".join(words[i] if i % 3 == 0 else word for word, i in zip(own, other, strict=True))


def _perturbed(vectors: Any, wanted: int, random: np.random.Generator) -> Any:
    rows = np.empty((wanted, vectors.shape[1]), dtype=np.float32)
    for first in range(0, wanted, len(vectors)):
        part = vectors[: wanted - first]
        noisy = part + (random.normal(scale=NOISE, size=part.shape).astype(np.float32) if first else 0)
        rows[first : first + len(part)] = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
    return rows


def _perturbed_bytes(vectors: Any, wanted: int, random: np.random.Generator) -> Any:
    rows = np.empty((wanted, vectors.shape[1]), dtype=np.int8)
    for first in range(0, wanted, len(vectors)):
        part = _perturbed(vectors[: wanted - first], len(vectors[: wanted - first]), random)
        if first:
            part = part + random.normal(scale=NOISE, size=part.shape).astype(np.float32)
        rows[first : first + len(part)] = np.rint(part / np.abs(part).max(axis=1, keepdims=True) * 127)
    return rows


def _plain(source: Path, folder: Path) -> None:
    """SimpleDirectoryReader, SentenceSplitter at a size that the model reads whole, and Chroma."""
    import chromadb
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.embedding import packaged_model_path

    model = HuggingFaceEmbedding(model_name=str(packaged_model_path()), device="cpu")
    collection = chromadb.PersistentClient(path=str(folder)).get_or_create_collection("plain")
    VectorStoreIndex.from_documents(
        SimpleDirectoryReader(str(source)).load_data(),
        storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection)),
        embed_model=model,
        transformations=[SentenceSplitter(chunk_size=MODEL_READS - 56, chunk_overlap=20)],
    )


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
