"""MPNet (arXiv 2004.09297) as it is trained: the same pass as `assistant.checking.mpnet`, of many texts and with gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from assistant.checking.mpnet import (
    EPSILON,
    FIRST_PLACE,
    HEADS,
    LAYERS,
    PUBLISHED,
    QUERIES_KEYS_VALUES,
    distance_buckets,
)

PADDING = 1
LEAST_FACTOR, LEAST_STATE = 1e-3, 1e-4


class Product(nn.Module):
    """A matrix with what is learned of it: the whole of it, or after `cut` a low-rank change."""

    def __init__(self, matrix: torch.Tensor, bias: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("published", matrix, persistent=False)
        self.register_buffer("published_bias", bias.clone(), persistent=False)
        self.matrix: nn.Parameter | torch.Tensor = nn.Parameter(matrix.clone())
        self.bias = nn.Parameter(bias.clone())
        self.up: nn.Parameter | None = None
        self.down: nn.Parameter | None = None
        self.largest = torch.zeros(matrix.shape[1])

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """States times the matrix, plus the bias."""
        product = nn.functional.linear(states, self.matrix, self.bias)
        if self.up is None or self.down is None:
            return product
        return product + nn.functional.linear(nn.functional.linear(states, self.down), self.up)

    def cut(self, rank: int) -> None:
        """Keep of the change its `rank` largest directions (singular value decomposition), which alone go on learning."""
        change = (self.matrix - self.published).detach()
        left, values, right = torch.svd_lowrank(change, q=min(rank + 16, *change.shape), niter=3)
        root = values[:rank].sqrt()
        self.up, self.down = nn.Parameter(left[:, :rank] * root), nn.Parameter(root[:, None] * right[:, :rank].T)
        del self.matrix
        self.matrix = self.published

    def factors(self, alpha: float) -> torch.Tensor:
        """What each column of the matrix is multiplied by, and its states divided: (columns,), from the states that were measured."""
        assert self.up is not None and self.down is not None
        matrix = (self.published + self.up @ self.down).detach().cpu()
        highest = matrix.abs().amax(0).clamp(min=LEAST_STATE) ** (1 - alpha)
        return (self.largest.clamp(min=LEAST_STATE) ** alpha / highest).clamp(min=LEAST_FACTOR)


class Layer(nn.Module):
    """One layer of the encoder, named as in the packaged changes."""

    def __init__(self, number: int, read: Callable[[str], torch.Tensor]) -> None:
        super().__init__()
        published = f"encoder.layer.{number}."

        def product(*sources: str) -> Product:
            return Product(
                torch.cat([read(f"{published}{source}.weight") for source in sources]),
                torch.cat([read(f"{published}{source}.bias") for source in sources]),
            )

        def norm(source: str) -> nn.LayerNorm:
            made = nn.LayerNorm(len(read(f"{published}{source}.weight")), EPSILON)
            made.load_state_dict({part: read(f"{published}{source}.{part}") for part in ("weight", "bias")})
            return made

        self.qkv, self.out = product(*QUERIES_KEYS_VALUES), product(PUBLISHED["out"])
        self.up, self.down = product(PUBLISHED["up"]), product(PUBLISHED["down"])
        self.ln1, self.ln2 = norm(PUBLISHED["ln1"]), norm(PUBLISHED["ln2"])
        self.before = {
            f"{name}.{part}": values.detach().clone()
            for name, made in (("ln1", self.ln1), ("ln2", self.ln2))
            for part, values in made.named_parameters()
        }

    def forward(self, states: torch.Tensor, nearness: torch.Tensor) -> torch.Tensor:
        """The states after this layer."""
        rows, count, width = states.shape
        queries, keys, values = self.qkv(states).view(rows, count, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        taken = nn.functional.scaled_dot_product_attention(queries, keys, values, attn_mask=nearness.to(queries.dtype))
        states = self.ln1(states + self.out(taken.transpose(1, 2).reshape(rows, count, width)))
        return self.ln2(states + self.down(nn.functional.gelu(self.up(states))))


class TrainedMpnet(nn.Module):
    """The encoder, its embeddings as they were published."""

    def __init__(self, base: Any, alpha: float) -> None:
        super().__init__()
        read: Callable[[str], torch.Tensor] = base.get_tensor
        self._alpha = alpha
        self.register_buffer("words", read("embeddings.word_embeddings.weight"))
        self.register_buffer("places", read("embeddings.position_embeddings.weight")[FIRST_PLACE:])
        self.register_buffer("near", read("encoder.relative_attention_bias.weight"))
        self.register_buffer("scale", read("embeddings.LayerNorm.weight"))
        self.register_buffer("shift", read("embeddings.LayerNorm.bias"))
        self.width = self.words.shape[1]
        self.layer = nn.ModuleList(Layer(number, read) for number in range(LAYERS))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """The token states (texts, tokens, d) of texts that are padded with `PADDING`."""
        count = ids.shape[1]
        states = nn.functional.embedding(ids, self.words) + self.places[:count]
        states = nn.functional.layer_norm(states, states.shape[2:], self.scale, self.shift, EPSILON)
        places = torch.arange(count, device=ids.device)
        nearness = self.near[distance_buckets(places[None, :] - places[:, None], len(self.near))].permute(2, 0, 1)
        nearness = nearness[None] + torch.where(ids == PADDING, -1e4, 0.0)[:, None, None]
        for layer in self.layer:
            states = layer(states, nearness)
        return states

    def learned(self) -> list[nn.Parameter]:
        """Everything that learns at first."""
        return list(self.parameters())

    def products(self) -> list[nn.Parameter]:
        """The low-rank changes."""
        return [p for name, p in self.named_parameters() if name.split(".")[-1] in ("up", "down")]

    def small(self) -> list[nn.Parameter]:
        """Biases and norms."""
        return [p for p in self.parameters() if p.ndim == 1]

    def cut(self, rank: int) -> None:
        """Keep of all changes of matrices their `rank` largest directions."""
        for product in self._products().values():
            product.cut(rank)

    def measure(self, reading: Callable[[], object]) -> None:
        """Note how large the states are that enter each product while something is read."""

        def note(product: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            assert isinstance(product, Product)
            product.largest = torch.maximum(product.largest, inputs[0].abs().flatten(0, -2).amax(0).float().cpu())

        hooks = [product.register_forward_pre_hook(note) for product in self._products().values()]
        reading()
        for hook in hooks:
            hook.remove()

    def changes(self) -> dict[str, torch.Tensor]:
        """All that differs from what was published, and the factors, as the packaged reader names them."""
        found: dict[str, torch.Tensor] = {}
        for name, product in self._products().items():
            assert product.up is not None and product.down is not None
            found |= {f"{name}.up": product.up, f"{name}.down": product.down}
            found |= {f"{name}.bias": product.bias - product.published_bias}
            found |= {f"{name}.factors": product.factors(self._alpha)}
        for number, layer in enumerate(self.layer):
            for name, values in layer.before.items():
                found[f"layer.{number}.{name}"] = layer.get_parameter(name).detach().cpu() - values
        return {name: values.detach().cpu() for name, values in found.items()}

    def _products(self) -> dict[str, Product]:
        return {name: module for name, module in self.named_modules() if isinstance(module, Product)}
