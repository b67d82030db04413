"""MPNet's pass over one text (arXiv 2004.09297), its products in 8-bit integers.

The states that enter a product are rounded by their largest value, which a few columns would decide: each column is divided by
a factor that the matrix is multiplied by, so that neither has columns that stand out (SmoothQuant, arXiv 2211.10438). Where a norm or the
values of attention give the states, they are divided there, which costs nothing. The factors, and low-rank changes to the published
weights (LoRA, arXiv 2106.09685), come with the program.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.embedding import processor_flags

if TYPE_CHECKING:
    import torch

    Weights = Mapping[str, torch.Tensor]
    Norm = tuple[torch.Tensor, torch.Tensor]

HEADS, EPSILON = 12, 1e-5
# The vocabulary is BERT's behind four marks, two of which begin and end a text
SHIFT, BEGIN, END = 4, 0, 2
# Positions are counted from the padding's number on
FIRST_PLACE = 2
FARTHEST = 128
QUERIES_KEYS_VALUES = ("attention.attn.q", "attention.attn.k", "attention.attn.v")
# The published names of each layer's other products and norms
PUBLISHED = {
    "out": "attention.attn.o",
    "up": "intermediate.dense",
    "down": "output.dense",
    "ln1": "attention.LayerNorm",
    "ln2": "output.LayerNorm",
}


class _Product:
    """States, divided by the factors, times a matrix, plus a bias, in 8-bit integers."""

    def __init__(self, matrix: torch.Tensor, bias: torch.Tensor, factors: torch.Tensor) -> None:
        import torch

        self.factors = factors
        scaled = matrix * factors
        scales = scaled.abs().amax(1).clamp(min=1e-9) / 127
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # such tensors will go one day, and torch's version is pinned
            none = torch.zeros(len(scales), dtype=torch.long)
            whole = torch.quantize_per_channel(scaled, scales, none, 0, torch.qint8)
        self._packed = torch.ops.quantized.linear_prepack(whole, bias)

    def __call__(self, divided: torch.Tensor) -> torch.Tensor:
        """The product with states that are divided already."""
        import torch

        product: torch.Tensor = torch.ops.quantized.linear_dynamic(divided, self._packed, _leaves_a_bit_free())
        return product


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Products and norms; each norm gives what the product behind it takes, the last layer's the states as they are."""

    together: _Product
    mixed: _Product
    after_attention: Norm
    widened: _Product
    narrowed: _Product
    narrowed_divided: torch.Tensor
    after_products: Norm


class Mpnet:
    """The encoder's token states of one text at a time."""

    def __init__(self, base: Any, changes: Weights) -> None:
        """Takes the published weights, open to be read one by one, and what was changed, in its first layers: these alone are computed."""
        import torch

        read: Callable[[str], torch.Tensor] = base.get_tensor
        # Half as large: a word's states lose nothing that a product in 8 bits would keep
        self._words = read("embeddings.word_embeddings.weight").half()
        # Copies: what is read lies in the file, all of which would stay in memory
        self._places = read("embeddings.position_embeddings.weight")[FIRST_PLACE:].clone()
        self._near = read("encoder.relative_attention_bias.weight").clone()
        first_norm = (read("embeddings.LayerNorm.weight"), read("embeddings.LayerNorm.bias"))
        parts = [_Parts(number, read, changes) for number in range(layers_changed(changes))]
        taken_by = [*(part.factors("qkv") for part in parts), torch.ones(self._places.shape[1])]
        self._first_norm = _divided(first_norm, taken_by[0])
        self._layers = [_layer(part, following) for part, following in zip(parts, taken_by[1:], strict=True)]
        self._after = taken_by[1:]
        self._nearness_of_most = torch.empty(HEADS, 0, 0)

    def states(self, ids: Sequence[int], after: Sequence[int]) -> Iterator[torch.Tensor]:
        """The states (tokens, d) of the tokens `ids` in float32 after the layers `after`, counted from 1 and in their order.

        A layer is computed when its states, or those of one behind it, are taken; to be taken in torch's inference mode.
        """
        import torch
        from torch.nn.functional import embedding, gelu

        nearness = self._nearness(len(ids))
        states = embedding(torch.tensor(ids), self._words).float() + self._places[: len(ids)]
        states = _normed(states, self._first_norm)
        for number, layer in enumerate(self._layers, 1):
            mixed = layer.mixed(_attention(layer.together(states), nearness))
            states = _normed(torch.addcmul(mixed, states, layer.together.factors), layer.after_attention)
            inner = gelu(layer.widened(states)).mul_(layer.narrowed_divided)
            states = torch.addcmul(layer.narrowed(inner), states, layer.widened.factors)
            states = _normed(states, layer.after_products)
            if number in after:
                yield states * self._after[number - 1]

    @property
    def layers(self) -> int:
        """How many layers are computed."""
        return len(self._layers)

    def _nearness(self, count: int) -> torch.Tensor:
        """What each head adds for how far apart two tokens are: (heads, tokens, tokens); cut from that of the longest text met."""
        import torch

        most = self._nearness_of_most
        if most.shape[1] < count:
            places = torch.arange(count)
            buckets = distance_buckets(places[None, :] - places[:, None], len(self._near))
            self._nearness_of_most = most = self._near[buckets].permute(2, 0, 1).contiguous()
        return most[:, :count, :count].contiguous()


@lru_cache(maxsize=1)
def _leaves_a_bit_free() -> bool:
    """Whether states are rounded to 7 bits: processors without the instructions made for 8 (VNNI) would overflow."""
    return not ({"avx512_vnni", "avx_vnni"} & processor_flags())


def _attention(together: torch.Tensor, nearness: torch.Tensor) -> torch.Tensor:
    from torch.nn.functional import scaled_dot_product_attention

    count, width = together.shape[0], together.shape[1] // 3
    queries, keys, values = together.view(count, 3, HEADS, -1).permute(1, 2, 0, 3)
    taken = scaled_dot_product_attention(queries[None], keys[None], values[None], attn_mask=nearness[None])
    return taken[0].transpose(0, 1).reshape(count, width)


def _normed(states: torch.Tensor, norm: Norm) -> torch.Tensor:
    from torch.nn.functional import layer_norm

    return layer_norm(states, states.shape[1:], *norm, EPSILON)


def distance_buckets(apart: torch.Tensor, count: int) -> torch.Tensor:
    """The bucket of each distance (T5, arXiv 1910.10683): half for either direction, near ones one each, far ones wider and wider."""
    import torch

    half = count // 2
    exact = half // 2
    far = apart.abs()
    shares = torch.log(far.float().clamp(min=1) / exact) / math.log(FARTHEST / exact)
    wide = (exact + (shares * (half - exact)).long()).clamp(max=half - 1)
    return (apart > 0).long() * half + torch.where(far < exact, far, wide)


def layers_changed(changes: Iterable[str]) -> int:
    """How many layers the names of changes speak of, counted from the first."""
    return 1 + max(int(name.split(".")[1]) for name in changes if name.startswith("layer."))


class _Parts:
    """What one layer is made of: the published weights with what was changed."""

    def __init__(self, number: int, read: Callable[[str], torch.Tensor], changes: Weights) -> None:
        self._read = read
        self._changes = changes
        self._mine, self._published = f"layer.{number}.", f"encoder.layer.{number}."

    def factors(self, name: str) -> torch.Tensor:
        """The factors by which the states that enter a product are divided."""
        return self._changes[f"{self._mine}{name}.factors"].float()

    def linear(self, name: str, sources: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """The matrix and the bias of a product."""
        import torch

        matrix = torch.cat([self._read(f"{self._published}{source}.weight") for source in sources])
        bias = torch.cat([self._read(f"{self._published}{source}.bias") for source in sources])
        up, down = (self._changes[f"{self._mine}{name}.{part}"].float() for part in ("up", "down"))
        return matrix + up @ down, bias + self._changes[f"{self._mine}{name}.bias"].float()

    def norm(self, name: str) -> Norm:
        """The scale and the shift of a norm."""
        source = f"{self._published}{PUBLISHED[name]}"
        scale, shift = (
            self._read(f"{source}.{part}") + self._changes[f"{self._mine}{name}.{part}"].float()
            for part in ("weight", "bias")
        )
        return scale, shift


def _layer(parts: _Parts, following: torch.Tensor) -> _Layer:
    """The layer, whose states are divided by the factors `following`, as the next one takes them."""
    matrix, bias = parts.linear("qkv", QUERIES_KEYS_VALUES)
    values = slice(2 * len(matrix) // 3, None)
    matrix[values] /= parts.factors("out")[:, None]
    bias[values] /= parts.factors("out")
    return _Layer(
        _Product(matrix, bias, parts.factors("qkv")),
        _Product(*parts.linear("out", [PUBLISHED["out"]]), parts.factors("out")),
        _divided(parts.norm("ln1"), parts.factors("up")),
        _Product(*parts.linear("up", [PUBLISHED["up"]]), parts.factors("up")),
        _Product(*parts.linear("down", [PUBLISHED["down"]]), parts.factors("down")),
        1 / parts.factors("down"),
        _divided(parts.norm("ln2"), following),
    )


def _divided(norm: Norm, factors: torch.Tensor) -> Norm:
    """A norm whose result is divided by `factors`."""
    return norm[0] / factors, norm[1] / factors
