"""Train the joint reader: one encoder pass over question and passage, one score a sentence and one for "not here".

    python -m benchmarks.training.joint --packed FILE --out FOLDER [--fold K] [--teachers FOLDER] [--minutes M] [--device cuda]

The packaged encoder reads `question [SEP] header, passage`; a sentence's score starts as the cosine between the mean
of the question's token states and the mean of its own, so training begins where the two separate passes end and
learns what reading them together adds. Cross-entropy over all sentences of a question's passages and one option for
"nothing here answers", AdamW. With `--fold` the fold's questions are left out and then scored (cross-fitting); without, every
question of the train part is learned from and the weights are written. With `--teachers`, half of the loss is how far the
probabilities are from those of the fold's reader, which never saw the question (cross-fit distillation, arXiv 2104.09732): a question
that is wrongly labelled, or answered by more sentences than it says, teaches less. A minute limit shortens the whole schedule.
"""

from __future__ import annotations

import argparse
import pickle
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from assistant.evidence import JOINTLY_READ
from assistant.reader.features import UNREAD
from benchmarks.training.data import FOLDS
from benchmarks.training.packing import Packed
from benchmarks.training.sampling import Rows, Task, epoch, rows
from benchmarks.training.weights_file import write_tensors
from index.embedding import load_encoder

RATE, HEAD_RATE, EPOCHS, QUESTIONS, WARM_UP = 1e-4, 1e-3, 5, 32, 0.05
# Pairs read at once: more than a processor's caches hold make it slower
GROUP = {"cuda": 96, "cpu": 16}
SEED = 1


class JointReader(nn.Module):
    """The encoder with a head: cosine of question and sentence, plus what their product says."""

    def __init__(self) -> None:
        super().__init__()
        tokenizer, self.encoder, _ = load_encoder("float32")
        self.special = (tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id)
        self.encoder.embeddings.requires_grad_(False)
        # On a CPU twice as fast as with fused attention and dropout, which so few epochs do without
        self.encoder.set_attn_implementation("eager")
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        width = self.encoder.config.hidden_size
        self.temperature = nn.Parameter(torch.tensor(12.0))
        self.head = nn.Sequential(nn.Linear(3 * width, 64), nn.GELU(), nn.Linear(64, 1))
        nn.init.zeros_(self.head[2].weight)
        self.nothing = nn.Parameter(torch.tensor(6.0))

    def forward(self, groups: Sequence[Rows]) -> torch.Tensor:
        """Scores of the groups' sentences, in the order of their owners."""
        return torch.cat([self._scores(group) for group in groups])

    def _scores(self, group: Rows) -> torch.Tensor:
        device = self.nothing.device
        ids, kinds, real, asked, sentence, row_of = (
            torch.as_tensor(values, device=device)
            for values in (group.ids, group.kinds, group.real, group.asked, group.sentence, group.row_of)
        )
        with torch.autocast(device.type, dtype=torch.bfloat16):
            states = self.encoder(input_ids=ids, token_type_ids=kinds, attention_mask=real).last_hidden_state
        states = states.float()
        question = ((states * asked[:, :, None]).sum(1) / asked.sum(1, keepdim=True))[row_of]
        count = len(group.owner) + 1
        sums = torch.zeros(count, states.shape[2], device=device).index_add(0, sentence.flatten(), states.flatten(0, 1))
        pooled = sums[:-1] / torch.bincount(sentence.flatten(), minlength=count)[:-1, None].clamp(min=1)
        cosine = nn.functional.cosine_similarity(question, pooled, dim=-1)
        features = torch.cat([question * pooled, (question - pooled).abs(), pooled], dim=-1)
        return self.temperature * cosine + self.head(features).squeeze(1)


def loss_of(
    model: JointReader, packed: Packed, tasks: Sequence[Task], teacher: JointReader | None = None
) -> torch.Tensor:
    """Cross-entropy over each task's sentences and "nothing here answers"; with a teacher, half of it and half of the
    Kullback-Leibler divergence from the teacher's probabilities."""
    groups = rows(packed, tasks, model.special, GROUP[model.nothing.device.type])
    owners = [owner for group in groups for owner in group.owner]
    count = len(tasks)
    device = model.nothing.device
    task_of = torch.tensor([t for t, _, _ in owners], device=device)
    right = torch.tensor([(place, sentence) in tasks[t].gold for t, place, sentence in owners], device=device)
    option_of = torch.cat([task_of, torch.arange(count, device=device)])
    options = _options(model, groups, count)
    logs = options - log_sums(options, option_of, count)[option_of]
    correct = log_sums(logs[: len(owners)][right], task_of[right], count)
    answered = torch.zeros(count, device=device).index_add(0, task_of, right.float()) > 0
    entropy = -torch.where(answered, correct, logs[len(owners) :]).mean()
    if teacher is None:
        return entropy
    with torch.no_grad():
        taught = _options(teacher, groups, count)
        taught -= log_sums(taught, option_of, count)[option_of]
    return (entropy + (taught.exp() * (taught - logs)).sum() / count) / 2


def _options(model: JointReader, groups: Sequence[Rows], count: int) -> torch.Tensor:
    """The scores of all sentences, then each task's of "nothing here answers"."""
    return torch.cat([model(groups), model.nothing.expand(count)])


def log_sums(scores: torch.Tensor, group_of: torch.Tensor, count: int) -> torch.Tensor:
    """The logarithm of the sum of the exponentials of each group; very small for an empty one."""
    highest = torch.full((count,), -1e4, device=scores.device)
    highest = highest.scatter_reduce(0, group_of, scores.detach(), "amax")
    sums = torch.zeros(count, device=scores.device).index_add(0, group_of, (scores - highest[group_of]).exp())
    return highest + sums.clamp(min=1e-30).log()


def learner(model: JointReader) -> tuple[list[nn.Parameter], torch.optim.AdamW]:
    """What is learned, and its optimizer with two groups, the encoder's and the head's, whose rates are set each step."""
    encoder = [p for p in model.encoder.parameters() if p.requires_grad]
    head = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]
    return [*encoder, *head], torch.optim.AdamW([{"params": encoder}, {"params": head}], weight_decay=0.01)


def train(
    model: JointReader,
    packed: Packed,
    numbers: Sequence[int],
    epochs: int,
    minutes: float | None,
    teachers: Sequence[JointReader] = (),
) -> None:
    """Train on some readings; the rate falls to nothing over `epochs`, or over `minutes` where those end sooner.

    `teachers` are the readers of the folds, each asked about the questions of its own.
    """
    chooser = random.Random(SEED)
    torch.manual_seed(SEED)
    learned, optimizer = learner(model)
    steps = _steps(epoch(packed, numbers, chooser), chooser)
    total = epochs * len(steps)
    started, done = time.perf_counter(), 0
    model.train()
    for number in range(epochs):
        steps = steps if number == 0 else _steps(epoch(packed, numbers, chooser), chooser)
        losses = []
        for tasks in steps:
            elapsed = time.perf_counter() - started
            progress = max(done / total, elapsed / (60 * minutes) if minutes else 0.0)
            if progress >= 1:
                return
            factor = min(1.0, (done + 1) / (WARM_UP * total)) * max(0.02, 1 - progress)
            optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = RATE * factor, HEAD_RATE * factor
            loss = loss_of(model, packed, tasks, teachers[tasks[0].fold] if teachers else None)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            losses.append(loss.detach())
            done += 1
        mean = float(torch.stack(losses).mean())
        print(f"epoch {number + 1}: loss {mean:.3f}, {len(steps)} steps, {elapsed:.0f} s", flush=True)


def _steps(tasks: Sequence[Task], chooser: random.Random) -> list[list[Task]]:
    """The tasks in steps of one fold each, in random order."""
    of_folds = [[task for task in tasks if task.fold == fold] for fold in range(FOLDS)]
    steps = [some[first : first + QUESTIONS] for some in of_folds for first in range(0, len(some), QUESTIONS)]
    chooser.shuffle(steps)
    return steps


def score(model: JointReader, packed: Packed, numbers: Sequence[int]) -> dict[int, list[np.ndarray]]:
    """For each reading the scores of its first passages' sentences, the score of "nothing" taken off."""
    model.eval()
    found: dict[int, list[np.ndarray]] = {}
    for first in range(0, len(numbers), QUESTIONS):
        few = numbers[first : first + QUESTIONS]
        kept = [packed.readings[n].passages[: min(JOINTLY_READ, packed.readings[n].found)] for n in few]
        tasks = [
            Task(
                packed.readings[n].question,
                tuple((p, frozenset()) for p in passages),
                frozenset(),
                packed.readings[n].fold,
            )
            for n, passages in zip(few, kept, strict=True)
        ]
        for n, passages in zip(few, kept, strict=True):
            found[n] = [np.full(packed.counts[p], UNREAD, dtype=np.float32) for p in passages]
        groups = rows(packed, tasks, model.special, GROUP[model.nothing.device.type])
        with torch.inference_mode():
            scores = (model(groups) - model.nothing).cpu().numpy()
        for value, (task, place, sentence) in zip(scores, [o for g in groups for o in g.owner], strict=True):
            found[few[task]][place][sentence] = value
    return found


def export(model: JointReader, out: Path, questions: int) -> None:
    """Write what training changed in the encoder, and the head, with their card."""
    _, before, _ = load_encoder("float32")
    weights = {
        f"change.{name}": after.detach().cpu() - before.get_parameter(name)
        for name, after in model.encoder.named_parameters()
        if after.requires_grad and not name.startswith("pooler")
    }
    for name, values in model.named_parameters():
        if not name.startswith("encoder."):
            weights[f"head.{name.removeprefix('head.')}"] = values.detach().cpu()
    package(weights, out, questions)


def package(weights: dict[str, torch.Tensor], out: Path, questions: int) -> None:
    """Write a reader's weights, which learned from so many questions, and the card that names their hash."""
    about = {"base": "all-MiniLM-L6-v2", "scale": 1.0, "questions": questions}
    write_tensors(out / "joint.json", weights, about, torch.bfloat16)


def _of_fold(folder: Path, fold: int, device: str) -> JointReader:
    """The reader that was left by a run with `--fold`, only to be asked."""
    reader = JointReader()
    reader.load_state_dict(torch.load(folder / f"fold{fold}.pt"))
    return reader.to(device).eval().requires_grad_(False)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fold", type=int)
    parser.add_argument("--teachers", type=Path, help="the folder in which the folds' readers were left")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    if options.device == "cpu":
        torch.set_num_threads(1)
    packed: Packed = pickle.loads(options.packed.read_bytes())
    numbers = [n for n, reading in enumerate(packed.readings) if reading.fold not in (-1, options.fold)]
    model = JointReader().to(options.device)
    teachers = [_of_fold(options.teachers, fold, options.device) for fold in range(FOLDS)] if options.teachers else []
    train(model, packed, numbers, options.epochs, options.minutes, teachers)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.fold is None:
        export(model, options.out, sum(not packed.readings[n].made for n in numbers))
    else:
        torch.save(model.state_dict(), options.out / f"fold{options.fold}.pt")
        held = [n for n, reading in enumerate(packed.readings) if reading.fold == options.fold]
        (options.out / f"fold{options.fold}.pickle").write_bytes(pickle.dumps(score(model, packed, held)))


if __name__ == "__main__":
    main()
