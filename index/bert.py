"""BERT's pass over one text in few operations, a third faster than the general ones for a text of a passage's length.

The same as `transformers.BertModel` in evaluation (arXiv 1810.04805), but for one text without a mask: its padding has no
values for others to take up. Queries, keys and values are one product, and attention is not normalised until it has
weighed the values, whose columns of ones hold the sums. Attention's logits are cut at ±`MOST_LOGIT` powers of two, far beyond
what trained models give.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

MOST_LOGIT = 100.0
SUM_COLUMNS = 8  # as many as products like, though one would hold the sums
# Torch prepares its products anew for every length it meets, and keeps them: few lengths are faster than no padding, and
# bound the memory
TOKENS_STEP = 16


class _Product:
    """States times a matrix, plus a bias.

    In bfloat16 the matrix is laid out once as oneDNN wants it, by what `torch.compile` calls on a CPU, and not at every call: a
    passage takes 7 % less, a question 23 %.
    """

    def __init__(self, matrix: torch.Tensor, bias: torch.Tensor) -> None:
        import torch

        self._bias = bias
        self._packs = matrix.dtype == torch.bfloat16 and _has_packed_products()
        packed = torch.ops.mkldnn._reorder_linear_weight(matrix.contiguous(), None) if self._packs else matrix
        self._matrix: torch.Tensor = packed

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        from torch.nn.functional import linear

        return self._packed(states, "none") if self._packs else linear(states, self._matrix, self._bias)

    def through_gelu(self, states: torch.Tensor) -> torch.Tensor:
        """The product's Gaussian error linear units."""
        from torch.nn.functional import gelu

        return self._packed(states, "gelu") if self._packs else gelu(self(states))

    def _packed(self, states: torch.Tensor, then: str) -> torch.Tensor:
        import torch

        product: torch.Tensor = torch.ops.mkldnn._linear_pointwise(states, self._matrix, self._bias, then, [], "none")
        return product


def _has_packed_products() -> bool:
    """Whether this torch multiplies by matrices laid out before; the operators are its own, and the version is pinned."""
    import torch

    names = ("_reorder_linear_weight", "_linear_pointwise", "_is_mkldnn_bf16_supported")
    own = torch.ops.mkldnn
    return all(hasattr(own, name) for name in names) and bool(own._is_mkldnn_bf16_supported())


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """The weights of one layer: its products, and the scale and shift of its norms."""

    together: _Product
    mixed: _Product
    after_attention: tuple[torch.Tensor, torch.Tensor]
    widened: _Product
    narrowed: _Product
    after_products: tuple[torch.Tensor, torch.Tensor]


class OneText:
    """The encoder's token states of one text at a time; the encoder, whose weights it shares or has copied, must not change any more."""

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

        with torch.inference_mode():
            *_, last = self._after_each_layer(ids, kinds)
            return last[: len(ids)].float()

    def layers(self, ids: Sequence[int], kinds: Sequence[int]) -> list[torch.Tensor]:
        """The states before the first layer and after each, as `states` gives the last."""
        import torch

        with torch.inference_mode():
            return [states[: len(ids)].float() for states in self._after_each_layer(ids, kinds)]

    def _after_each_layer(self, ids: Sequence[int], kinds: Sequence[int]) -> Iterator[torch.Tensor]:
        """The padded states one after the other; to be taken in the inference mode of the one that asks."""
        import torch
        from torch.nn.functional import embedding

        real = len(ids)
        room = min(-real % TOKENS_STEP, len(self._places) - real)
        words = embedding(torch.tensor([*ids, *[self._padding] * room]), self._words)
        states = words + embedding(torch.tensor([*kinds, *[0] * room]), self._kinds)
        states = self._norm(states + self._places[: real + room], self._first_norm)
        yield states
        seen = states.new_zeros(real + room, 1)
        seen[:real] = 1.0
        for layer in self._layers:
            mixed = layer.mixed(self._attention(layer.together(states), seen))
            states = self._norm(states + mixed, layer.after_attention)
            inner = layer.widened.through_gelu(states)
            states = self._norm(states + layer.narrowed(inner), layer.after_products)
            yield states

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
    together = [torch.cat([part[i].to(dtype) for part in parts]) for i in (0, 1)]
    return _Layer(
        _Product(together[0], together[1]),
        _Product(*_pair(layer.attention.output.dense)),
        _pair(layer.attention.output.LayerNorm),
        _Product(*_pair(layer.intermediate.dense)),
        _Product(*_pair(layer.output.dense)),
        _pair(layer.output.LayerNorm),
    )


def _pair(module: Any) -> tuple[torch.Tensor, torch.Tensor]:
    return module.weight.detach(), module.bias.detach()
