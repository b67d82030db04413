"""Train the packaged joint reader on, from where it stands, with questions written since.

    python -m benchmarks.training.further --new m7 --out FOLDER [--minutes M] [--rates 4e-5 0] [--cache FOLDER]

The questions whose ids begin with `--new` are read once, with as many of the earlier ones as `REPEATED` says, so that what was
learned is kept. Two processes of one thread each average their gradients: on two cores as fast as can be, and 32 questions a
step. The learning rate goes from the first of the rates to the second over the epoch, or over the minutes where those end sooner.
What is written is the mean of the weights before and after, which is better than either (arXiv 2109.01903).
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import distributed, nn
from torch.multiprocessing.spawn import spawn

from assistant.reader.joint import CARD
from benchmarks.training.asked import ask_everything
from benchmarks.training.data import load_items
from benchmarks.training.headings import heading_items
from benchmarks.training.joint import JointReader, export, learner, loss_of
from benchmarks.training.packing import Packed, pack
from benchmarks.training.sampling import Task, epoch
from index.adapter import checked_weights, merge_adapter

REPEATED = 0.15
PROCESSES, QUESTIONS, WARM_UP_STEPS, HEAD_FACTOR = 2, 16, 20, 5.0
SEED = 5


@dataclass(frozen=True)
class Schedule:
    """From which learning rate to which, and after how many minutes to stop at the latest."""

    first: float
    last: float
    minutes: float

    def rate(self, progress: float, step: int) -> float:
        """The rate after a share of the schedule, warmed up over its first steps."""
        return (self.first + (self.last - self.first) * progress) * min(1.0, (step + 1) / WARM_UP_STEPS)


def packaged() -> JointReader:
    """The shipped joint reader, ready to learn."""
    model = JointReader()
    file = checked_weights(CARD, "reader")
    merge_adapter(model.encoder, file)
    weights = load_file(str(file.path))
    with torch.no_grad():
        for name, values in model.named_parameters():
            if not name.startswith("encoder."):
                values.copy_(weights[f"head.{name.removeprefix('head.')}"].float())
    return model


def average(model: JointReader, other: JointReader) -> None:
    """Put the mean of both readers' weights into `model`."""
    with torch.no_grad():
        for mine, its in zip(model.parameters(), other.parameters(), strict=True):
            mine.lerp_(its, 0.5)


def packed_questions(new: Sequence[str], cache: Path) -> tuple[Packed, int]:
    """The questions to learn from, asked and in numbers: those whose ids begin so, and some of the others; how many are new."""
    items = [item for item in [*load_items(), *heading_items()] if item.part != "test"]
    fresh = [item for item in items if str(item.record["id"]).startswith(tuple(new))]
    known = [item for item in items if not str(item.record["id"]).startswith(tuple(new))]
    some = random.Random(SEED).sample(known, min(len(known), int(REPEATED * len(fresh))))
    return pack(list(ask_everything([*fresh, *some], cache))), len(fresh)


def train(model: JointReader, packed: Packed, tasks: Sequence[Task], schedule: Schedule) -> None:
    """One pass of this process's tasks; every process of the group makes the same steps."""
    learned, optimizer = learner(model)
    steps, started = len(tasks) // QUESTIONS, time.perf_counter()
    model.train()
    for step in range(steps):
        elapsed = torch.tensor([time.perf_counter() - started])
        distributed.broadcast(elapsed, 0)
        progress = max(step / steps, elapsed.item() / (60 * schedule.minutes))
        if progress >= 1:
            return
        rate = schedule.rate(progress, step)
        optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = rate, HEAD_FACTOR * rate
        optimizer.zero_grad()
        loss = loss_of(model, packed, tasks[step * QUESTIONS : (step + 1) * QUESTIONS])
        loss.backward()
        average_gradients(learned)
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        if step % 50 == 0 and distributed.get_rank() == 0:
            print(f"step {step} of {steps}: loss {loss.item():.3f}, {elapsed.item():.0f} s", flush=True)


def average_gradients(parameters: Sequence[nn.Parameter]) -> None:
    """Give every process the mean of the processes' gradients; a parameter without one counts as 0."""
    gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    means = torch.split(flat, [p.numel() for p in parameters])
    for parameter, mean in zip(parameters, means, strict=True):
        parameter.grad = mean.view_as(parameter)


def work(rank: int, meeting: str, packed_file: str, out: Path, questions: int, schedule: Schedule) -> None:
    """What each process does; the first writes the weights, which have learned from so many `questions`."""
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=PROCESSES)
    packed: Packed = pickle.loads(Path(packed_file).read_bytes())
    learned = [number for number, reading in enumerate(packed.readings) if reading.fold >= 0]
    tasks = epoch(packed, learned, random.Random(SEED))
    model = packaged()
    each = len(tasks) // PROCESSES  # as many for each, or one would wait for the other at the end
    train(model, packed, tasks[rank * each : (rank + 1) * each], schedule)
    if rank == 0:
        average(model, packaged())
        out.mkdir(parents=True, exist_ok=True)
        export(model, out, questions)
    distributed.destroy_process_group()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--new", nargs="+", required=True, help="how the ids of the new questions begin")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rates", type=float, nargs=2, default=(4e-5, 0.0))
    parser.add_argument("--cache", type=Path, default=Path("/tmp/newsletter-training"), help="where vectors are kept")
    said = parser.parse_args()
    said.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "packed.pickle"
        packed, new = packed_questions(said.new, said.cache)
        file.write_bytes(pickle.dumps(packed))
        questions = json.loads(CARD.read_text(encoding="utf-8"))["questions"] + new
        schedule = Schedule(said.rates[0], said.rates[1], said.minutes)
        spawn(work, (f"{folder}/meeting", str(file), said.out, questions, schedule), nprocs=PROCESSES)


if __name__ == "__main__":
    main()
