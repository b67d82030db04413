"""The plain LlamaIndex pipeline of its starter guide, over the same newsletters and with the same embedding model.

`SimpleDirectoryReader` → `VectorStoreIndex.from_documents` → `as_query_engine`, as
https://docs.llamaindex.ai/en/stable/getting_started/starter_example_local/ has it. As shipped, chunks have 1 024 tokens,
of which the model reads 256; the second variant sets chunks that the model reads whole. No language model is asked
(response mode `no_text`): only what is found is compared.
"""

from __future__ import annotations

import json
import shutil
import time
from functools import cache
from typing import Any

from llama_index.core import Settings, SimpleDirectoryReader, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from benchmarks.indexes import CACHE, location
from index.embedding import packaged_model_path

FOUND = 10
VARIANTS = {"plain LlamaIndex, as shipped": (1024, 200), "plain LlamaIndex, 200-token chunks": (200, 20)}


def plain_engine(archive: str, variant: str) -> tuple[BaseQueryEngine, dict[str, float]]:
    """A query engine over an archive, and what its indexing took (`chunks`, `seconds`)."""
    size, overlap = VARIANTS[variant]
    folder = CACHE / "plain" / f"{archive}-{size}"
    model = _embedding()
    facts_file = folder / "facts.json"
    if not facts_file.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        started = time.perf_counter()
        where = location(archive)
        reader = (
            SimpleDirectoryReader(input_files=[str(where)])
            if where.is_file()
            else SimpleDirectoryReader(str(where), required_exts=[".md", ".markdown"], recursive=True)
        )
        splitter = SentenceSplitter(chunk_size=size, chunk_overlap=overlap)
        index = VectorStoreIndex.from_documents(reader.load_data(), transformations=[splitter], embed_model=model)
        facts = {"chunks": len(index.docstore.docs), "seconds": round(time.perf_counter() - started, 1)}
        index.storage_context.persist(str(folder))
        facts_file.write_text(json.dumps(facts), encoding="utf-8")
    storage = StorageContext.from_defaults(persist_dir=str(folder))
    index = load_index_from_storage(storage, embed_model=model)  # type: ignore[assignment]
    engine = index.as_query_engine(similarity_top_k=FOUND, response_mode="no_text")
    return engine, json.loads(facts_file.read_text(encoding="utf-8"))


@cache
def _embedding() -> Any:
    model = HuggingFaceEmbedding(model_name=str(packaged_model_path()), device="cpu")
    Settings.embed_model = model
    Settings.llm = MockLLM()  # never asked, but LlamaIndex wants one
    return model
