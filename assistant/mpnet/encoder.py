"""MPNet's pass over one text (arXiv 2004.09297), its products in 8-bit integers.

The states that enter a product are rounded by their largest value, which a few columns would decide: each column is divided by
a factor that the matrix is multiplied by, so that neither has columns that stand out (SmoothQuant, arXiv 2211.10438). The factors, and
low-rank changes to the published weights (LoRA, arXiv 2106.09685), come with the program.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    """States times a matrix, plus a bias, in 8-bit integers."""

    def __init__(self, matrix: torch.Tensor, bias: torch.Tensor, factors: torch.Tensor) -> None:
        import torch

        scaled = matrix * factors
        scales = scaled.abs().amax(1).clamp(min=1e-9) / 127
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # such tensors will go one day, and torch's version is pinned
            none = torch.zeros(len(scales), dtype=torch.long)
            whole = torch.quantize_per_channel(scaled, scales, none, 0, torch.qint8)
        self._packed = torch.ops.quantized.linear_prepack(whole, bias)
        self._divided = 1 / factors

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        import torch

        # A bit is left free: without it, processors that lack the newer instructions would overflow
        product: torch.Tensor = torch.ops.quantized.linear_dynamic(states * self._divided, self._packed, True)
        return product


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    together: _Product
    mixed: _Product
    after_attention: Norm
    widened: _Product
    narrowed: _Product
    after_products: Norm


class Mpnet:
    """The encoder's token states of one text at a time."""

    def __init__(self, base: Any, changes: Weights) -> None:
        """Takes the published weights, open to be read one by one, and what was changed, in its first layers: these alone are computed."""
        read: Callable[[str], torch.Tensor] = base.get_tensor
        # Half as large: a word's states lose nothing that a product in 8 bits would keep
        self._words = read("embeddings.word_embeddings.weight").half()
        # Copies: what is read lies in the file, all of which would stay in memory
        self._places = read("embeddings.position_embeddings.weight")[FIRST_PLACE:].clone()
        self._near = read("encoder.relative_attention_bias.weight").clone()
        self._first_norm = (read("embeddings.LayerNorm.weight").clone(), read("embeddings.LayerNorm.bias").clone())
        self._layers = [_layer(number, read, changes) for number in range(layers_changed(changes))]

    def states(self, ids: Sequence[int]) -> Iterator[torch.Tensor]:
        """The states (tokens, d) of the tokens `ids` in float32 after each of the layers that are changed, which is computed when it is taken.

        To be taken in torch's inference mode.
        """
        import torch
        from torch.nn.functional import embedding, gelu

        nearness = self._nearness(len(ids))
        states = embedding(torch.tensor(ids), self._words).float() + self._places[: len(ids)]
        states = _normed(states, self._first_norm)
        for layer in self._layers:
            mixed = layer.mixed(_attention(layer.together(states), nearness))
            states = _normed(states + mixed, layer.after_attention)
            inner = gelu(layer.widened(states))
            states = _normed(states + layer.narrowed(inner), layer.after_products)
            yield states

    def _nearness(self, count: int) -> torch.Tensor:
        """What each head adds for how far apart two tokens are: (heads, tokens, tokens)."""
        import torch

        places = torch.arange(count)
        buckets = distance_buckets(places[None, :] - places[:, None], len(self._near))
        return self._near[buckets].permute(2, 0, 1)


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


def _layer(number: int, read: Callable[[str], torch.Tensor], changes: Weights) -> _Layer:
    import torch

    mine, published = f"layer.{number}.", f"encoder.layer.{number}."

    def product(name: str, sources: Sequence[str]) -> _Product:
        matrix = torch.cat([read(f"{published}{source}.weight") for source in sources])
        bias = torch.cat([read(f"{published}{source}.bias") for source in sources])
        matrix = matrix + changes[f"{mine}{name}.up"].float() @ changes[f"{mine}{name}.down"].float()
        factors = changes[f"{mine}{name}.factors"].float()
        return _Product(matrix, bias + changes[f"{mine}{name}.bias"].float(), factors)

    def norm(name: str) -> Norm:
        source = f"{published}{PUBLISHED[name]}"
        scale, shift = (
            read(f"{source}.{part}") + changes[f"{mine}{name}.{part}"].float() for part in ("weight", "bias")
        )
        return scale, shift

    return _Layer(
        product("qkv", QUERIES_KEYS_VALUES),
        product("out", [PUBLISHED["out"]]),
        norm("ln1"),
        product("up", [PUBLISHED["up"]]),
        product("down", [PUBLISHED["down"]]),
        norm("ln2"),
    )
