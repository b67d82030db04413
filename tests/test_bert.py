"""The encoder's pass over one text against transformers' own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import bert
from index.bert import OneText, is_plain_bert
from index.embedding import TorchEmbedder, load_embedder, load_encoder
from index.settings import EmbeddingSettings


@pytest.mark.parametrize(("precision", "difference"), [("float32", 1e-4), ("bfloat16", 0.15)])
def test_one_text_has_the_states_that_transformers_gives_it(precision: str, difference: float) -> None:
    tokenizer, encoder, _ = load_encoder(precision)
    encoder.to(getattr(torch, precision)).eval()
    assert is_plain_bert(encoder)
    one = OneText(encoder)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=400), st.text(max_size=60))
    def same(passage: str, question: str) -> None:
        tokens = tokenizer(question, passage, truncation=True, max_length=288, return_tensors="pt")
        with torch.inference_mode():
            whole = encoder(**tokens).last_hidden_state[0].float()
        states = one.states(tokens["input_ids"][0].tolist(), tokens["token_type_ids"][0].tolist())
        assert torch.allclose(states, whole, atol=difference)

    same()


@pytest.mark.parametrize("packed", [True, False], ids=["laid out once", "as they are"])
def test_every_layer_has_the_states_that_transformers_gives_it(monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    if not packed:
        monkeypatch.setattr(bert, "_has_packed_products", lambda: False)
    tokenizer, encoder, _ = load_encoder("bfloat16")
    encoder.to(torch.bfloat16).eval()
    tokens = tokenizer("Who spoke at the forum?", "Wang Zhigang delivered a speech.", return_tensors="pt")
    with torch.inference_mode():
        expected = encoder(**tokens, output_hidden_states=True).hidden_states
    found = OneText(encoder).layers(tokens["input_ids"][0].tolist(), tokens["token_type_ids"][0].tolist())
    assert len(found) == len(expected)
    assert all(torch.allclose(mine, its[0].float(), atol=0.15) for mine, its in zip(found, expected, strict=True))


def test_logits_larger_than_any_trained_weights_give_stay_numbers() -> None:
    _, encoder, _ = load_encoder("float32")
    encoder.encoder.layer[0].attention.self.query.weight.data.mul_(1e6)
    assert torch.isfinite(OneText(encoder).states([101, 2054, 2003, 102], [0] * 4)).all()


@pytest.mark.parametrize(
    "question", ["", "Who spoke at the forum?", "word " * 3000], ids=["empty", "usual", "too long"]
)
def test_a_question_has_the_vector_that_the_tokenizer_and_transformers_give_it(question: str) -> None:
    embedder = load_embedder(EmbeddingSettings(precision="float32"))
    assert isinstance(embedder, TorchEmbedder)
    states, mask, _ = embedder._encode([question])
    whole = (states[0] * mask[0][:, None]).sum(0) / mask[0].sum()
    assert np.allclose(embedder.embed_query(question), whole / whole.norm(), atol=1e-4)
