"""How much of an archive's text the plain LlamaIndex pipeline never embeds, as shipped: no vector says anything of it.

    python -m benchmarks.dropped

Its chunks have 1 024 tokens with 200 of overlap; the embedding model of this program reads 256 of each, the file's name
and dates that LlamaIndex puts in front included, and drops the rest in silence. Counted are the characters of the
documents that stand in no chunk's first 256 tokens. Results go to benchmarks/results/dropped.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from llama_index.core import SimpleDirectoryReader
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import BaseNode, MetadataMode, TextNode

from benchmarks.indexes import SHIPPED, location
from benchmarks.training.data import ARCHIVES
from index.embedding import packaged_model_path

RESULTS = Path(__file__).parent / "results" / "dropped.json"
CHUNK, OVERLAP, MODEL_READS = 1024, 200, 256


def dropped(archive: str, tokenizer: Any) -> dict[str, Any]:
    """The characters of an archive and the share of them that is in no vector."""
    documents = SimpleDirectoryReader(
        str(location(archive)), required_exts=[".md", ".markdown", ".txt", ".html"]
    ).load_data()
    whole = covered = 0
    for document in documents:
        kept = bytearray(len(document.text))
        for node in SentenceSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP).get_nodes_from_documents([document]):
            start, end = _read_span(node, tokenizer)
            kept[start:end] = b"\x01" * (end - start)
        whole += len(kept)
        covered += sum(kept)
    return {"characters": whole, "share_never_embedded": round(1 - covered / max(whole, 1), 3)}


def _read_span(node: BaseNode, tokenizer: Any) -> tuple[int, int]:
    """Which characters of the document the model reads of a chunk."""
    assert isinstance(node, TextNode)
    assert node.start_char_idx is not None
    given = node.get_content(metadata_mode=MetadataMode.EMBED)
    before = len(given) - len(node.text)
    ends = [
        end
        for _, end in tokenizer(given, truncation=True, max_length=MODEL_READS, return_offsets_mapping=True)[
            "offset_mapping"
        ]
    ]
    read = max(0, max(ends) - before)
    return node.start_char_idx, node.start_char_idx + min(read, len(node.text))


def main() -> None:
    """Measure, print and write the results."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(packaged_model_path())
    names = [SHIPPED, *sorted(entry.name for entry in ARCHIVES.iterdir() if entry.is_dir())]
    found: dict[str, Any] = {"chunk_tokens": CHUNK, "overlap_tokens": OVERLAP, "model_reads_tokens": MODEL_READS}
    found["archives"] = {name: dropped(name, tokenizer) for name in names}
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
