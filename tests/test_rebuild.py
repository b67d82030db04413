"""Another model or chunker: the old index answers until the new one is whole, whatever happens in between."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings
from index import EmbeddingSettings, Library, RebuildNeeded, SyncStopped
from index.embedding import packaged_model_path
from index.repair import salvage

OTHER = EmbeddingSettings(model="packaged-base")
KILLS = 3


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("garden")
    for number in range(1, 13):
        text = f"# Garden News {number}\n\n## Planting\n\nBed {number} got {number * 3} tulips.\n\n"
        (folder / f"garden-{number}.md").write_text(text + "The roses were cut back hard. " * 40, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def first(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("first")
    with Library.open(data) as library:
        library.sync([archive])
    return data


@pytest.fixture
def data(first: Path, tmp_path: Path) -> Path:
    return shutil.copytree(first, tmp_path / "data")


@pytest.fixture(scope="module")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of 32 dimensions with random weights."""
    import torch
    from sentence_transformers import SentenceTransformer, models
    from transformers import AutoTokenizer, BertConfig, BertModel

    folder = tmp_path_factory.mktemp("small")
    tokenizer = AutoTokenizer.from_pretrained(packaged_model_path())
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(tokenizer), **shape)).save_pretrained(folder / "bert")
    tokenizer.save_pretrained(folder / "bert")
    word = models.Transformer(str(folder / "bert"), max_seq_length=256)
    SentenceTransformer(modules=[word, models.Pooling(32)], device="cpu").save(str(folder / "model"))
    return folder / "model"


def answers(library: Library) -> tuple[str, list[str]]:
    """What a person is told, and the passages that are found."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Library, "close", lambda self: None)
        with Assistant(library, Settings()) as assistant:
            found = assistant.search("How many tulips did bed 7 get?")
            return assistant.ask("How many tulips did bed 7 get?").text, [entry.passage.id for entry in found]


def passage_ids(library: Library) -> list[str]:
    return [passage.id for passage in library.snapshot().passages]


def test_after_a_change_of_model_the_old_index_answers_and_a_sync_says_what_changed(archive: Path, data: Path) -> None:
    with Library.open(data) as library:
        before = answers(library)
    with Library.open(data, embedding=OTHER) as library:
        assert answers(library) == before
        with pytest.raises(RebuildNeeded, match=r"12 newsletters .* embedding model .*\(now .*base\).*--rebuild"):
            library.sync([archive])
        assert answers(library) == before
        status = library.status()
        assert status.healthy
        assert "--rebuild" in status.detail


def test_a_rebuild_takes_the_new_model_in_and_leaves_nothing_of_the_old(archive: Path, data: Path) -> None:
    with Library.open(data, embedding=OTHER) as library:
        old = passage_ids(library)
        report = library.sync([archive], rebuild=True)
        assert (len(report.unchanged), report.added, report.changed, report.removed) == (12, (), (), ())
        new = passage_ids(library)
        assert len(new) == len(old)
        assert not set(new) & set(old)
        assert library.status().detail == ""
        assert library._store.count() == len(new)
        saved = salvage(data / "chroma" / "chroma.sqlite3", "newsletters")
        assert {record.fingerprint for _, record in saved} == {library.fingerprint}, "repair finds the new build"
    with Library.open(data, embedding=OTHER) as library:
        assert passage_ids(library) == new
        assert library.is_whole()
        assert len(library.sync([archive]).unchanged) == 12


def test_a_rebuild_takes_in_what_changed_meanwhile(archive: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(archive, tmp_path / "garden")
    with Library.open(tmp_path / "data") as library:
        library.sync([folder])
    (folder / "garden-3.md").write_text("# Garden News 3\n\nBed 3 got lilies.\n", encoding="utf-8")
    (folder / "garden-4.md").unlink()
    with Library.open(tmp_path / "data", embedding=OTHER) as library:
        report = library.sync([folder], rebuild=True)
        assert (report.changed, report.removed, len(report.unchanged)) == (("garden-3",), ("garden-4",), 10)
        assert any("lilies" in passage.text for passage in library.snapshot().passages)


def test_vectors_of_another_length_take_the_place_of_the_old(archive: Path, data: Path, small_model: Path) -> None:
    embedding = EmbeddingSettings(model=str(small_model))
    with Library.open(data, embedding=embedding) as library:
        before = answers(library)
        library.sync([archive], rebuild=True)
        assert library.snapshot().passage_vectors.shape[1] == 32
        assert "21" in answers(library)[0]
        for newsletter in library.newsletters():
            library.remove(newsletter.id)
    with Library.open(data) as library:
        library.sync([archive])
        assert answers(library) == before


def test_a_model_whose_weights_are_exchanged_asks_for_a_rebuild(
    archive: Path, tmp_path: Path, small_model: Path
) -> None:
    model = shutil.copytree(small_model, tmp_path / "model")
    embedding = EmbeddingSettings(model=str(model))
    with Library.open(tmp_path / "data", embedding=embedding) as library:
        library.sync([archive])
    weights = next(model.glob("**/*.safetensors"))
    content = bytearray(weights.read_bytes())
    content[-5] ^= 0x01
    weights.write_bytes(content)
    with Library.open(tmp_path / "data", embedding=embedding) as library:
        with pytest.raises(RebuildNeeded):
            library.sync([archive])
        assert "21" in answers(library)[0], "words alone find it, since the old weights are gone"


def test_a_former_adapter_kept_beside_the_index_still_asks_its_vectors(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(data) as library:
        before = answers(library)
    monkeypatch.setattr("index.embedding.packaged_adapter", lambda: None)
    monkeypatch.setattr("index.former.packaged_adapter", lambda: None)
    with Library.open(data) as library:
        assert library.fingerprint.startswith("all-MiniLM-L6-v2+base")
        assert answers(library) == before


def test_a_stopped_rebuild_leaves_the_old_index_and_goes_on_later(archive: Path, data: Path) -> None:
    seen: list[int] = []
    with Library.open(data, embedding=OTHER) as library:
        old = passage_ids(library)
        with pytest.raises(SyncStopped, match="old index goes on answering"):
            library.sync([archive], rebuild=True, stop=lambda: len(seen) >= 5, progress=lambda p: seen.append(p.done))
        assert passage_ids(library) == old
        told: list[Any] = []
        library.sync([archive], rebuild=True, progress=told.append)
        assert told[0].total == 7, "the five that were done are not done again"
        assert not set(passage_ids(library)) & set(old)


REBUILDING = """
import sys
from pathlib import Path
import index.commit
from index import EmbeddingSettings, Library
index.commit.BATCH_PASSAGES = 4
put, switch = index.commit.Store.put, index.commit.Store.switch
def told(self, *entries, **options):
    print("writing", flush=True)
    put(self, *entries, **options)
def swapped(self):
    print("swapping", flush=True)
    switch(self)
index.commit.Store.put = told
index.commit.Store.switch = swapped
with Library.open(Path(sys.argv[2]), embedding=EmbeddingSettings(model="packaged-base")) as library:
    library.sync([sys.argv[1]], rebuild=True)
"""


def test_a_rebuild_killed_at_any_moment_leaves_one_whole_index_answering(archive: Path, data: Path) -> None:
    chooser = random.Random(3)
    with Library.open(data) as library:
        old = passage_ids(library)
    for moment in ["writing"] * (KILLS - 1) + ["swapping"]:
        process = subprocess.Popen(
            [sys.executable, "-c", REBUILDING, str(archive), str(data)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        while (line := process.stdout.readline()) and moment not in line.decode():
            pass
        assert moment in line.decode(), "it was killed while it worked, not after"
        time.sleep(chooser.uniform(0.0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with Library.open(data, embedding=OTHER) as library:
            held = passage_ids(library)
            assert held == old or not set(held) & set(old)
            assert len(held) == len(old)
    with Library.open(data, embedding=OTHER) as library:
        library.sync([archive], rebuild=True)
        assert not set(passage_ids(library)) & set(old)
        assert library.is_whole()
