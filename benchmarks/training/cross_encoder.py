"""Train the cross-encoder: question and one sentence read together by the first layers of all-mpnet-base-v2.

    python -m benchmarks.training.cross_encoder --packed FILE --scores FOLDER --out FOLDER [--limit N]

`FILE` and the folds' scores in `FOLDER` are what `run.py` leaves there: the questions asked with the passages found, and what joint readers
that never saw a question's fold make of its sentences. The sentences that these rank first are what the right ones are told from:
cross-entropy over at most `MOST_GOLD` right ones, `OTHERS` of the `NEAR` likeliest others and one option for "none of them answers", AdamW.
Unanswerable questions are also made by leaving the answering sentences out and by exchanging a name or number of the question. At last
the factors are measured that the 8-bit products need. Five minutes on an accelerator; copy `cross.safetensors` and `cross.json` to
`assistant/reader`, then fit how it counts (`reranking.py`).
"""

from __future__ import annotations

import argparse
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from assistant.mpnet.encoder import BEGIN, END, SHIFT
from assistant.mpnet.weights import base_weights
from assistant.reader.cross_encoder import BEFORE_TOKENS, HEADER_TOKENS, QUESTION_TOKENS, SENTENCE_TOKENS
from benchmarks.training.data import FOLDS
from benchmarks.training.joint import log_sums
from benchmarks.training.mpnet import PADDING, Learner, TrainedMpnet, installed
from benchmarks.training.packing import Packed, Reading
from benchmarks.training.weights_file import write_tensors

LAYERS, RANK = 8, 48
RATE, SMALL_RATE, HEAD_RATE, EPOCHS, QUESTIONS, WARM_UP, STEP = 5e-4, 1e-4, 1e-3, 2, 64, 150, 8
MOST_GOLD, NEAR, OTHERS, BARE, SWAPPED, MEASURED_ON, SEED = 2, 7, 4, 0.2, 0.2, 200, 1
Place = tuple[int, int]


@dataclass(frozen=True)
class Task:
    """A question with sentences, each given by its passage and number, those that answer first; `right` tells how many do."""

    question: int
    places: tuple[Place, ...]
    right: int


@dataclass(frozen=True)
class Window:
    """The ids that are read of a sentence, and how many of them are the question's and, at the end, the sentence's."""

    ids: tuple[int, ...]
    asked: int
    told: int


class Reader(nn.Module):
    """The encoder with a head: cosine of question and sentence, plus what their product says."""

    def __init__(self, encoder: TrainedMpnet) -> None:
        super().__init__()
        self.encoder = encoder
        self.temperature, self.nothing = nn.Parameter(torch.tensor(8.0)), nn.Parameter(torch.tensor(4.0))
        self.head = nn.Sequential(nn.Linear(4 * encoder.width, 64), nn.GELU(), nn.Linear(64, 1))
        nn.init.zeros_(self.head[2].weight)

    def own(self) -> dict[str, nn.Parameter]:
        """The head's weights as the packaged reader names them."""
        named = (item for item in self.named_parameters() if not item[0].startswith("encoder."))
        return {f"head.{name.removeprefix('head.')}": values for name, values in named}

    def forward(self, windows: Sequence[Window]) -> torch.Tensor:
        """The score of every window; that of "none of them answers" is `nothing`."""
        width = -(-max(len(w.ids) for w in windows) // STEP) * STEP
        device = self.nothing.device
        ids = torch.tensor([[*w.ids, *[PADDING] * (width - len(w.ids))] for w in windows], device=device)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            *_, states = self.encoder(ids)
        states = states.float()
        asked = torch.stack([one[1 : 1 + w.asked].mean(0) for one, w in zip(states, windows, strict=True)])
        ends = [len(w.ids) - 1 for w in windows]
        told = torch.stack([one[e - w.told : e].mean(0) for one, w, e in zip(states, windows, ends, strict=True)])
        features = torch.cat([asked * told, (asked - told).abs(), told, states[:, 0]], dim=-1)
        cosine = nn.functional.cosine_similarity(asked, told, dim=-1)
        return self.temperature * cosine + self.head(features).squeeze(1)


def window(packed: Packed, question: int, place: Place) -> Window:
    """A sentence as `CrossEncoder.window` gives it."""
    tokens, of_sentence = packed.passages[place[0]], packed.sentences[place[0]]
    inside = np.flatnonzero(of_sentence >= 0)
    header = tokens[: min(HEADER_TOKENS, int(inside[0]) if len(inside) else 0)]
    before = tokens[of_sentence == place[1] - 1][-BEFORE_TOKENS:] if place[1] else tokens[:0]
    told = tokens[of_sentence == place[1]][:SENTENCE_TOKENS]
    asked = packed.questions[question][:QUESTION_TOKENS]
    ids = (BEGIN, *(asked + SHIFT).tolist(), END, *(np.concatenate([header, before, told]) + SHIFT).tolist(), END)
    return Window(ids, len(asked), len(told))


def epoch(packed: Packed, scores: dict[int, list[np.ndarray]], chooser: random.Random) -> list[Task]:
    """The tasks of one epoch, shuffled."""
    tasks = [
        task
        for number, values in scores.items()
        if packed.readings[number].usable
        for task in _tasks(packed, packed.readings[number], values, chooser)
    ]
    chooser.shuffle(tasks)
    return [task for task in tasks if task.places]


def _tasks(packed: Packed, reading: Reading, scores: Sequence[np.ndarray], chooser: random.Random) -> Iterator[Task]:
    ranked = sorted(
        ((place, n) for place, values in enumerate(scores) for n in range(len(values))),
        key=lambda at: -scores[at[0]][at[1]],
    )
    present = {at for at in ranked if (packed.sentences[reading.passages[at[0]]] == at[1]).any()}
    near = [at for at in ranked if at in present and at not in reading.hold and at not in reading.gold][:NEAR]
    gold = [at for at in sorted(reading.gold) if (packed.sentences[reading.passages[at[0]]] == at[1]).any()]

    def task(question: int, right: Sequence[Place], answers: bool) -> Task:
        others = chooser.sample(near, min(OTHERS, len(near)))
        places = tuple((reading.passages[place], n) for place, n in [*right, *others])
        return Task(question, places, len(right) if answers else 0)

    some = chooser.sample(gold, min(MOST_GOLD, len(gold)))
    yield task(reading.question, some, answers=True)
    if not gold or reading.made:
        return
    if chooser.random() < BARE:
        yield task(reading.question, (), answers=False)
    if reading.swaps and chooser.random() < SWAPPED:
        yield task(chooser.choice(reading.swaps), some, answers=False)


def loss_of(model: Reader, packed: Packed, tasks: Sequence[Task]) -> torch.Tensor:
    """Cross-entropy over each task's sentences and "none of them answers"."""
    device, count = model.nothing.device, len(tasks)
    options = [
        (number, place, at < task.right) for number, task in enumerate(tasks) for at, place in enumerate(task.places)
    ]
    task_of = torch.tensor([number for number, _, _ in options], device=device)
    right = torch.tensor([answers for _, _, answers in options], device=device)
    found = model([window(packed, tasks[number].question, place) for number, place, _ in options])
    every = torch.cat([found, model.nothing.expand(count)])
    option_of = torch.cat([task_of, torch.arange(count, device=device)])
    logs = every - log_sums(every, option_of, count)[option_of]
    correct = log_sums(logs[: len(options)][right], task_of[right], count)
    answered = torch.tensor([task.right > 0 for task in tasks], device=device)
    return -torch.where(answered, correct, logs[len(options) :]).mean()


def train(model: Reader, packed: Packed, scores: dict[int, list[np.ndarray]]) -> None:
    """Train; the rates fall to nothing."""
    chooser = random.Random(SEED)
    learner = Learner(model.encoder, model.own().values(), (RATE, SMALL_RATE, HEAD_RATE), WARM_UP)
    total = 0
    for number in range(EPOCHS):
        tasks, losses = epoch(packed, scores, chooser), []
        total = total or EPOCHS * -(-len(tasks) // QUESTIONS)
        for first in range(0, len(tasks), QUESTIONS):
            loss = loss_of(model, packed, tasks[first : first + QUESTIONS])
            learner.step(loss, total)
            losses.append(loss.detach())
        print(f"epoch {number + 1}: loss {float(torch.stack(losses).mean()):.3f}, {len(losses)} steps", flush=True)


def export(model: Reader, packed: Packed, tasks: Sequence[Task], out: Path, questions: int) -> None:
    """Write the low-rank changes, the factors measured on some tasks, and the head, with their card."""
    windows = [window(packed, task.question, place) for task in tasks for place in task.places][:MEASURED_ON]
    with torch.inference_mode():
        model.encoder.measure(lambda: model(windows))
    weights = model.encoder.changes() | {name: values.detach().cpu() for name, values in model.own().items()}
    about = {"base": "all-mpnet-base-v2", "scale": 1.0, "rank": RANK, "questions": questions}
    write_tensors(out / "cross.json", weights, about)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--scores", type=Path, required=True, help="the folder in which the folds' scores were left")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--limit", type=int, help="only so many questions, to try whether it runs")
    said = parser.parse_args()
    files = installed(parser)
    packed: Packed = pickle.loads(said.packed.read_bytes())
    scores: dict[int, list[np.ndarray]] = {}
    for fold in range(FOLDS):
        scores |= pickle.loads((said.scores / f"fold{fold}.pickle").read_bytes())
    scores = dict(list(scores.items())[: said.limit])
    torch.manual_seed(SEED)
    with base_weights(files) as base:
        model = Reader(TrainedMpnet(base, LAYERS, RANK)).to("cuda" if torch.cuda.is_available() else "cpu")
    train(model, packed, scores)
    tasks = epoch(packed, scores, random.Random(SEED))
    export(model, packed, tasks, said.out, sum(not packed.readings[n].made for n in scores))


if __name__ == "__main__":
    main()
