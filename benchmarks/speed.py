"""How fast newsletters become searchable, beside the bare encoder and plain LlamaIndex, in one run.

    make bench            # or: python -m benchmarks.speed [--archive FOLDER] [--newsletters N] [--scale PASSAGES]

The same machine, process and load for all: read the ratios, not the seconds. `--scale` measures opening and questions on
a large index, filled with the archive's newsletters replicated with perturbed vectors and texts (the encoder is not run for
the copies). `--only-scale` leaves the rest of the results as they are. Work of others on the machine shows in the clock's
figures, not in the processor's.
Results go to benchmarks/results/speed.json.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from assistant import Assistant, Settings, open_assistant
from corpus import Newsletter, read_newsletters
from index import Library
from index.chunking import chunk
from index.embedding import PassageVectors, load_embedder
from index.passage import Passage
from index.records import Record, SourceMark
from index.snapshot import Snapshot
from index.store import Entry
from index.vectors import PackedVectors

ROOT = Path(__file__).parents[1]
ARCHIVES = Path(os.environ.get("NEWSLETTER_ARCHIVES", ROOT.parent / "shared" / "archives"))
RESULTS = Path(__file__).parent / "results" / "speed.json"
QUESTIONS = Path(__file__).parent / "questions" / "optech-2018-2021.jsonl"
ASKED = 150
LARGE = 100_000  # smaller runs try the benchmark out and leave the results alone
COPY = "-copy-"
OPENING = """
import json, resource, sys, time
from pathlib import Path
from index import Library
clock, processor = time.perf_counter(), time.process_time()
with Library.open(Path(sys.argv[1])) as library:
    library.snapshot()
    print(json.dumps({
        "seconds": round(time.perf_counter() - clock, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
        "peak_resident_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }))
"""
MODEL_READS = 256
NOISE = 0.03


def main() -> None:
    """Measure, print and write the results."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--archive", type=Path, default=ARCHIVES / "optech-2018-2021")
    arguments.add_argument("--newsletters", type=int, default=25)
    arguments.add_argument("--scale", type=int, default=LARGE)
    arguments.add_argument("--only-scale", action="store_true")
    chosen = arguments.parse_args()
    files = sorted(chosen.archive.glob("*-newsletter.md"))[: chosen.newsletters] or sorted(chosen.archive.glob("*.m*"))
    results: dict[str, Any] = {"machine": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "archive"
        source.mkdir()
        for file in files[: chosen.newsletters]:
            shutil.copy(file, source)
        if chosen.only_scale:
            with Library.open(Path(folder) / "ours") as library:
                library.sync([source])
            results = json.loads(RESULTS.read_text(encoding="utf-8"))
        else:
            results["ingest"] = ingest(source, Path(folder))
            results["nothing_changed"] = nothing_changed(Path(folder))
        if chosen.scale:
            results["scale"] = scale(Path(folder) / "ours", chosen.scale, Path(folder) / "large")
    if chosen.scale >= LARGE:
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


def scale(index: Path, wanted: int, folder: Path) -> dict[str, Any]:
    """What an index of `wanted` passages takes: to fill, to open, in memory, and for a warm search."""
    with Library.open(index) as library:
        large = replicated(library.snapshot(), wanted)
        filling = _seconds(lambda: fill(folder, large, library))
        first, again = opened(folder), opened(folder)
        with open_assistant(data_dir=folder) as assistant:
            return {
                "passages": len(assistant.snapshot().passages),
                "newsletters": len(assistant.newsletters()),
                "copies_are_perturbed_vectors": True,
                "filled_in_seconds": round(filling, 1),
                "first_opening": first,
                "opening": again,
                **searched(assistant),
            }


def searched(assistant: Assistant) -> dict[str, Any]:
    """Milliseconds of a warm search, by the clock and by the processor, over questions of the archive's readers."""
    gc.freeze()  # as `serve` does
    assistant.search("What is this about?")
    spent = []
    for question in questions():
        clock, processor = time.perf_counter(), time.process_time()
        assistant.search(question)
        spent.append((1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - processor), question))
    clocked, worked = sorted(row[0] for row in spent), sorted(row[1] for row in spent)
    return {
        "questions": len(spent),
        "search_p50_ms": round(statistics.median(clocked), 1),
        "search_p95_ms": round(clocked[int(0.95 * len(clocked))], 1),
        "search_processor_p50_ms": round(statistics.median(worked), 1),
        "search_processor_p95_ms": round(worked[int(0.95 * len(worked))], 1),
        "most_processor_time": [
            f"{row[1]:.0f} ms: {row[2]}" for row in sorted(spent, key=lambda row: row[1], reverse=True)[:3]
        ],
        "load": round(os.getloadavg()[0], 1),
    }


def questions() -> list[str]:
    """Questions about the archive, "latest" and "first" among them."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines[:: len(lines) // ASKED]][:ASKED]


def replicated(small: Snapshot, wanted: int) -> Snapshot:
    """`small` copied until it has `wanted` passages, vectors perturbed and a third of the words exchanged."""
    random = np.random.default_rng(0)
    copies = -(-wanted // len(small.passages))
    words = [word for passage in small.passages for word in passage.text.split(" ")]
    passages = [_copied(passage, copy, words, random) for copy in range(copies) for passage in small.passages][:wanted]
    held = Counter(passage.newsletter_id for passage in passages)
    infos = [(f"{i}{_ending(copy)}", info) for copy in range(copies) for i, info in small.newsletters.items()]
    counts = np.tile(np.diff(small.sentence_offsets), copies)[:wanted]
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return replace(
        small,
        passages=tuple(passages),
        newsletters={i: replace(info, id=i, passages=held[i]) for i, info in infos if held[i]},
        passage_vectors=_perturbed(np.asarray(small.passage_vectors), wanted, random),
        sentence_vectors=PackedVectors.of(_perturbed_bytes(small.sentence_vectors[:], int(offsets[-1]), random)),
        sentence_offsets=offsets,
    )


def _ending(copy: int) -> str:
    return f"{COPY}{copy}" if copy else ""


def _copied(passage: Passage, copy: int, words: list[str], random: np.random.Generator) -> Passage:
    text = _reworded(passage.text, words, random) if copy else passage.text
    ending = _ending(copy)
    return replace(passage, id=f"{passage.id}{ending}", newsletter_id=f"{passage.newsletter_id}{ending}", text=text)


def fill(folder: Path, large: Snapshot, small: Library) -> None:
    """Write what `large` holds into the store of an index in `folder`."""
    rows: dict[str, list[int]] = {}
    for number, passage in enumerate(large.passages):
        rows.setdefault(passage.newsletter_id, []).append(number)
    originals = {info.id: small.newsletter(info.id) for info in small.newsletters()}
    entries = (_entry(large, i, numbers, originals[i.partition(COPY)[0]]) for i, numbers in rows.items())
    with Library.open(folder) as library:
        while batch := list(islice(entries, 25)):
            library._store.put(batch)


def _entry(large: Snapshot, newsletter_id: str, numbers: list[int], original: Newsletter) -> Entry:
    passages = [large.passages[number] for number in numbers]
    info = large.newsletters[newsletter_id]
    marks = tuple(SourceMark(path, str(Path(path).parent), 1, 1) for path in info.sources)
    vectors = [
        PassageVectors(
            large.passage_vectors[number],
            large.sentence_vectors[int(large.sentence_offsets[number]) : int(large.sentence_offsets[number + 1])],
        )
        for number in numbers
    ]
    return Entry(
        replace(original, id=newsletter_id),
        Record(info, newsletter_id, large.fingerprint, "copy", marks),
        passages,
        vectors,
    )


def opened(folder: Path) -> dict[str, float]:
    """What a process of its own takes to open the index until it can be searched; the first has no cache to read."""
    done = subprocess.run([sys.executable, "-c", OPENING, str(folder)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


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
