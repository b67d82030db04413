"""Train the sentence scorer: a listwise softmax over a question's candidates by small perceptrons."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from assistant.reader.features import FEATURES
from assistant.reader.model import Perceptron
from benchmarks.training.examples import Example

HIDDEN, EPOCHS, EXAMPLES, SEEDS = 24, 160, 12000, 4
# Of the examples that one perceptron sees: with an answer, near ones without, and of another archive
SHARES = (0.5, 0.4, 0.1)
# About as many candidates as lie near a question
CROWD = 20


def train_sentences(examples: list[Example]) -> Perceptron:
    """The mean of several perceptrons that start apart and see other examples, as one with all their hidden units."""
    several = [_train(_sample(examples, seed), seed) for seed in range(SEEDS)]
    mean, scale = several[0].mean, several[0].scale
    return Perceptron(
        mean=mean,
        scale=scale,
        hidden=np.concatenate([one.hidden * (scale / one.scale)[:, None] for one in several], axis=1),
        hidden_bias=np.concatenate([one.hidden_bias + ((mean - one.mean) / one.scale) @ one.hidden for one in several]),
        output=np.concatenate([one.output for one in several]) / SEEDS,
        linear=np.mean([one.linear * (scale / one.scale) for one in several], axis=0),
    )


def _sample(examples: list[Example], seed: int) -> list[Example]:
    chooser = np.random.default_rng(seed)
    kinds = (
        [e for e in examples if e.right.any()],
        [e for e in examples if not e.item.answerable and e.made in ("", "removed")],
        [e for e in examples if e.made == "elsewhere"],
    )
    return [
        group[i]
        for group, share in zip(kinds, SHARES, strict=True)
        for i in chooser.permutation(len(group))[: int(EXAMPLES * share)]
    ]


def _train(examples: list[Example], seed: int) -> Perceptron:
    """Cross-entropy over each answerable question's candidates, plus a push down where nothing answers."""
    torch.manual_seed(seed)
    rows = np.concatenate([e.features.values for e in examples])
    mean, scale = rows.mean(0), rows.std(0) + 1e-3
    inputs = torch.tensor((rows - mean) / scale)
    hidden, output = nn.Linear(len(FEATURES), HIDDEN), nn.Linear(HIDDEN, 1, bias=False)
    linear = nn.Linear(len(FEATURES), 1, bias=False)
    parameters = [*hidden.parameters(), *output.parameters(), *linear.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=4e-3, weight_decay=0.3)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1 - 0.9 * epoch / EPOCHS)
    sizes = torch.tensor([len(e.right) for e in examples])
    question_of = torch.repeat_interleave(torch.arange(len(examples)), sizes)
    right = torch.tensor(np.concatenate([e.right for e in examples]))
    useful = torch.tensor([bool(e.right.any()) for e in examples])
    nothing = torch.tensor([not e.item.answerable for e in examples])
    for _ in range(EPOCHS):
        noisy = nn.functional.dropout(torch.relu(hidden(inputs)), 0.2)
        scores = (output(noisy) + linear(inputs)).squeeze(1)
        everything = torch.zeros(len(examples)).index_add(0, question_of, scores.exp())
        correct = torch.zeros(len(examples)).index_add(0, question_of, scores.exp() * right)
        listwise = (everything[useful].log() - correct[useful].log()).mean()
        presence = (everything[nothing] / CROWD).log1p().mean() + (CROWD / everything[useful]).log1p().mean()
        loss = listwise + 0.3 * presence
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return Perceptron(
        mean=mean,
        scale=scale,
        hidden=hidden.weight.detach().numpy().T.copy(),
        hidden_bias=hidden.bias.detach().numpy().copy(),
        output=output.weight.detach().numpy()[0].copy(),
        linear=linear.weight.detach().numpy()[0].copy(),
    )
