"""Train the grammar heads of the gate (`assistant/checking/grammar.safetensors`) to agree with a teacher's parses.

A small biaffine parser (Dozat and Manning, ICLR 2017) over frozen states of the packaged encoder learns from sentences
that spaCy's `en_core_web_sm` (MIT) parsed; spaCy is needed only here, never at question time.

    python -m benchmarks.training.grammar sentences --out /tmp/gate/sentences.jsonl
    python benchmarks/training/grammar_teacher.py /tmp/gate/sentences.jsonl /tmp/gate/parsed.jsonl   # where spaCy is
    python -m benchmarks.training.grammar train /tmp/gate/parsed.jsonl
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from assistant.checking.encoder import encode
from assistant.checking.grammar import ARC, HEADS, LABEL, TAGS_FILE
from assistant.checking.words import fold, words
from benchmarks.training.data import archive_passages

ARCHIVES = ("optech-2018-2021", "lwkd-2018-2021", "haskell-weekly-2016-2018", "digital-gov-2013-2016")
PER_ARCHIVE = 4500
EPOCHS, BATCH, HELD_OUT = 9, 48, 800


def sentences(out: Path) -> None:
    """Write sentences of every archive, as words, for the teacher."""
    random.seed(1)
    rows = []
    for archive in ARCHIVES:
        found = [fold(p.sentence(i)) for p in archive_passages(archive) for i in range(len(p.sentences))]
        found = [text for text in found if 5 <= len(text.split()) <= 45]
        random.shuffle(found)
        rows += [{"text": text, "words": [w.text for w in words(text)]} for text in found[:PER_ARCHIVE]]
    random.shuffle(rows)
    out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


class Heads(nn.Module):
    """Tags, heads and labels from word states."""

    def __init__(self, width: int, tags: int, labels: int) -> None:
        super().__init__()
        self.root = nn.Parameter(torch.zeros(width))
        self.tag = nn.Linear(width, tags)
        self.arc_dep, self.arc_head = nn.Linear(width, ARC), nn.Linear(width, ARC)
        self.label_dep, self.label_head = nn.Linear(width, LABEL), nn.Linear(width, LABEL)
        self.arc = nn.Parameter(torch.randn(ARC + 1, ARC) * 0.01)
        self.label = nn.Parameter(torch.randn(labels, LABEL + 1, LABEL + 1) * 0.01)

    def forward(self, states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Tag scores (b, n, tags), arc scores (b, n, n + 1) with the root first, and the label vectors."""
        rooted = torch.cat([self.root.expand(states.shape[0], 1, -1), states], dim=1)
        drop = nn.functional.dropout
        dep = drop(torch.relu(self.arc_dep(states)), 0.25, self.training)
        head = drop(torch.relu(self.arc_head(rooted)), 0.25, self.training)
        arcs = torch.cat([dep, torch.ones_like(dep[..., :1])], -1) @ self.arc @ head.transpose(1, 2)
        label_dep = drop(torch.relu(self.label_dep(states)), 0.25, self.training)
        label_head = drop(torch.relu(self.label_head(rooted)), 0.25, self.training)
        return self.tag(drop(states, 0.1, self.training)), arcs, label_dep, label_head

    def labels(self, dep: torch.Tensor, head: torch.Tensor) -> torch.Tensor:
        """Label scores for aligned rows of dependants and heads."""
        dep = torch.cat([dep, torch.ones_like(dep[..., :1])], -1)
        head = torch.cat([head, torch.ones_like(head[..., :1])], -1)
        return torch.einsum("ni,lij,nj->nl", dep, self.label, head)


def train(parsed: Path) -> None:
    """Fit the heads and write them beside the gate."""
    rows = [json.loads(line) for line in parsed.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if len(row["words"]) <= 60 and [w.text for w in words(row["text"])] == row["words"]]
    tags = sorted({tag for row in rows for tag in row["tag"]})
    labels = sorted({dep for row in rows for dep in row["dep"]})
    started = time.time()
    states = _states([row["text"] for row in rows])
    print(f"{len(rows)} sentences encoded in {time.time() - started:.0f} s", flush=True)
    for row in rows:
        row["t"] = [tags.index(tag) for tag in row["tag"]]
        row["l"] = [labels.index(dep) for dep in row["dep"]]
        row["h"] = [0 if head == i else head + 1 for i, head in enumerate(row["head"])]
    model = Heads(states[0].shape[1], len(tags), len(labels))
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-4)
    order = list(range(HELD_OUT, len(rows)))
    steps = EPOCHS * (len(order) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
    for epoch in range(EPOCHS):
        random.shuffle(order)
        model.train()
        for first in range(0, len(order), BATCH):
            loss = _loss(
                model,
                [rows[i] for i in order[first : first + BATCH]],
                [states[i] for i in order[first : first + BATCH]],
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        print(
            f"epoch {epoch}: {_accuracy(model, rows[:HELD_OUT], states[:HELD_OUT])} after {time.time() - started:.0f} s",
            flush=True,
        )
    save_file({name: value.detach().half().contiguous() for name, value in model.state_dict().items()}, str(HEADS))
    TAGS_FILE.write_text(json.dumps({"tags": tags, "labels": labels}), encoding="utf-8")


def _states(texts: list[str]) -> list[torch.Tensor]:
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found: dict[int, torch.Tensor] = {}
    for first in range(0, len(order), 32):
        batch = order[first : first + 32]
        for i, state in zip(batch, encode([texts[i] for i in batch]), strict=True):
            found[i] = torch.from_numpy(state.grammar.astype(np.float16))
    return [found[i] for i in range(len(texts))]


def _padded(rows: list[dict[str, Any]], states: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(len(row["words"]) for row in rows)
    inputs = torch.zeros(len(rows), longest, states[0].shape[1])
    mask = torch.zeros(len(rows), longest, dtype=torch.bool)
    for i, state in enumerate(states):
        inputs[i, : len(state)] = state.float()
        mask[i, : len(state)] = True
    return inputs, mask


def _loss(model: Heads, rows: list[dict[str, Any]], states: list[torch.Tensor]) -> torch.Tensor:
    inputs, mask = _padded(rows, states)
    tag, arcs, label_dep, label_head = model(inputs)
    blocked = torch.cat([torch.ones_like(mask[:, :1]), mask], 1)[:, None, :]
    arcs = arcs.masked_fill(~blocked, -1e4)[mask]
    gold = [torch.tensor([value for row in rows for value in row[key]]) for key in ("t", "h", "l")]
    places = torch.cat([torch.full((len(row["h"]),), i) for i, row in enumerate(rows)])
    heads = label_head[places, gold[1]]
    cross = nn.functional.cross_entropy
    return cross(tag[mask], gold[0]) + cross(arcs, gold[1]) + cross(model.labels(label_dep[mask], heads), gold[2])


def _accuracy(model: Heads, rows: list[dict[str, Any]], states: list[torch.Tensor]) -> dict[str, float]:
    model.eval()
    right = np.zeros(3)
    total = 0
    with torch.inference_mode():
        for first in range(0, len(rows), BATCH):
            batch = rows[first : first + BATCH]
            inputs, mask = _padded(batch, states[first : first + BATCH])
            tag, arcs, label_dep, label_head = model(inputs)
            blocked = torch.cat([torch.ones_like(mask[:, :1]), mask], 1)[:, None, :]
            chosen = arcs.masked_fill(~blocked, -1e4)[mask].argmax(-1)
            places = torch.cat([torch.full((len(row["h"]),), i) for i, row in enumerate(batch)])
            label = model.labels(label_dep[mask], label_head[places, chosen]).argmax(-1)
            gold = [torch.tensor([value for row in batch for value in row[key]]) for key in ("t", "h", "l")]
            right += [
                float((tag[mask].argmax(-1) == gold[0]).sum()),
                float((chosen == gold[1]).sum()),
                float(((chosen == gold[1]) & (label == gold[2])).sum()),
            ]
            total += len(gold[0])
    return {name: round(value / total, 4) for name, value in zip(("tag", "uas", "las"), right, strict=True)}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("sentences").add_argument("--out", type=Path, required=True)
    commands.add_parser("train").add_argument("parsed", type=Path)
    said = parser.parse_args()
    if said.command == "sentences":
        sentences(said.out)
    else:
        train(said.parsed)


if __name__ == "__main__":
    main()
