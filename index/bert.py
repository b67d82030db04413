"""BERT's pass over one text in few operations, a third faster than the general ones for a text of a passage's length.

The same as `transformers.BertModel` in evaluation (arXiv 1810.04805), but for one text without a mask: its padding has no
values for others to take up. Queries, keys and values are one product, and attention is not normalised until it has
weighed the values, whose columns of ones hold the sums. Attention's logits are cut at ±`MOST_LOGIT` powers of two, far beyond
what trained models give.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

MOST_LOGIT = 100.0
SUM_COLUMNS = 8  # as many as products like, though one would hold the sums
# Torch prepares its products anew for every length it meets, and keeps them: few lengths are faster than no padding, and
# bound the memory
TOKENS_STEP = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """The weights of one layer: each pair a product's matrix and its bias, or a norm's scale and shift."""

    together: tuple[torch.Tensor, torch.Tensor]
    mixed: tuple[torch.Tensor, torch.Tensor]
    after_attention: tuple[torch.Tensor, torch.Tensor]
    widened: tuple[torch.Tensor, torch.Tensor]
    narrowed: tuple[torch.Tensor, torch.Tensor]
    after_products: tuple[torch.Tensor, torch.Tensor]


class OneText:
    """The encoder's token states of one text at a time; the encoder, whose weights it shares, must not change any more."""

    def __init__(self, encoder: Any) -> None:
        """Takes a `transformers.BertModel`, in the precision it is to compute in."""
        self._heads = int(encoder.config.num_attention_heads)
        self._epsilon = float(encoder.config.layer_norm_eps)
        self._padding = int(encoder.config.pad_token_id or 0)
        embeddings = encoder.embeddings
        self._words = embeddings.word_embeddings.weight.detach()
        self._kinds = embeddings.token_type_embeddings.weight.detach()
        self._places = embeddings.position_embeddings.weight.detach()
        self._first_norm = _pair(embeddings.LayerNorm)
        self._layers = [_layer(layer, self._heads) for layer in encoder.encoder.layer]

    def states(self, ids: Sequence[int], kinds: Sequence[int]) -> torch.Tensor:
        """The states (tokens, d) of the tokens `ids` of the segments `kinds`, in float32."""
        import torch
        from torch.nn.functional import embedding, gelu, linear

        real = len(ids)
        room = min(-real % TOKENS_STEP, len(self._places) - real)
        with torch.inference_mode():
            words = embedding(torch.tensor([*ids, *[self._padding] * room]), self._words)
            states = words + embedding(torch.tensor([*kinds, *[0] * room]), self._kinds)
            states = self._norm(states + self._places[: real + room], self._first_norm)
            seen = states.new_zeros(real + room, 1)
            seen[:real] = 1.0
            for layer in self._layers:
                mixed = linear(self._attention(linear(states, *layer.together), seen), *layer.mixed)
                states = self._norm(states + mixed, layer.after_attention)
                inner = gelu(linear(states, *layer.widened))
                states = self._norm(states + linear(inner, *layer.narrowed), layer.after_products)
            return states[:real].float()

    def _attention(self, together: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """What each token takes up from those that are `seen` (tokens, 1), from queries, keys and values side by side."""
        import torch

        count, width = together.shape[0], together.shape[1] // 3
        queries, keys, values = together.view(count, 3, self._heads, -1).permute(1, 2, 0, 3)
        logits = torch.matmul(queries.contiguous(), keys.contiguous().transpose(1, 2))
        weights = logits.clamp_(-MOST_LOGIT, MOST_LOGIT).exp2_()
        ones = seen.expand(self._heads, count, SUM_COLUMNS)
        # What is not seen has no value and counts for nothing: padding costs no mask over all pairs of tokens
        summed = torch.matmul(weights, torch.cat([values * seen, ones], dim=2))
        taken = summed[:, :, :-SUM_COLUMNS] / summed[:, :, -1:]
        return taken.transpose(0, 1).reshape(count, width)

    def _norm(self, states: torch.Tensor, weights: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        from torch.nn.functional import layer_norm

        return layer_norm(states, states.shape[1:], *weights, self._epsilon)


def is_plain_bert(encoder: Any) -> bool:
    """Whether `OneText` computes what this encoder does."""
    config = encoder.config
    return (
        config.model_type == "bert"
        and config.hidden_act == "gelu"
        and not config.is_decoder
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
    )


def _layer(layer: Any, heads: int) -> _Layer:
    import torch

    attention = layer.attention.self
    # Powers of two are faster than those of e; the factor is in the queries
    scale = math.log2(math.e) / math.sqrt(attention.query.weight.shape[0] / heads)
    parts = [_pair(attention.query), _pair(attention.key), _pair(attention.value)]
    parts[0] = (parts[0][0].float() * scale, parts[0][1].float() * scale)
    dtype = parts[1][0].dtype
    together = tuple(torch.cat([part[i].to(dtype) for part in parts]) for i in (0, 1))
    return _Layer(
        (together[0], together[1]),
        _pair(layer.attention.output.dense),
        _pair(layer.attention.output.LayerNorm),
        _pair(layer.intermediate.dense),
        _pair(layer.output.dense),
        _pair(layer.output.LayerNorm),
    )


def _pair(module: Any) -> tuple[torch.Tensor, torch.Tensor]:
    return module.weight.detach(), module.bias.detach()
