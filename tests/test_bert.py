"""The encoder's pass over one text against transformers' own."""

from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.bert import OneText, is_plain_bert
from index.embedding import load_encoder


@pytest.mark.parametrize(("precision", "difference"), [("float32", 1e-4), ("bfloat16", 0.15)])
def test_one_text_has_the_states_that_transformers_gives_it(precision: str, difference: float) -> None:
    tokenizer, encoder, _ = load_encoder(precision)
    encoder.to(getattr(torch, precision)).eval()
    assert is_plain_bert(encoder)
    one = OneText(encoder)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=400), st.text(max_size=60), st.integers(0, 9))
    def same(passage: str, question: str, padding: int) -> None:
        tokens = tokenizer(question, passage, truncation=True, max_length=288)
        ids, kinds, real = tokens["input_ids"], tokens["token_type_ids"], len(tokens["input_ids"])
        ids, kinds = ids + [tokenizer.pad_token_id] * padding, kinds + [0] * padding
        with torch.inference_mode():
            whole = encoder(
                input_ids=torch.tensor([ids]),
                token_type_ids=torch.tensor([kinds]),
                attention_mask=torch.tensor([[1] * real + [0] * padding]),
            ).last_hidden_state[0]
        assert torch.allclose(one.states(ids, kinds, real)[:real].float(), whole[:real].float(), atol=difference)

    same()


def test_logits_larger_than_any_trained_weights_give_stay_numbers() -> None:
    _, encoder, _ = load_encoder("float32")
    encoder.encoder.layer[0].attention.self.query.weight.data.mul_(1e6)
    assert torch.isfinite(OneText(encoder).states([101, 2054, 2003, 102], [0] * 4, 4)).all()
